import type { OsmRelation, OsmWay, Tags } from './osm-pbf.ts';

export type FacilityKind = 'hospital' | 'police' | 'fire-station' | 'ambulance-station';

/** A place emergency units start from or drive to. */
export interface Facility {
  readonly kind: FacilityKind;
  /** '' when the map has none. */
  readonly name: string;
  readonly nameFa?: string;
  /** Degrees; of an area, the middle of its outline's box. */
  readonly lat: number;
  readonly lon: number;
  /** n, w or r (node, way, relation) and the number. */
  readonly osmId: string;
}

/** The kind the tags name, or undefined. Closed and planned places carry other keys (disused:amenity …) and give none. */
function facilityKind(tags: Tags | undefined): FacilityKind | undefined {
  if (tags === undefined) return undefined;
  if (tags.amenity === 'hospital' || tags.healthcare === 'hospital') return 'hospital';
  if (tags.amenity === 'police') return 'police';
  if (tags.amenity === 'fire_station') return 'fire-station';
  if (tags.emergency === 'ambulance_station') return 'ambulance-station';
  return undefined;
}

interface Area {
  readonly kind: FacilityKind;
  readonly tags: Tags;
  readonly osmId: string;
  south: number;
  north: number;
  west: number;
  east: number;
}

/** Collects facilities while a file is read in the order relations, ways, nodes. */
export class FacilityCollector {
  private readonly found: Facility[] = [];
  private readonly areas: Area[] = [];
  private readonly areasOfWay = new Map<number, Area[]>();
  private readonly areasOfNode = new Map<number, Area[]>();

  relation({ id, tags, members }: OsmRelation): void {
    const kind = facilityKind(tags);
    if (kind === undefined) return;
    const area = this.area(kind, tags, `r${id}`);
    for (const { type, ref } of members) {
      if (type === 'way') push(this.areasOfWay, ref, area);
      else if (type === 'node') push(this.areasOfNode, ref, area);
    }
  }

  way({ id, tags, refs }: OsmWay): void {
    const owners = [...(this.areasOfWay.get(id) ?? [])];
    const kind = facilityKind(tags);
    if (kind !== undefined) owners.push(this.area(kind, tags, `w${id}`));
    for (const area of owners) for (const ref of refs) push(this.areasOfNode, ref, area);
  }

  node(id: number, lat: number, lon: number, tags: Tags | undefined): void {
    for (const area of this.areasOfNode.get(id) ?? []) {
      area.south = Math.min(area.south, lat);
      area.north = Math.max(area.north, lat);
      area.west = Math.min(area.west, lon);
      area.east = Math.max(area.east, lon);
    }
    const kind = facilityKind(tags);
    if (kind !== undefined && tags !== undefined) this.found.push(facility(kind, tags, `n${id}`, lat, lon));
  }

  /** All facilities whose place is known, by kind and id. */
  finish(): Facility[] {
    for (const { kind, tags, osmId, south, north, west, east } of this.areas)
      if (north >= south) this.found.push(facility(kind, tags, osmId, (south + north) / 2, (west + east) / 2));
    return this.found.sort((a, b) => (a.kind + a.osmId < b.kind + b.osmId ? -1 : 1));
  }

  private area(kind: FacilityKind, tags: Tags, osmId: string): Area {
    const area: Area = {
      kind,
      tags,
      osmId,
      south: Infinity,
      north: -Infinity,
      west: Infinity,
      east: -Infinity,
    };
    this.areas.push(area);
    return area;
  }
}

function facility(kind: FacilityKind, tags: Tags, osmId: string, lat: number, lon: number): Facility {
  const nameFa = tags['name:fa'];
  return { kind, name: tags.name ?? '', ...(nameFa === undefined ? {} : { nameFa }), lat, lon, osmId };
}

function push(map: Map<number, Area[]>, key: number, area: Area): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [area]);
  else list.push(area);
}
