import { overlapProbability } from './measures/arrival-overlap.ts';
import { boxesOverlap } from './measures/swept-boxes.ts';
import type { Way } from './way.ts';

/** A place of a way is at most a step from the next one, m, except where lanes of two edges join askew: that much more. */
const widestStep = 1;
const askew = 4;

/** Where and when two bodies on their ways can touch (X1, X6). Reused: filled by `find`. */
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
  /** The bodies compared, with the room between them. */
  private _lengthA = 0;
  private _widthA = 0;
  private _lengthB = 0;
  private _widthB = 0;
  /** Middles farther apart than this do not touch, m. */
  private _reach = 0;

  /** `room` is what must stay free between the bodies, m. */
  find(a: Way, b: Way, lengthA: number, widthA: number, lengthB: number, widthB: number, room: number): void {
    this.nearA = Infinity;
    this.nearB = Infinity;
    this.timeA = Infinity;
    this.timeB = Infinity;
    this.early = Infinity;
    this.late = -Infinity;
    this._lengthA = lengthA + room;
    this._widthA = widthA + room;
    this._lengthB = lengthB + room;
    this._widthB = widthB + room;
    this._reach = (lengthA + lengthB + widthA + widthB) / 2 + 2 * room;
    // Places b never comes to say where they would touch, not when.
    let reached = b.count;
    while (reached > 0 && b.enter[reached - 1] === Infinity) reached -= 1;
    for (let k = 0; k < a.count; k += 1) {
      const first = this._first(a, k, b);
      if (first < 0) {
        // The whole of b is this far away: the next places of a are too far as well.
        k += -first - 1;
        continue;
      }
      if (a.u[k] - a.at < this.nearA) {
        this.nearA = a.u[k] - a.at;
        this.timeA = a.enter[k];
      }
      if (b.u[first] - b.at < this.nearB) {
        this.nearB = b.u[first] - b.at;
        this.timeB = b.enter[first];
      }
      if (a.enter[k] === Infinity || first >= reached) continue;
      // Of all places of b that touch the last one decides how early, the first one how late.
      const last = this._last(a, k, b, first, reached);
      if (a.enter[k] - b.leave[last] < this.early) this.early = a.enter[k] - b.leave[last];
      if (a.leave[k] - b.enter[first] > this.late) this.late = a.leave[k] - b.enter[first];
    }
  }

  /** First place of b that touches a at k; where there is none, less than 0: minus the number of places of a, at least one, that b is out of reach of. */
  private _first(a: Way, k: number, b: Way): number {
    let nearest = Infinity;
    for (let l = 0; l < b.count; ) {
      const beyond = this._beyond(a, k, b, l);
      if (beyond < nearest) nearest = beyond;
      if (beyond <= 0 && this._touch(a, k, b, l)) return l;
      l += beyond > askew + widestStep ? Math.floor((beyond - askew) / widestStep) : 1;
    }
    return nearest > askew + widestStep ? -Math.floor((nearest - askew) / widestStep) : -1;
  }

  /** Last place of b before `end` that touches a at k, given that `first` does. */
  private _last(a: Way, k: number, b: Way, first: number, end: number): number {
    for (let l = end - 1; l > first; ) {
      const beyond = this._beyond(a, k, b, l);
      if (beyond <= 0 && this._touch(a, k, b, l)) return l;
      l -= beyond > askew + widestStep ? Math.floor((beyond - askew) / widestStep) : 1;
    }
    return first;
  }

  /** Metres by which the middles are farther apart than touching bodies can be. */
  private _beyond(a: Way, k: number, b: Way, l: number): number {
    const dx = b.x[l] - a.x[k];
    const dy = b.y[l] - a.y[k];
    return Math.sqrt(dx * dx + dy * dy) - this._reach;
  }

  private _touch(a: Way, k: number, b: Way, l: number): boolean {
    return boxesOverlap(
      a.x[k],
      a.y[k],
      a.hx[k],
      a.hy[k],
      this._lengthA,
      this._widthA,
      b.x[l],
      b.y[l],
      b.hx[l],
      b.hy[l],
      this._lengthB,
      this._widthB,
    );
  }

  /** Probability that they touch, or come within `gap` s of it, when the difference of their arrivals is uncertain by `sigma`, s (X6). */
  overlap(sigma: number, gap: number): number {
    if (this.late <= this.early) return 0;
    return overlapProbability(0, gap - this.early, this.late + gap, sigma);
  }
}
