export { edgesBySource } from './edge-lookup.ts';
export {
  directionAt,
  headingAt,
  ON_EDGE_DISTANCE,
  ON_EDGE_LATERAL,
  ON_EDGE_S,
  pointAt,
  projectNear,
  projectOnEdge,
  segmentAt,
} from './edge-geometry.ts';
export { type EdgeInput, GraphBuilder, type GraphOrigin } from './graph-builder.ts';
export { decodeGraph, encodeGraph, GRAPH_FORMAT_VERSION, GraphFormatError } from './graph-codec.ts';
export { Plane, planeOf } from './plane.ts';
export * from './road-graph.ts';
