import { join } from 'node:path';
import type { RoadGraph } from '../../roads/graph/index.ts';
import { importMapFile } from '../../roads/import/index.ts';
import { projectRoot } from '../fixtures/project-root.ts';

/** The demo city. */
export async function monaco(): Promise<RoadGraph> {
  return (await importMapFile(join(projectRoot, 'maps', 'monaco_2016.osm.pbf'))).graph;
}
