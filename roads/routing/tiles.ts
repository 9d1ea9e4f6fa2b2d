import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { tarEnd, tarEntry } from './tar.ts';
import { emptyTrafficArchive, type TileShape, tileShape } from './traffic-file.ts';
import type { Valhalla, ValhallaActor } from './valhalla.ts';

export interface RoutingFiles {
  readonly actor: ValhallaActor;
  readonly trafficPath: string;
  readonly tiles: readonly TileShape[];
  readonly folder: string;
}

function run(
  program: string,
  args: readonly string[],
  cwd: string,
  libraries: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, LD_LIBRARY_PATH: libraries };
    const child = spawn(program, args, {
      cwd,
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
      ...(signal === undefined ? {} : { signal }),
    });
    let tail = '';
    child.stderr.on('data', (chunk: Buffer) => {
      tail = (tail + chunk.toString()).slice(-2000);
    });
    child.once('error', reject);
    child.once('exit', (code, killed) => {
      if (code === 0) resolve();
      else reject(new Error(`routing tiles: ${program} ended with ${killed ?? code}: ${tail.trim()}`));
    });
  });
}

/**
 * Tiles of a map, built once and kept in `<folder>/<map hash>-<engine version>`; the traffic archive starts empty at every start.
 * @throws when the map cannot be cut into tiles, with the builder's own words.
 */
export async function openRoutingFiles(
  valhalla: Valhalla,
  mapFile: string,
  mapHash: string,
  folder: string,
  nowMs: number,
  signal?: AbortSignal,
): Promise<RoutingFiles> {
  const home = join(folder, `${mapHash.slice(0, 16)}-${valhalla.version}`);
  const config = await valhalla.configure({
    tileDir: join(home, 'tiles'),
    tileExtract: join(home, 'tiles.tar'),
    trafficExtract: join(home, 'traffic.tar'),
  });
  if (!existsSync(join(home, 'tiles.tar'))) {
    rmSync(home, { recursive: true, force: true });
    mkdirSync(join(home, 'tiles'), { recursive: true });
    writeFileSync(join(home, 'config.json'), JSON.stringify(config));
    await run(
      valhalla.buildTiles.program,
      ['-c', join(home, 'config.json'), mapFile],
      // It leaves working files where it runs.
      home,
      valhalla.buildTiles.libraries,
      signal,
    );
    packTiles(home);
  }
  const tiles = listTiles(home);
  if (tiles.length === 0) throw new Error(`routing tiles: ${mapFile} holds no road a vehicle can use`);
  const trafficPath = join(home, 'traffic.tar');
  writeFileSync(trafficPath, emptyTrafficArchive(tiles, nowMs));
  return { actor: valhalla.open(config), trafficPath, tiles, folder: home };
}

function tileNames(home: string): string[] {
  return readdirSync(join(home, 'tiles'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.gph'))
    .map((name) => name.split(sep).join('/'))
    .sort();
}

function listTiles(home: string): TileShape[] {
  return tileNames(home).map((name) => tileShape(name, readFileSync(join(home, 'tiles', name))));
}

/** Renamed into place last: a build that was cut off is begun again. */
function packTiles(home: string): void {
  const parts = tileNames(home).map((name) => tarEntry(name, readFileSync(join(home, 'tiles', name))));
  writeFileSync(join(home, 'tiles.tar.part'), Buffer.concat([...parts, tarEnd()]));
  renameSync(join(home, 'tiles.tar.part'), join(home, 'tiles.tar'));
}
