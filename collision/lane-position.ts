import type { RoadGraph } from '../roads/graph/index.ts';
import type { Tracks } from './tracks.ts';

/** A place this far beyond the middle of the lane, m, or so many times the visible noise, is out of the middle. */
const offMiddle = 0.05;
const offMiddleNoises = 1.5;

/** Lane of a matched vehicle, 0 at the kerb. */
export function laneOf(graph: RoadGraph, t: Tracks, slot: number): number {
  const edge = t.edge[slot];
  const lanes = graph.edgeLanes[edge];
  const lane = Math.floor((t.d[slot] / graph.edgeWidth[edge] + 0.5) * lanes);
  return lane < 0 ? 0 : lane >= lanes ? lanes - 1 : lane;
}

/**
 * Whether a matched vehicle that moves towards `side` (1 left, -1 right) is beyond the middle of its lane on that side (N5). Before, it may be about to end a
 * change of lane there: its sidewise motion leads nowhere.
 */
export function leavesLane(graph: RoadGraph, t: Tracks, slot: number, side: number): boolean {
  const sure = offMiddleNoises * t.dNoise[slot];
  return side * (t.d[slot] - laneMiddle(graph, t, slot)) > Math.max(sure, offMiddle);
}

/** Middle of the lane of a matched vehicle, m left of the middle of its edge. */
export function laneMiddle(graph: RoadGraph, t: Tracks, slot: number): number {
  const edge = t.edge[slot];
  return ((laneOf(graph, t, slot) + 0.5) / graph.edgeLanes[edge] - 0.5) * graph.edgeWidth[edge];
}
