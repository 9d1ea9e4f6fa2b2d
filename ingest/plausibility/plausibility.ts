import { StationType, VehicleFlag, type VehicleState } from '../../messages/index.ts';
import type { DropReason } from '../drop-reasons.ts';
import { bearingDeg, eastward, northward, turnBetween } from './ground.ts';
import { type Suspicion, TrustScores } from './trust.ts';

/** Fastest anything on a road is believed to be, m/s (324 km/h), and a person on foot or on a bicycle. */
const fastest = 90;
const fastestOnFoot = 14;
const fastestOnBicycle = 32;
/** A jump of the position that is still a receiver's error, m: multipath in streets and the end of a tunnel give 30 m. */
const positionTolerance = 45;
/** Strongest acceleration and braking of tyres on a road, m/s²; beyond it lies an impact or a lie. */
const tyreLimit = 12;
/** The wild readings of one impact count once in this time, ms. */
const impulseOnceInMs = 500;
/** A receiver that repeats its last fix: claimed way since the position last changed, m, and for how long, s. */
const frozenWay = 30;
const frozenFor = 2.5;
/** After this many mutually consistent messages at a new place the vehicle is believed to be there (ferry, tow, long tunnel). */
const settledAfter = 4;
/** A stretch over which speed and heading are compared with the way made: at least this long, s. */
const stretch = 1;
/** Smoothed difference of claimed and made speed that is wrong, m/s, and the share of the speed allowed on top. */
const speedTolerance = 5;
const speedToleranceShare = 0.25;
const smoothing = 0.25;
/** A stretch after a longer silence says nothing of speed or heading, s. */
const longestStretch = 4;
/** Heading against way made: compared above this speed, m/s, over this way, m; wrong beyond this, degrees. */
const headingMinSpeed = 5;
const headingMinWay = 12;
const headingTolerance = 75;

/** Float64 fields per slot. `anchor…` is where the current stretch began, `jump…` a place the vehicle may have moved to. */
const F = {
  timeMs: 0,
  lat: 1,
  lon: 2,
  speed: 3,
  movedMs: 4,
  movedClaim: 5,
  anchorMs: 6,
  anchorLat: 7,
  anchorLon: 8,
  anchorHeading: 9,
  anchorClaim: 10,
  excess: 11,
  jumpMs: 12,
  jumpLat: 13,
  jumpLon: 14,
  jumpCount: 15,
  impulseMs: 16,
} as const;
const fields = 17;

/**
 * Physical and consistency checks of one vehicle's messages against its own last ones, and a trust score. Refuses what
 * cannot be (teleport, too fast, frozen) and what comes from a vehicle that was wrong too often; everything else passes,
 * above all the sudden change of speed of a crash, which is only marked. State per slot, bounded by the capacity; allocates
 * nothing per message. Timestamps are those the freshness check corrected.
 */
export class Plausibility {
  readonly #state: Float64Array;
  readonly #trust: TrustScores;
  #marked = 0;
  #slot = 0;
  #clean = true;

  constructor(capacity: number) {
    this.#state = new Float64Array(capacity * fields);
    this.#trust = new TrustScores(capacity);
    for (let slot = 0; slot < capacity; slot += 1) this.reset(slot);
  }

  /** Messages that passed although something about them was wrong. */
  get marked(): number {
    return this.#marked;
  }

  /** Trust score of the slot's vehicle, 0..1. */
  trust(slot: number): number {
    return this.#trust.score(slot);
  }

  /** Forgets the slot's last vehicle. */
  reset(slot: number): void {
    this.#state[slot * fields + F.timeMs] = Number.NaN;
    this.#state[slot * fields + F.impulseMs] = Number.NEGATIVE_INFINITY;
    this.#trust.reset(slot);
  }

  /** Judges one message that is newer than all before (`late` ones have nothing after them to be compared with: only their speed is checked). */
  check(slot: number, state: VehicleState, timestampMs: number, late: boolean): DropReason | undefined {
    this.#slot = slot;
    this.#clean = true;
    const at = slot * fields;
    const s = this.#state;
    const speed = state.speed;
    if (speed !== undefined && speed > fastestFor(state.stationType)) {
      this.#suspect('implausible-speed');
      return 'implausible-speed';
    }
    if (late) return this.#trust.trusted(slot) ? undefined : 'untrusted';
    if (Number.isNaN(s[at + F.timeMs])) {
      this.#settle(at, state, timestampMs);
      return undefined;
    }
    const seconds = (timestampMs - s[at + F.timeMs]) / 1_000;
    if (this.#teleports(at, state, timestampMs)) {
      this.#suspect('teleport');
      return 'teleport';
    }
    s[at + F.jumpCount] = 0;
    const wasFrozen = this.#frozen(at, s[at + F.timeMs]);
    this.#followMovement(at, state, timestampMs, seconds);
    const frozen = this.#frozen(at, timestampMs);
    // The first fix after a frozen receiver has no way behind it to be compared with.
    if (wasFrozen && !frozen) this.#settle(at, state, timestampMs);
    this.#checkImpulse(at, speed, timestampMs);
    if (frozen) this.#startStretch(at, state, timestampMs);
    else if (timestampMs - s[at + F.anchorMs] >= stretch * 1_000) this.#checkStretch(at, state, timestampMs);
    s[at + F.timeMs] = timestampMs;
    s[at + F.lat] = state.lat;
    s[at + F.lon] = state.lon;
    s[at + F.speed] = speed ?? Number.NaN;
    if (frozen) return 'frozen';
    if (this.#clean) this.#trust.earn(slot, seconds);
    if (!this.#trust.trusted(slot)) return 'untrusted';
    if (!this.#clean) this.#marked += 1;
    return undefined;
  }

  #suspect(suspicion: Suspicion): void {
    this.#clean = false;
    this.#trust.suspect(this.#slot, suspicion);
  }

  /** Starts the comparison anew at this message. */
  #settle(at: number, state: VehicleState, timestampMs: number): void {
    const s = this.#state;
    s[at + F.timeMs] = timestampMs;
    s[at + F.lat] = state.lat;
    s[at + F.lon] = state.lon;
    s[at + F.speed] = state.speed ?? Number.NaN;
    s[at + F.movedMs] = timestampMs;
    s[at + F.movedClaim] = 0;
    s[at + F.excess] = 0;
    s[at + F.jumpCount] = 0;
    this.#startStretch(at, state, timestampMs);
  }

  #startStretch(at: number, state: VehicleState, timestampMs: number): void {
    const s = this.#state;
    s[at + F.anchorMs] = timestampMs;
    s[at + F.anchorLat] = state.lat;
    s[at + F.anchorLon] = state.lon;
    s[at + F.anchorHeading] = state.headingDeg ?? Number.NaN;
    s[at + F.anchorClaim] = 0;
  }

  /**
   * Whether the place cannot be reached from the last one. Reach counts from when the position last changed, so that a
   * receiver that froze in a tunnel may come out at its other end. A new place that several messages agree on is believed.
   */
  #teleports(at: number, state: VehicleState, timestampMs: number): boolean {
    const s = this.#state;
    const tolerance = positionTolerance + 3 * Math.min(state.accuracy ?? 0, 30);
    const top = Math.max(s[at + F.speed], state.speed ?? Number.NaN);
    if (withinReach(s[at + F.lat], s[at + F.lon], s[at + F.movedMs], top, state, timestampMs, tolerance)) return false;
    const agrees =
      s[at + F.jumpCount] > 0 &&
      withinReach(s[at + F.jumpLat], s[at + F.jumpLon], s[at + F.jumpMs], top, state, timestampMs, tolerance / 3);
    s[at + F.jumpCount] = agrees ? s[at + F.jumpCount] + 1 : 1;
    s[at + F.jumpMs] = timestampMs;
    s[at + F.jumpLat] = state.lat;
    s[at + F.jumpLon] = state.lon;
    if (s[at + F.jumpCount] < settledAfter) return true;
    this.#settle(at, state, timestampMs);
    return false;
  }

  #followMovement(at: number, state: VehicleState, timestampMs: number, seconds: number): void {
    const s = this.#state;
    const claimed = meanSpeed(s[at + F.speed], state.speed) * seconds;
    s[at + F.anchorClaim] += claimed;
    if (state.lat === s[at + F.lat] && state.lon === s[at + F.lon]) {
      s[at + F.movedClaim] += Number.isNaN(claimed) ? 0 : claimed;
    } else {
      s[at + F.movedMs] = timestampMs;
      s[at + F.movedClaim] = 0;
    }
  }

  /** A change of speed no tyre can make: an impact once or twice, a lie when it goes on. */
  #checkImpulse(at: number, speed: number | undefined, timestampMs: number): void {
    const s = this.#state;
    const seconds = (timestampMs - s[at + F.timeMs]) / 1_000;
    const change = Math.abs((speed ?? Number.NaN) - s[at + F.speed]);
    if (!(change > tyreLimit * seconds + 2) || timestampMs - s[at + F.impulseMs] < impulseOnceInMs) return;
    s[at + F.impulseMs] = timestampMs;
    this.#suspect('implausible-acceleration');
  }

  #frozen(at: number, timestampMs: number): boolean {
    const s = this.#state;
    return s[at + F.movedClaim] > frozenWay && timestampMs - s[at + F.movedMs] > frozenFor * 1_000;
  }

  /** Over a second or more: the way made against the speed claimed, and against the heading claimed. */
  #checkStretch(at: number, state: VehicleState, timestampMs: number): void {
    const s = this.#state;
    const seconds = (timestampMs - s[at + F.anchorMs]) / 1_000;
    const east = eastward(s[at + F.anchorLat], s[at + F.anchorLon], state.lon);
    const north = northward(s[at + F.anchorLat], state.lat);
    const way = Math.hypot(east, north);
    const claim = s[at + F.anchorClaim];
    if (seconds <= longestStretch && !Number.isNaN(claim)) {
      s[at + F.excess] += smoothing * ((claim - way) / seconds - s[at + F.excess]);
      const allowed = speedTolerance + (speedToleranceShare * Math.max(claim, way)) / seconds;
      if (Math.abs(s[at + F.excess]) > allowed) this.#suspect('inconsistent-speed');
      const reversing = (state.flags & VehicleFlag.reversing) !== 0;
      if (!reversing && way > headingMinWay && claim > headingMinSpeed * seconds) {
        const bearing = bearingDeg(east, north);
        const before = turnBetween(bearing, s[at + F.anchorHeading]);
        const now = turnBetween(bearing, state.headingDeg ?? Number.NaN);
        if (Math.min(before, now) > headingTolerance) this.#suspect('inconsistent-heading');
      }
    }
    this.#startStretch(at, state, timestampMs);
  }
}

function fastestFor(stationType: number): number {
  if (stationType === StationType.pedestrian) return fastestOnFoot;
  if (stationType === StationType.cyclist) return fastestOnBicycle;
  return fastest;
}

/** Mean of two speeds, the one that is known when only one is, NaN when none is. */
function meanSpeed(before: number, now: number | undefined): number {
  if (now === undefined) return before;
  return Number.isNaN(before) ? now : (before + now) / 2;
}

/** Whether the state's place can be reached from (lat, lon) since `sinceMs`, at `topSpeed` (NaN unknown) and hard acceleration. */
function withinReach(
  lat: number,
  lon: number,
  sinceMs: number,
  topSpeed: number,
  state: VehicleState,
  timestampMs: number,
  tolerance: number,
): boolean {
  const seconds = Math.max(0, (timestampMs - sinceMs) / 1_000);
  const top = Number.isNaN(topSpeed) ? fastest : Math.min(fastest, topSpeed + tyreLimit * seconds);
  const reach = top * seconds + tolerance;
  const east = eastward(lat, lon, state.lon);
  const north = northward(lat, state.lat);
  return east * east + north * north <= reach * reach;
}
