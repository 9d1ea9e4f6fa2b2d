import { boxContactTime, boxesOverlap } from '../collision/index.ts';
import { pathConflict } from './path-conflict.ts';
import { newPose, type Pose, type TrueMotion } from './true-motion.ts';

/** How near two vehicles really came, from the exact tracks. */
export interface Severity {
  /** Least time to collision of the bodies moving on straight as they are or along the lines they drove, s; Infinity when never. */
  readonly ttc: number;
  /** Least post-encroachment time on crossing paths, s; Infinity when more than `longestPet` or paths do not cross. */
  readonly pet: number;
  /** Greatest deceleration the one behind, or the later one at a crossing, needed, m/s². */
  readonly drac: number;
}

const step = 0.1;
const longestPet = 2;
const reach = 90;
/** Headings within this are one direction, beyond `crossingCos` they cross. */
const sameDirectionCos = Math.cos(Math.PI / 4);
const crossingCos = Math.cos(Math.PI / 6);

/** The severe conflicts of collision.md 5.3 M5. */
export function isSevere(s: Severity): boolean {
  return s.ttc < 1.5 || s.pet < 1 || s.drac > 3.4;
}

/** A conflict by the usual thresholds of traffic studies (SUMO's defaults), milder than a severe one. */
export function isConflict(s: Severity): boolean {
  return s.ttc < 3 || s.pet < 2 || s.drac > 3;
}

/** Walks both tracks from t0 to t1, s. */
export function severityOf(motion: TrueMotion, a: number, b: number, t0: number, t1: number): Severity {
  const la = motion.length(a);
  const wa = motion.width(a);
  const lb = motion.length(b);
  const wb = motion.width(b);
  let ttc = Number.POSITIVE_INFINITY;
  let drac = 0;
  const as: Pose[] = [];
  const bs: Pose[] = [];
  let crossing = false;
  for (let t = t0; t <= t1 + longestPet; t += step) {
    const pa = newPose();
    const pb = newPose();
    const haveA = motion.at(a, t, pa);
    const haveB = motion.at(b, t, pb);
    if (haveA) as.push(pa);
    if (haveB) bs.push(pb);
    if (!haveA || !haveB || t > t1) continue;
    const dx = pb.x - pa.x;
    const dy = pb.y - pa.y;
    if (dx * dx + dy * dy > reach * reach) continue;
    const cos = pa.hx * pb.hx + pa.hy * pb.hy;
    if (cos < crossingCos) crossing = true;
    const contact = boxContactTime(
      pa.x - (pa.hx * la) / 2,
      pa.y - (pa.hy * la) / 2,
      pa.hx,
      pa.hy,
      la,
      wa,
      pa.vx,
      pa.vy,
      pb.x - (pb.hx * lb) / 2,
      pb.y - (pb.hy * lb) / 2,
      pb.hx,
      pb.hy,
      lb,
      wb,
      pb.vx,
      pb.vy,
    );
    if (contact < ttc) ttc = contact;
    if (contact < 60 && cos > sameDirectionCos) {
      // dv² / (2 gap) with gap = dv · TTC.
      const dv = Math.hypot(pa.vx - pb.vx, pa.vy - pb.vy);
      drac = Math.max(drac, contact > 0.01 ? dv / (2 * contact) : Number.POSITIVE_INFINITY);
    }
  }
  const along = pathConflict(motion, a, b, t0, t1);
  return {
    ttc: Math.min(ttc, along.ttc),
    drac: Math.max(drac, along.drac),
    pet: crossing ? petOf(as, la, wa, bs, lb, wb) : Number.POSITIVE_INFINITY,
  };
}

/** Least time between one body's leaving and the other's coming to the same place: poses 0.1 s apart, compared up to 2 s. */
function petOf(as: readonly Pose[], la: number, wa: number, bs: readonly Pose[], lb: number, wb: number): number {
  const most = Math.round(longestPet / step);
  const near = la + lb + 4;
  for (let lag = 0; lag < most; lag += 1)
    for (let i = 0; i < as.length; i += 1)
      for (const k of lag === 0 ? [i] : [i - lag, i + lag]) {
        if (k < 0 || k >= bs.length) continue;
        const pa = as[i];
        const pb = bs[k];
        if (Math.abs(pa.x - pb.x) > near || Math.abs(pa.y - pb.y) > near) continue;
        if (pa.hx * pb.hx + pa.hy * pb.hy > crossingCos) continue;
        const overlap = boxesOverlap(
          pa.x - (pa.hx * la) / 2,
          pa.y - (pa.hy * la) / 2,
          pa.hx,
          pa.hy,
          la,
          wa,
          pb.x - (pb.hx * lb) / 2,
          pb.y - (pb.hy * lb) / 2,
          pb.hx,
          pb.hy,
          lb,
          wb,
        );
        if (overlap) return lag * step;
      }
  return Number.POSITIVE_INFINITY;
}
