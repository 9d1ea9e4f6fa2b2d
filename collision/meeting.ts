import { BodySweep } from './body-sweep.ts';
import { type ContactTables, earliestStill, extentWord, latestYet, none, rowsWord } from './contact-tables.ts';
import { overlapProbability } from './measures/arrival-overlap.ts';
import { comesOn, goingTime, step, type Way } from './way.ts';

/** Of a row: its marks, and what of its second byte is the place. */
const mayBeFirst = latestYet << 8;
const mayBeLast = earliestStill << 8;
const placeBits = latestYet - 1;

/** A driver who goes on: front bumper at `at` metres along his movement, at `v` m/s with `a` m/s², no slower than `slowest` (see `goingTime`). */
export interface Going {
  at: number;
  v: number;
  a: number;
  slowest: number;
}

/** Where and when two bodies on their ways can touch (X1, X6). Reused: filled by `cross` or `stand`. */
export class Meeting {
  /** Metres each can drive before the bodies can touch anywhere on the other's way; Infinity when they never can. */
  nearA = Infinity;
  nearB = Infinity;
  /** Seconds until each can touch. */
  timeA = Infinity;
  timeB = Infinity;
  /** They touch when b comes between `early` and `late` seconds later than foreseen. */
  early = Infinity;
  late = -Infinity;
  private readonly _sweep = new BodySweep();

  /** Both drive on where the table last found says that they touch; places already behind count no more. */
  cross(tables: ContactTables, a: Going, b: Going): void {
    this._reset();
    const { words, record, mirrored } = tables;
    const own = mirrored ? b : a;
    const foe = mirrored ? a : b;
    const { at: ownAt, v: ownV, a: ownA, slowest: ownSlowest } = own;
    const { at: foeAt, v: foeV, a: foeA, slowest: foeSlowest } = foe;
    const extent = words[record + extentWord];
    const begin = extent & 255;
    const count = (extent >> 8) & 255;
    const ownAhead = tables.ownFrom - ownAt;
    const foeAhead = tables.foeFrom - foeAt;
    // The places nearest to where they are now.
    const present = Math.ceil(-ownAhead / step - 0.5) - begin;
    const foePresent = Math.ceil(-foeAhead / step - 0.5);
    // Drivers who come on are later the farther along they are: unless one is in the midst of it, only marked places can be the first or the last.
    const coming = comesOn(ownV, ownA) && comesOn(foeV, foeA);
    const marked = coming && present <= 0 && foePresent <= ((extent >> 16) & 255);
    let ownNear = Infinity;
    let ownTime = Infinity;
    let nearest: number = none;
    let early = Infinity;
    let late = -Infinity;
    for (let k = Math.max(present, 0); k < count; k += 1) {
      const row = rowAt(words, record, k);
      if (marked && (row & (mayBeFirst | mayBeLast)) === 0) continue;
      let first = row & 255;
      const last = (row >> 8) & placeBits;
      if (first === none || last < foePresent) continue;
      if (first < foePresent) first = foePresent;
      const distance = ownAhead + step * (begin + k);
      const enters = goingTime(distance, ownV, ownA, ownSlowest);
      if (ownNear === Infinity) {
        ownNear = Math.max(distance, 0);
        ownTime = enters;
      }
      if (first < nearest) nearest = first;
      const comes = goingTime(foeAhead + step * first, foeV, foeA, foeSlowest);
      // Places one of them never comes to say where they would touch, not when.
      if (enters === Infinity || comes === Infinity) continue;
      if (!marked || (row & mayBeFirst) !== 0) {
        const goes = goingTime(foeAhead + step * (last + 1), foeV, foeA, foeSlowest);
        if (enters - goes < early) early = enters - goes;
      }
      if (!marked || (row & mayBeLast) !== 0) {
        const leaves = goingTime(distance + step, ownV, ownA, ownSlowest);
        if (leaves - comes > late) late = leaves - comes;
      }
    }
    const foeDistance = foeAhead + step * nearest;
    const foeNear = nearest === none ? Infinity : Math.max(foeDistance, 0);
    const foeTime = nearest === none ? Infinity : goingTime(foeDistance, foeV, foeA, foeSlowest);
    this.nearA = mirrored ? foeNear : ownNear;
    this.nearB = mirrored ? ownNear : foeNear;
    this.timeA = mirrored ? foeTime : ownTime;
    this.timeB = mirrored ? ownTime : foeTime;
    this.early = mirrored ? -late : early;
    this.late = mirrored ? -early : late;
  }

  /** The body of b stands at the only place of its way and stays; a comes along its own. `room` must stay free between them, m. */
  stand(a: Way, b: Way, lengthA: number, widthA: number, lengthB: number, widthB: number, room: number): void {
    this._reset();
    this._sweep.choose(lengthA, widthA, lengthB, widthB, room);
    for (let k = 0; k < a.count; k += 1) {
      const first = this._sweep.first(a, k, b);
      if (first < 0) {
        // The next places of a are too far away as well.
        k += -first - 1;
        continue;
      }
      if (this.nearA === Infinity) {
        this.nearA = a.u[k] - a.at;
        this.timeA = a.enter[k];
        this.nearB = 0;
        this.timeB = 0;
        this.early = -Infinity;
      }
      if (a.enter[k] < Infinity) this.late = a.leave[k];
    }
  }

  private _reset(): void {
    this.nearA = Infinity;
    this.nearB = Infinity;
    this.timeA = Infinity;
    this.timeB = Infinity;
    this.early = Infinity;
    this.late = -Infinity;
  }

  /** Probability that they touch, or come within `gap` s of it, when the difference of their arrivals is uncertain by `sigma`, s (X6). */
  overlap(sigma: number, gap: number): number {
    if (this.late <= this.early) return 0;
    return overlapProbability(0, gap - this.early, this.late + gap, sigma);
  }
}

/** First and last place of the other way that place k of a record touches, a byte each. */
function rowAt(words: Int32Array, record: number, k: number): number {
  return (words[record + rowsWord + (k >> 1)] >>> (16 * (k & 1))) & 0xffff;
}
