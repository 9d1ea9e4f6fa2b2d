import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import {
  compareRuns,
  figuresTable,
  type LoopOptions,
  type RunPair,
  readSumoWorld,
  runOnce,
} from '../evaluation/index.ts';
import { buildMap, loadGraph } from '../roads/import/index.ts';
import { type Command, UsageError } from './command.ts';

const help = `rahban closed-loop: what the warnings would have prevented, and what harm they would have done

Usage: npm run rahban -- closed-loop --world DIR --run NAME [--seed S]... [--from T] [--end T] [--json]

Runs SUMO twice on the same world, demand and seed: once with nobody warned, once with the core in the loop, its warnings followed by drivers:
reaction time log-normal 1.5 ± 0.4 s, then 3.4 m/s² at a warning and 6 m/s² at an imminent one until it is taken back; an advisory is followed by
70 % of the drivers with 10 % less speed and 0.5 s more headway. Needs the program sumo (Debian: apt install sumo).

Options
  --world DIR        folder of a world: network, inputs/ and run folders
  --run NAME         the run whose options and demand are used (NAME/run.json); its scripted drivers are left out
  --seed S           SUMO's seed, also that of devices and drivers; default that of the run; may be given more than once (summed)
  --from T           second from which everybody is watched and warned, default 0
  --end T            end of the simulation, s; default that of the run
  --hz, --noise, --penetration   sensor model as in evaluate, default exact states ten times a second from everybody
  --delivery S       seconds from issue to the driver, default 0.15
  --sumo FILE        the program, default sumo
  --json             one JSON object as the last line, with the events of each run

Example
  npm run rahban -- closed-loop --world ../shared/data/worlds/W1 --run P1 --end 700`;

function numberOf(name: string, text: string | undefined, fallback: number, low: number, high: number): number {
  if (text === undefined) return fallback;
  const value = Number(text);
  if (text === '' || !(value >= low && value <= high))
    throw new UsageError(`--${name} ${text}: a number in [${low}, ${high}] is needed`);
  return value;
}

export default {
  name: 'closed-loop',
  summary: 'SUMO with drivers who follow the warnings: collisions avoided, harm done',
  help,
  async run(args) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        world: { type: 'string' },
        run: { type: 'string' },
        seed: { type: 'string', multiple: true },
        from: { type: 'string' },
        end: { type: 'string' },
        hz: { type: 'string' },
        noise: { type: 'string' },
        penetration: { type: 'string' },
        delivery: { type: 'string' },
        sumo: { type: 'string' },
        json: { type: 'boolean' },
      },
    });
    if (values.world === undefined || values.run === undefined) throw new UsageError('--world and --run are needed');
    const world = readSumoWorld(resolve(values.world), values.run);
    const from = numberOf('from', values.from, 0, 0, 1e6);
    const to = numberOf('end', values.end, world.duration, from + 1, 1e6);
    const seeds = (values.seed ?? [String(world.seed)]).map((text) => numberOf('seed', text, 0, 0, 2 ** 31 - 1));
    const built = await buildMap(world.net, join(process.env.RAHBAN_DATA_DIR ?? 'data', 'maps'));
    const graph = await loadGraph(built.graphFile);
    const pairs: (RunPair & { readonly seed: number })[] = [];
    for (const seed of seeds) {
      const optionsOf = (kind: string): LoopOptions => ({
        sumo: values.sumo ?? 'sumo',
        world,
        graph,
        from,
        to,
        sensors: {
          hz: values.hz === undefined || values.hz === 'as-is' ? undefined : numberOf('hz', values.hz, 1, 0.1, 10),
          noise: numberOf('noise', values.noise, 0, 0, 100),
          penetration: numberOf('penetration', values.penetration, 1, 0.001, 1),
          seed,
        },
        delivery: numberOf('delivery', values.delivery, 0.15, 0, 10),
        progress: (time) => void process.stderr.write(`${world.name} seed ${seed} ${kind}: ${time.toFixed(0)} s\n`),
      });
      const without = await runOnce(optionsOf('unwarned'), seed, false);
      pairs.push({ seed, without, with: await runOnce(optionsOf('warned'), seed, true) });
    }
    const figures = compareRuns(pairs);
    process.stdout.write(
      values.json === true
        ? `${JSON.stringify({ world: world.name, seeds, from, to, ...figures, runs: pairs })}\n`
        : `${world.name}, ${from} to ${to} s, seed ${seeds.join(', ')}\n${figuresTable(figures)}\n`,
    );
    return 0;
  },
} satisfies Command;
