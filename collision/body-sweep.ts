import { boxesOverlap } from './measures/swept-boxes.ts';
import type { Way } from './way.ts';

/** A place of a way is at most a step from the next one, m, except where lanes of two edges join askew: that much more. */
const widestStep = 1;
const askew = 4;

/** Which places of two bodies on their ways touch (X1). Reused: `choose` the bodies, then ask. */
export class BodySweep {
  private _lengthA = 0;
  private _widthA = 0;
  private _lengthB = 0;
  private _widthB = 0;
  /** Middles farther apart than this do not touch, m. */
  private _reach = 0;

  /** `room` is what must stay free between the bodies, m. */
  choose(lengthA: number, widthA: number, lengthB: number, widthB: number, room: number): void {
    this._lengthA = lengthA + room;
    this._widthA = widthA + room;
    this._lengthB = lengthB + room;
    this._widthB = widthB + room;
    this._reach = (lengthA + lengthB + widthA + widthB) / 2 + 2 * room;
  }

  /** First place of b that touches a at k; where there is none, less than 0: minus the number of places of a, at least one, that b is out of reach of. */
  first(a: Way, k: number, b: Way): number {
    let nearest = Infinity;
    for (let l = 0; l < b.count; ) {
      const beyond = this._beyond(a, k, b, l);
      if (beyond < nearest) nearest = beyond;
      if (beyond <= 0 && this._touch(a, k, b, l)) return l;
      l += beyond > askew + widestStep ? Math.floor((beyond - askew) / widestStep) : 1;
    }
    return nearest > askew + widestStep ? -Math.floor((nearest - askew) / widestStep) : -1;
  }

  /** Last place of b that touches a at k, given that `first` does. */
  last(a: Way, k: number, b: Way, first: number): number {
    for (let l = b.count - 1; l > first; ) {
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
}
