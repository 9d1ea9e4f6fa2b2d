import { geoJSONToTile } from '@maplibre/geojson-vt';
import { fromGeojsonVt } from '@maplibre/vt-pbf';
import type { Feature } from 'geojson';
import RBush from 'rbush';
import { EdgeFlag, RoadClass, type RoadGraph } from '../../roads/graph/index.ts';
import type { Facility } from '../deps.ts';
import { edgeLine, type LonLat } from './edge-geometry.ts';

/** Deepest level that is cut; the browser enlarges it beyond. */
export const deepestTile = 16;

/** Least zoom at which a class of road is drawn, by `RoadClass`. */
const leastZoom: Readonly<Record<number, number>> = {
  [RoadClass.motorway]: 0,
  [RoadClass.trunk]: 0,
  [RoadClass.primary]: 7,
  [RoadClass.secondary]: 9,
  [RoadClass.tertiary]: 10,
  [RoadClass.unknown]: 12,
  [RoadClass.unclassified]: 12,
  [RoadClass.residential]: 12,
  [RoadClass.livingStreet]: 13,
  [RoadClass.rail]: 12,
  [RoadClass.service]: 14,
  [RoadClass.cycleway]: 14,
  [RoadClass.footway]: 14,
};
/** In a small city everything may be drawn this many levels earlier. */
const smallCityEdges = 20_000;
const facilityZoom = 11;

interface EdgeBox {
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
  readonly edge: number;
}

/** Names of the classes in tiles and style, by `RoadClass`. */
export const classNames: readonly string[] = Object.entries(RoadClass)
  .sort(([, a], [, b]) => a - b)
  .map(([name]) => name);

/** Cuts tiles straight from the road graph: nothing is kept between calls but a box per edge. */
export class RoadTiles {
  readonly #graph: RoadGraph;
  readonly #facilities: readonly Facility[];
  readonly #line: (edge: number) => LonLat[];
  readonly #boxes = new RBush<EdgeBox>();
  readonly #earlier: number;

  constructor(graph: RoadGraph, facilities: readonly Facility[]) {
    this.#graph = graph;
    this.#facilities = facilities;
    this.#line = edgeLine(graph);
    this.#earlier = graph.numEdges <= smallCityEdges ? 2 : 0;
    const boxes: EdgeBox[] = [];
    for (let edge = 0; edge < graph.numEdges; edge += 1)
      if ((graph.edgeFlags[edge] & EdgeFlag.internal) === 0) boxes.push(boxOf(edge, this.#line(edge)));
    this.#boxes.load(boxes);
  }

  /**
   * One Mapbox vector tile with layers `roads` (feature id = edge index) and `facilities`; undefined when nothing lies in it.
   * z 0..16, x and y below 2^z.
   */
  cut(z: number, x: number, y: number): Uint8Array | undefined {
    const box = tileBox(z, x, y);
    const roads = this.#boxes
      .search(box)
      .filter(({ edge }) => z >= (leastZoom[this.#graph.edgeClass[edge]] ?? 12) - this.#earlier)
      .map(({ edge }) => this.#feature(edge));
    const facilities = z < facilityZoom ? [] : this.#facilities.filter((place) => contains(box, place)).map(toPoint);
    if (roads.length + facilities.length === 0) return undefined;
    const options = { extent: 4096, buffer: 64, tolerance: 3, maxZoom: deepestTile, clip: true };
    const cutLayer = (features: Feature[]) => geoJSONToTile({ type: 'FeatureCollection', features }, z, x, y, options);
    const layers = { roads: cutLayer(roads), facilities: cutLayer(facilities) };
    if (layers.roads.features.length + layers.facilities.features.length === 0) return undefined;
    return fromGeojsonVt(layers, { version: 2, extent: 4096 });
  }

  #feature(edge: number): Feature {
    const { edgeClass, edgeFlags, edgeLevel, edgeName, edgeLanes, strings } = this.#graph;
    const name = strings[edgeName[edge]];
    const flags = edgeFlags[edge];
    return {
      type: 'Feature',
      id: edge,
      geometry: { type: 'LineString', coordinates: this.#line(edge) },
      properties: {
        class: classNames[edgeClass[edge]] ?? 'unknown',
        ...(name === '' ? {} : { name }),
        oneway: (flags & EdgeFlag.oneWay) !== 0,
        tunnel: (flags & EdgeFlag.tunnel) !== 0,
        bridge: (flags & EdgeFlag.bridge) !== 0,
        level: edgeLevel[edge],
        lanes: edgeLanes[edge],
      },
    };
  }
}

function toPoint(place: Facility): Feature {
  return {
    type: 'Feature',
    geometry: { type: 'Point', coordinates: [place.lon, place.lat] },
    properties: {
      id: place.osmId,
      kind: place.kind,
      name: place.name || (place.nameFa ?? ''),
      ...(place.nameFa ? { nameFa: place.nameFa } : {}),
    },
  };
}

function boxOf(edge: number, line: readonly LonLat[]): EdgeBox {
  let [minX, minY, maxX, maxY] = [180, 90, -180, -90];
  for (const [lon, lat] of line) {
    minX = Math.min(minX, lon);
    minY = Math.min(minY, lat);
    maxX = Math.max(maxX, lon);
    maxY = Math.max(maxY, lat);
  }
  return { minX, minY, maxX, maxY, edge };
}

/** Degrees covered by a tile and the margin of 1/64 around it (Web Mercator). */
function tileBox(z: number, x: number, y: number): Omit<EdgeBox, 'edge'> {
  const size = 2 ** z;
  const margin = 1 / 64;
  const lon = (column: number): number => (column / size) * 360 - 180;
  const lat = (row: number): number => (Math.atan(Math.sinh(Math.PI * (1 - (2 * row) / size))) * 180) / Math.PI;
  return { minX: lon(x - margin), minY: lat(y + 1 + margin), maxX: lon(x + 1 + margin), maxY: lat(y - margin) };
}

const contains = (box: Omit<EdgeBox, 'edge'>, { lon, lat }: { lon: number; lat: number }): boolean =>
  lon >= box.minX && lon <= box.maxX && lat >= box.minY && lat <= box.maxY;
