import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  type CaseKind,
  calibrateArrival,
  caseKinds,
  caseList,
  evaluateRun,
  type Figures,
  figuresOf,
  type RunInputs,
  type RunOptions,
  type RunResult,
  readRecording,
  reportMarkdown,
  reportPage,
  type WorldFigures,
  withSiblings,
  worldsIn,
  writeAlertLog,
} from '../evaluation/index.ts';
import type { RoadGraph } from '../roads/graph/index.ts';
import { buildMap, loadGraph } from '../roads/import/index.ts';
import { type Command, UsageError } from './command.ts';

const help = `Drives the collision core through recorded traffic and judges its warnings against known collisions. Offline; the same
input gives the same alerts.

Usage: npm run evaluate -- --map FILE --fcd FILE [--fcd FILE...] --collisions FILE [options]
       npm run evaluate -- --all DIR [--runs PATTERN] [options]

Input
  --map FILE            OpenStreetMap (.osm.pbf) or SUMO network (.net.xml[.gz])
  --fcd FILE            tracks: SUMO FCD XML with geo coordinates, or track CSV, plain or .gz; may be repeated. Where two
                        files cover a vehicle and time, the one with the finer step counts. Sizes are read from
                        vehicles.csv.gz beside it
  --collisions FILE     collisions.csv, crash_collisions.csv; may be repeated: all rows are to be foreseen
  --hazards FILE        hazards.csv               } default: the file of that name
  --body-overlaps FILE  body_overlaps.csv         } beside the collisions
  --count-from S        count false alarms from this second of the recording on; "never" for tracks that hold only windows
                        about events. Default: what run.json beside the collisions says, else from the start
  --all DIR             every world (folder with a map and run folders) below DIR, primary and secondary collisions, summed
  --runs PATTERN        with --all: only the runs WORLD/RUN that match this regular expression

Sensor model (default: the tracks as they are)
  --hz 1|2|5|10|as-is   reports per second at most
  --noise SIGMA         slow position error, m (60 s correlation), with 0.5 m white noise, 0.2 m/s, 2 degrees, late and lost reports
  --penetration P       share of vehicles that report, (0, 1]
  --seed S              seed of all of it, default 1
  --delivery S          seconds from issue to reception without --noise, default 0.15

Output
  --alerts FILE         the alert log as JSON lines (not with --all)
  --inputs FILE         every call the core gets, for explain and replay (not with --all)
  --list KIND           ${caseKinds.join(', ')}: prints the cases, one a line
  --calibration         instead of judging warnings: where drivers are after 36 s against the core's quantiles, one line a run
  --agreement           drive a second time at 1 Hz and compare the advisories
  --report FILE.md      tables; beside it a page with plots, FILE.html
  --json                one JSON object as the last line

Example
  npm run evaluate -- --map W3/net.net.xml.gz --fcd W3/P1/tracks_1hz.csv.gz --fcd W3/P1/tracks_10hz.csv.gz \\
    --collisions W3/P1/collisions.csv --json`;

const number = (name: string, text: string | undefined, fallback: number, low: number, high: number): number => {
  if (text === undefined) return fallback;
  const value = Number(text);
  if (text === '' || !(value >= low && value <= high))
    throw new UsageError(`--${name} ${text}: a number in [${low}, ${high}] is needed`);
  return value;
};

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const print = (line: string): void => void process.stdout.write(`${line}\n`);

function parse(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    options: {
      map: { type: 'string' },
      fcd: { type: 'string', multiple: true },
      collisions: { type: 'string', multiple: true },
      hazards: { type: 'string', multiple: true },
      'body-overlaps': { type: 'string', multiple: true },
      'count-from': { type: 'string' },
      all: { type: 'string' },
      runs: { type: 'string' },
      hz: { type: 'string' },
      noise: { type: 'string' },
      penetration: { type: 'string' },
      seed: { type: 'string' },
      delivery: { type: 'string' },
      alerts: { type: 'string' },
      inputs: { type: 'string' },
      list: { type: 'string' },
      report: { type: 'string' },
      calibration: { type: 'boolean' },
      agreement: { type: 'boolean' },
      json: { type: 'boolean' },
    },
  }).values;
}
type Values = ReturnType<typeof parse>;

async function graphOf(map: string): Promise<RoadGraph> {
  const built = await buildMap(map, join(process.env.RAHBAN_DATA_DIR ?? 'data', 'maps'));
  return loadGraph(built.graphFile);
}

function inputsOf(values: Values): RunInputs {
  const { map, fcd, collisions } = values;
  if (map === undefined || fcd === undefined || collisions === undefined)
    throw new UsageError('--map, --fcd and --collisions are needed, or --all');
  const countFrom = values['count-from'];
  return withSiblings({
    name: collisions[0].split(/[\\/]/).slice(-3, -1).join('/'),
    fcd,
    collisions,
    knownCollisions: [],
    hazards: values.hazards ?? [],
    bodyOverlaps: values['body-overlaps'] ?? [],
    countFrom:
      countFrom === 'never' ? Number.POSITIVE_INFINITY : number('count-from', countFrom, Number.NaN, -1e9, 1e9),
  });
}

function listCases(result: RunResult, values: Values): void {
  const kind = caseKinds.find((one) => one === values.list);
  if (kind !== undefined) for (const line of caseList(result, kind satisfies CaseKind)) print(line);
}

function report(
  file: string,
  worlds: readonly WorldFigures[],
  runs: readonly RunResult[],
  total: Figures,
  args: readonly string[],
): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, reportMarkdown(worlds, total, [`npm run evaluate -- ${args.join(' ')}`]));
  writeFileSync(file.replace(/\.md$/, '.html'), reportPage(runs, total));
}

async function one(values: Values, options: RunOptions, args: readonly string[]): Promise<void> {
  const inputs = inputsOf(values);
  const { result, alerts } = await evaluateRun(await graphOf(values.map ?? ''), inputs, options);
  if (values.alerts !== undefined) writeAlertLog(values.alerts, alerts);
  listCases(result, values);
  const figures = figuresOf([result]);
  if (values.report !== undefined) report(values.report, [{ name: result.name, figures }], [result], figures, args);
  print(
    values.json === true
      ? JSON.stringify({ run: result.name, ...figures, counters: result.counters })
      : JSON.stringify(figures, null, 1),
  );
}

async function everyWorld(dir: string, values: Values, options: RunOptions, args: readonly string[]): Promise<void> {
  const pattern = new RegExp(values.runs ?? '');
  const runs: RunResult[] = [];
  const worlds: WorldFigures[] = [];
  for (const world of worldsIn(dir)) {
    const chosen = world.runs.filter((inputs) => pattern.test(inputs.name));
    if (chosen.length === 0) continue;
    const graph = await graphOf(world.map);
    const own: RunResult[] = [];
    for (const inputs of chosen) {
      const { result } = await evaluateRun(graph, inputs, options);
      listCases(result, values);
      own.push(result);
    }
    runs.push(...own);
    worlds.push({ name: world.name, figures: figuresOf(own) });
  }
  if (runs.length === 0)
    throw new UsageError(`--all ${dir}: no run there${values.runs ? ` matches ${values.runs}` : ''}`);
  const total = figuresOf(runs);
  if (values.report !== undefined) report(values.report, worlds, runs, total, args);
  const json = { ...total, worlds: Object.fromEntries(worlds.map(({ name, figures }) => [name, figures])) };
  print(values.json === true ? JSON.stringify(json) : JSON.stringify(total, null, 1));
}

async function calibrations(values: Values): Promise<void> {
  const worlds =
    values.all === undefined ? [{ map: values.map ?? '', runs: [inputsOf(values)] }] : worldsIn(values.all);
  const pattern = new RegExp(values.runs ?? '');
  for (const { map, runs } of worlds)
    for (const { name, fcd } of runs.filter((inputs) => pattern.test(inputs.name))) {
      const graph = await graphOf(map);
      print(JSON.stringify({ run: name, ...calibrateArrival(graph, await readRecording(fcd, graph)) }));
    }
}

async function run(args: readonly string[]): Promise<0 | 1 | 2> {
  const values = parse(args);
  if (values.list !== undefined && !caseKinds.some((kind) => kind === values.list))
    throw new UsageError(`--list ${values.list}: ${caseKinds.join(', ')}`);
  if (values.report !== undefined && !values.report.endsWith('.md'))
    throw new UsageError(`--report ${values.report}: a name ending in .md is needed`);
  const options: RunOptions = {
    hz: values.hz === undefined || values.hz === 'as-is' ? undefined : number('hz', values.hz, 1, 0.1, 50),
    noise: number('noise', values.noise, 0, 0, 100),
    penetration: number('penetration', values.penetration, 1, 0.001, 1),
    seed: number('seed', values.seed, 1, 0, 2 ** 32 - 1),
    delivery: number('delivery', values.delivery, 0.15, 0, 10),
    agreement: values.agreement,
    inputLog: values.all === undefined ? values.inputs : undefined,
    say,
  };
  if (values.calibration === true) await calibrations(values);
  else if (values.all === undefined) await one(values, options, args);
  else await everyWorld(values.all, values, options, args);
  return 0;
}

export default {
  name: 'evaluate',
  summary: 'judge the core on recorded traffic with known collisions',
  help,
  run,
} satisfies Command;
