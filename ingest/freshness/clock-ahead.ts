/** Estimate of one vehicle's median message age, in place in flat arrays: bounded, allocates nothing. */
const maxStepMs = 512;
const minStepMs = 2;
/** A clock ahead by at most this is believed from the first message, one further ahead only after `learnedAfter`. */
const believedAtOnceMs = 2_000;
const learnedAfter = 5;
/** The correction in use changes only when the estimate has left it by this much, so that it adds no jitter to the track. */
const hysteresisMs = 100;

/**
 * Learns per slot how far a vehicle's clock runs ahead of ours. A message cannot arrive before it was made, so a negative
 * median age is a clock that is ahead by at least that much; a positive one is latency or a clock that is behind, which
 * cannot be told apart and is left alone.
 *
 * The median follows by steps of its sign: a step doubles while the sign stays and halves when it turns (after Feldman and
 * Shavitt, "An economical median algorithm", 2007), so a clock that is set takes about ten messages to follow.
 */
export class ClockAhead {
  readonly #medianMs: Float64Array;
  readonly #stepMs: Float32Array;
  readonly #seen: Uint16Array;
  readonly #side: Int8Array;
  readonly #inUseMs: Float64Array;

  constructor(capacity: number) {
    this.#medianMs = new Float64Array(capacity);
    this.#stepMs = new Float32Array(capacity);
    this.#seen = new Uint16Array(capacity);
    this.#side = new Int8Array(capacity);
    this.#inUseMs = new Float64Array(capacity);
  }

  reset(slot: number): void {
    this.#seen[slot] = 0;
    this.#side[slot] = 0;
    this.#inUseMs[slot] = 0;
  }

  /** Takes one message's age (received minus stated time, ms, any finite number). */
  learn(slot: number, ageMs: number): void {
    if (this.#seen[slot] === 0) {
      this.#medianMs[slot] = ageMs;
      this.#stepMs[slot] = minStepMs;
      this.#seen[slot] = 1;
      this.#use(slot);
      return;
    }
    if (this.#seen[slot] < 0xffff) this.#seen[slot] += 1;
    const error = ageMs - this.#medianMs[slot];
    const side = error > 0 ? 1 : error < 0 ? -1 : 0;
    const step =
      side === this.#side[slot]
        ? Math.min(this.#stepMs[slot] * 2, maxStepMs)
        : Math.max(this.#stepMs[slot] / 4, minStepMs);
    this.#side[slot] = side;
    this.#stepMs[slot] = step;
    // Never past the sample itself, so that a lone outlier moves the median by little and a constant age is hit exactly.
    this.#medianMs[slot] += side * Math.min(step, Math.abs(error));
    this.#use(slot);
  }

  /** How far the vehicle's clock is ahead, ms, >= 0; 0 until it is learned. */
  aheadMs(slot: number): number {
    return this.#inUseMs[slot];
  }

  #use(slot: number): void {
    let ahead = Math.max(0, -this.#medianMs[slot]);
    if (ahead > believedAtOnceMs && this.#seen[slot] < learnedAfter) ahead = 0;
    if (Math.abs(ahead - this.#inUseMs[slot]) > hysteresisMs) this.#inUseMs[slot] = ahead;
  }
}
