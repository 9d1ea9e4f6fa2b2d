import { checkedInteger } from '../options.ts';

const empty = -1;
const fullShare = 0.7;

/**
 * Which vehicle was seen on which edge, in which block: what tells distinct vehicles from repeated samples.
 * Open addressing over flat arrays, bounded: a pair that finds no room is not remembered, so a count can only be too low,
 * never too high (counted in `overflow`).
 */
export class PairTable {
  readonly #mask: number;
  readonly #limit: number;
  #edge: Int32Array;
  #vehicle: Uint32Array;
  #block: Uint32Array;
  #spare: { edge: Int32Array; vehicle: Uint32Array; block: Uint32Array };
  #size = 0;
  overflow = 0;

  /** `pairs`: room for this many, 16..16_777_216; some 35 bytes each. */
  constructor(pairs: number) {
    const slots = 2 ** Math.ceil(Math.log2(checkedInteger('congestion pairs', pairs, 16, 2 ** 24) / fullShare));
    this.#mask = slots - 1;
    this.#limit = Math.floor(slots * fullShare);
    this.#edge = new Int32Array(slots).fill(empty);
    this.#vehicle = new Uint32Array(slots);
    this.#block = new Uint32Array(slots);
    this.#spare = {
      edge: new Int32Array(slots),
      vehicle: new Uint32Array(slots),
      block: new Uint32Array(slots),
    };
  }

  get size(): number {
    return this.#size;
  }

  /** Notes a sighting; true when the vehicle is new to this block of this edge. */
  sight(edge: number, vehicle: number, block: number): boolean {
    let at = this.#find(edge, vehicle);
    if (this.#edge[at] !== empty) {
      if (this.#block[at] === block) return false;
      this.#block[at] = block;
      return true;
    }
    if (this.#size >= this.#limit) {
      this.overflow += 1;
      return false;
    }
    this.#size += 1;
    at = this.#find(edge, vehicle);
    this.#edge[at] = edge;
    this.#vehicle[at] = vehicle;
    this.#block[at] = block;
    return true;
  }

  /** Forgets the pairs of blocks that are over: keeps those whose block is still the edge's own in `blocks`. */
  keep(blocks: Uint32Array): void {
    const old = { edge: this.#edge, vehicle: this.#vehicle, block: this.#block };
    ({ edge: this.#edge, vehicle: this.#vehicle, block: this.#block } = this.#spare);
    this.#spare = old;
    this.#edge.fill(empty);
    this.#size = 0;
    for (let i = 0; i <= this.#mask; i += 1) {
      const edge = old.edge[i];
      if (edge === empty || old.block[i] !== blocks[edge]) continue;
      this.sight(edge, old.vehicle[i], old.block[i]);
    }
  }

  #find(edge: number, vehicle: number): number {
    let hash = Math.imul(edge ^ Math.imul(vehicle, 0x9e3779b1), 0x85ebca6b);
    hash ^= hash >>> 15;
    let at = hash & this.#mask;
    while (this.#edge[at] !== empty && (this.#edge[at] !== edge || this.#vehicle[at] !== vehicle >>> 0)) {
      at = (at + 1) & this.#mask;
    }
    return at;
  }
}
