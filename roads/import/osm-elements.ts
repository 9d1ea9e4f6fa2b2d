import { type Facility, FacilityCollector } from './facilities.ts';
import { type OsmMember, readOsmPbf, type Tags } from './osm-pbf.ts';
import { type RoadTags, readRoadTags } from './osm-road-tags.ts';

export interface OsmRoad {
  readonly id: number;
  /** Node ids; every one has a place in `nodes`. */
  readonly refs: readonly number[];
  readonly road: RoadTags;
}

export interface OsmNode {
  readonly lat: number;
  readonly lon: number;
  readonly tags: Tags | undefined;
}

/** A turn restriction at one node: from a way to a way. `only` = every other exit is forbidden. */
export interface TurnRestriction {
  readonly via: number;
  readonly from: number;
  readonly to: number;
  readonly only: boolean;
}

export interface OsmElements {
  readonly roads: readonly OsmRoad[];
  readonly nodes: ReadonlyMap<number, OsmNode>;
  readonly restrictions: readonly TurnRestriction[];
  readonly facilities: readonly Facility[];
  /** Bus stops beside the road (those on it are tags of road nodes). */
  readonly busStops: readonly OsmNode[];
  readonly counts: Record<string, number>;
}

/** Reads what a road graph needs in three passes (relations, ways, nodes), so that nodes nobody refers to are never kept. */
export function readOsmElements(bytes: Uint8Array): OsmElements {
  const counts: Record<string, number> = { restrictionsSkipped: 0, roadsWithMissingNodes: 0, roadsTooShort: 0 };
  const facilities = new FacilityCollector();
  const restrictions: TurnRestriction[] = [];
  readOsmPbf(bytes, {
    relation: (relation) => {
      facilities.relation(relation);
      const restriction = restrictionKind(relation.tags);
      if (restriction === undefined) return;
      const found = readRestriction(relation.members, restriction);
      if (found.length === 0) counts.restrictionsSkipped++;
      restrictions.push(...found);
    },
  });
  const raw: OsmRoad[] = [];
  readOsmPbf(bytes, {
    way: (way) => {
      facilities.way(way);
      const road = readRoadTags(way.tags);
      if (road !== undefined) raw.push({ id: way.id, refs: way.refs, road });
    },
  });
  const wanted = new Set<number>();
  for (const road of raw) for (const ref of road.refs) wanted.add(ref);
  const nodes = new Map<number, OsmNode>();
  const busStops: OsmNode[] = [];
  readOsmPbf(bytes, {
    node: (id, lat, lon, tags) => {
      facilities.node(id, lat, lon, tags);
      if (wanted.has(id)) nodes.set(id, { lat, lon, tags });
      else if (tags?.highway === 'bus_stop') busStops.push({ lat, lon, tags });
    },
  });
  const roads: OsmRoad[] = [];
  for (const road of raw) {
    // An extract may cut ways: the part inside is kept, from the first known node on.
    const refs = longestKnown(road.refs, nodes);
    if (refs.length < road.refs.length) counts.roadsWithMissingNodes++;
    if (refs.length < 2) counts.roadsTooShort++;
    else roads.push({ ...road, refs });
  }
  return { roads, nodes, restrictions, facilities: facilities.finish(), busStops, counts };
}

function restrictionKind(tags: Tags): string | undefined {
  if (tags.type !== 'restriction') return undefined;
  const value = tags['restriction:motorcar'] ?? tags.restriction;
  if (value === undefined || /motorcar|motor_vehicle/.test(tags.except ?? '')) return undefined;
  return /^(no|only)_/.test(value) ? value : undefined;
}

/** Restrictions over a single via node; those over via ways give none. */
function readRestriction(members: readonly OsmMember[], kind: string): TurnRestriction[] {
  const via = members.filter((member) => member.role === 'via');
  if (via.length !== 1 || via[0].type !== 'node') return [];
  const ways = (role: string) => members.filter((member) => member.role === role && member.type === 'way');
  return ways('from').flatMap((from) =>
    ways('to').map((to) => ({ via: via[0].ref, from: from.ref, to: to.ref, only: kind.startsWith('only_') })),
  );
}

/** Longest run of known nodes without immediate repeats. */
function longestKnown(refs: readonly number[], nodes: ReadonlyMap<number, OsmNode>): number[] {
  let best: number[] = [];
  let run: number[] = [];
  for (const ref of refs) {
    if (!nodes.has(ref)) run = [];
    else if (run.at(-1) !== ref) run.push(ref);
    if (run.length > best.length) best = run;
  }
  return best;
}
