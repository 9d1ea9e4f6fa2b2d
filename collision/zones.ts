import { directionAt, pointAt, type RoadGraph } from '../roads/graph/index.ts';
import type { Joins } from './joins.ts';

/** Spacing of the samples along a movement, m. */
const step = 0.5;
/** Movements longer than half of this many metres are looked at up to there. */
const maxSamples = 400;
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
    const lineA = new Float64Array(2 * maxSamples);
    const lineB = new Float64Array(2 * maxSamples);
    for (let a = 0; a < graph.numEdges; a += 1) {
      if (conflictStart[a] === conflictStart[a + 1]) continue;
      const countA = sample(graph, a, lineA, p);
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
        const countB = sample(graph, b, lineB, p);
        for (let i = 0; i < countA; i += 1) {
          const x = lineA[2 * i];
          const y = lineA[2 * i + 1];
          for (let j = 0; j < countB; j += 1) {
            const dx = x - lineB[2 * j];
            const dy = y - lineB[2 * j + 1];
            const d2 = dx * dx + dy * dy;
            if (entryA < 0 && d2 < pathWidth * pathWidth) {
              entryA = i * step;
              entryB = j * step;
            }
            if (d2 < best) {
              best = d2;
              bestA = i * step;
              bestB = j * step;
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

/** Points of an edge every `step` metres from its first, into `line` as x, y pairs; returns how many. */
function sample(graph: RoadGraph, edge: number, line: Float64Array, point: Float64Array): number {
  let count = 0;
  for (let s = 0; s <= graph.edgeLength[edge] && count < maxSamples; s += step, count += 1) {
    pointAt(graph, edge, s, point);
    line[2 * count] = point[0];
    line[2 * count + 1] = point[1];
  }
  return count;
}
