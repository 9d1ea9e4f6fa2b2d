import type { FleetView } from '../../collision/index.ts';
import { FeatureKind, JunctionKind, type RoadGraph } from '../../roads/graph/index.ts';

/** What the map says about the place where a vehicle is; all false off the map. */
export interface StopPlaces {
  /** A stop line, signal, crossing, bus stop or the end of the edge is near ahead: standing here is ordinary. */
  isStopPlace(slot: number): boolean;
  /** A speed bump or level crossing is near: a jolt here is ordinary. */
  isBump(slot: number): boolean;
  isParking(slot: number): boolean;
}

/** m about a feature that still count as being at it. */
const near = 15;
const endOfEdge = 25;

export function createStopPlaces(graph: RoadGraph, fleet: FleetView): StopPlaces {
  const has = (slot: number, kinds: ReadonlySet<number>, reach: number): boolean => {
    const edge = fleet.edge[slot];
    if (edge < 0 || edge >= graph.numEdges) return false;
    for (let i = graph.featureStart[edge]; i < graph.featureStart[edge + 1]; i++)
      if (kinds.has(graph.featureKind[i]) && Math.abs(graph.featureS[i] - fleet.offset[slot]) <= reach) return true;
    return false;
  };
  const stops = new Set<number>([
    FeatureKind.stopLine,
    FeatureKind.crossing,
    FeatureKind.levelCrossing,
    FeatureKind.busStop,
    FeatureKind.signal,
    FeatureKind.giveWay,
  ]);
  const bumps = new Set<number>([FeatureKind.speedBump, FeatureKind.levelCrossing]);
  const parking = new Set<number>([FeatureKind.parking]);
  return {
    isStopPlace(slot) {
      const edge = fleet.edge[slot];
      if (edge < 0 || edge >= graph.numEdges) return false;
      const kind = graph.nodeKind[graph.edgeTo[edge]];
      const controlled = kind !== JunctionKind.plain && graph.edgeLength[edge] - fleet.offset[slot] <= endOfEdge;
      return controlled || has(slot, stops, near);
    },
    isBump: (slot) => has(slot, bumps, 10),
    isParking: (slot) => has(slot, parking, 10),
  };
}
