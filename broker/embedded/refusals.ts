import type { Counters } from '../counters.ts';
import { TokenBucket } from '../guard/token-bucket.ts';
import type { BrokerLog } from '../log.ts';
import type { EmbeddedCounter } from './counter-names.ts';

const linesPerSecond = 10;

/** Counts every refusal and logs it, but at most ten lines a second: an attacker must not fill the disk with our log. */
export class Refusals {
  readonly #counters: Counters<EmbeddedCounter>;
  readonly #log: BrokerLog;
  readonly #now: () => number;
  readonly #lines: TokenBucket;
  #suppressed = 0;

  constructor(counters: Counters<EmbeddedCounter>, log: BrokerLog, now: () => number) {
    this.#counters = counters;
    this.#log = log;
    this.#now = now;
    this.#lines = new TokenBucket(linesPerSecond, linesPerSecond, now());
  }

  note(name: EmbeddedCounter, fields: object, message: string): void {
    this.#counters.add(name);
    if (!this.#lines.take(this.#now())) {
      this.#suppressed += 1;
      return;
    }
    this.#log.warn({ counter: name, suppressed: this.#suppressed, ...fields }, message);
    this.#suppressed = 0;
  }
}
