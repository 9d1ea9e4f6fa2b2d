/**
 * One DENM sequence number per alert, the same for its updates and its cancellation. Bounded: past `capacity` live alerts the
 * oldest is forgotten, and an update of it would look like a new event.
 */
export class DenmSequence {
  readonly #numbers = new Map<string, number>();
  readonly #capacity: number;
  #next: number;

  /**
   * @param first where to begin, 0..65535; after a restart choose another than last time, or receivers take new events for old ones
   * @param capacity live alerts remembered, 1..32768 (half the number space, so that no live number is given twice)
   */
  constructor(first: number, capacity = 16_384) {
    if (!Number.isInteger(first) || first < 0 || first > 65_535)
      throw new RangeError(`DenmSequence first ${first}: an integer in [0, 65535] is needed`);
    if (!Number.isInteger(capacity) || capacity < 1 || capacity > 32_768)
      throw new RangeError(`DenmSequence capacity ${capacity}: an integer in [1, 32768] is needed`);
    this.#next = first;
    this.#capacity = capacity;
  }

  numberOf(alertId: string): number {
    const known = this.#numbers.get(alertId);
    if (known !== undefined) return known;
    if (this.#numbers.size >= this.#capacity) {
      const oldest = this.#numbers.keys().next();
      if (oldest.done !== true) this.#numbers.delete(oldest.value);
    }
    const given = this.#next;
    this.#next = (given + 1) & 0xffff;
    this.#numbers.set(alertId, given);
    return given;
  }

  /** After a cancellation has gone out. */
  release(alertId: string): void {
    this.#numbers.delete(alertId);
  }
}
