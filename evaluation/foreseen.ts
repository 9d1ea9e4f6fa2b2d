import type { Issue } from './issues.ts';
import { opportunityOf } from './opportunity.ts';
import { fastRoad, type RoadLimit } from './road-limit.ts';
import type { RouteShares } from './route-shares.ts';
import { isVulnerable } from './station-type.ts';
import { newPose, type TrueMotion } from './true-motion.ts';
import type { TrueCollision, TrueHazard } from './truth.ts';

/** How one collision was foreseen. Times are seconds before contact, NaN = no such warning. */
export interface Foreseen {
  readonly id: string;
  readonly class: string;
  readonly time: number;
  readonly hazardKind: string;
  /**
   * A stop of everyday traffic, nothing to be told of a kilometre ahead: what the list of hazards calls a legitimate stop, told of which from afar is judged
   * false; a queue in slow streets, as it stands at every signal; one in which somebody stands who had crashed before and, as the list says, driven on.
   */
  readonly everydayStop: boolean;
  readonly vulnerable: boolean;
  readonly possibleDistance: number;
  readonly possibleAt1km: boolean;
  /** Path metres to the place when the first matching warning of any stage was received; 0 = none. */
  readonly leadDistance: number;
  readonly firstLead: number;
  readonly warningLead: number;
  readonly imminentLead: number;
  /** Seconds before contact by which stage 2 had to be there. */
  readonly warnByLead: number;
  readonly predictedClass: string;
  /** Alerts that foretold it. */
  readonly alertIds: readonly number[];
}

/** Stages 2 and 3 speak of the next half minute; a place may be this far from the contact, m. */
export const pairHorizon = 30;
const pairPlace = 60;
/** A stage 1 place may be off by this or by 15 % of its distance, m. */
const hazardPlace = 150;
const hazardShare = 0.15;
/** A warning taken back longer than this before contact has not foretold it, s. An advisory may give way to the pair's own warning. */
const takenBackWarning = 3;
const takenBackAdvisory = 20;
/** A wreck listed as over this long before, s, was no wreck any more. */
const ended = 1;

export function foresee(
  motion: TrueMotion,
  limits: RoadLimit,
  routes: RouteShares,
  collision: TrueCollision,
  issues: readonly Issue[],
  hazards: readonly TrueHazard[],
): Foreseen {
  const opportunity = opportunityOf(motion, limits, routes, collision);
  const own = issues.filter(
    (issue) =>
      opportunity.drivers.includes(issue.vehicle) && issue.time < collision.time && matches(motion, collision, issue),
  );
  const { time } = collision;
  const leadOf = (stage: number): number =>
    own.reduce(
      (best, issue) => (issue.stage >= stage && issue.received < time ? Math.max(best, time - issue.received) : best),
      0,
    ) || Number.NaN;
  const first = opportunity.drivers[0] ?? -1;
  const told = own.filter((issue) => issue.vehicle === first && issue.received < time);
  const firstReceived = told.reduce((t, issue) => Math.min(t, issue.received), Number.POSITIVE_INFINITY);
  const strongest = own.reduce<Issue | undefined>(
    (best, issue) => (best === undefined || issue.stage > best.stage ? issue : best),
    undefined,
  );
  const small = [collision.collider, collision.victim].some(
    (v) => v >= 0 && isVulnerable(motion.recording.lengths[v], motion.recording.widths[v]),
  );
  return {
    id: collision.id,
    class: collision.class,
    time,
    hazardKind: collision.hazardKind,
    everydayStop:
      legitimateStop(collision, hazards) ||
      ((collision.hazardKind === 'queue' || wreckDroveOn(collision, hazards)) &&
        limits.at(collision.x, collision.y) < fastRoad),
    vulnerable: small,
    possibleDistance: opportunity.possibleDistance,
    possibleAt1km: opportunity.possibleAt1km,
    leadDistance: firstReceived < time ? motion.distance(first, firstReceived, time) : 0,
    firstLead: leadOf(1),
    warningLead: leadOf(2),
    imminentLead: leadOf(3),
    warnByLead: time - opportunity.warnBy,
    predictedClass: strongest?.class ?? 'none',
    alertIds: [...new Set(own.map((issue) => issue.alertId))],
  };
}

/** Whether the struck one stood where and when the list of hazards has it standing as vehicles do every day (double parking, loading). */
function legitimateStop({ victim, time }: TrueCollision, hazards: readonly TrueHazard[]): boolean {
  return hazards.some((h) => h.hardNegative && h.vehicle === victim && h.from <= time && time <= h.to);
}

/** Whether the struck one had been a wreck before, and all that is listed of it had ended a second and more before this collision. */
function wreckDroveOn({ hazardKind, victim, time }: TrueCollision, hazards: readonly TrueHazard[]): boolean {
  if (hazardKind !== 'crashed_vehicle') return false;
  const before = hazards.filter((h) => h.kind === 'crashed' && h.vehicle === victim && h.from < time - ended);
  return before.length > 0 && before.every((h) => h.to < time - ended);
}

/** Stage 1 by place or hazard, stages 2 and 3 by the other party or the place. */
function matches(motion: TrueMotion, collision: TrueCollision, issue: Issue): boolean {
  const other = issue.vehicle === collision.collider ? collision.victim : collision.collider;
  const off = Math.hypot(issue.x - collision.x, issue.y - collision.y);
  const pose = newPose();
  const offOther =
    other >= 0 && motion.at(other, issue.time, pose)
      ? Math.hypot(issue.x - pose.x, issue.y - pose.y)
      : Number.POSITIVE_INFINITY;
  if (issue.stage === 1) {
    // One told before of what stood there earlier counts while it is in force: the driver knows of the place.
    if (issue.until < collision.time - takenBackAdvisory) return false;
    const tolerance = Math.max(hazardPlace, hazardShare * issue.distance);
    return issue.other === other || off <= tolerance || offOther <= tolerance;
  }
  if (collision.time - issue.time > pairHorizon || issue.until < collision.time - takenBackWarning) return false;
  return issue.other === other || off <= pairPlace || offOther <= pairPlace;
}
