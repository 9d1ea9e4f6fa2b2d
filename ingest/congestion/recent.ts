/** A measurement loses half its weight in this time, minutes. */
const halfLife = 2;

/**
 * The last few measurements of every edge (a closed minute, or a closed block of minutes), as a ring of `depth` per edge in
 * flat arrays, and the space-mean speed over them: sum of distances by sum of times, newer ones weighing more.
 */
export class RecentSpeeds {
  readonly depth: number;
  readonly #distance: Float32Array;
  readonly #seconds: Float32Array;
  readonly #vehicles: Uint16Array;
  readonly #minute: Int32Array;
  readonly #next: Uint8Array;
  /** Results of the last `estimate`. */
  speed = Number.NaN;
  vehicles = 0;
  newestMinute = 0;

  constructor(edges: number, depth: number) {
    this.depth = depth;
    this.#distance = new Float32Array(edges * depth);
    this.#seconds = new Float32Array(edges * depth);
    this.#vehicles = new Uint16Array(edges * depth);
    this.#minute = new Int32Array(edges * depth).fill(-1);
    this.#next = new Uint8Array(edges);
  }

  add(edge: number, minute: number, distance: number, seconds: number, vehicles: number): void {
    const at = edge * this.depth + this.#next[edge];
    this.#next[edge] = (this.#next[edge] + 1) % this.depth;
    this.#distance[at] = distance;
    this.#seconds[at] = seconds;
    this.#vehicles[at] = Math.min(vehicles, 0xffff);
    this.#minute[at] = minute;
  }

  /**
   * Over what ended in the `depth` minutes up to `minute`: false when there is nothing, else `speed` m/s, `vehicles` (the most
   * distinct ones in a single measurement: a vehicle that stands there for three minutes is still one) and `newestMinute`.
   */
  estimate(edge: number, minute: number): boolean {
    let distance = 0;
    let seconds = 0;
    this.vehicles = 0;
    this.newestMinute = -1;
    for (let at = edge * this.depth; at < (edge + 1) * this.depth; at += 1) {
      const age = minute - this.#minute[at];
      if (this.#minute[at] < 0 || age >= this.depth) continue;
      const weight = 2 ** (-age / halfLife);
      distance += weight * this.#distance[at];
      seconds += weight * this.#seconds[at];
      this.vehicles = Math.max(this.vehicles, this.#vehicles[at]);
      this.newestMinute = Math.max(this.newestMinute, this.#minute[at]);
    }
    this.speed = seconds > 0 ? distance / seconds : Number.NaN;
    return seconds > 0;
  }
}
