import { TokenBucket } from './token-bucket.ts';

const patience = 8;

/** Rate of one credential: what is over it is dropped; who keeps on at eight times the rate is cut. */
export class RateLimit {
  readonly #allowed: TokenBucket;
  readonly #tolerated: TokenBucket;

  constructor(perSecond: number, burst: number, nowMs: number) {
    this.#allowed = new TokenBucket(perSecond, burst, nowMs);
    this.#tolerated = new TokenBucket(perSecond * patience, burst * patience, nowMs);
  }

  /** Allocates nothing. */
  judge(nowMs: number): 'pass' | 'drop' | 'cut' {
    if (this.#allowed.take(nowMs)) return 'pass';
    return this.#tolerated.take(nowMs) ? 'drop' : 'cut';
  }
}
