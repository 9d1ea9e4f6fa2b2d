import { allocateNearEdges, EdgeFlag, type NearEdges, type RoadGraph, SpatialIndex } from '../roads/graph/index.ts';

/** Standing traffic is a hazard of its own only on roads from this limit on, m/s (70 km/h); elsewhere it is ordinary. */
export const fastRoad = 19;

/** The legal limit about a place. */
export class RoadLimit {
  private readonly graph: RoadGraph;
  private readonly edges: SpatialIndex;
  private readonly near: NearEdges = allocateNearEdges(64);

  constructor(graph: RoadGraph) {
    this.graph = graph;
    this.edges = new SpatialIndex(graph, (edge) => (graph.edgeFlags[edge] & EdgeFlag.internal) === 0);
  }

  /** Highest limit of a road within 15 m of (x, y), m/s; 13.9 where there is none. */
  at(x: number, y: number): number {
    this.edges.nearEdges(x, y, 15, this.near);
    let limit = 0;
    for (let k = 0; k < this.near.count; k += 1) limit = Math.max(limit, this.graph.edgeLimit[this.near.edge[k]]);
    return limit || 13.9;
  }
}
