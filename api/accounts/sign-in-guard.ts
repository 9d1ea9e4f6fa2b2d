import { BoundedMap } from '../bounded-map.ts';

interface Failures {
  readonly count: number;
  readonly untilMs: number;
}

const freeTries = 5;
const longestWaitMs = 15 * 60_000;
/** Somebody trying many names from one address is given this many tries before waiting too. */
const freeTriesOfAddress = 30;

/**
 * Back-off against guessing: after 5 wrong passwords for a name from one address the wait doubles from 1 s to 15 min.
 * Counted by name and address together, so that nobody can lock an account for its owner elsewhere; and by address alone
 * at a higher bound. Holds the 20,000 most recent failures.
 */
export class SignInGuard {
  readonly #failures = new BoundedMap<string, Failures>(20_000);

  /** Milliseconds this pair must still wait; 0 = may try. */
  waitMs(name: string, address: string, nowMs: number): number {
    const until = Math.max(
      this.#failures.get(`${address} ${name}`)?.untilMs ?? 0,
      this.#failures.get(address)?.untilMs ?? 0,
    );
    return Math.max(0, until - nowMs);
  }

  /** Counted before the password is checked, so that parallel tries do not share one free try. */
  noteTry(name: string, address: string, nowMs: number): void {
    this.#note(`${address} ${name}`, freeTries, nowMs);
    this.#note(address, freeTriesOfAddress, nowMs);
  }

  noteSuccess(name: string, address: string): void {
    this.#failures.delete(`${address} ${name}`);
    const ofAddress = this.#failures.get(address);
    if (ofAddress !== undefined && ofAddress.count <= freeTriesOfAddress) this.#failures.delete(address);
  }

  #note(key: string, free: number, nowMs: number): void {
    const before = this.#failures.get(key);
    const forgotten = before === undefined || nowMs > before.untilMs + longestWaitMs;
    const count = forgotten ? 1 : before.count + 1;
    const over = count - free;
    const waitMs = over < 0 ? 0 : Math.min(longestWaitMs, 1000 * 2 ** Math.min(over, 20));
    this.#failures.set(key, { count, untilMs: nowMs + waitMs });
  }
}
