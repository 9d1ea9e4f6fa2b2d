import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { readSumoWorld, type SumoWorld } from '../closed-loop/sumo-world.ts';
import { readLaneNetwork } from './lane-network.ts';
import { readDemand } from './run-inputs.ts';
import { simulate } from './simulate.ts';
import { simulateScripted } from './simulate-scripted.ts';
import { walkedWorld } from './walked-world.ts';
import { type RunSummary, writeRun } from './write-run.ts';

export interface RecordOptions {
  /** The program sumo. */
  readonly sumo: string;
  /** Folder of the world: network, inputs/ and run folders. */
  readonly world: string;
  /** The run whose demand and options are used. */
  readonly run: string;
  readonly seed: number;
  /** Folder that will hold `<world>/<P or N><seed>/`. */
  readonly out: string;
  /** End of the simulation, s; that of the run when undefined. */
  readonly end: number | undefined;
  /** Wrong-way drivers and drivers who drift into their neighbour, where the world has fast roads with exit ramps. */
  readonly scripted: boolean;
  /** People on foot, on pavements and crossings added to the world by `netconvert`; 0 = none. */
  readonly walkers: number;
  /** The program netconvert; used only with walkers. */
  readonly netconvert: string;
  readonly progress: (text: string) => void;
}

/** A run without misbehaviour is tried with so many seeds until one has no collision. */
const seedsTried = 12;

/**
 * Records a run of the world anew with another seed. A negative run (N…) must be free of collisions: else the next seed is taken.
 * @throws Error when SUMO fails, the world's files are not understood or no seed gives a run without collision.
 */
export async function recordRun(options: RecordOptions): Promise<RunSummary> {
  const world = readSumoWorld(options.world, options.run);
  const end = options.end ?? world.duration;
  if (options.walkers === 0) return recordWorld(options, world, end);
  const folder = mkdtempSync(join(tmpdir(), 'walked-'));
  try {
    const behave = options.run.startsWith('N');
    const { netconvert, walkers, seed } = options;
    return await recordWorld(options, await walkedWorld(netconvert, world, walkers, end, seed, behave, folder), end);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function recordWorld(options: RecordOptions, world: SumoWorld, end: number): Promise<RunSummary> {
  const network = readLaneNetwork(world.net);
  const demand = readDemand(world.demandFiles);
  const isNegative = options.run.startsWith('N');
  if (isNegative && options.scripted)
    throw new Error(`${world.name}: a run without misbehaviour has no scripted drivers`);
  for (let tried = 1; tried <= seedsTried; tried += 1) {
    const seed = options.seed + tried - 1;
    let said = 0;
    const progress = (time: number): void => {
      if (time < said + 100) return;
      said = time;
      options.progress(`${world.name} seed ${seed}: ${time.toFixed(0)} of ${end} s`);
    };
    const simulated = options.scripted
      ? await simulateScripted(options.sumo, world, network, demand, seed, end, progress)
      : await simulate(options.sumo, world, demand, seed, end, progress);
    if (isNegative && simulated.records.length > 0) {
      options.progress(
        `${world.name} seed ${seed}: ${simulated.records.length} collision records, the next seed is tried`,
      );
      continue;
    }
    return writeRun(options.out, world, network, demand, simulated, {
      world: `${basename(options.world)}${options.walkers > 0 ? 'F' : ''}`,
      walkers: options.walkers,
      demand: options.run,
      name: `${options.run.slice(0, 1)}${seed}`,
      seed,
      seedsTried: tried,
      end,
    });
  }
  throw new Error(
    `${world.name}: no run without collision with the seeds ${options.seed} to ${options.seed + seedsTried - 1}`,
  );
}
