import type { DropReason } from '../drop-reasons.ts';
import { checkedNumber } from '../options.ts';
import { ClockAhead } from './clock-ahead.ts';
import { TrackClock } from './track-clock.ts';

export interface FreshnessOptions {
  /** Older than this on arrival is refused, ms, 1_000..600_000. Default 30_000. */
  readonly staleMs?: number;
  /** More than this in the future, after the vehicle's clock error is taken out, is refused, ms, 0..60_000. Default 2_000. */
  readonly futureMs?: number;
  /** A clock further ahead than this is never excused, ms, 0..3_600_000. Default 60_000. */
  readonly maxClockAheadMs?: number;
  /** Messages older than the track by more than this are refused, ms, 0..5_000. Default 500. */
  readonly lateMs?: number;
  /** Messages of one vehicle in one second of receive time, 1..1_000. Default 30; more are refused. */
  readonly maxPerSecond?: number;
}

/** Outcome of the check: a reason to refuse, or undefined; with it the corrected time and whether the message is late. */
export interface FreshnessResult {
  timestampMs: number;
  late: boolean;
}

/** Stale, future, duplicate, out of order, too frequent. State per slot, bounded by the capacity; allocates nothing per message. */
export class Freshness {
  readonly #staleMs: number;
  readonly #futureMs: number;
  readonly #maxAheadMs: number;
  readonly #maxPerSecond: number;
  readonly #ahead: ClockAhead;
  readonly #track: TrackClock;
  readonly #second: Float64Array;
  readonly #inSecond: Uint16Array;

  constructor(capacity: number, options: FreshnessOptions = {}) {
    this.#staleMs = checkedNumber('freshness staleMs', options.staleMs ?? 30_000, 1_000, 600_000);
    this.#futureMs = checkedNumber('freshness futureMs', options.futureMs ?? 2_000, 0, 60_000);
    this.#maxAheadMs = checkedNumber('freshness maxClockAheadMs', options.maxClockAheadMs ?? 60_000, 0, 3_600_000);
    this.#maxPerSecond = checkedNumber('freshness maxPerSecond', options.maxPerSecond ?? 30, 1, 1_000);
    this.#ahead = new ClockAhead(capacity);
    this.#track = new TrackClock(capacity, checkedNumber('freshness lateMs', options.lateMs ?? 500, 0, 5_000));
    this.#second = new Float64Array(capacity);
    this.#inSecond = new Uint16Array(capacity);
  }

  /** Forgets the slot's last vehicle. */
  reset(slot: number): void {
    this.#ahead.reset(slot);
    this.#track.reset(slot);
    this.#second[slot] = 0;
    this.#inSecond[slot] = 0;
  }

  /** Judges one message; fills `result` when it returns undefined. */
  check(slot: number, timestampMs: number, receivedMs: number, result: FreshnessResult): DropReason | undefined {
    const second = Math.floor(receivedMs / 1_000);
    if (second !== this.#second[slot]) {
      this.#second[slot] = second;
      this.#inSecond[slot] = 0;
    }
    if (this.#inSecond[slot] >= this.#maxPerSecond) return 'too-frequent';
    this.#inSecond[slot] += 1;

    const age = receivedMs - timestampMs;
    if (age > this.#staleMs) return 'too-old';
    if (age < -this.#maxAheadMs) return 'in-the-future';
    this.#ahead.learn(slot, age);
    const corrected = timestampMs - this.#ahead.aheadMs(slot);
    if (corrected - receivedMs > this.#futureMs) return 'in-the-future';

    const arrival = this.#track.judge(slot, corrected);
    if (arrival === 'duplicate' || arrival === 'out-of-order') return arrival;
    this.#track.accept(slot, corrected);
    result.timestampMs = corrected;
    result.late = arrival === 'late';
    return undefined;
  }
}
