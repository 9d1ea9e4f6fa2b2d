import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildMap, loadGraph } from '../roads/import/index.ts';
import { runLoad } from '../simulators/index.ts';
import { type Command, UsageError } from './command.ts';

const help = `rahban load: many vehicles at once, each an MQTT connection of its own, and what comes back

Usage: npm run rahban -- load --mqtt URL --user USER --map FILE [options]

USER is a gateway credential; its password is read from --password or RAHBAN_LOAD_PASSWORD. The vehicles drive in pairs on
closed ways of the map; every follower closes in on its leader every 20 s, so that warnings flow all the time.

  --mqtt URL        mqtt://127.0.0.1:1883
  --user USER       --password P
  --prefix P        first letters of the vehicle ids (default load-)
  --map FILE        the platform's map
  --data-dir DIR    the built map is kept in DIR/maps (default $RAHBAN_DATA_DIR or ./data)
  --vehicles N      2..20000 (default 2000)
  --hz R            0.1..50 messages a second of each (default 10)
  --seconds S       1..3600 (default 20)
  --seed S          (default 1)
  --json            print one JSON object as the last line

publishToWarningMs is the time from the newest message that entered a warning's decision to the warning's arrival;
settledPublishToWarningMs the same without the first 2 s, in which all vehicles appear at once.`;

function numberOf(name: string, text: string, low: number, high: number): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!(value >= low && value <= high))
    throw new UsageError(`--${name} ${text}: expected a number in [${low}, ${high}]`);
  return value;
}

export default {
  name: 'load',
  summary: 'many MQTT connections at a rate, counting the warnings that come back',
  help,
  async run(args) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        mqtt: { type: 'string' },
        user: { type: 'string' },
        password: { type: 'string' },
        prefix: { type: 'string', default: 'load-' },
        map: { type: 'string' },
        'data-dir': { type: 'string' },
        vehicles: { type: 'string', default: '2000' },
        hz: { type: 'string', default: '10' },
        seconds: { type: 'string', default: '20' },
        seed: { type: 'string', default: '1' },
        json: { type: 'boolean', default: false },
      },
    });
    const password = values.password ?? process.env.RAHBAN_LOAD_PASSWORD;
    if (values.mqtt === undefined) throw new UsageError('--mqtt is missing');
    if (values.user === undefined) throw new UsageError('--user is missing');
    if (password === undefined) throw new UsageError('--password or RAHBAN_LOAD_PASSWORD is missing');
    const vehicles = Math.floor(numberOf('vehicles', values.vehicles, 2, 20_000));
    const hz = numberOf('hz', values.hz, 0.1, 50);
    const seconds = numberOf('seconds', values.seconds, 1, 3600);
    const seed = numberOf('seed', values.seed, 0, 2 ** 32 - 1);
    const stop = new AbortController();
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort());
    const map = values.map ?? process.env.RAHBAN_MAP ?? 'maps/monaco_2016.osm.pbf';
    const dataDir = values['data-dir'] ?? process.env.RAHBAN_DATA_DIR ?? './data';
    const graph = await loadGraph((await buildMap(map, join(dataDir, 'maps'))).graphFile);
    const result = await runLoad({
      graph,
      access: { url: values.mqtt, user: values.user, password },
      prefix: values.prefix,
      vehicles,
      hz,
      seconds,
      seed,
      stop: stop.signal,
      onProgress: (text) => void process.stderr.write(`${text}\n`),
    });
    process.stdout.write(values.json ? `${JSON.stringify(result)}\n` : `${JSON.stringify(result, undefined, 2)}\n`);
    return stop.signal.aborted ? 1 : 0;
  },
} satisfies Command;
