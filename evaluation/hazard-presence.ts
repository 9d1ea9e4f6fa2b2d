import type { Issue } from './issues.ts';
import { fastRoad, type RoadLimit } from './road-limit.ts';
import { suddenStops } from './sudden-stops.ts';
import { newPose, type TrueMotion } from './true-motion.ts';
import type { Truth } from './truth.ts';

/** A hazard is at the place when it is within this of it, m. */
const placeReach = 150;
/** A legitimate stop is what was warned of when it is this near and nothing else is, m. */
const stopReach = 60;
/** Below this share of the limit traffic is slow, or a single vehicle is an obstruction (collision.md 3.12). */
const slowShare = 0.45;
const slowVehicleShare = 0.58;
/** A hazard that left this long before the driver came still counts, s. */
const justGone = 10;
const standing = 1.4;
/** The end of a queue comes to meet the driver at up to this, m/s (collision.md section 10). */
const tailSpeed = 5;

export type Presence = 'hazard' | 'ordinary-stop' | 'nothing';

/** Says from the recorded tracks and the list of hazards whether a stage 1 alert spoke of something real. */
export class HazardPresence {
  private readonly motion: TrueMotion;
  private readonly truth: Truth;
  private readonly limits: RoadLimit;
  private readonly legitimate: ReadonlySet<number>;
  /** Vehicle, and since when it is a wreck, s: its first contact, or a stop that no brake achieves; both where it had both. */
  private readonly wrecks: readonly (readonly [number, number])[];

  constructor(motion: TrueMotion, truth: Truth, limits: RoadLimit) {
    this.motion = motion;
    this.truth = truth;
    this.limits = limits;
    this.wrecks = [...suddenStops(motion), ...truth.firstContact];
    this.legitimate = new Set(truth.hazards.filter((h) => h.hardNegative && h.vehicle >= 0).map((h) => h.vehicle));
  }

  /** When the told driver is nearest to the place within the next 200 s (coming within 60 m), else when he would have been there. */
  passing(issue: Issue): { time: number; passed: boolean } {
    const pose = newPose();
    let best = 60;
    let at = Number.NaN;
    for (let t = issue.time; t < issue.time + 200; t += 0.5) {
      if (!this.motion.at(issue.vehicle, t, pose)) {
        if (t > this.motion.lastTime(issue.vehicle)) break;
        continue;
      }
      const d = Math.hypot(pose.x - issue.x, pose.y - issue.y);
      if (d >= best) continue;
      best = d;
      at = t;
    }
    if (!Number.isNaN(at)) return { time: at, passed: true };
    return { time: issue.time + this.eta(issue), passed: false };
  }

  private eta(issue: Issue): number {
    return Number.isFinite(issue.eta) ? Math.min(120, issue.eta) : 30;
  }

  /** `time`: when the driver passes, s. */
  at(issue: Issue, time: number): Presence {
    if (this.listed(issue, time)) return 'hazard';
    const slow = this.slowTraffic(issue, time);
    if (slow === 'hazard' || this.joined(issue, time)) return 'hazard';
    return slow === 'ordinary-stop' || this.legitimateStop(issue) ? 'ordinary-stop' : 'nothing';
  }

  /** Injected stops, slow and wrong-way vehicles, wrecks. */
  private listed(issue: Issue, time: number): boolean {
    const reach = Math.max(placeReach, 0.15 * issue.distance);
    const pose = newPose();
    const isNear = (vehicle: number, t: number): boolean =>
      this.motion.at(vehicle, t, pose) && Math.hypot(pose.x - issue.x, pose.y - issue.y) <= reach;
    for (const hazard of this.truth.hazards) {
      if (hazard.hardNegative || issue.time < hazard.from - 1 || issue.time > hazard.to + justGone) continue;
      if (hazard.kind === 'slow' || hazard.kind === 'wrong_way') {
        // A moving one may be named where it is or where the driver will meet it: it must come by the place in that time.
        const end = Math.max(time, issue.time + this.eta(issue));
        for (let t = issue.time; t <= end; t += 1) if (hazard.vehicle >= 0 && isNear(hazard.vehicle, t)) return true;
        continue;
      }
      if (time > hazard.to + justGone) continue;
      if (hazard.vehicle >= 0 && isNear(hazard.vehicle, issue.time)) return true;
      if (Math.hypot(hazard.x - issue.x, hazard.y - issue.y) <= reach) return true;
    }
    for (const [vehicle, since] of this.wrecks)
      if (vehicle !== issue.vehicle && issue.time >= since - 0.5 && isNear(vehicle, issue.time))
        if (this.standsAt(vehicle, since, time)) return true;
    return false;
  }

  /** Whether a vehicle is itself a known hazard of the road at `time`, s: an injected stop or slow vehicle, or a wreck that stands. */
  isHazard(vehicle: number, time: number): boolean {
    const listed = this.truth.hazards.some(
      (h) => h.vehicle === vehicle && !h.hardNegative && h.kind !== 'wrong_way' && time >= h.from && time <= h.to,
    );
    return (
      listed ||
      this.wrecks.some(([wreck, since]) => wreck === vehicle && time >= since && this.standsAt(wreck, since, time))
    );
  }

  /** A wreck is in the way until it drives on. */
  private standsAt(vehicle: number, contact: number, time: number): boolean {
    const pose = newPose();
    for (let t = time; t >= Math.max(contact, time - justGone); t -= 0.5)
      if (this.motion.at(vehicle, t, pose) && pose.speed < standing) return true;
    return false;
  }

  /** The driver came to the end of slow traffic that had grown towards him before he reached the place he was told. */
  private joined(issue: Issue, time: number): boolean {
    const pose = newPose();
    for (let t = issue.time + 1; t < time; t += 1) {
      if (!this.motion.at(issue.vehicle, t, pose)) continue;
      const limit = this.limits.at(pose.x, pose.y);
      if (limit < fastRoad || pose.speed >= slowShare * limit) continue;
      const off = Math.hypot(pose.x - issue.x, pose.y - issue.y);
      return off <= placeReach + tailSpeed * (t - issue.time);
    }
    return false;
  }

  /** Slow or standing vehicles in the driver's direction about the place when he comes there. */
  private slowTraffic(issue: Issue, time: number): Presence {
    const { recording } = this.motion;
    const limit = this.limits.at(issue.x, issue.y);
    const slow = (issue.class === 'slow-vehicle' ? slowVehicleShare : slowShare) * limit;
    const pose = newPose();
    const known = this.motion.at(issue.vehicle, Math.min(time, this.motion.lastTime(issue.vehicle)), pose);
    const [first, last] = this.motion.rowsBetween(time - justGone, time + 1.5);
    let found: Presence = 'nothing';
    for (let i = first; i < last; i += 1) {
      const vehicle = recording.vehicle[i];
      if (vehicle === issue.vehicle || recording.speed[i] >= slow) continue;
      const d = Math.hypot(recording.x[i] - issue.x, recording.y[i] - issue.y);
      if (d > placeReach) continue;
      const heading = (recording.headingDeg[i] * Math.PI) / 180;
      if (known && Math.sin(heading) * pose.hx + Math.cos(heading) * pose.hy < 0.5) continue;
      if (limit >= fastRoad && !this.legitimate.has(vehicle)) return 'hazard';
      if (d <= stopReach) found = 'ordinary-stop';
    }
    return found;
  }

  private legitimateStop(issue: Issue): boolean {
    return this.truth.hazards.some(
      (h) =>
        h.hardNegative &&
        issue.time >= h.from &&
        issue.time <= h.to &&
        Math.hypot(h.x - issue.x, h.y - issue.y) <= stopReach,
    );
  }
}
