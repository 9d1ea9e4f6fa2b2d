import { FeatureKind, JunctionKind, type RoadGraph, TurnControl } from '../roads/graph/index.ts';
import type { Path } from './path.ts';
import type { Tracks } from './tracks.ts';

/** A stopped follower closer than this behind a stopped vehicle belongs to its chain, m (Q1). */
const chainGap = 20;
/** A chain whose head is this near its stop line waits in the ordinary way, m (Q2). */
export const lineReach = 35;
/** On a fast road the tail of an ordinary queue this far from its line is a danger all the same, m (Q3). */
export const spillDistance = 150;

/**
 * Whether a vehicle that stands has an ordinary reason to (rules Q1 to Q3). The chain is never walked: every vehicle copies the answer
 * of the vehicle before it at each evaluation, so the head's distance from its stop line travels upstream one vehicle per update.
 */
export class QueueContext {
  /** Distance of the chain's head from the next stop line, m; Infinity when none within the path. */
  readonly headToLine: Float32Array;
  /** Vehicles from this one to the head, at least 1. */
  readonly chain: Uint16Array;
  /** Own distance to the next stop line, m. */
  readonly toLine: Float32Array;
  /** Per edge: 1 when traffic may have to stop at its end. */
  readonly lineAtEnd: Uint8Array;

  constructor(graph: RoadGraph, capacity: number) {
    this.headToLine = new Float32Array(capacity).fill(Infinity);
    this.toLine = new Float32Array(capacity).fill(Infinity);
    this.chain = new Uint16Array(capacity);
    this.lineAtEnd = new Uint8Array(graph.numEdges);
    const { turnStart, turnTo, edgeControl, edgeTo, nodeKind, featureStart, featureKind, featureS, edgeLength } = graph;
    for (let e = 0; e < graph.numEdges; e += 1) {
      let line = nodeKind[edgeTo[e]] === JunctionKind.levelCrossing || nodeKind[edgeTo[e]] === JunctionKind.signals;
      for (let k = turnStart[e]; k < turnStart[e + 1]; k += 1) {
        const control = edgeControl[turnTo[k]];
        if (control !== TurnControl.none && control !== TurnControl.priority) line = true;
      }
      for (let f = featureStart[e]; f < featureStart[e + 1]; f += 1) {
        const kind = featureKind[f];
        if (kind !== FeatureKind.busStop && kind !== FeatureKind.parking && kind !== FeatureKind.speedBump)
          if (featureS[f] > edgeLength[e] - 30) line = true;
      }
      this.lineAtEnd[e] = line ? 1 : 0;
    }
  }

  /** Refreshes the vehicle's context from its path and its leader (-1 none, at `gap` metres). */
  update(slot: number, path: Path, tracks: Tracks, edgeLength: Float32Array, leader: number, gap: number): void {
    let toLine = Infinity;
    for (let i = 0; i < path.length; i += 1) {
      const edge = path.edge[i];
      if (this.lineAtEnd[edge] === 1) {
        toLine = path.start[i] + edgeLength[edge];
        break;
      }
    }
    this.toLine[slot] = toLine;
    if (leader >= 0 && gap < chainGap && tracks.v[leader] < 4) {
      this.headToLine[slot] = this.headToLine[leader];
      this.chain[slot] = Math.min(65535, this.chain[leader] + 1);
    } else {
      this.headToLine[slot] = toLine;
      this.chain[slot] = 1;
    }
  }
}
