/** Samples kept per slot, a power of two: 0.8 s at 10 Hz, 8 s at 1 Hz. */
const depth = 8;
const metresPerDegree = 111_195;
/** A track that was silent longer starts anew: no change of speed is read across the gap. */
const longestGapMs = 3500;

/** A pose read from the history; reused by the caller, so that reading allocates nothing. */
export interface Pose {
  x: number;
  y: number;
  hx: number;
  hy: number;
  speed: number;
}

/**
 * The last states of every slot in typed arrays (ring of 8 per slot): plane position of the front bumper (m about the
 * origin), speed, body direction. `push` allocates nothing.
 */
export class TrackHistory {
  readonly capacity: number;
  /** Samples in the ring, 0..8, and where the newest lies. */
  readonly #count: Uint8Array;
  readonly #head: Uint8Array;
  readonly #time: Float64Array;
  readonly #x: Float64Array;
  readonly #y: Float64Array;
  readonly #speed: Float32Array;
  readonly #hx: Float32Array;
  readonly #hy: Float32Array;
  readonly #lat0: number;
  readonly #lon0: number;
  readonly #lonScale: number;

  constructor(capacity: number, originLat: number, originLon: number) {
    this.capacity = capacity;
    this.#count = new Uint8Array(capacity);
    this.#head = new Uint8Array(capacity);
    this.#time = new Float64Array(capacity * depth);
    this.#x = new Float64Array(capacity * depth);
    this.#y = new Float64Array(capacity * depth);
    this.#speed = new Float32Array(capacity * depth);
    this.#hx = new Float32Array(capacity * depth);
    this.#hy = new Float32Array(capacity * depth);
    this.#lat0 = originLat;
    this.#lon0 = originLon;
    this.#lonScale = metresPerDegree * Math.cos((originLat * Math.PI) / 180);
  }

  /** Adds a state; speed and heading missing (NaN) are taken from the sample before. False when it is not newer than the last. */
  push(slot: number, timeMs: number, lat: number, lon: number, speed: number, headingDeg: number): boolean {
    const last = this.#index(slot, 0);
    if (this.#count[slot] > 0) {
      const gap = timeMs - this.#time[last];
      if (gap <= 0) return false;
      if (gap > longestGapMs) this.#count[slot] = 0;
    }
    const fresh = this.#count[slot] === 0;
    this.#head[slot] = (this.#head[slot] + 1) & (depth - 1);
    if (this.#count[slot] < depth) this.#count[slot]++;
    const at = slot * depth + this.#head[slot];
    this.#time[at] = timeMs;
    this.#x[at] = (lon - this.#lon0) * this.#lonScale;
    this.#y[at] = (lat - this.#lat0) * metresPerDegree;
    this.#speed[at] = !Number.isNaN(speed) ? speed : fresh ? 0 : this.#speed[last];
    if (!Number.isNaN(headingDeg)) {
      const radians = (headingDeg * Math.PI) / 180;
      this.#hx[at] = Math.sin(radians);
      this.#hy[at] = Math.cos(radians);
    } else {
      this.#hx[at] = fresh ? 0 : this.#hx[last];
      this.#hy[at] = fresh ? 1 : this.#hy[last];
    }
    return true;
  }

  clear(slot: number): void {
    this.#count[slot] = 0;
  }

  /** How many samples there are. */
  count(slot: number): number {
    return this.#count[slot];
  }

  /** UTC ms of the sample `age` steps back (0 = newest); -Infinity when there is none. */
  time(slot: number, age: number): number {
    return age < this.#count[slot] ? this.#time[this.#index(slot, age)] : Number.NEGATIVE_INFINITY;
  }

  /** m/s of the sample `age` steps back; 0 when there is none. */
  speed(slot: number, age: number): number {
    return age < this.#count[slot] ? this.#speed[this.#index(slot, age)] : 0;
  }

  x(slot: number, age: number): number {
    return this.#x[this.#index(slot, age)];
  }

  y(slot: number, age: number): number {
    return this.#y[this.#index(slot, age)];
  }

  /** Cosine of the angle between the newest body directions of two slots. */
  courseCosine(slotA: number, slotB: number): number {
    const a = this.#index(slotA, 0);
    const b = this.#index(slotB, 0);
    return this.#hx[a] * this.#hx[b] + this.#hy[a] * this.#hy[b];
  }

  /** Whether the second is behind the first and goes its way. */
  isBehind(first: number, second: number): boolean {
    const a = this.#index(first, 0);
    const b = this.#index(second, 0);
    const along = (this.#x[b] - this.#x[a]) * this.#hx[a] + (this.#y[b] - this.#y[a]) * this.#hy[a];
    return along < 0 && this.courseCosine(first, second) > 0.7;
  }

  /**
   * Pose at an instant, interpolated between samples, run on at constant speed for at most `runMs` after the newest.
   * False when the instant lies outside.
   */
  poseAt(slot: number, timeMs: number, runMs: number, pose: Pose): boolean {
    const count = this.#count[slot];
    if (count === 0) return false;
    let later = this.#index(slot, 0);
    if (timeMs >= this.#time[later]) {
      if (timeMs - this.#time[later] > runMs) return false;
      this.#fill(later, pose);
      const run = (this.#speed[later] * (timeMs - this.#time[later])) / 1000;
      pose.x += pose.hx * run;
      pose.y += pose.hy * run;
      return true;
    }
    for (let age = 1; age < count; age++) {
      const earlier = this.#index(slot, age);
      if (this.#time[earlier] <= timeMs) {
        const share = (timeMs - this.#time[earlier]) / (this.#time[later] - this.#time[earlier]);
        this.#fill(share < 0.5 ? earlier : later, pose);
        pose.x = this.#x[earlier] + share * (this.#x[later] - this.#x[earlier]);
        pose.y = this.#y[earlier] + share * (this.#y[later] - this.#y[earlier]);
        pose.speed = this.#speed[earlier] + share * (this.#speed[later] - this.#speed[earlier]);
        return true;
      }
      later = earlier;
    }
    return false;
  }

  /** Degrees of a plane place. */
  latOf(y: number): number {
    return this.#lat0 + y / metresPerDegree;
  }

  lonOf(x: number): number {
    return this.#lon0 + x / this.#lonScale;
  }

  #fill(index: number, pose: Pose): void {
    pose.x = this.#x[index];
    pose.y = this.#y[index];
    pose.hx = this.#hx[index];
    pose.hy = this.#hy[index];
    pose.speed = this.#speed[index];
  }

  #index(slot: number, age: number): number {
    return slot * depth + ((this.#head[slot] - age) & (depth - 1));
  }
}
