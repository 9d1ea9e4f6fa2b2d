/** Timestamps remembered per vehicle to tell a duplicate from a late message: 0.5 s at 25 Hz and some. */
const remembered = 16;

export type Arrival = 'newer' | 'late' | 'duplicate' | 'out-of-order';

/**
 * The mechanism that keeps every vehicle's messages in order, the only one: the *track clock*. Each slot has the newest
 * timestamp accepted so far. A newer message moves it; an older one passes as `late` while within `lateMs` of it (the
 * tracking filter still gains from it: reference collision 3.2) and is refused beyond that; a timestamp accepted
 * before is a duplicate. All messages of a vehicle pass through it one after the other in the door's thread, so what goes on
 * never steps back by more than `lateMs` and never repeats a time.
 */
export class TrackClock {
  readonly #lateMs: number;
  readonly #newestMs: Float64Array;
  readonly #history: Float64Array;
  readonly #next: Uint8Array;

  constructor(capacity: number, lateMs: number) {
    this.#lateMs = lateMs;
    this.#newestMs = new Float64Array(capacity).fill(Number.NEGATIVE_INFINITY);
    this.#history = new Float64Array(capacity * remembered).fill(Number.NaN);
    this.#next = new Uint8Array(capacity);
  }

  reset(slot: number): void {
    this.#newestMs[slot] = Number.NEGATIVE_INFINITY;
    this.#history.fill(Number.NaN, slot * remembered, (slot + 1) * remembered);
  }

  /** What a message of this time would be; changes nothing. */
  judge(slot: number, timestampMs: number): Arrival {
    const newest = this.#newestMs[slot];
    if (timestampMs > newest) return 'newer';
    const start = slot * remembered;
    for (let i = start; i < start + remembered; i += 1) if (this.#history[i] === timestampMs) return 'duplicate';
    return newest - timestampMs > this.#lateMs ? 'out-of-order' : 'late';
  }

  /** Notes that a message of this time was let through. */
  accept(slot: number, timestampMs: number): void {
    this.#history[slot * remembered + this.#next[slot]] = timestampMs;
    this.#next[slot] = (this.#next[slot] + 1) % remembered;
    if (timestampMs > this.#newestMs[slot]) this.#newestMs[slot] = timestampMs;
  }
}
