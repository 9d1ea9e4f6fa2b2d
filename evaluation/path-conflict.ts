import { DrivenPath } from './driven-path.ts';
import { newPose, type Pose, type TrueMotion } from './true-motion.ts';

/** How near two drivers came on the lines they really drove (SUMO's surrogate safety measures, collision.md 3.7). */
export interface PathConflict {
  /** Least time to collision, s: of the one who comes later to where the lines meet, or of the follower; Infinity when never. */
  readonly ttc: number;
  /** Greatest deceleration the later one or the follower needed, m/s². */
  readonly drac: number;
}

const step = 0.1;
/** Drivers who give way cross later: their lines are followed this much longer to find where they meet, s. */
const after = 25;
/** Lanes that become one: beyond this much of it the pair is leader and follower, m. */
const mergeStretch = 5;
/** Who creeps toward the other's line at a pace that needs less than this to stop is in no conflict, m/s². */
const creeps = 1;
/** The rear of a leader lies this near the follower's line, m. */
const inLane = 1.5;
const sameDirectionCos = Math.cos(Math.PI / 4);
const crossingCos = Math.cos(Math.PI / 6);

/** Where one line runs within `reach` of another: metres along it; NaN when it never does. */
function meeting(own: DrivenPath, other: DrivenPath, reach: number): { enter: number; leave: number } {
  let enter = Number.NaN;
  let leave = Number.NaN;
  for (let i = 0; i < own.ps.length; i += 1) {
    const near = !Number.isNaN(other.project(own.px[i], own.py[i], reach));
    if (near && Number.isNaN(enter)) enter = own.ps[i];
    if (near) leave = own.ps[i];
    else if (!Number.isNaN(enter)) break;
  }
  return { enter, leave };
}

/** Seconds to travel `distance` at `v`; of the acceleration only braking is kept on, as SUMO does. */
function arrival(distance: number, v: number, accel: number): number {
  if (distance <= 0) return 0;
  const a = Math.min(0, accel || 0);
  if (a > -0.05) return v > 0.05 ? distance / v : Number.POSITIVE_INFINITY;
  const root = v * v + 2 * a * distance;
  return root <= 0 ? Number.POSITIVE_INFINITY : (v - Math.sqrt(root)) / -a;
}

/** Deceleration to come to `distance` no sooner than after `time` s, m/s². */
function required(distance: number, v: number, time: number): number {
  const toStop = (v * v) / (2 * distance);
  return v * time >= 2 * distance ? toStop : Math.min(toStop, Math.max(0, (2 * (v - distance / time)) / time));
}

/** Both tracks from t0 to t1, s. */
export function pathConflict(motion: TrueMotion, a: number, b: number, t0: number, t1: number): PathConflict {
  const lineA = new DrivenPath(motion, a, t0, t1 + after, 0);
  const lineB = new DrivenPath(motion, b, t0, t1 + after, 0);
  const reach = (motion.width(a) + motion.width(b)) / 2;
  const onA = meeting(lineA, lineB, reach);
  const onB = meeting(lineB, lineA, reach);
  const pa = newPose();
  const pb = newPose();
  let ttc = Number.POSITIVE_INFINITY;
  let drac = 0;
  const note = (time: number, deceleration: number): void => {
    if (time < ttc) ttc = time;
    if (deceleration > drac) drac = deceleration;
  };
  const follow = (line: DrivenPath, self: number, own: Pose, lead: Pose, leadLength: number, t: number): void => {
    if (own.hx * lead.hx + own.hy * lead.hy < sameDirectionCos) return;
    const rear = line.project(lead.x - lead.hx * leadLength, lead.y - lead.hy * leadLength, inLane);
    const gap = rear - motion.drivenAt(self, t);
    const closing = own.speed - lead.speed;
    if (!(gap > 0) || closing <= 0) return;
    note(gap / closing, (closing * closing) / (2 * gap));
  };
  for (let t = t0; t <= t1; t += step) {
    if (!motion.at(a, t, pa) || !motion.at(b, t, pb)) continue;
    follow(lineA, a, pa, pb, motion.length(b), t);
    follow(lineB, b, pb, pa, motion.length(a), t);
    if (Number.isNaN(onA.enter) || Number.isNaN(onB.enter)) continue;
    if (pa.hx * pb.hx + pa.hy * pb.hy > crossingCos) continue;
    const sa = motion.drivenAt(a, t);
    const sb = motion.drivenAt(b, t);
    const outA = Math.min(onA.leave, onA.enter + mergeStretch + reach * 2) + motion.length(a) - sa;
    const outB = Math.min(onB.leave, onB.enter + mergeStretch + reach * 2) + motion.length(b) - sb;
    if (outA <= 0 || outB <= 0) continue;
    const inA = arrival(onA.enter - sa, pa.speed, pa.accel);
    const inB = arrival(onB.enter - sb, pb.speed, pb.accel);
    const gone = (out: number, pose: Pose): number => (pose.speed > 0.05 ? out / pose.speed : Number.POSITIVE_INFINITY);
    const [later, self, out, enter, at] =
      inA <= inB ? [inB, pb, gone(outA, pa), onB.enter, sb] : [inA, pa, gone(outB, pb), onA.enter, sa];
    // One who is inside already has no choice left: contact of the bodies is another measure's business.
    if (enter - at <= 0 || later >= out) continue;
    const deceleration = required(enter - at, self.speed, out);
    if (deceleration >= creeps) note(later, deceleration);
  }
  return { ttc, drac };
}
