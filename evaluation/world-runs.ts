import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type RunInputs, withSiblings } from './run-inputs.ts';

export interface World {
  readonly name: string;
  readonly map: string;
  readonly runs: readonly RunInputs[];
}

/** Folders below `dir` with a `net.net.xml.gz` (or `source.osm.pbf`) and run folders that hold tracks and collisions, in the order of names. */
export function worldsIn(dir: string): readonly World[] {
  const worlds: World[] = [];
  for (const name of readdirSync(dir).sort()) {
    const folder = join(dir, name);
    const map = ['net.net.xml.gz', 'net.net.xml', 'source.osm.pbf'].map((file) => join(folder, file)).find(existsSync);
    if (map === undefined) continue;
    const runs = readdirSync(folder)
      .sort()
      .map((run) => join(folder, run))
      .filter((run) => existsSync(join(run, 'collisions.csv')) && existsSync(join(run, 'tracks_1hz.csv.gz')))
      .map((run) =>
        withSiblings({
          name: `${name}/${run.slice(folder.length + 1)}`,
          fcd: ['tracks_1hz.csv.gz', 'tracks_10hz.csv.gz'].map((file) => join(run, file)).filter(existsSync),
          collisions: ['collisions.csv', 'collisions_secondary.csv'].map((file) => join(run, file)).filter(existsSync),
          knownCollisions: [],
          hazards: [],
          bodyOverlaps: [],
          countFrom: Number.NaN,
        }),
      );
    if (runs.length > 0) worlds.push({ name, map, runs });
  }
  return worlds;
}
