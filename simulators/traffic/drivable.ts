import { EdgeFlag, RoadClass, type RoadGraph } from '../../roads/graph/index.ts';
import { strongParts } from '../../roads/import/index.ts';

/** Side of the squares in which streets are counted, m. */
const cell = 500;

/** Whether cars may use the edge. */
export function isDrivable(graph: RoadGraph, edge: number): boolean {
  const closed = EdgeFlag.noMotor | EdgeFlag.busOnly;
  return (graph.edgeFlags[edge] & closed) === 0 && graph.edgeClass[edge] < RoadClass.cycleway;
}

/**
 * Normal edges of the busiest part of the city from each of which each other can be reached, about `metres` of carriageway:
 * the square with most streets about it, and what is nearest to it. Ordered by distance from there.
 */
export function cityCore(graph: RoadGraph, metres: number): number[] {
  const { part, largest } = strongParts(graph);
  const edges: number[] = [];
  for (let e = 0; e < graph.numEdges; e++) {
    if ((graph.edgeFlags[e] & EdgeFlag.internal) !== 0 || part[e] !== largest || !isDrivable(graph, e)) continue;
    if (graph.edgeClass[e] !== RoadClass.service) edges.push(e);
  }
  const [cx, cy] = busiestSquare(graph, edges);
  const away = (e: number): number => {
    const i = graph.edgeShape[e];
    return Math.hypot(graph.shapeX[i] - cx, graph.shapeY[i] - cy);
  };
  edges.sort((a, b) => away(a) - away(b) || a - b);
  let sum = 0;
  const count = edges.findIndex((e) => {
    sum += graph.edgeLength[e];
    return sum > metres;
  });
  return count < 0 ? edges : edges.slice(0, Math.max(2, count));
}

function busiestSquare(graph: RoadGraph, edges: readonly number[]): readonly [number, number] {
  const metresIn = new Map<string, number>();
  for (const e of edges) {
    const i = graph.edgeShape[e];
    const column = Math.floor(graph.shapeX[i] / cell);
    const row = Math.floor(graph.shapeY[i] / cell);
    for (let dx = -1; dx <= 1; dx++)
      for (let dy = -1; dy <= 1; dy++) {
        const key = `${column + dx} ${row + dy}`;
        metresIn.set(key, (metresIn.get(key) ?? 0) + graph.edgeLength[e]);
      }
  }
  let best = '0 0';
  for (const [key, metres] of metresIn) if (metres > (metresIn.get(best) ?? 0)) best = key;
  const [column, row] = best.split(' ').map(Number);
  return [(column + 0.5) * cell, (row + 0.5) * cell];
}
