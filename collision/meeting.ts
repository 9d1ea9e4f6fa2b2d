import { overlapProbability } from './measures/arrival-overlap.ts';
import { boxesOverlap } from './measures/swept-boxes.ts';
import type { Way } from './way.ts';

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

  /** `room` is what must stay free between the bodies, m. */
  find(a: Way, b: Way, lengthA: number, widthA: number, lengthB: number, widthB: number, room: number): void {
    this.nearA = Infinity;
    this.nearB = Infinity;
    this.timeA = Infinity;
    this.timeB = Infinity;
    this.early = Infinity;
    this.late = -Infinity;
    const reach = (lengthA + lengthB + widthA + widthB) / 2 + 2 * room;
    const reach2 = reach * reach;
    for (let k = 0; k < a.count; k += 1)
      for (let l = 0; l < b.count; l += 1) {
        const dx = b.x[l] - a.x[k];
        const dy = b.y[l] - a.y[k];
        if (dx * dx + dy * dy > reach2) continue;
        if (
          !boxesOverlap(
            a.x[k],
            a.y[k],
            a.hx[k],
            a.hy[k],
            lengthA + room,
            widthA + room,
            b.x[l],
            b.y[l],
            b.hx[l],
            b.hy[l],
            lengthB + room,
            widthB + room,
          )
        )
          continue;
        if (a.u[k] - a.at < this.nearA) {
          this.nearA = a.u[k] - a.at;
          this.timeA = a.enter[k];
        }
        if (b.u[l] - b.at < this.nearB) {
          this.nearB = b.u[l] - b.at;
          this.timeB = b.enter[l];
        }
        if (a.enter[k] === Infinity || b.enter[l] === Infinity) continue;
        if (a.enter[k] - b.leave[l] < this.early) this.early = a.enter[k] - b.leave[l];
        if (a.leave[k] - b.enter[l] > this.late) this.late = a.leave[k] - b.enter[l];
      }
  }

  /** Probability that they touch, or come within `gap` s of it, when the difference of their arrivals is uncertain by `sigma`, s (X6). */
  overlap(sigma: number, gap: number): number {
    if (this.late <= this.early) return 0;
    return overlapProbability(0, gap - this.early, this.late + gap, sigma);
  }
}
