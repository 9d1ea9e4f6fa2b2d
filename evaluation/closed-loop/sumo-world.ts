import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parseSumoProjection, type SumoProjection } from '../../roads/import/index.ts';
import { type AttentiveTypes, attentiveTypesOf } from './attentive-types.ts';

/** A world with a run's demand, as SUMO is to be started on it. */
export interface SumoWorld {
  readonly name: string;
  /** The network file: also the map of the core. */
  readonly net: string;
  readonly projection: SumoProjection;
  /** Options of the run without outputs, seed, end and connection; file names absolute. */
  readonly args: readonly string[];
  /** The recorded run's command as its run.json has it. */
  readonly command: string;
  /** Vehicle types, stops and routes: the additional and route files. */
  readonly demandFiles: readonly string[];
  /** Drivers who misbehave, paying attention. */
  readonly attentive: AttentiveTypes;
  /** Seed and length, s, of the recorded run. */
  readonly seed: number;
  readonly duration: number;
}

/** Options of a recorded run that are replaced or would only write files. */
const leftOut = /^--(?:end|seed|fcd-output.*|collision-output|precision.*|no-step-log|no-warnings)$/;

function pathOf(world: string, name: string): string {
  const tried = [world, join(world, 'inputs')].flatMap((folder) => [join(folder, name), join(folder, `${name}.gz`)]);
  const found = tried.find(existsSync);
  if (found === undefined) throw new Error(`${world}: neither ${name} nor ${name}.gz, there or in inputs/`);
  return found;
}

/**
 * Reads how a run of a world was made (`options` of its run.json) and finds the files. Scripted drivers of a run are not part of it.
 * @throws Error naming the file that is missing or not understood.
 */
export function readSumoWorld(world: string, run: string): SumoWorld {
  const file = join(world, run, 'run.json');
  const facts: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const fact = (name: string): unknown =>
    typeof facts === 'object' && facts !== null ? new Map(Object.entries(facts)).get(name) : undefined;
  const words = String(fact('options') ?? '').split(/\s+/);
  if (words[0] !== 'sumo' || words.length % 2 === 0)
    throw new Error(`${file}: "options" is not a sumo command with option and value in turn`);
  const args: string[] = [];
  let net = '';
  let additional: readonly string[] = [];
  let routes: readonly string[] = [];
  for (let i = 1; i < words.length; i += 2) {
    const [option, value] = [words[i], words[i + 1]];
    if (leftOut.test(option)) continue;
    // Edge data are an output too.
    const names = value.split(',').filter((name) => !name.endsWith('.edgedata.add.xml'));
    const paths = /^-[nar]$/.test(option) ? names.map((name) => pathOf(world, name)) : [value];
    if (option === '-n') net = paths[0];
    if (option === '-a') additional = paths;
    if (option === '-r') routes = paths;
    args.push(option, paths.join(','));
  }
  if (net === '') throw new Error(`${file}: "options" names no network (-n)`);
  const seed = Number(fact('seed'));
  const duration = Number(fact('duration_s'));
  if (!Number.isFinite(seed + duration)) throw new Error(`${file}: "seed" and "duration_s" are needed`);
  return {
    name: `${world.split(/[\\/]/).filter(Boolean).at(-1)}/${run}`,
    net,
    projection: projectionOf(net),
    args,
    command: words.join(' '),
    demandFiles: [...additional, ...routes],
    attentive: attentiveTypesOf(additional),
    seed,
    duration,
  };
}

function projectionOf(net: string): SumoProjection {
  const raw = readFileSync(net);
  const text = (net.endsWith('.gz') ? gunzipSync(raw) : raw).toString('utf8');
  const location = /<location\b[^>]*>/.exec(text)?.[0] ?? '';
  const attribute = (name: string): string => new RegExp(`\\b${name}="([^"]*)"`).exec(location)?.[1] ?? '';
  return parseSumoProjection(attribute('netOffset'), attribute('projParameter'));
}
