import { FeatureKind, type GraphBuilder, type Plane, TurnControl } from '../graph/index.ts';
import type { OsmElements } from './osm-elements.ts';
import type { LaidChain } from './osm-import.ts';
import { directionOf, featuresOf } from './osm-signs.ts';
import { placeOnLine } from './polyline.ts';

const DIRECTED = new Set<number>([FeatureKind.signal, FeatureKind.stopLine, FeatureKind.giveWay]);
/** A bus stop mapped beside the road belongs to the edge this near to it, m. */
const BUS_STOP_REACH = 15;

/** Adds what the nodes on and beside the roads tell: crossings, level crossings, bus stops, signs and signals, bumps. */
export function addOsmFeatures(
  builder: GraphBuilder,
  plane: Plane,
  laid: readonly LaidChain[],
  { nodes, busStops }: OsmElements,
): void {
  for (const { chain, line, forward, backward } of laid)
    chain.refs.forEach((ref, i) => {
      const tags = nodes.get(ref)?.tags;
      if (tags === undefined) return;
      const atJunction = i === 0 || i === chain.refs.length - 1;
      const along = directionOf(tags, chain.drawn[Math.max(0, i - 1)]);
      for (const kind of featuresOf(tags)) {
        const directed = DIRECTED.has(kind);
        // A signal on the junction itself stands at the end of every approach: the movements' controls below say so.
        if (directed && atJunction) continue;
        for (const [edge, sameWay] of [
          [forward, true],
          [backward, false],
        ] as const) {
          if (edge < 0 || (directed && along !== undefined && along !== sameWay)) continue;
          builder.addFeature(edge, kind, placeOnLine(builder.edge(edge).shape, line[2 * i], line[2 * i + 1]).s);
        }
      }
    });
  addStopLines(builder);
  const edges = laid.flatMap(({ forward, backward }) => [forward, backward].filter((edge) => edge >= 0));
  for (const { lat, lon } of busStops) addBusStop(builder, edges, plane.x(lon), plane.y(lat));
}

const AT_APPROACH: Readonly<Record<number, readonly number[]>> = {
  [TurnControl.signal]: [FeatureKind.signal, FeatureKind.stopLine],
  [TurnControl.stop]: [FeatureKind.stopLine],
  [TurnControl.yield]: [FeatureKind.giveWay],
  [TurnControl.roundaboutEntry]: [FeatureKind.giveWay],
};

/** Where a movement is controlled and no mapped sign stands near the end of its approach, the line is at the end. */
function addStopLines(builder: GraphBuilder): void {
  for (const [approach, control] of builder.approachControls())
    for (const kind of AT_APPROACH[control] ?? [])
      if (!builder.hasFeature(approach, kind, builder.lengthOf(approach) - 40))
        builder.addFeature(approach, kind, builder.lengthOf(approach));
}

function addBusStop(builder: GraphBuilder, edges: readonly number[], x: number, y: number): void {
  let best = -1;
  let bestPlace = { s: 0, distance: BUS_STOP_REACH };
  for (const edge of edges) {
    const { shape } = builder.edge(edge);
    const near = Math.hypot(shape[0] - x, shape[1] - y) < builder.lengthOf(edge) + BUS_STOP_REACH;
    const place = near ? placeOnLine(shape, x, y) : undefined;
    if (place !== undefined && place.distance < bestPlace.distance) {
      best = edge;
      bestPlace = place;
    }
  }
  if (best >= 0) builder.addFeature(best, FeatureKind.busStop, bestPlace.s);
}
