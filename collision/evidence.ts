import type { Tracks } from './tracks.ts';

/** Log-odds that a vehicle of which nothing is known endangers those behind it, and what never is exceeded (H11). */
const prior = -4;
const most = 5;
/** Per second slower than the share of H1, faster than that of H4, and in between. */
const slowGain = 2;
const recoveredLoss = 2;
const fade = 1;
/** Who gathers speed this fast, m/s², is no more of a danger than he was. */
const gathering = 0.4;
/** Who still slows down has not shown that he drives on, m/s². */
const slowing = -0.5;
/** A brake this hard, m/s², from this speed, m/s, is an emergency; its weight, and how long it is one event, ms. */
const hardBrake = -3.5;
const hardBrakeSpeed = 13.9;
const hardBrakeWeight = 3;
const hardBrakeMs = 5000;
/** A further vehicle in the same state beside or behind it; more than two say no more than two. */
const companionWeight = 2;
const companions = 2;
/** A driver's braking is what he has done over about this time, s: a single report of it lasts as long as the next one takes to come (H7). */
const brakingMemory = 1;
/** Who brakes is taken to go on braking for this long, s (H7). */
const brakingLook = 2;
/** Looks farther apart than this count as this far, s. */
const longestLook = 2;

/**
 * How sure the core is that a slow vehicle is a danger, as log-odds (rule H11, collision.md 3.12): it grows while the vehicle is slow, at once by
 * a hard brake, fades when it is not, and is certain where a flag, a crash or a rule with its own time says so.
 */
export class Evidence {
  private readonly _tracks: Tracks;
  private readonly _score: Float32Array;
  private readonly _lookMs: Float64Array;
  private readonly _brakeMs: Float64Array;
  private readonly _slowing: Float32Array;

  constructor(tracks: Tracks) {
    this._tracks = tracks;
    this._score = new Float32Array(tracks.capacity).fill(prior);
    this._lookMs = new Float64Array(tracks.capacity);
    this._brakeMs = new Float64Array(tracks.capacity).fill(-Infinity);
    this._slowing = new Float32Array(tracks.capacity);
  }

  /** One look at the vehicle: whether it is slow (H1), whether it drives as usual again (H4). */
  look(slot: number, slow: boolean, recovered: boolean): void {
    const { timeMs, v, a } = this._tracks;
    const now = timeMs[slot];
    const dt = Math.min(longestLook, Math.max(0, (now - this._lookMs[slot]) / 1000));
    this._lookMs[slot] = now;
    this._slowing[slot] += (1 - Math.exp(-dt / brakingMemory)) * (a[slot] - this._slowing[slot]);
    let score = this._score[slot];
    if (slow) score += a[slot] > gathering ? 0 : slowGain * dt;
    else if (score > prior && a[slot] > slowing) score -= (recovered ? recoveredLoss : fade) * dt;
    if (a[slot] <= hardBrake && v[slot] > hardBrakeSpeed && now - this._brakeMs[slot] > hardBrakeMs) {
      this._brakeMs[slot] = now;
      score += hardBrakeWeight;
    }
    this._score[slot] = Math.max(prior, Math.min(most, score));
  }

  /** What a rule of its own has found: no doubt is left. */
  certain(slot: number): void {
    this._score[slot] = most;
  }

  /** Speed the vehicle counts with in a hazard, m/s: who is still braking for the danger is part of it, not a danger that moves on at his pace (H7). */
  pace(slot: number): number {
    const v = this._tracks.v[slot];
    const braking = this._slowing[slot];
    return braking < slowing ? Math.max(0, v + brakingLook * braking) : v;
  }

  of(slot: number): number {
    return this._score[slot];
  }

  forget(slot: number): void {
    this._score[slot] = prior;
    this._lookMs[slot] = 0;
    this._brakeMs[slot] = -Infinity;
    this._slowing[slot] = 0;
  }
}

/** Probability of a danger of several vehicles, from the score of the surest of them. */
export function confidenceOf(score: number, members: number): number {
  return 1 / (1 + Math.exp(-(score + companionWeight * Math.min(companions, members - 1))));
}
