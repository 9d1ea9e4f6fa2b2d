import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { numberOf, readCsv } from './csv.ts';

/** One known collision of a recording: first contact of two vehicles. */
export interface KnownCollision {
  /** Seconds of the recording. */
  readonly time: number;
  readonly lon: number;
  readonly lat: number;
  readonly collider: string;
  readonly victim: string;
  /** e.g. rear_end, crossing; '' where the file does not say. */
  readonly class: string;
}

/** Reads `collisions.csv` of a world, or `crash_collisions.csv` of the traffic folders (vehicles by their numbers, as the tracks there name them). */
export async function readCollisions(file: string): Promise<readonly KnownCollision[]> {
  const found: KnownCollision[] = [];
  const columns = ['time_s', 'lon', 'lat', 'collider?', 'victim?', 'class?', 'kind?', 'vehicle_a_no?', 'vehicle_b_no?'];
  await readCsv(file, columns, ([time, lon, lat, collider, victim, cls, kind, first, second]) => {
    found.push({
      time: numberOf(time!, file, 'time_s'),
      lon: numberOf(lon!, file, 'lon'),
      lat: numberOf(lat!, file, 'lat'),
      collider: collider || first || '',
      victim: victim || second || '',
      class: cls || kind || '',
    });
  });
  return found;
}

/** The collision files that lie beside a recording under their usual names; none when there are none. */
export function collisionFilesBeside(trackFile: string): readonly string[] {
  return ['collisions.csv', 'collisions_secondary.csv', 'crash_collisions.csv']
    .map((name) => join(dirname(trackFile), name))
    .filter((file) => existsSync(file));
}
