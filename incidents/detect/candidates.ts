/** Changes of motion under examination, as typed arrays; at most `size` at once. */
export class Candidates {
  readonly size: number;
  /** Slot + 1, or 0 when the place is free. */
  readonly slotPlus: Int32Array;
  readonly generation: Uint32Array;
  /** The interval in which the motion changed, UTC ms. */
  readonly fromMs: Float64Array;
  readonly atMs: Float64Array;
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Speeds about the change, m/s; course before as a unit vector is read from the history at once. */
  readonly speedBefore: Float32Array;
  readonly speedAfter: Float32Array;
  /** Change per second, m/s², sign of the change of speed. */
  readonly rate: Float32Array;
  /** Bit set of rules. */
  readonly rules: Uint32Array;
  /** The other party's slot + 1, its generation, and the least separation seen, m. */
  readonly otherPlus: Int32Array;
  readonly otherGeneration: Uint32Array;
  readonly separation: Float32Array;
  /** UTC ms since when it stands; 0 = it moves. */
  readonly standsMs: Float64Array;
  /** When the surroundings were last searched: the caller's clock and the newest state then, UTC ms. */
  readonly soughtMs: Float64Array;
  readonly soughtStateMs: Float64Array;
  #next = 0;

  constructor(size: number) {
    this.size = size;
    this.slotPlus = new Int32Array(size);
    this.generation = new Uint32Array(size);
    this.fromMs = new Float64Array(size);
    this.atMs = new Float64Array(size);
    this.x = new Float64Array(size);
    this.y = new Float64Array(size);
    this.speedBefore = new Float32Array(size);
    this.speedAfter = new Float32Array(size);
    this.rate = new Float32Array(size);
    this.rules = new Uint32Array(size);
    this.otherPlus = new Int32Array(size);
    this.otherGeneration = new Uint32Array(size);
    this.separation = new Float32Array(size);
    this.standsMs = new Float64Array(size);
    this.soughtMs = new Float64Array(size);
    this.soughtStateMs = new Float64Array(size);
  }

  /** A free place, or -1 when all are taken. */
  claim(slot: number): number {
    for (let tried = 0; tried < this.size; tried++) {
      const place = this.#next;
      this.#next = (this.#next + 1) % this.size;
      if (this.slotPlus[place] !== 0) continue;
      this.slotPlus[place] = slot + 1;
      return place;
    }
    return -1;
  }

  /** Begins the examination with these rules. */
  restart(place: number, rules: number): void {
    this.rules[place] = rules;
    this.otherPlus[place] = 0;
    this.separation[place] = Number.POSITIVE_INFINITY;
    this.standsMs[place] = 0;
    this.soughtMs[place] = 0;
  }

  release(place: number): void {
    this.slotPlus[place] = 0;
  }
}
