export { DistanceField } from './distance-field.ts';
export {
  directionAt,
  headingAt,
  ON_EDGE_DISTANCE,
  ON_EDGE_LATERAL,
  ON_EDGE_S,
  pointAt,
  poseAt,
  projectNear,
  projectOnEdge,
  segmentAt,
} from './edge-geometry.ts';
export { edgesBySource } from './edge-lookup.ts';
export { type EdgeInput, GraphBuilder, type GraphOrigin } from './graph-builder.ts';
export { decodeGraph, encodeGraph, GRAPH_FORMAT_VERSION, GraphFormatError } from './graph-codec.ts';
export { MapMatcher, type MapMatcherOptions } from './map-matcher.ts';
export { headingCounts } from './match-model.ts';
export { FIX_HX, FIX_HY, FIX_MS, FIX_SIGMA, FIX_SPEED, FIX_X, FIX_Y } from './match-record.ts';
export { allocatePathTree, expandPaths, type PathTree } from './path-tree.ts';
export { Plane, planeOf } from './plane.ts';
export * from './road-graph.ts';
export { type EdgeCost, edgeMetres, freeFlowTime, ShortestPath } from './shortest-path.ts';
export { allocateNearEdges, type NearEdges, SpatialIndex } from './spatial-index.ts';
