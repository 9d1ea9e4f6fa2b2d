import type { TrackHistory } from './track-history.ts';

/** m; the longest vehicle and a second of motion reach into the neighbouring cells only. */
const cell = 32;
const buckets = 1 << 15;

/** Hashed uniform grid over the newest positions of all slots, kept up to date state by state; allocates nothing. */
export class NearVehicles {
  readonly #first = new Int32Array(buckets).fill(-1);
  readonly #next: Int32Array;
  readonly #previous: Int32Array;
  readonly #bucketOf: Int32Array;
  readonly #history: TrackHistory;

  constructor(history: TrackHistory) {
    this.#history = history;
    this.#next = new Int32Array(history.capacity);
    this.#previous = new Int32Array(history.capacity);
    this.#bucketOf = new Int32Array(history.capacity).fill(-1);
  }

  /** Files the slot under its newest position. */
  move(slot: number): void {
    const bucket = bucketAt(Math.floor(this.#history.x(slot, 0) / cell), Math.floor(this.#history.y(slot, 0) / cell));
    const before = this.#bucketOf[slot];
    if (bucket === before) return;
    if (before >= 0) {
      const next = this.#next[slot];
      const previous = this.#previous[slot];
      if (previous >= 0) this.#next[previous] = next;
      else this.#first[before] = next;
      if (next >= 0) this.#previous[next] = previous;
    }
    const head = this.#first[bucket];
    this.#bucketOf[slot] = bucket;
    this.#next[slot] = head;
    this.#previous[slot] = -1;
    if (head >= 0) this.#previous[head] = slot;
    this.#first[bucket] = slot;
  }

  /** Writes the slots heard of since `sinceMs` within `radius` m of a place into `into` (at most its length) and returns how many. */
  find(x: number, y: number, radius: number, sinceMs: number, into: Int32Array): number {
    let found = 0;
    const x0 = Math.floor((x - radius) / cell);
    const x1 = Math.floor((x + radius) / cell);
    const y0 = Math.floor((y - radius) / cell);
    const y1 = Math.floor((y + radius) / cell);
    for (let cx = x0; cx <= x1; cx++)
      for (let cy = y0; cy <= y1; cy++) {
        const bucket = bucketAt(cx, cy);
        for (let slot = this.#first[bucket]; slot >= 0 && found < into.length; slot = this.#next[slot]) {
          if (this.#history.time(slot, 0) < sinceMs) continue;
          const sx = this.#history.x(slot, 0);
          const sy = this.#history.y(slot, 0);
          // Unlike cells may share a bucket: only what really lies in this cell counts, once.
          if (Math.floor(sx / cell) !== cx || Math.floor(sy / cell) !== cy) continue;
          if ((sx - x) ** 2 + (sy - y) ** 2 <= radius * radius) into[found++] = slot;
        }
      }
    return found;
  }
}

function bucketAt(cx: number, cy: number): number {
  return (Math.imul(cx, 73856093) ^ Math.imul(cy, 19349663)) & (buckets - 1);
}
