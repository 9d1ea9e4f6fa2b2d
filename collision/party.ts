import {
  requiredAfterBraking,
  requiredBehindLeader,
  requiredBehindSlowing,
  requiredToStop,
} from './measures/required-deceleration.ts';
import type { Going } from './meeting.ts';
import { imminentReaction, warningReaction } from './thresholds.ts';

/** Who is slower than this, m/s, and speeds up by `minPush` goes on doing so until he reacts, by `mostPush` at most, m/s² (X17). */
const creeping = 4;
const minPush = 0.8;
const mostPush = 3;
/** Drivers stop this far short of a place of conflict, m. */
const short = 0.3;

/** One party at a junction: its state now and its need to stop short of the place of conflict; reused. */
export class Party implements Going {
  slot = 0;
  at = 0;
  v = 0;
  a = 0;
  slowest = 0;
  /** Metres driven since the fix. */
  gone = 0;
  /** Nearer to a place of conflict than this, m, pairs are looked at with every message. */
  pressing = 0;
  near = 0;
  needNow = 0;
  need2 = 0;
  need3 = 0;
  /** What a comfortable stop takes a warned driver's reaction time later, braking as he does until then (X18). */
  needLater = 0;

  /** Of one who has `near` m to go; `onward`: as he speeds up from rest he goes on until he reacts (X17). */
  needs(near: number, onward: boolean): void {
    this.near = near;
    const stop = near - short;
    this.needLater = requiredAfterBraking(stop, this.v, Math.max(0, -this.a), warningReaction);
    this.needNow = requiredToStop(stop, this.v, 0);
    this.need2 = requiredToStop(stop, this.v, warningReaction);
    this.need3 = requiredToStop(stop, this.v, imminentReaction);
    if (!onward || this.v >= creeping || this.a < minPush) return;
    this.need2 = this._needsAfter(stop, warningReaction);
    this.need3 = this._needsAfter(stop, imminentReaction);
  }

  /** What a warned driver needs to follow `first` with `gap` m between them, where their ways become one; infinite where there is no gap (X19). */
  needBehind(first: Party, gap: number): number {
    return gap > 0 ? requiredBehindLeader(gap, this.v, first.v, 0, warningReaction) : Number.POSITIVE_INFINITY;
  }

  private _needsAfter(stop: number, reaction: number): number {
    return requiredBehindSlowing(stop, this.v, Math.min(this.a, mostPush), 0, 0, 0, reaction);
  }
}
