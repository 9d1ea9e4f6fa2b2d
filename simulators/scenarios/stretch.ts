import { EdgeFlag, type RoadGraph, TurnKind } from '../../roads/graph/index.ts';
import { isDrivable } from '../traffic/drivable.ts';
import type { Piece } from './actor-path.ts';

const straightness: Readonly<Record<number, number>> = {
  [TurnKind.straight]: 0,
  [TurnKind.slightRight]: 1,
  [TurnKind.slightLeft]: 1,
};

/** Edges (movements between) up the road from the start of `edge`, going straight on, nearest last, until `metres` are together. */
export function upstream(graph: RoadGraph, edge: number, metres: number): number[] {
  const edges: number[] = [];
  let at = edge;
  for (let sum = 0; sum < metres; ) {
    const movement = straightest(graph, graph.comeStart, graph.comeFrom, at, at);
    const before = movement < 0 ? -1 : graph.comeFrom[graph.comeStart[movement]];
    if (before < 0 || before === edge || edges.includes(before) || !isDrivable(graph, before)) break;
    edges.push(movement, before);
    sum += graph.edgeLength[movement] + graph.edgeLength[before];
    at = before;
  }
  return edges.reverse();
}

/** The same down the road from the end of `edge`. */
export function downstream(graph: RoadGraph, edge: number, metres: number): number[] {
  const edges: number[] = [];
  let at = edge;
  for (let sum = 0; sum < metres; ) {
    const movement = straightest(graph, graph.turnStart, graph.turnTo, at, at);
    const after = movement < 0 ? -1 : graph.turnTo[graph.turnStart[movement]];
    if (after < 0 || after === edge || edges.includes(after) || !isDrivable(graph, after)) break;
    edges.push(movement, after);
    sum += graph.edgeLength[movement] + graph.edgeLength[after];
    at = after;
  }
  return edges;
}

/** The straightest movement next to an edge that stays on the same kind of road, or -1. */
function straightest(graph: RoadGraph, start: Uint32Array, next: Uint32Array, edge: number, like: number): number {
  let best = -1;
  let least = Infinity;
  for (let k = start[edge]; k < start[edge + 1]; k++) {
    const movement = next[k];
    const turn = straightness[graph.edgeTurn[movement]];
    if (turn === undefined || (graph.edgeFlags[movement] & EdgeFlag.roundabout) !== 0) continue;
    const other =
      next === graph.turnTo ? graph.turnTo[graph.turnStart[movement]] : graph.comeFrom[graph.comeStart[movement]];
    if (other === undefined || (graph.edgeFlags[other] & EdgeFlag.roundabout) !== 0) continue;
    const cost = turn + (graph.edgeName[other] === graph.edgeName[like] ? 0 : 1) + graph.edgeClass[other] / 20;
    if (cost < least) {
      least = cost;
      best = movement;
    }
  }
  return best;
}

/** Offset of the kerb-side lane from the centre line, m, right positive. */
export function kerbLane(graph: RoadGraph, edge: number): number {
  if ((graph.edgeFlags[edge] & EdgeFlag.internal) !== 0) return 0;
  const width = graph.edgeWidth[edge];
  return width / 2 - width / graph.edgeLanes[edge] / 2;
}

/** Whole edges, driven forward in their kerb-side lane. */
export function forwardPieces(graph: RoadGraph, edges: readonly number[]): Piece[] {
  return edges.map((edge, i) => {
    const internal = (graph.edgeFlags[edge] & EdgeFlag.internal) !== 0;
    const from = internal && i > 0 ? kerbLane(graph, edges[i - 1]) : kerbLane(graph, edge);
    const to = internal && i + 1 < edges.length ? kerbLane(graph, edges[i + 1]) : kerbLane(graph, edge);
    return { edge, from: 0, to: graph.edgeLength[edge], right: [from, to] };
  });
}

export function metresOf(graph: RoadGraph, edges: readonly number[]): number {
  return edges.reduce((sum, edge) => sum + graph.edgeLength[edge], 0);
}

/** Normal edges a scripted drive may be on. */
export function streets(graph: RoadGraph): number[] {
  const found: number[] = [];
  for (let e = 0; e < graph.numEdges; e++) {
    const closed = EdgeFlag.internal | EdgeFlag.roundabout | EdgeFlag.link;
    if ((graph.edgeFlags[e] & closed) === 0 && isDrivable(graph, e)) found.push(e);
  }
  return found;
}
