import type { TrackHistory } from './track-history.ts';

/** m; the longest vehicle and a second of motion reach into the neighbouring cells only. */
const cell = 32;
const buckets = 1 << 15;

/** Uniform grid over the newest positions of all live slots, rebuilt on demand; two passes of counting sort, no allocation. */
export class NearVehicles {
  readonly #start = new Int32Array(buckets + 1);
  readonly #cursor = new Int32Array(buckets + 1);
  readonly #slots: Int32Array;
  readonly #bucketOf: Int32Array;
  readonly #history: TrackHistory;
  #builtMs = Number.NaN;

  constructor(history: TrackHistory) {
    this.#history = history;
    this.#slots = new Int32Array(history.capacity);
    this.#bucketOf = new Int32Array(history.capacity);
  }

  /** Takes the positions as they are at `nowMs`; slots silent for more than `silentMs` are left out. Once per instant. */
  build(nowMs: number, silentMs: number): void {
    if (this.#builtMs === nowMs) return;
    this.#builtMs = nowMs;
    const history = this.#history;
    this.#start.fill(0);
    for (let slot = 0; slot < history.capacity; slot++) {
      this.#bucketOf[slot] = -1;
      if (nowMs - history.time(slot, 0) > silentMs) continue;
      const bucket = bucketAt(Math.floor(history.x(slot, 0) / cell), Math.floor(history.y(slot, 0) / cell));
      this.#bucketOf[slot] = bucket;
      this.#start[bucket + 1]++;
    }
    for (let bucket = 0; bucket < buckets; bucket++) this.#start[bucket + 1] += this.#start[bucket];
    this.#cursor.set(this.#start);
    for (let slot = 0; slot < history.capacity; slot++) {
      const bucket = this.#bucketOf[slot];
      if (bucket >= 0) this.#slots[this.#cursor[bucket]++] = slot;
    }
  }

  /** Writes the slots within `radius` m of a place into `into` (at most its length) and returns how many. */
  find(x: number, y: number, radius: number, into: Int32Array): number {
    let found = 0;
    const x0 = Math.floor((x - radius) / cell);
    const x1 = Math.floor((x + radius) / cell);
    const y0 = Math.floor((y - radius) / cell);
    const y1 = Math.floor((y + radius) / cell);
    for (let cx = x0; cx <= x1; cx++)
      for (let cy = y0; cy <= y1; cy++) {
        const bucket = bucketAt(cx, cy);
        for (let i = this.#start[bucket]; i < this.#start[bucket + 1] && found < into.length; i++) {
          const slot = this.#slots[i];
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
