import type { RoadGraph } from '../../../roads/graph/index.ts';

/** Distance of a point from an edge's line by plain geometry, m: the oracle, not the code under test. */
export function distanceToEdge(graph: RoadGraph, edge: number, x: number, y: number): number {
  let best = Infinity;
  for (let i = graph.edgeShape[edge] + 1; i < graph.edgeShape[edge + 1]; i++) {
    const ax = graph.shapeX[i - 1];
    const ay = graph.shapeY[i - 1];
    const dx = graph.shapeX[i] - ax;
    const dy = graph.shapeY[i] - ay;
    const t = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)));
    best = Math.min(best, Math.hypot(ax + t * dx - x, ay + t * dy - y));
  }
  return best;
}
