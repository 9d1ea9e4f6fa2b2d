import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { SumoWorld } from '../closed-loop/sumo-world.ts';
import { readLaneNetwork } from './lane-network.ts';
import { pavementsOf, walkersDemand, withHeedlessDrivers, withPavements } from './walkers-demand.ts';

/** Streets up to this limit, m/s, get pavements and crossings. */
const fastestStreet = '14.5';
const walkable = ['--sidewalks.guess', 'true', '--sidewalks.guess.max-speed', fastestStreet];
/** One whose way is blocked waits; SUMO would have him jump to the other side. */
const patient = ['', '.crossing', '.narrow'].flatMap((where) => [`--pedestrian.striping.jamtime${where}`, '-1']);
const crossable = ['--crossings.guess', 'true', '--crossings.guess.speed-threshold', fastestStreet];

/**
 * The world with pavements and crossings at its streets and `count` people who walk there until `end` s. Unless all are to `behave`, some of them
 * walk without care and some drivers do not heed them. Its files are written to `folder`.
 * @throws Error with the words of netconvert when it fails, or when the world has no street for a pavement.
 */
export async function walkedWorld(
  netconvert: string,
  world: SumoWorld,
  count: number,
  end: number,
  seed: number,
  behave: boolean,
  folder: string,
): Promise<SumoWorld> {
  const plain = join(folder, 'walked.net.xml');
  await promisify(execFile)(netconvert, ['-s', world.net, ...walkable, ...crossable, '-o', plain]);
  const net = `${plain}.gz`;
  writeFileSync(net, gzipSync(readFileSync(plain)));
  const network = readLaneNetwork(net);
  const pavements = pavementsOf(readLaneNetwork(world.net), network);
  if (pavements.size === 0) throw new Error(`${world.name}: no street of it gets a pavement`);
  const moved = new Map([[world.net, net]]);
  for (const file of world.demandFiles) {
    const raw = readFileSync(file);
    const text = (file.endsWith('.gz') ? gunzipSync(raw) : raw).toString('utf8');
    const to = join(folder, basename(file).replace(/\.gz$/, ''));
    const laned = withPavements(text, pavements);
    writeFileSync(to, behave ? laned : withHeedlessDrivers(laned));
    moved.set(file, to);
  }
  const walkers = join(folder, 'walkers.add.xml');
  writeFileSync(walkers, walkersDemand(network, pavements, count, end, seed, behave));
  const replaced = (value: string): string =>
    value
      .split(',')
      .map((file) => moved.get(file) ?? file)
      .join(',');
  const args = world.args.map((value, i) => {
    const option = world.args[i - 1];
    return option === '-a' ? `${replaced(value)},${walkers}` : /^-[nr]$/.test(option ?? '') ? replaced(value) : value;
  });
  const demandFiles = [...world.demandFiles.map((file) => moved.get(file) ?? file), walkers];
  return { ...world, name: `${world.name} on foot`, net, args: [...args, ...patient], demandFiles };
}
