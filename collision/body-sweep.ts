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
  /** Middles farther apart than this do not touch, m; its square, and that of the distance from which on places can be passed over. */
  private _reach = 0;
  private _near = 0;
  private _far = 0;

  /** `room` is what must stay free between the bodies, m. */
  choose(lengthA: number, widthA: number, lengthB: number, widthB: number, room: number): void {
    this._lengthA = lengthA + room;
    this._widthA = widthA + room;
    this._lengthB = lengthB + room;
    this._widthB = widthB + room;
    this._reach = (diagonal(this._lengthA, this._widthA) + diagonal(this._lengthB, this._widthB)) / 2;
    this._near = this._reach * this._reach;
    const far = this._reach + askew + widestStep;
    this._far = far * far;
  }

  /** First place of b that touches a at k; where there is none, less than 0: minus the number of places of a, at least one, that b is out of reach of. */
  first(a: Way, k: number, b: Way): number {
    const x = a.x[k];
    const y = a.y[k];
    let nearest = Infinity;
    for (let l = 0; l < b.count; ) {
      const dx = b.x[l] - x;
      const dy = b.y[l] - y;
      const square = dx * dx + dy * dy;
      if (square > this._far) {
        const beyond = Math.sqrt(square) - this._reach;
        if (beyond < nearest) nearest = beyond;
        l += skipped(beyond);
        continue;
      }
      nearest = 0;
      if (square <= this._near && this._touch(a, k, b, l)) return l;
      l += 1;
    }
    return nearest > 0 ? -skipped(nearest) : -1;
  }

  /** Last place of b that touches a at k, given that `first` does. */
  last(a: Way, k: number, b: Way, first: number): number {
    const x = a.x[k];
    const y = a.y[k];
    for (let l = b.count - 1; l > first; ) {
      const dx = b.x[l] - x;
      const dy = b.y[l] - y;
      const square = dx * dx + dy * dy;
      if (square <= this._near && this._touch(a, k, b, l)) return l;
      l -= square > this._far ? skipped(Math.sqrt(square) - this._reach) : 1;
    }
    return first;
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

/** Places that can be passed over, at least one, where the middles are `beyond` m farther apart than touching bodies can be. */
function skipped(beyond: number): number {
  return Math.max(1, Math.floor((beyond - askew) / widestStep));
}

function diagonal(length: number, width: number): number {
  return Math.sqrt(length * length + width * width);
}
