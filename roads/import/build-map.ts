import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeGraph, encodeGraph, GraphFormatError, type RoadGraph } from '../graph/index.ts';
import type { Facility } from './facilities.ts';
import { graphKey, importMap, type MapKind, readMapFile } from './map-file.ts';
import { type MapStats, mapStats } from './map-stats.ts';

export interface BuiltMap {
  /** The road graph (`decodeGraph`). */
  readonly graphFile: string;
  readonly facilities: readonly Facility[];
  readonly stats: MapStats;
  readonly kind: MapKind;
  /** SHA-256 of the map file, hex. */
  readonly mapHash: string;
  /** True when an earlier build was found. */
  readonly cached: boolean;
}

/** Called at the beginning of each step of a build. */
export type BuildProgress = (step: 'read' | 'import' | 'write') => void;

type Sidecar = Pick<BuiltMap, 'facilities' | 'stats' | 'kind' | 'mapHash'>;

/**
 * Builds the road graph of an OSM `.osm.pbf` or SUMO `.net.xml[.gz]` file into `outDir`, or finds the one built before from the
 * same file by the same version. Beside the graph lies a `.json` with the facilities and figures. Files appear whole or not at
 * all: they are written under another name and renamed.
 * @throws MapFormatError, XmlFormatError for a file that is broken or of another kind; Error when files cannot be read or written.
 */
export async function buildMap(file: string, outDir: string, progress: BuildProgress = () => {}): Promise<BuiltMap> {
  progress('read');
  const map = await readMapFile(file);
  const base = join(outDir, graphKey(map.hash));
  const graphFile = `${base}.graph`;
  const found = await findBuilt(base, graphFile);
  if (found !== undefined) return { ...found, graphFile, cached: true };
  progress('import');
  const { graph, facilities, counts } = importMap(map);
  const sidecar: Sidecar = { kind: map.kind, mapHash: map.hash, stats: mapStats(graph, counts), facilities };
  progress('write');
  await mkdir(outDir, { recursive: true });
  // The graph last: where it is, the rest is there too.
  await replaceFile(`${base}.json`, JSON.stringify(sidecar));
  await replaceFile(graphFile, encodeGraph(graph));
  return { ...sidecar, graphFile, cached: false };
}

/** Reads a built graph. With `shared` it lies in a SharedArrayBuffer that other threads can decode without copying. */
export async function loadGraph(graphFile: string, shared = false): Promise<RoadGraph> {
  return decodeGraph(await readFile(graphFile), shared);
}

async function findBuilt(base: string, graphFile: string): Promise<Sidecar | undefined> {
  try {
    decodeGraph(await readFile(graphFile));
    const sidecar: Sidecar = JSON.parse(await readFile(`${base}.json`, 'utf8'));
    return sidecar;
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (missing || error instanceof GraphFormatError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

async function replaceFile(path: string, content: Uint8Array | string): Promise<void> {
  const partial = `${path}.${process.pid}.partial`;
  try {
    await writeFile(partial, content);
    await rename(partial, path);
  } finally {
    await rm(partial, { force: true });
  }
}
