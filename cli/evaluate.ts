import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  evaluateRun,
  figuresOf,
  type RunInputs,
  type RunResult,
  withSiblings,
  writeAlertLog,
} from '../evaluation/index.ts';
import { buildMap, loadGraph } from '../roads/import/index.ts';
import { type Command, UsageError } from './command.ts';

const help = `Drives the collision core through recorded traffic and judges its warnings against known collisions. Offline; the same
input gives the same alerts.

Usage: npm run evaluate -- --map FILE --fcd FILE [--fcd FILE...] --collisions FILE [options]

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

Sensor model (default: the tracks as they are)
  --hz 1|2|5|10|as-is   reports per second at most
  --noise SIGMA         slow position error, m (60 s correlation), with 0.5 m white noise, 0.2 m/s, 2 degrees, late and lost reports
  --penetration P       share of vehicles that report, (0, 1]
  --seed S              seed of all of it, default 1
  --delivery S          seconds from issue to reception without --noise, default 0.15

Output
  --alerts FILE         the alert log as JSON lines
  --list KIND           misses, false, nuisance or all: prints the cases, one a line
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

async function run(args: readonly string[]): Promise<0 | 1 | 2> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      map: { type: 'string' },
      fcd: { type: 'string', multiple: true },
      collisions: { type: 'string', multiple: true },
      hazards: { type: 'string', multiple: true },
      'body-overlaps': { type: 'string', multiple: true },
      'count-from': { type: 'string' },
      hz: { type: 'string' },
      noise: { type: 'string' },
      penetration: { type: 'string' },
      seed: { type: 'string' },
      delivery: { type: 'string' },
      alerts: { type: 'string' },
      list: { type: 'string' },
      json: { type: 'boolean' },
    },
  });
  if (values.map === undefined || values.fcd === undefined || values.collisions === undefined)
    throw new UsageError('--map, --fcd and --collisions are needed');
  const hz = values.hz === undefined || values.hz === 'as-is' ? undefined : number('hz', values.hz, 1, 0.1, 50);
  const countFrom = values['count-from'];
  const inputs: RunInputs = withSiblings({
    name: values.collisions[0].split(/[\\/]/).slice(-3, -1).join('/'),
    fcd: values.fcd,
    collisions: values.collisions,
    knownCollisions: [],
    hazards: values.hazards ?? [],
    bodyOverlaps: values['body-overlaps'] ?? [],
    countFrom:
      countFrom === 'never' ? Number.POSITIVE_INFINITY : number('count-from', countFrom, Number.NaN, -1e9, 1e9),
  });
  const options = {
    hz,
    noise: number('noise', values.noise, 0, 0, 100),
    penetration: number('penetration', values.penetration, 1, 0.001, 1),
    seed: number('seed', values.seed, 1, 0, 2 ** 32 - 1),
    delivery: number('delivery', values.delivery, 0.15, 0, 10),
    say,
  };
  const built = await buildMap(values.map, join(process.env.RAHBAN_DATA_DIR ?? 'data', 'maps'));
  const graph = await loadGraph(built.graphFile);
  const { result, alerts } = await evaluateRun(graph, inputs, options);
  if (values.alerts !== undefined) writeAlertLog(values.alerts, alerts);
  if (values.list !== undefined) list(result, values.list);
  const figures = figuresOf([result]);
  print(
    values.json === true
      ? JSON.stringify({ run: result.name, ...figures, counters: result.counters })
      : JSON.stringify(figures, null, 1),
  );
  return 0;
}

function list(result: RunResult, kind: string): void {
  if (!['misses', 'false', 'nuisance', 'all'].includes(kind))
    throw new UsageError(`--list ${kind}: misses, false, nuisance or all`);
  if (kind === 'misses' || kind === 'all')
    for (const c of result.collisions) {
      const missed = [
        c.possibleAt1km && c.leadDistance < 980 ? 'S1' : '',
        c.warningLead >= c.warnByLead ? '' : 'S2',
        c.imminentLead >= 1 ? '' : 'S3',
      ].join('');
      if (missed === '' && kind === 'misses') continue;
      print(
        `miss ${missed || '-'} ${c.class} ${c.id} ${c.hazardKind} possible ${c.possibleDistance.toFixed(0)} lead ${c.leadDistance.toFixed(0)} m; ` +
          `S2 ${c.warningLead.toFixed(1)} s (by ${c.warnByLead.toFixed(1)}), S3 ${c.imminentLead.toFixed(1)} s; told as ${c.predictedClass}`,
      );
    }
  for (const { issue, verdict, finding, counted } of result.judged)
    if (verdict === kind || kind === 'all')
      print(
        `${verdict}${counted ? '' : ' (not counted)'} S${issue.stage} ${issue.class} vehicle ${issue.vehicle} other ${issue.other} at ${issue.time} s, ` +
          `${issue.distance.toFixed(0)} m, eta ${issue.eta.toFixed(1)}, p ${issue.probability.toFixed(2)}: ${finding} | ${issue.why}`,
      );
}

export default {
  name: 'evaluate',
  summary: 'judge the core on recorded traffic with known collisions',
  help,
  run,
} satisfies Command;
