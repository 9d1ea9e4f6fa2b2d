import { Message } from './message.ts';
import type { Tracks } from './tracks.ts';

/** What no road vehicle does (D3): m/s, m/s². */
const fastest = 90;
const strongest = 12;
/** Two speeds of a poor receiver differ by this without anything having happened, m/s. */
const speedDoubt = 3;
/** Who says he drives faster than this, m/s, does not report one and the same place for so long, ms. */
const driving = 3;
const frozenMs = 2000;
/** What cannot be true is not believed for this long after, ms. */
const distrustMs = 10_000;

/** `Tracks.hidden` of a track that cannot be true. */
export const notCredible = 2;

/**
 * Tracks that cannot be true (rule D3): spoofed, replayed out of their place, or broken. They are taken out of the traffic until they have been credible for
 * ten seconds, so that they alarm nobody. Losing speed faster than any brake is not among it: that is a crash.
 */
export class Plausibility {
  readonly counts = { impossibleSpeed: 0, impossibleAcceleration: 0, unreachable: 0, frozenPosition: 0 };
  private readonly _tracks: Tracks;
  private readonly _untilMs: Float64Array;
  /** Time of the last message that named the place of the one before, and since when it has been named. */
  private readonly _sameMs: Float64Array;
  private readonly _sameSinceMs: Float64Array;

  constructor(tracks: Tracks) {
    this._tracks = tracks;
    this._untilMs = new Float64Array(tracks.capacity);
    this._sameMs = new Float64Array(tracks.capacity);
    this._sameSinceMs = new Float64Array(tracks.capacity);
  }

  /** The message under way; `known` false when there is no state to compare it with. */
  check(slot: number, known: boolean, message: Float64Array): void {
    const timestampMs = message[Message.timestampMs];
    const speed = message[Message.speed];
    if (speed > fastest) {
      this.counts.impossibleSpeed += 1;
      this._distrust(slot, message);
    } else if (
      message[Message.accel] > strongest ||
      (known && speed - this._tracks.v[slot] > strongest * message[Message.dt] + speedDoubt)
    ) {
      this.counts.impossibleAcceleration += 1;
      this._distrust(slot, message);
    }
    const hidden = this._tracks.hidden;
    if (timestampMs < this._untilMs[slot]) hidden[slot] |= notCredible;
    else hidden[slot] &= ~notCredible;
  }

  /** The message under way names the very place of the one before; to be told before `check`. */
  still(slot: number, message: Float64Array): void {
    if (!(message[Message.speed] > driving)) return;
    const timestampMs = message[Message.timestampMs];
    const lastMs = this._tracks.timeMs[slot];
    if (this._sameMs[slot] !== lastMs) this._sameSinceMs[slot] = lastMs;
    this._sameMs[slot] = timestampMs;
    if (timestampMs - this._sameSinceMs[slot] < frozenMs) return;
    this.counts.frozenPosition += 1;
    this._distrust(slot, message);
  }

  /** It was where it cannot have come from. */
  jumped(slot: number, message: Float64Array): void {
    this.counts.unreachable += 1;
    this._distrust(slot, message);
  }

  forget(slot: number): void {
    this._untilMs[slot] = 0;
    this._sameMs[slot] = 0;
  }

  private _distrust(slot: number, message: Float64Array): void {
    this._untilMs[slot] = message[Message.timestampMs] + distrustMs;
  }
}
