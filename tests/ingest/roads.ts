import { GraphBuilder, RoadClass, type RoadGraph } from '../../roads/graph/index.ts';

export interface Road {
  readonly source: string;
  readonly limit: number;
  readonly length: number;
  readonly internal?: boolean;
}

/** Roads side by side, 10 m apart, each from west to east: enough for what only counts per edge. Edge index = index in `roads`. */
export function parallelRoads(roads: readonly Road[]): RoadGraph {
  const builder = new GraphBuilder({ mapHash: 'test', originLat: 35.7, originLon: 51.4 });
  roads.forEach((road, i) => {
    const y = i * 10;
    builder.addEdge({
      from: builder.addNode(0, y, 0),
      to: builder.addNode(road.length, y, 0),
      shape: [0, y, road.length, y],
      limit: road.limit,
      roadClass: RoadClass.primary,
      lanes: 1,
      width: 3.5,
      name: `street ${i}`,
      source: road.source,
      flags: road.internal === true ? 1 : 0,
    });
  });
  return builder.finish();
}
