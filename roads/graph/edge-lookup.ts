import type { RoadGraph } from './road-graph.ts';

/**
 * Edge index by source id. Movements made of several parts are found under each part; where several edges carry the same id
 * (pieces of one OSM way) the first wins.
 */
export function edgesBySource(graph: RoadGraph): Map<string, number> {
  const found = new Map<string, number>();
  for (let e = 0; e < graph.numEdges; e++)
    for (const id of graph.strings[graph.edgeSource[e]].split(' ')) if (id !== '' && !found.has(id)) found.set(id, e);
  return found;
}
