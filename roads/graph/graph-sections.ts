import type { RoadGraph } from './road-graph.ts';

/** How many of each thing the arrays of a graph hold. */
export interface GraphCounts {
  readonly nodes: number;
  readonly edges: number;
  /** Shape points of all edges. */
  readonly points: number;
  readonly turns: number;
  /** Directed conflict entries: every conflicting pair counts twice. */
  readonly conflicts: number;
  readonly features: number;
}

export type GraphSections = Omit<
  RoadGraph,
  | 'buffer'
  | 'mapHash'
  | 'originLat'
  | 'originLon'
  | 'bounds'
  | 'strings'
  | 'numNodes'
  | 'numEdges'
  | 'numTurns'
  | 'numConflicts'
>;

/** Bytes the arrays of a graph take, a multiple of 8. */
export function sectionBytes(c: GraphCounts): number {
  const wide = 8 * (2 * c.nodes + 2 * c.points);
  const words = 4 * (14 * c.edges + 5 + c.points + 2 * c.turns + c.conflicts + c.features);
  const halves = 2 * c.edges;
  const bytes = c.nodes + 7 * c.edges + c.conflicts + c.features;
  return Math.ceil((wide + words + halves + bytes) / 8) * 8;
}

/**
 * Views of all arrays over `buffer` from byte `start` (a multiple of 8), widest element first so that no padding is needed.
 * The order here is the file format: change it only together with the version in graph-codec.ts.
 */
export function viewSections(buffer: ArrayBuffer | SharedArrayBuffer, start: number, c: GraphCounts): GraphSections {
  let at = start;
  const take = (count: number, width: number): number => {
    const here = at;
    at += count * width;
    return here;
  };
  const f64 = (n: number) => new Float64Array(buffer, take(n, 8), n);
  const f32 = (n: number) => new Float32Array(buffer, take(n, 4), n);
  const u32 = (n: number) => new Uint32Array(buffer, take(n, 4), n);
  const i32 = (n: number) => new Int32Array(buffer, take(n, 4), n);
  const u16 = (n: number) => new Uint16Array(buffer, take(n, 2), n);
  const u8 = (n: number) => new Uint8Array(buffer, take(n, 1), n);
  const i8 = (n: number) => new Int8Array(buffer, take(n, 1), n);
  const { nodes, edges, points, turns, conflicts, features } = c;
  return {
    nodeX: f64(nodes),
    nodeY: f64(nodes),
    shapeX: f64(points),
    shapeY: f64(points),
    edgeFrom: u32(edges),
    edgeTo: u32(edges),
    edgeLength: f32(edges),
    edgeLimit: f32(edges),
    edgeWidth: f32(edges),
    edgeReverse: i32(edges),
    edgeName: u32(edges),
    edgeNameFa: u32(edges),
    edgeSource: u32(edges),
    edgeShape: u32(edges + 1),
    shapeS: f32(points),
    turnStart: u32(edges + 1),
    turnTo: u32(turns),
    comeStart: u32(edges + 1),
    comeFrom: u32(turns),
    conflictStart: u32(edges + 1),
    conflictWith: u32(conflicts),
    featureStart: u32(edges + 1),
    featureS: f32(features),
    edgeFlags: u16(edges),
    nodeKind: u8(nodes),
    edgeClass: u8(edges),
    edgeLanes: u8(edges),
    edgeLevel: i8(edges),
    edgeTurn: u8(edges),
    edgeControl: u8(edges),
    edgeFromLaneLow: u8(edges),
    edgeFromLaneHigh: u8(edges),
    conflictRule: u8(conflicts),
    featureKind: u8(features),
  };
}
