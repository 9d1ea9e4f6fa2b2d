import { boxContactTime } from '../collision/index.ts';
import { DrivenPath } from './driven-path.ts';
import { slowSince } from './hazard-onset.ts';
import type { RoadLimit } from './road-limit.ts';
import type { RouteShares } from './route-shares.ts';
import { newPose, type TrueMotion } from './true-motion.ts';
import type { TrueCollision } from './truth.ts';

/** What could have been known and done before one collision; independent of any warning. */
export interface Opportunity {
  /** Vehicles whose driver must be told: the one behind, the one struck by a wrong-way driver, else both. */
  readonly drivers: readonly number[];
  /**
   * Stage 1: from when a hazard could be told to the first driver, s (collision.md 5.2): it was there and stayed, both had been heard
   * of three times, and the driver's way to it was at least half likely; NaN when there was none to tell of.
   */
  readonly hazardFrom: number;
  /** Path metres that driver still had then, at most 1,000; 0 when there was none. */
  readonly possibleDistance: number;
  readonly possibleAt1km: boolean;
  /** Stage 2: the warning must be received by then, s. */
  readonly warnBy: number;
}

const behindClasses = new Set(['rear_end', 'stationary_hazard']);
/** A warning at 1 km counts from this on: fixes come a second apart. */
const kilometre = 1000;
const reaction = 1.5;
const deceleration = 3.4;
/** A threat must be visible this long before a warning of it can be asked for, s: two reports at 1 Hz. */
const notice = 1;
const lookBack = 30;
/** Where two drive side by side or toward each other all is well until one drifts over. */
const driftClasses = new Set(['side', 'head_on']);
const driftHorizon = 4;

export function opportunityOf(
  motion: TrueMotion,
  limits: RoadLimit,
  routes: RouteShares,
  collision: TrueCollision,
): Opportunity {
  const { time, onset } = collision;
  const behind = behindClasses.has(collision.class);
  const [collider, victim] = behind ? inOrder(motion, collision) : [collision.collider, collision.victim];
  const drivers = (behind ? [collider] : collision.class === 'wrong_way' ? [victim] : [collider, victim]).filter(
    (v) => v >= 0,
  );
  const driver = drivers[0] ?? -1;
  const other = driver === collider ? victim : collider;
  let hazardFrom = Number.NaN;
  let ahead = 0;
  if (!Number.isNaN(onset) && driver >= 0) {
    hazardFrom = Math.max(
      onset,
      wreckSince(motion, limits, collision, driver),
      motion.timeOfRow(driver, 3),
      other >= 0 ? motion.timeOfRow(other, 3) : 0,
      routes.knownSince(driver, time),
    );
    ahead = hazardFrom < time ? motion.distance(driver, hazardFrom, time) : 0;
  }
  return {
    drivers,
    hazardFrom,
    possibleDistance: Math.min(kilometre, ahead),
    possibleAt1km: collision.possible1km === undefined ? ahead >= kilometre : collision.possible1km && ahead >= 980,
    warnBy:
      behind && driver >= 0 && other >= 0
        ? behindDeadline(motion, driver, other, time)
        : pairDeadline(motion, collision),
  };
}

/** Follower and leader by where they are: a list may name them the wrong way round. */
function inOrder(motion: TrueMotion, { collider, victim, time }: TrueCollision): readonly [number, number] {
  const a = newPose();
  const b = newPose();
  if (collider < 0 || victim < 0 || !motion.at(collider, time - 0.1, a) || !motion.at(victim, time - 0.1, b))
    return [collider, victim];
  const ahead = (b.x - a.x) * a.hx + (b.y - a.y) * a.hy;
  const same = a.hx * b.hx + a.hy * b.hy > 0.7;
  return same && ahead < -motion.length(collider) / 2 ? [victim, collider] : [collider, victim];
}

/** Those who crashed may drive on: since when somebody slow has been at the place of a secondary collision. */
function wreckSince(motion: TrueMotion, limits: RoadLimit, collision: TrueCollision, driver: number): number {
  const pose = newPose();
  if (collision.hazardKind !== 'crashed_vehicle' || !motion.at(driver, collision.time - 0.1, pose))
    return Number.NEGATIVE_INFINITY;
  return slowSince(motion, limits, collision, driver, pose.hx, pose.hy);
}

/** Last time, from contact backwards, before `holds` begins to hold without interruption. */
function heldSince(time: number, holds: (t: number) => boolean): number {
  let since = time;
  for (let t = time - 0.1; t >= time - lookBack; t -= 0.1) {
    if (!holds(t)) break;
    since = t;
  }
  return since;
}

/**
 * Follower and leader along the follower's driven line. The margin is gone when the required deceleration after 1.5 s exceeds
 * 3.4 m/s² by the state of that moment, but never earlier than 1 s after the follower began to close in.
 */
function behindDeadline(motion: TrueMotion, follower: number, leader: number, time: number): number {
  const path = new DrivenPath(motion, follower, time - lookBack - 2, time + 1);
  const f = newPose();
  const l = newPose();
  const length = motion.length(leader);
  const state = { gap: Number.NaN, dv: 0, v: 0, brake: 0, vl: 0 };
  const look = (t: number): boolean => {
    if (!motion.at(follower, t, f) || !motion.at(leader, t, l)) return false;
    const s = path.project(l.x - l.hx * length, l.y - l.hy * length, 2.6);
    state.gap = s - motion.drivenAt(follower, t);
    state.v = f.speed;
    state.vl = Math.max(0, l.speed * (l.hx * f.hx + l.hy * f.hy));
    state.dv = state.v - state.vl;
    state.brake = Math.max(0, -Math.max(-9, l.accel || 0));
    return !Number.isNaN(state.gap);
  };
  const marginGone = heldSince(
    time,
    (t) => look(t) && requiredBehind(state.gap, state.v, state.vl, state.brake) > deceleration,
  );
  const visible = heldSince(
    time,
    (t) => look(t) && (state.gap < 8 * state.dv || requiredBehind(state.gap, state.v, state.vl, state.brake) > 1.5),
  );
  return Math.min(time, Math.max(marginGone, visible + notice));
}

/** Deceleration needed after 1.5 s not to touch a leader at `vl` braking at `brake`, m/s²; Infinity when it cannot be helped. */
function requiredBehind(gap: number, v: number, vl: number, brake: number): number {
  const dv = v - vl;
  if (brake > 0.3) {
    const room = gap + (vl * vl) / (2 * brake) - v * reaction;
    return room <= 0 ? Number.POSITIVE_INFINITY : (v * v) / (2 * room);
  }
  if (dv <= 0) return 0;
  const room = gap - dv * reaction;
  return room <= 0 ? Number.POSITIVE_INFINITY : (dv * dv) / (2 * room);
}

/** The later of: the last party's margin to stop before the place is gone, and 1 s after the first party's was (or the drift began). */
function pairDeadline(motion: TrueMotion, collision: TrueCollision): number {
  const { time } = collision;
  const pose = newPose();
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const vehicle of [collision.collider, collision.victim]) {
    if (vehicle < 0) continue;
    const gone = heldSince(time, (t) => {
      if (!motion.at(vehicle, t, pose)) return false;
      const room = motion.distance(vehicle, t, time) - reaction * pose.speed;
      return room < (pose.speed * pose.speed) / (2 * deceleration);
    });
    first = Math.min(first, gone);
    last = Math.max(last, gone);
  }
  if (last === Number.NEGATIVE_INFINITY) return time;
  const visible = driftClasses.has(collision.class) ? driftSince(motion, collision) : Number.NEGATIVE_INFINITY;
  return Math.min(time, Math.max(last, Math.max(first, visible) + notice));
}

/** Since when the two bodies, moving on as they were, would have met within 4 s. */
function driftSince(motion: TrueMotion, { collider, victim, time }: TrueCollision): number {
  if (collider < 0 || victim < 0) return Number.NEGATIVE_INFINITY;
  const a = newPose();
  const b = newPose();
  const la = motion.length(collider);
  const lb = motion.length(victim);
  return heldSince(time, (t) => {
    if (!motion.at(collider, t, a) || !motion.at(victim, t, b)) return false;
    const contact = boxContactTime(
      a.x - (a.hx * la) / 2,
      a.y - (a.hy * la) / 2,
      a.hx,
      a.hy,
      la,
      motion.width(collider),
      a.vx,
      a.vy,
      b.x - (b.hx * lb) / 2,
      b.y - (b.hy * lb) / 2,
      b.hx,
      b.hy,
      lb,
      motion.width(victim),
      b.vx,
      b.vy,
    );
    return contact <= driftHorizon;
  });
}
