import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { explain } from '../evaluation/index.ts';
import { buildMap, loadGraph } from '../roads/import/index.ts';
import { type Command, UsageError } from './command.ts';

const help = `rahban explain: why a vehicle was or was not warned at a moment

Usage: npm run rahban -- explain --log FILE --map FILE --vehicle V --at T [--json]

Replays an input log (evaluate --inputs FILE) through the core to second T and says what it knew of the vehicle then, which dangers it
looked at and by which rule each was told or silenced (rules: collision/SPEC.md), what it had told it in the two minutes before, and
which vehicles near it pressed most.

Options
  --log FILE      input log
  --map FILE      the map it was recorded on (.osm.pbf, .net.xml[.gz])
  --vehicle V     vehicle id
  --at T          seconds of the recording
  --json          one JSON object

Example
  npm run evaluate -- --map W1/net.net.xml.gz --fcd W1/P1/tracks_1hz.csv.gz --collisions W1/P1/collisions.csv --inputs w1.inputs
  npm run rahban -- explain --log w1.inputs --map W1/net.net.xml.gz --vehicle 230 --at 619`;

export default {
  name: 'explain',
  summary: 'why a vehicle was or was not warned at a moment',
  help,
  async run(args) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        log: { type: 'string' },
        map: { type: 'string' },
        vehicle: { type: 'string' },
        at: { type: 'string' },
        json: { type: 'boolean' },
      },
    });
    const { log, map, vehicle } = values;
    const at = Number(values.at);
    if (log === undefined || map === undefined || vehicle === undefined || values.at === undefined)
      throw new UsageError('--log, --map, --vehicle and --at are needed');
    if (!Number.isFinite(at)) throw new UsageError(`--at ${values.at}: seconds of the recording are needed`);
    const built = await buildMap(map, join(process.env.RAHBAN_DATA_DIR ?? 'data', 'maps'));
    const found = await explain(log, await loadGraph(built.graphFile), vehicle, at);
    if (values.json === true) {
      process.stdout.write(`${JSON.stringify(found)}\n`);
      return 0;
    }
    const lines = [`${vehicle} at ${at} s: ${found.verdict}`];
    const { state } = found;
    if (state !== null)
      lines.push(
        `State: ${state.lat.toFixed(6)}, ${state.lon.toFixed(6)}, ${state.speed.toFixed(1)} m/s, heading ${state.headingDeg.toFixed(0)}°, ` +
          `road ${state.road || 'none'} ${state.roadName}(match ${state.matchConfidence.toFixed(2)}), ${state.age.toFixed(1)} s old, stage ${state.stage}`,
      );
    if (found.lookedAt !== null) {
      lines.push(`Looked at last at ${found.lookedAt} s${found.decisions.length === 0 ? ': nothing to judge' : ':'}`);
      for (const { sentence } of found.decisions) lines.push(`- ${sentence}`);
    }
    for (const event of found.told)
      lines.push(
        `${event.time} s: alert ${event.alertId} ${event.prevStage}→${event.stage} ${event.class} ${event.other ? `with ${event.other} ` : ''}` +
          `${event.distance.toFixed(0)} m, p ${event.probability.toFixed(2)} | ${event.why}`,
      );
    for (const n of found.neighbours)
      lines.push(
        `near ${n.vehicle}: ${n.ahead.toFixed(0)} m ahead, ${n.left.toFixed(1)} m left, ${n.speed.toFixed(1)} m/s, contact ` +
          `${n.contact === null ? 'none' : `${n.contact.toFixed(1)} s`}, needed deceleration ${n.requiredDeceleration?.toFixed(2) ?? '–'}`,
      );
    process.stdout.write(`${lines.join('\n')}\n`);
    return 0;
  },
} satisfies Command;
