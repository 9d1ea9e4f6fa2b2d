import type { Recording } from './recording.ts';

/** A route is known to a server once it is at least this likely (collision.md 5.2, t_route). */
const likely = 0.5;
/** After a gap longer than this between two rows the edges are no longer neighbours, s. */
const longestGap = 5;

/**
 * The judge's own turn shares, counted from the edges the recording names: how likely it was, from what everybody does there, that a
 * driver would take the way he took. Without edges in the recording every way is certain.
 */
export class RouteShares {
  private readonly recording: Recording;
  /** Drivers who went from one edge to another, by 'from to', and from one edge to any. */
  private readonly taken = new Map<number, number>();
  private readonly left: Uint32Array;

  constructor(recording: Recording) {
    this.recording = recording;
    const { ids, rowStart, rows, edge, edgeIds, time } = recording;
    this.left = new Uint32Array(edgeIds.length);
    for (let vehicle = 0; vehicle < ids.length; vehicle += 1) {
      let from = -1;
      let last = Number.NEGATIVE_INFINITY;
      for (let k = rowStart[vehicle]; k < rowStart[vehicle + 1]; k += 1) {
        const on = edge[rows[k]];
        if (time[rows[k]] - last > longestGap) from = -1;
        last = time[rows[k]];
        if (on < 0 || on === from) continue;
        if (from >= 0) {
          this.left[from] += 1;
          const key = this.key(from, on);
          this.taken.set(key, (this.taken.get(key) ?? 0) + 1);
        }
        from = on;
      }
    }
  }

  private key(from: number, to: number): number {
    return from * this.recording.edgeIds.length + to;
  }

  /** Since when, s, the way the vehicle took up to `until` was at least half likely; -Infinity when it always was. */
  knownSince(vehicle: number, until: number): number {
    const { rowStart, rows, edge, time } = this.recording;
    let likelihood = 1;
    let to = -1;
    let entered = Number.NEGATIVE_INFINITY;
    let next = until;
    for (let k = rowStart[vehicle + 1] - 1; k >= rowStart[vehicle]; k -= 1) {
      const row = rows[k];
      const on = edge[row];
      if (time[row] > until) continue;
      if (next - time[row] > longestGap) return entered;
      next = time[row];
      if (on < 0) continue;
      if (to >= 0 && on !== to) {
        likelihood *= (this.taken.get(this.key(on, to)) ?? 0) / this.left[on];
        if (likelihood < likely) return entered;
      }
      to = on;
      entered = time[row];
    }
    return Number.NEGATIVE_INFINITY;
  }
}
