import { EdgeFlag, type RoadGraph } from '../roads/graph/index.ts';

/** Limits from here on make a fast road, m/s (70 km/h). */
export const fastRoadLimit = 19.4;

/** Whether an edge is a fast road: its limit is, and it is no ramp. */
export function isFastRoad(graph: RoadGraph, edge: number): boolean {
  return graph.edgeLimit[edge] >= fastRoadLimit && (graph.edgeFlags[edge] & EdgeFlag.link) === 0;
}
