import { EdgeFlag, type RoadGraph } from '../../roads/graph/index.ts';

/** Movements through junctions in a row of edges, with the way to the beginning of each, m. */
export function rowOf(graph: RoadGraph, edges: readonly number[]): { readonly edge: number; readonly s: number }[] {
  const row: { edge: number; s: number }[] = [];
  let s = 0;
  for (const edge of edges) {
    if ((graph.edgeFlags[edge] & EdgeFlag.internal) !== 0) row.push({ edge, s });
    s += graph.edgeLength[edge];
  }
  return row;
}
