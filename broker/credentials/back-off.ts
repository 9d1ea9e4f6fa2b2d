import { BoundedMap } from '../guard/bounded-map.ts';

interface Failures {
  count: number;
  untilMs: number;
}

const free = 5;
const longestMs = 60_000;
const maxPairs = 20_000;

/**
 * Wrong passwords of one principal from one address: five are free, then the wait doubles from 1 s to 60 s. Another address
 * is not affected, so nobody can lock a vehicle out by guessing.
 */
export class BackOff {
  readonly #now: () => number;
  readonly #failures = new BoundedMap<string, Failures>(maxPairs);

  constructor(now: () => number) {
    this.#now = now;
  }

  mustWait(principal: string, address: string): boolean {
    const failures = this.#failures.get(`${principal}\n${address}`);
    return failures !== undefined && this.#now() < failures.untilMs;
  }

  failed(principal: string, address: string): void {
    const key = `${principal}\n${address}`;
    const count = (this.#failures.get(key)?.count ?? 0) + 1;
    const waitMs = count < free ? 0 : Math.min(longestMs, 1000 * 2 ** (count - free));
    this.#failures.set(key, { count, untilMs: this.#now() + waitMs });
  }

  succeeded(principal: string, address: string): void {
    this.#failures.delete(`${principal}\n${address}`);
  }
}
