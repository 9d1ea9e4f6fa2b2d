/**
 * The road network as flat typed arrays over one ArrayBuffer (or SharedArrayBuffer), handed between threads without copying.
 *
 * Vocabulary: a *node* is a junction or dead end; a directed *edge* is a carriageway between two junctions in one direction;
 * an *internal* edge is a movement through a junction (one per allowed turn: approach edge -> internal edge -> exit edge).
 * Every path through the network alternates normal and internal edges, whatever the source of the map.
 *
 * Plane: x east, y north, metres, equirectangular about (originLat, originLon).
 */
export interface RoadGraph {
  readonly buffer: ArrayBuffer | SharedArrayBuffer;
  /** SHA-256 of the source map file, hex. */
  readonly mapHash: string;
  readonly originLat: number;
  readonly originLon: number;
  /** [west, south, east, north], degrees. */
  readonly bounds: readonly [number, number, number, number];
  readonly numNodes: number;
  readonly numEdges: number;
  readonly numTurns: number;
  readonly numConflicts: number;

  /** Per node. */
  readonly nodeX: Float64Array;
  readonly nodeY: Float64Array;
  /** `JunctionKind`. */
  readonly nodeKind: Uint8Array;

  /** Per edge. */
  readonly edgeFrom: Uint32Array;
  readonly edgeTo: Uint32Array;
  /** m, >= 0.1. */
  readonly edgeLength: Float32Array;
  /** Legal limit, m/s, always > 0 (class default where the map has none: then `EdgeFlag.limitAssumed`). */
  readonly edgeLimit: Float32Array;
  /** `RoadClass`. */
  readonly edgeClass: Uint8Array;
  /** Lanes in this direction, >= 1. */
  readonly edgeLanes: Uint8Array;
  /** Carriageway width in this direction, m. */
  readonly edgeWidth: Float32Array;
  /** Grade level: 0 ground, > 0 bridges, < 0 tunnels. Edges of unlike level do not meet unless they share a node. */
  readonly edgeLevel: Int8Array;
  /** Bit set of `EdgeFlag`. */
  readonly edgeFlags: Uint16Array;
  /** The same road in the opposite direction on the same carriageway, or -1. */
  readonly edgeReverse: Int32Array;
  /** Index into `strings` of the street name (0 = none), its Persian form, and of the source id (SUMO edge id, OSM way ids). */
  readonly edgeName: Uint32Array;
  readonly edgeNameFa: Uint32Array;
  readonly edgeSource: Uint32Array;

  /** Centre line of the carriageway: points `edgeShape[e] .. edgeShape[e + 1] - 1` (at least two). numEdges + 1 entries. */
  readonly edgeShape: Uint32Array;
  readonly shapeX: Float64Array;
  readonly shapeY: Float64Array;
  /** Distance along the edge, m; 0 at its first point, `edgeLength` at its last. */
  readonly shapeS: Float32Array;

  /** Successors: `turnTo[turnStart[e] .. turnStart[e + 1])`. numEdges + 1 entries. A normal edge's successors are internal edges and the reverse. */
  readonly turnStart: Uint32Array;
  readonly turnTo: Uint32Array;
  /** Predecessors, the same layout. */
  readonly comeStart: Uint32Array;
  readonly comeFrom: Uint32Array;

  /** Per edge; meaningful on internal edges: `TurnKind` and `TurnControl` of the movement. */
  readonly edgeTurn: Uint8Array;
  readonly edgeControl: Uint8Array;
  /** Lowest and highest approach lane (0 = kerb side) from which the movement may be made; 255 = unknown. Internal edges only. */
  readonly edgeFromLaneLow: Uint8Array;
  readonly edgeFromLaneHigh: Uint8Array;

  /** Movements whose paths cross or merge: `conflictWith[conflictStart[e] .. conflictStart[e + 1])`, internal edges, symmetric. */
  readonly conflictStart: Uint32Array;
  readonly conflictWith: Uint32Array;
  /** `ConflictRule` seen from e. */
  readonly conflictRule: Uint8Array;

  /** Places along edges: stop lines, crossings, level crossings, bus stops, parking. Sorted by edge. numEdges + 1 entries. */
  readonly featureStart: Uint32Array;
  /** `FeatureKind`. */
  readonly featureKind: Uint8Array;
  readonly featureS: Float32Array;

  /** String table: 0 is ''. */
  readonly strings: readonly string[];
}

export const JunctionKind = {
  plain: 0,
  deadEnd: 1,
  priority: 2,
  stop: 3,
  signals: 4,
  roundabout: 5,
  rightBeforeLeft: 6,
  levelCrossing: 7,
} as const;
export const RoadClass = {
  unknown: 0,
  motorway: 1,
  trunk: 2,
  primary: 3,
  secondary: 4,
  tertiary: 5,
  unclassified: 6,
  residential: 7,
  livingStreet: 8,
  service: 9,
  cycleway: 10,
  footway: 11,
  rail: 12,
} as const;
export const EdgeFlag = {
  internal: 1 << 0,
  oneWay: 1 << 1,
  roundabout: 1 << 2,
  link: 1 << 3,
  bridge: 1 << 4,
  tunnel: 1 << 5,
  limitAssumed: 1 << 6,
  busOnly: 1 << 7,
  noMotor: 1 << 8,
  dual: 1 << 9,
  oppositeOvertaking: 1 << 10,
} as const;
export const TurnKind = { straight: 0, left: 1, right: 2, uTurn: 3, slightLeft: 4, slightRight: 5 } as const;
/** What the driver making the movement meets: nothing, own priority, give way, stop, signal, entering a roundabout, right-before-left. */
export const TurnControl = {
  none: 0,
  priority: 1,
  yield: 2,
  stop: 3,
  signal: 4,
  roundaboutEntry: 5,
  equal: 6,
} as const;
export const ConflictRule = { unknown: 0, mustYield: 1, hasPriority: 2, equal: 3, signal: 4 } as const;
export const FeatureKind = {
  stopLine: 1,
  crossing: 2,
  levelCrossing: 3,
  busStop: 4,
  parking: 5,
  signal: 6,
  giveWay: 7,
  speedBump: 8,
} as const;
