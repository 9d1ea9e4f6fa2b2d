import { EdgeFlag, RoadClass, type RoadGraph } from '../graph/index.ts';
import { strongParts } from './connectivity.ts';

/** What a graph holds, for people and logs. Lengths count carriageways (both directions of a road). */
export interface MapStats {
  readonly nodes: number;
  readonly edges: number;
  readonly movements: number;
  readonly conflictPairs: number;
  readonly features: number;
  /** km. */
  readonly lengthKm: number;
  readonly lengthKmByClass: Readonly<Record<string, number>>;
  /** Share of drivable edges from each of which each other can be reached. */
  readonly connectedShare: number;
  /** Share of drivable edges whose limit the map does not give. */
  readonly assumedLimitShare: number;
  /** [west, south, east, north], degrees. */
  readonly bounds: readonly [number, number, number, number];
  readonly bytes: number;
  /** What the import left out or mended, by name. */
  readonly counts: Readonly<Record<string, number>>;
}

export function mapStats(graph: RoadGraph, counts: Readonly<Record<string, number>>): MapStats {
  const classNames = new Map<number, string>(Object.entries(RoadClass).map(([name, code]) => [code, name]));
  const lengths: Record<string, number> = {};
  let edges = 0;
  let drivable = 0;
  let assumed = 0;
  let total = 0;
  for (let e = 0; e < graph.numEdges; e++) {
    if ((graph.edgeFlags[e] & EdgeFlag.internal) !== 0) continue;
    edges++;
    const km = graph.edgeLength[e] / 1000;
    const name = classNames.get(graph.edgeClass[e]) ?? 'unknown';
    lengths[name] = (lengths[name] ?? 0) + km;
    total += km;
    if ((graph.edgeFlags[e] & EdgeFlag.noMotor) !== 0) continue;
    drivable++;
    if ((graph.edgeFlags[e] & EdgeFlag.limitAssumed) !== 0) assumed++;
  }
  const { sizes, largest } = strongParts(graph);
  const round = (value: number, digits: number) => Number(value.toFixed(digits));
  return {
    nodes: graph.numNodes,
    edges,
    movements: graph.numEdges - edges,
    conflictPairs: graph.numConflicts / 2,
    features: graph.featureKind.length,
    lengthKm: round(total, 1),
    lengthKmByClass: Object.fromEntries(Object.entries(lengths).map(([name, km]) => [name, round(km, 1)])),
    connectedShare: drivable > 0 ? round((sizes[largest] ?? 0) / drivable, 4) : 0,
    assumedLimitShare: drivable > 0 ? round(assumed / drivable, 4) : 0,
    bounds: graph.bounds,
    bytes: graph.buffer.byteLength,
    counts,
  };
}
