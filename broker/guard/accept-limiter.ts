import { BoundedMap } from './bounded-map.ts';
import { TokenBucket } from './token-bucket.ts';

export interface AcceptLimits {
  /** Connections a second from one address, in the long run. */
  readonly perSecond: number;
  /** Connections at once from one address. Generous, because a mobile network hides thousands of vehicles behind one. */
  readonly burst: number;
}

const maxAddresses = 20_000;

/** One token bucket for each remote address; the address silent longest is forgotten first. */
export class AcceptLimiter {
  readonly #limits: AcceptLimits;
  readonly #now: () => number;
  readonly #buckets = new BoundedMap<string, TokenBucket>(maxAddresses);

  constructor(limits: AcceptLimits, now: () => number) {
    this.#limits = limits;
    this.#now = now;
  }

  admit(address: string): boolean {
    const nowMs = this.#now();
    const bucket = this.#buckets.get(address) ?? new TokenBucket(this.#limits.perSecond, this.#limits.burst, nowMs);
    this.#buckets.set(address, bucket);
    return bucket.take(nowMs);
  }
}
