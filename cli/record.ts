import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type RecordOptions, recordRun } from '../evaluation/index.ts';
import { type Command, UsageError } from './command.ts';

const help = `rahban record: another recorded run of a world, with another seed

Usage: npm run rahban -- record --world DIR --run NAME --seed S --out DIR [--end T] [--scripted] [--walkers N] [--sumo FILE] [--netconvert FILE] [--json]

Runs SUMO on the world's network and the demand of one of its runs with this seed and writes OUT/<world>/<P or N><seed>/ in the layout of the
recorded worlds: tracks at 1 Hz (whole run) and 10 Hz (about the collisions), vehicles, collisions, hazards, plan-view overlaps, run.json; the map
lies beside it. So "evaluate --all OUT" judges the core on traffic nobody tuned it on. The truth comes from SUMO's own collision output and the
first overlap of the exact bodies, never from the core. A run without misbehaviour (N…) must be free of collisions, else the next seed is taken.
Needs the program sumo (Debian: apt install sumo); takes minutes and some 400 MB of memory.

Options
  --world DIR        folder of a world: network, inputs/ and run folders
  --run NAME         the run whose demand and options are used (NAME/run.json)
  --seed S           SUMO's seed
  --out DIR          where OUT/<world>/ is written; files of an earlier run with this name are replaced
  --end T            end of the simulation, s; default that of the run
  --scripted         also drivers SUMO has no model for, on fast roads: down an exit ramp the wrong way, and drifting into the neighbour lane
  --walkers N        also N people on foot with a device, on pavements and crossings added to the world's streets; some walk without care, some
                     drivers do not heed them (in N… runs all behave); written to OUT/<world>F/, at 10 Hz about all who cross a street
  --sumo FILE        the program, default sumo
  --netconvert FILE  the program that adds pavements and crossings, default netconvert
  --json             one JSON object as the last line: counts of what was written

Example
  npm run rahban -- record --world ../shared/data/worlds/W1 --run P1 --seed 301 --out data/heldout`;

function whole(name: string, text: string, low: number): number {
  const value = Number(text);
  if (text === '' || !Number.isInteger(value) || value < low || value > 2 ** 31 - 1)
    throw new UsageError(`--${name} ${text}: a whole number from ${low} on is needed`);
  return value;
}

export default {
  name: 'record',
  summary: 'another recorded run of a world by SUMO, with another seed',
  help,
  async run(args) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        world: { type: 'string' },
        run: { type: 'string' },
        seed: { type: 'string' },
        out: { type: 'string' },
        end: { type: 'string' },
        sumo: { type: 'string' },
        walkers: { type: 'string' },
        netconvert: { type: 'string' },
        scripted: { type: 'boolean' },
        json: { type: 'boolean' },
      },
    });
    const { world, run, seed, out } = values;
    if (world === undefined || run === undefined || seed === undefined || out === undefined)
      throw new UsageError('--world, --run, --seed and --out are needed');
    const options: RecordOptions = {
      sumo: values.sumo ?? 'sumo',
      world: resolve(world),
      run,
      seed: whole('seed', seed, 0),
      out: resolve(out),
      end: values.end === undefined ? undefined : whole('end', values.end, 1),
      scripted: values.scripted ?? false,
      walkers: values.walkers === undefined ? 0 : whole('walkers', values.walkers, 1),
      netconvert: values.netconvert ?? 'netconvert',
      progress: (text) => void process.stderr.write(`${text}\n`),
    };
    const summary = await recordRun(options);
    const classes = Object.entries(summary.collisions).map(([name, count]) => `${name} ${count}`);
    process.stdout.write(
      values.json === true
        ? `${JSON.stringify(summary)}\n`
        : `${summary.name}: ${summary.vehicleHours} vehicle-hours, collisions: ${classes.join(', ') || 'none'}; secondary ${summary.secondary}\n`,
    );
    return 0;
  },
} satisfies Command;
