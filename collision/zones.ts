import { directionAt, pointAt, type RoadGraph } from '../roads/graph/index.ts';
import type { Joins } from './joins.ts';

/** Spacing of the samples along a movement, m. */
const step = 0.5;
/** Centre lines closer than this are one path, m: two cars side by side and 0.3 m. */
const pathWidth = 2.3;

export const ZoneKind = { none: 0, crossing: 1, merge: 2 } as const;

/**
 * Conflict zones (X1), precomputed once: for conflict c of the graph (index into `conflictWith`), seen from its own movement, where
 * the two centre lines meet along each of them, under which angle, and whether they cross or merge.
 */
export class Zones {
  readonly kind: Uint8Array;
  /** Metres along the own and the other movement of the crossing point, or of the beginning of the common stretch. */
  readonly own: Float32Array;
  readonly foe: Float32Array;
  /** Sine and cosine of the angle from the own to the other direction there. */
  readonly sin: Float32Array;
  readonly cos: Float32Array;
  /** Merge: lateral offset of the own and of the other line from the exit's centre line. */
  readonly ownExit: Float32Array;
  readonly foeExit: Float32Array;

  constructor(graph: RoadGraph, joins: Joins) {
    const n = graph.numConflicts;
    this.kind = new Uint8Array(n);
    this.own = new Float32Array(n);
    this.foe = new Float32Array(n);
    this.sin = new Float32Array(n);
    this.cos = new Float32Array(n);
    this.ownExit = new Float32Array(n);
    this.foeExit = new Float32Array(n);
    const p = new Float64Array(2);
    const q = new Float64Array(2);
    const { conflictStart, conflictWith, edgeLength, turnStart, turnTo } = graph;
    for (let a = 0; a < graph.numEdges; a += 1) {
      for (let c = conflictStart[a]; c < conflictStart[a + 1]; c += 1) {
        const b = conflictWith[c];
        const merges =
          turnStart[a] < turnStart[a + 1] &&
          turnStart[b] < turnStart[b + 1] &&
          turnTo[turnStart[a]] === turnTo[turnStart[b]];
        let best = Infinity;
        let bestA = 0;
        let bestB = 0;
        let entryA = -1;
        let entryB = 0;
        for (let sa = 0; sa <= edgeLength[a]; sa += step) {
          pointAt(graph, a, sa, p);
          for (let sb = 0; sb <= edgeLength[b]; sb += step) {
            pointAt(graph, b, sb, q);
            const d2 = (p[0] - q[0]) * (p[0] - q[0]) + (p[1] - q[1]) * (p[1] - q[1]);
            if (entryA < 0 && d2 < pathWidth * pathWidth) {
              entryA = sa;
              entryB = sb;
            }
            if (d2 < best) {
              best = d2;
              bestA = sa;
              bestB = sb;
            }
          }
        }
        directionAt(graph, a, bestA, p);
        directionAt(graph, b, bestB, q);
        this.sin[c] = p[0] * q[1] - p[1] * q[0];
        this.cos[c] = p[0] * q[0] + p[1] * q[1];
        if (merges) {
          this.kind[c] = ZoneKind.merge;
          this.own[c] = entryA >= 0 ? entryA : edgeLength[a];
          this.foe[c] = entryA >= 0 ? entryB : edgeLength[b];
          this.ownExit[c] = -joins.shift[turnStart[a]];
          this.foeExit[c] = -joins.shift[turnStart[b]];
        } else if (best < 9) {
          this.kind[c] = ZoneKind.crossing;
          this.own[c] = bestA;
          this.foe[c] = bestB;
        }
      }
    }
  }
}
