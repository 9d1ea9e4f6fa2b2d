import { RoadClass } from '../graph/index.ts';
import type { Tags } from './osm-pbf.ts';
import { roadClassOf } from './road-class.ts';

/** One direction of a road as its tags describe it. */
export interface DirectionTags {
  readonly lanes: number;
  /** m/s. */
  readonly limit: number;
  readonly limitAssumed: boolean;
  /** m. */
  readonly width: number;
  /** Per lane from the kerb (0) inwards: the turns painted on it; undefined when the map does not say. */
  readonly turnLanes: readonly (readonly string[])[] | undefined;
}

export interface RoadTags {
  readonly roadClass: number;
  readonly link: boolean;
  readonly forward: DirectionTags | undefined;
  readonly backward: DirectionTags | undefined;
  readonly roundabout: boolean;
  readonly level: number;
  readonly bridge: boolean;
  readonly tunnel: boolean;
  readonly busOnly: boolean;
  readonly overtaking: boolean;
  readonly dual: boolean;
  readonly name: string;
  readonly nameFa: string;
}

const KMH = 1 / 3.6;
const MPH = 0.44704;
/** Limits where the map has none, km/h, by class; a link's is 60 % of its road's. */
const ASSUMED_LIMIT: Readonly<Record<number, number>> = {
  [RoadClass.motorway]: 110,
  [RoadClass.trunk]: 80,
  [RoadClass.primary]: 60,
  [RoadClass.livingStreet]: 20,
  [RoadClass.service]: 30,
};
/** Values of `maxspeed` that name a rule instead of a number, by their ending, km/h. */
const LIMIT_RULES: Readonly<Record<string, number>> = {
  walk: 7,
  living_street: 20,
  urban: 50,
  rural: 90,
  trunk: 110,
  motorway: 130,
  none: 130,
};
const LANE_WIDTH: Readonly<Record<number, number>> = {
  [RoadClass.motorway]: 3.6,
  [RoadClass.trunk]: 3.5,
  [RoadClass.primary]: 3.3,
  [RoadClass.secondary]: 3.2,
  [RoadClass.service]: 2.6,
  [RoadClass.livingStreet]: 2.6,
};
const CLOSED = new Set(['no', 'private', 'agricultural', 'forestry', 'military']);

/** What the tags of a way say of a road for motor traffic; undefined when it is none, is closed to it or only planned. */
export function readRoadTags(tags: Tags): RoadTags | undefined {
  const highway = tags.highway;
  if (highway === undefined || tags.area === 'yes') return undefined;
  const busRoad = highway === 'busway' || highway === 'bus_guideway';
  const roadClass = busRoad ? RoadClass.service : roadClassOf(highway);
  if (roadClass === undefined || roadClass === RoadClass.cycleway || roadClass === RoadClass.footway) return undefined;
  const access = tags.motorcar ?? tags.motor_vehicle ?? tags.vehicle ?? tags.access;
  const closed = access !== undefined && CLOSED.has(access);
  const buses = [tags.bus, tags.psv].some((value) => value === 'yes' || value === 'designated');
  if (closed && !buses) return undefined;
  if (highway === 'track' && access === undefined) return undefined;
  const oneway = onewayOf(tags, roadClass);
  const link = highway.endsWith('_link');
  const direction = (suffix: 'forward' | 'backward') => readDirection(tags, suffix, oneway !== 0, roadClass, link);
  const bridge = tags.bridge !== undefined && tags.bridge !== 'no';
  const tunnel = tags.tunnel !== undefined && tags.tunnel !== 'no' && tags.tunnel !== 'building_passage';
  const layer = Number.parseInt(tags.layer ?? '', 10);
  return {
    roadClass,
    link,
    forward: oneway >= 0 ? direction('forward') : undefined,
    backward: oneway <= 0 ? direction('backward') : undefined,
    roundabout: isRoundabout(tags),
    level: levelOf(Number.isNaN(layer) ? undefined : layer, bridge, tunnel),
    bridge,
    tunnel,
    busOnly: busRoad || closed,
    overtaking: tags.overtaking !== 'no',
    dual: tags.dual_carriageway === 'yes',
    name: tags.name ?? tags.ref ?? '',
    nameFa: tags['name:fa'] ?? '',
  };
}

function isRoundabout(tags: Tags): boolean {
  return tags.junction === 'roundabout' || tags.junction === 'circular';
}

/** 1 along the drawing order, -1 against it, 0 both. */
function onewayOf(tags: Tags, roadClass: number): -1 | 0 | 1 {
  const value = tags['oneway:motor_vehicle'] ?? tags.oneway;
  if (value === '-1' || value === 'reverse') return -1;
  if (value === 'yes' || value === 'true' || value === '1') return 1;
  if (value === 'no' || value === 'false' || value === '0') return 0;
  return isRoundabout(tags) || (roadClass === RoadClass.motorway && tags.highway === 'motorway') ? 1 : 0;
}

function levelOf(layer: number | undefined, bridge: boolean, tunnel: boolean): number {
  if (bridge) return Math.min(10, layer !== undefined && layer > 0 ? layer : 1);
  if (tunnel) return Math.max(-10, layer !== undefined && layer < 0 ? layer : -1);
  return Math.min(10, Math.max(-10, layer ?? 0));
}

function readDirection(
  tags: Tags,
  suffix: 'forward' | 'backward',
  oneway: boolean,
  roadClass: number,
  link: boolean,
): DirectionTags {
  const tagged =
    parseLimit(tags[`maxspeed:${suffix}`]) ?? parseLimit(tags.maxspeed) ?? parseLimit(tags['source:maxspeed']);
  const assumed = (ASSUMED_LIMIT[roadClass] ?? 50) * (link ? 0.6 : 1) * KMH;
  const lanes = lanesOf(tags, suffix, oneway, roadClass, link);
  const tagWidth = Number.parseFloat(tags.width ?? '');
  const laneWidth = LANE_WIDTH[roadClass] ?? 3;
  return {
    lanes,
    limit: tagged ?? assumed,
    limitAssumed: tagged === undefined,
    width: tagWidth >= 2 && tagWidth <= 60 ? tagWidth / (oneway ? 1 : 2) : lanes * laneWidth,
    turnLanes: parseTurnLanes(tags[`turn:lanes:${suffix}`] ?? (oneway ? tags['turn:lanes'] : undefined)),
  };
}

function lanesOf(tags: Tags, suffix: string, oneway: boolean, roadClass: number, link: boolean): number {
  const own = Number.parseInt(tags[`lanes:${suffix}`] ?? '', 10);
  if (own > 0) return Math.min(own, 16);
  const all = Number.parseInt(tags.lanes ?? '', 10);
  if (all > 0) return Math.min(16, oneway ? all : Math.max(1, Math.floor(all / 2)));
  return oneway && !link && (roadClass === RoadClass.motorway || roadClass === RoadClass.trunk) ? 2 : 1;
}

/** m/s of a `maxspeed` value: "50", "30 mph", "FR:urban", "walk", "none"; undefined when it says nothing usable. */
export function parseLimit(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const match = /^\s*(\d+(?:\.\d+)?)\s*(mph|km\/h|kmh|kph)?/.exec(text);
  if (match !== null) {
    const value = Number(match[1]) * (match[2] === 'mph' ? MPH : KMH);
    return value > 0.5 && value < 70 ? value : undefined;
  }
  const rule = LIMIT_RULES[text.slice(text.indexOf(':') + 1)];
  return rule === undefined ? undefined : rule * KMH;
}

/** "left|through|through;right" names lanes from the left; ours count from the kerb on the right. */
function parseTurnLanes(text: string | undefined): string[][] | undefined {
  if (text === undefined || text === '') return undefined;
  return text
    .split('|')
    .map((lane) => lane.split(';').map((turn) => turn.trim()))
    .reverse();
}
