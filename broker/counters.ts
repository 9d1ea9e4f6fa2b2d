import type { SourceCounters } from './message-source.ts';

/** A fixed set of named numbers: a misspelt name does not compile, and every name is reported from the start with 0. */
export class Counters<Name extends string> {
  readonly #values: Map<Name, number>;

  constructor(names: readonly Name[]) {
    this.#values = new Map(names.map((name) => [name, 0]));
  }

  add(name: Name, amount = 1): void {
    this.#values.set(name, (this.#values.get(name) ?? 0) + amount);
  }

  get(name: Name): number {
    return this.#values.get(name) ?? 0;
  }

  snapshot(gauges: SourceCounters = {}): SourceCounters {
    return { ...Object.fromEntries(this.#values), ...gauges };
  }
}
