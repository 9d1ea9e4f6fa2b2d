import { FeatureKind } from '../graph/index.ts';
import type { RoadChain } from './osm-chains.ts';
import type { OsmNode } from './osm-elements.ts';
import type { ApproachSign } from './osm-junction.ts';
import type { Tags } from './osm-pbf.ts';

/** A sign or signal this far before a junction belongs to it, m. */
const SIGN_REACH = 40;

const SIGNS: Readonly<Record<string, ApproachSign>> = { traffic_signals: 'signal', stop: 'stop', give_way: 'giveWay' };

/**
 * The sign met by who arrives at one end of a chain: on the junction's own node, or on a node of the chain within 40 m before it
 * that is meant for this direction. A node without direction on a two-way road counts for the end it is nearer to.
 */
export function signOfApproach(
  chain: RoadChain,
  atStart: boolean,
  nodes: ReadonlyMap<number, OsmNode>,
  distances: readonly number[],
): ApproachSign {
  const { refs } = chain;
  const last = refs.length - 1;
  const length = distances[last];
  const own = SIGNS[nodes.get(refs[atStart ? 0 : last])?.tags?.highway ?? ''];
  if (own !== undefined) return own;
  for (let step = 1; step < last; step++) {
    const i = atStart ? step : last - step;
    const away = atStart ? distances[i] : length - distances[i];
    if (away > SIGN_REACH) break;
    const tags = nodes.get(refs[i])?.tags;
    const sign = SIGNS[tags?.highway ?? ''];
    if (tags === undefined || sign === undefined) continue;
    const along = directionOf(tags, chain.drawn[i - 1]);
    const twoWay = chain.road.forward !== undefined && chain.road.backward !== undefined;
    if (along === undefined ? !twoWay || away <= length / 2 : along !== atStart) return sign;
  }
  return undefined;
}

/** True when the node's sign faces traffic in the chain's direction, false against it, undefined when the map does not say. */
export function directionOf(tags: Tags, drawn: boolean): boolean | undefined {
  const value = tags['traffic_signals:direction'] ?? tags.direction;
  if (value === 'forward') return drawn;
  return value === 'backward' ? !drawn : undefined;
}

/** `FeatureKind`s a road node stands for. */
export function featuresOf(tags: Tags): number[] {
  const kinds: number[] = [];
  if (tags.highway === 'crossing' || tags.crossing !== undefined) kinds.push(FeatureKind.crossing);
  if (tags.railway === 'level_crossing') kinds.push(FeatureKind.levelCrossing);
  if (tags.highway === 'bus_stop' || (tags.public_transport === 'stop_position' && tags.bus === 'yes'))
    kinds.push(FeatureKind.busStop);
  if (tags.highway === 'traffic_signals' || tags.crossing === 'traffic_signals')
    kinds.push(FeatureKind.signal, FeatureKind.stopLine);
  if (tags.highway === 'stop') kinds.push(FeatureKind.stopLine);
  if (tags.highway === 'give_way') kinds.push(FeatureKind.giveWay);
  if (tags.traffic_calming !== undefined && tags.traffic_calming !== 'no') kinds.push(FeatureKind.speedBump);
  if (tags.amenity === 'parking_entrance') kinds.push(FeatureKind.parking);
  return kinds;
}
