import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeGraph, type RoadGraph } from '../roads/graph/index.ts';
import { buildMap, type Facility, MapFormatError, XmlFormatError } from '../roads/import/index.ts';
import { StartError } from '../start-error.ts';

export interface City {
  /** The encoded graph in memory that the threads share. */
  readonly shared: SharedArrayBuffer;
  readonly graph: RoadGraph;
  readonly facilities: readonly Facility[];
}

/** Builds the road graph of the map file at its first use, then loads it into shared memory. @throws StartError for a missing or broken map. */
export async function openCity(mapFile: string, dataDir: string, progress: (text: string) => void): Promise<City> {
  try {
    const { graphFile, facilities } = await buildMap(mapFile, join(dataDir, 'maps'), progress);
    const bytes = readFileSync(graphFile);
    const shared = new SharedArrayBuffer(bytes.length);
    new Uint8Array(shared).set(bytes);
    return { shared, graph: decodeGraph(new Uint8Array(shared), true), facilities };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof MapFormatError || error instanceof XmlFormatError || isAbout(mapFile, error)) {
      throw new StartError(`the map ${mapFile} cannot be used: ${message}; name another with --map or RAHBAN_MAP`);
    }
    throw error;
  }
}

/** The map file itself cannot be read: missing, a folder, not ours to read. */
function isAbout(mapFile: string, error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false;
  return ('path' in error && error.path === mapFile) || error.code === 'EISDIR';
}

/** Street of an edge; undefined where the map has no name, or off the map. */
export function streetOf(graph: RoadGraph, edge: number): string | undefined {
  const name = edge >= 0 && edge < graph.numEdges ? graph.strings[graph.edgeName[edge] as number] : undefined;
  return name === '' ? undefined : name;
}
