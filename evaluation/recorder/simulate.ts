import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SumoWorld } from '../closed-loop/sumo-world.ts';
import { FcdStream } from './fcd-stream.ts';
import type { RunDemand } from './run-inputs.ts';
import { readSumoRecords, type SumoRecord } from './sumo-records.ts';
import { type Traffic, TrafficBuilder } from './traffic.ts';

/** What SUMO made of a world with one seed. */
export interface Simulated {
  readonly traffic: Traffic;
  readonly records: readonly SumoRecord[];
  /** Contacts of scripted drivers. */
  readonly scripted: readonly SumoRecord[];
}

/** Options that say what SUMO writes: exact states of all vehicles in every step, and its own collisions. */
export function outputOptions(fcd: string, collisions: string): readonly string[] {
  return [
    ...['--collision-output', collisions],
    ...['--fcd-output', fcd, '--fcd-output.geo', 'true', '--fcd-output.acceleration', 'true'],
    ...['--fcd-output.signals', 'true', '--precision', '2', '--precision.geo', '7'],
    ...['--fcd-output.attributes', 'x,y,angle,type,speed,pos,lane,edge,signals,acceleration'],
  ];
}

/** Runs SUMO from the start to `end` s and takes its states as they come. @throws Error with SUMO's own words when it fails. */
export async function simulate(
  binary: string,
  world: SumoWorld,
  demand: RunDemand,
  seed: number,
  end: number,
  progress: (time: number) => void,
): Promise<Simulated> {
  const folder = mkdtempSync(join(tmpdir(), 'record-'));
  try {
    const collisions = join(folder, 'collisions.xml');
    const quiet = ['--no-step-log', 'true', '--no-warnings', 'true'];
    const span = ['--seed', String(seed), '--end', String(end)];
    const child = spawn(binary, [...world.args, ...quiet, ...span, ...outputOptions('stdout', collisions)], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = `${said}${text}`.slice(-2000);
    });
    const left = new Promise<string>((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('close', (code, signal) => resolve(code === 0 ? '' : `exit ${code ?? signal}`));
    });
    const builder = new TrafficBuilder(world.projection, demand.sizes);
    const states = new FcdStream(builder);
    child.stdout.setEncoding('utf8');
    for await (const text of child.stdout) {
      states.push(String(text));
      progress(states.time);
    }
    const reason = await left;
    if (reason !== '') throw new Error(`sumo failed (${reason}): ${said.trim()}`);
    return { traffic: builder.finish(), records: readSumoRecords(collisions), scripted: [] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
