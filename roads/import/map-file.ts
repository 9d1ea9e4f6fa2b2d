import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { GRAPH_FORMAT_VERSION, type RoadGraph } from '../graph/index.ts';
import type { Facility } from './facilities.ts';
import { MapFormatError } from './map-format-error.ts';
import { importOsmPbf } from './osm-import.ts';
import { importSumoNet } from './sumo-import.ts';

/** Raised whenever the import makes other graphs from the same map, so that cached ones are built again. */
export const IMPORT_VERSION = 1;
/** Largest SUMO network read, bytes of XML. */
const MAX_XML = 512 * 1024 * 1024;

export type MapKind = 'osm-pbf' | 'sumo-net';

export interface MapFile {
  readonly bytes: Uint8Array;
  /** SHA-256 of the file, hex. */
  readonly hash: string;
  readonly kind: MapKind;
}

/** Reads a map file and tells its kind from its content. Throws MapFormatError for anything else, Error when it cannot be read. */
export async function readMapFile(path: string): Promise<MapFile> {
  const bytes = await readFile(path);
  if (bytes.length === 0) throw new MapFormatError(`${path}: the map file is empty`);
  return { bytes, hash: createHash('sha256').update(bytes).digest('hex'), kind: kindOf(bytes, path) };
}

/** Name of the graph built from a map by this version of the program. */
export function graphKey(hash: string): string {
  return `${hash.slice(0, 16)}-g${GRAPH_FORMAT_VERSION}.${IMPORT_VERSION}`;
}

export function importMap(map: MapFile): {
  graph: RoadGraph;
  facilities: readonly Facility[];
  counts: Readonly<Record<string, number>>;
} {
  if (map.kind === 'osm-pbf') return importOsmPbf(map.bytes, map.hash);
  return { ...importSumoNet(xmlOf(map.bytes), map.hash), facilities: [] };
}

function kindOf(bytes: Uint8Array, path: string): MapKind {
  const gzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const head = new TextDecoder().decode(bytes.subarray(0, 64)).trimStart();
  if (gzip || head.startsWith('<') || head.startsWith('\ufeff<')) return 'sumo-net';
  if (head.includes('OSMHeader')) return 'osm-pbf';
  throw new MapFormatError(`${path}: neither OSM .osm.pbf nor SUMO .net.xml (plain or gzip)`);
}

function xmlOf(bytes: Uint8Array): string {
  if (bytes[0] !== 0x1f) return new TextDecoder().decode(bytes);
  try {
    return new TextDecoder().decode(gunzipSync(bytes, { maxOutputLength: MAX_XML }));
  } catch (error) {
    throw new MapFormatError(`SUMO network: gzip broken: ${error instanceof Error ? error.message : error}`);
  }
}

/** Reads and imports a map file without writing anything. */
export async function importMapFile(path: string): Promise<ReturnType<typeof importMap> & { readonly kind: MapKind }> {
  const map = await readMapFile(path);
  return { ...importMap(map), kind: map.kind };
}
