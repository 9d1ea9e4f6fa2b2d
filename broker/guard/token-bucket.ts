/** Allows `burst` at once and `perSecond` in the long run. Time is given by the caller, in milliseconds; a clock set back costs nobody anything. */
export class TokenBucket {
  readonly #perMs: number;
  readonly #burst: number;
  #tokens: number;
  #lastMs: number;

  constructor(perSecond: number, burst: number, nowMs: number) {
    this.#perMs = perSecond / 1000;
    this.#burst = burst;
    this.#tokens = burst;
    this.#lastMs = nowMs;
  }

  /** Takes one token; false when there is none. Allocates nothing. */
  take(nowMs: number): boolean {
    const elapsed = nowMs - this.#lastMs;
    this.#lastMs = nowMs;
    if (elapsed > 0) this.#tokens = Math.min(this.#burst, this.#tokens + elapsed * this.#perMs);
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
