import type { SegmentUpdate } from '../../../messages/index.ts';

export interface SegmentState {
  readonly jamFactor: number;
  readonly speedKmh: number;
  readonly confidence: number;
}

/** Congestion by segment id (edge index), as far as it is known. Bounded by the number of edges of the city. */
export class Segments {
  readonly #states = new Map<number, SegmentState>();
  readonly #listeners = new Set<(changed: readonly number[]) => void>();

  get(segmentId: number): SegmentState | undefined {
    return this.#states.get(segmentId);
  }

  entries(): IterableIterator<[number, SegmentState]> {
    return this.#states.entries();
  }

  update(items: readonly SegmentUpdate[]): void {
    for (const [segmentId, jamFactor, speedKmh, confidence] of items)
      this.#states.set(segmentId, { jamFactor, speedKmh, confidence });
    for (const listener of this.#listeners) listener(items.map((item) => item[0]));
  }

  /** Returns the unsubscribe function. */
  onChange(listener: (changed: readonly number[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
