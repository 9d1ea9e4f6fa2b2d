import { EdgeFlag, type RoadGraph, TurnKind } from '../../roads/graph/index.ts';

const unknownLane = 255;

/**
 * Lateral offset from the centre line of the carriageway at the beginning and the end of every edge of a route, m, right
 * positive: each edge is left in a lane from which the next movement may be made.
 * `startOffset` where the vehicle is already somewhere on the first edge.
 */
export function laneOffsets(
  graph: RoadGraph,
  route: readonly number[],
  startOffset?: number,
): (readonly [number, number])[] {
  const { edgeFlags, edgeLanes, edgeWidth, edgeFromLaneLow, edgeFromLaneHigh, edgeTurn } = graph;
  const offsetOf = (edge: number, lane: number): number =>
    edgeWidth[edge] / 2 - ((lane + 0.5) * edgeWidth[edge]) / edgeLanes[edge];
  const offsets: [number, number][] = route.map(() => [0, 0]);
  let lane = 0;
  for (let i = 0; i < route.length; i++) {
    const edge = route[i];
    if ((edgeFlags[edge] & EdgeFlag.internal) !== 0) {
      const turn = edgeTurn[edge];
      const last = i + 1 < route.length ? edgeLanes[route[i + 1]] - 1 : 0;
      if (turn === TurnKind.right) lane = 0;
      else if (turn === TurnKind.left || turn === TurnKind.uTurn) lane = last;
      lane = Math.min(lane, last);
      continue;
    }
    const enter = offsetOf(edge, lane);
    const movement = route[i + 1];
    if (movement !== undefined && edgeFromLaneLow[movement] !== unknownLane)
      lane = Math.min(edgeFromLaneHigh[movement], Math.max(edgeFromLaneLow[movement], lane));
    lane = Math.min(lane, edgeLanes[edge] - 1);
    offsets[i] = [enter, offsetOf(edge, lane)];
  }
  for (let i = 0; i < route.length; i++) {
    if ((edgeFlags[route[i]] & EdgeFlag.internal) === 0) continue;
    offsets[i] = [offsets[i - 1]?.[1] ?? 0, offsets[i + 1]?.[0] ?? 0];
  }
  if (startOffset !== undefined && offsets.length > 0) offsets[0][0] = startOffset;
  return offsets;
}

/** Longest stretch over which a vehicle changes its lane before the end of an edge, m. */
const changeOver = 60;

/** Offset at `s` metres along an edge of that length, m: held, then changed smoothly on the last metres. */
export function offsetAt([from, to]: readonly [number, number], s: number, length: number): number {
  if (from === to) return from;
  const stretch = Math.min(changeOver, length);
  const t = Math.min(1, Math.max(0, (s - (length - stretch)) / stretch));
  return from + (to - from) * t * t * (3 - 2 * t);
}
