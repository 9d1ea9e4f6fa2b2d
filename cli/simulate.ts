import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildMap, loadGraph } from '../roads/import/index.ts';
import { runSimulation, type ScenarioKind, scenarioKinds } from '../simulators/index.ts';
import { type Command, UsageError } from './command.ts';

const help = `rahban simulate: city traffic with scripted crashes, each vehicle a real MQTT client

Usage: npm run rahban -- simulate --mqtt URL --user USER [options]

USER is a gateway credential ("vehicle add USER --kind gateway --prefix demo-"); its password is read from
--password or, better, from RAHBAN_SIMULATE_PASSWORD. Runs until SIGTERM or SIGINT.

  --mqtt URL          mqtt://127.0.0.1:1883
  --user USER         credential's id
  --password P        its password
  --prefix P          first letters of all vehicle ids; the credential's prefix (default demo-)
  --map FILE          .osm.pbf or SUMO .net.xml[.gz] (default $RAHBAN_MAP or maps/monaco_2016.osm.pbf)
  --data-dir DIR      the built map is kept in DIR/maps (default $RAHBAN_DATA_DIR or ./data)
  --vehicles N        0..20000 (default 150)
  --seed S            the same seed gives the same traffic (default 1)
  --scenario LIST     of ${scenarioKinds.join(', ')}, played in turn every 90 s (default all; none: no crashes)
  --first-crash-s S   seconds until the first contact, 15..600 (default 40)
  --reacting          drivers who are warned (stage 2 or 3) brake

Example: npm run rahban -- simulate --mqtt mqtt://127.0.0.1:1883 --user demo --vehicles 50`;

function numberOf(name: string, text: string, low: number, high: number): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!(value >= low && value <= high))
    throw new UsageError(`--${name} ${text}: expected a number in [${low}, ${high}]`);
  return value;
}

function scenariosOf(text: string): readonly ScenarioKind[] {
  if (text === 'none') return [];
  return text.split(',').map((name) => {
    const kind = scenarioKinds.find((known) => known === name.trim());
    if (kind === undefined) throw new UsageError(`--scenario ${name}: expected ${scenarioKinds.join(', ')} or none`);
    return kind;
  });
}

export default {
  name: 'simulate',
  summary: 'city traffic with scripted crashes over MQTT',
  help,
  async run(args) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        mqtt: { type: 'string' },
        user: { type: 'string' },
        password: { type: 'string' },
        prefix: { type: 'string', default: 'demo-' },
        map: { type: 'string' },
        'data-dir': { type: 'string' },
        vehicles: { type: 'string', default: '150' },
        seed: { type: 'string', default: '1' },
        scenario: { type: 'string', default: scenarioKinds.join(',') },
        'first-crash-s': { type: 'string', default: '40' },
        reacting: { type: 'boolean', default: false },
      },
    });
    const password = values.password ?? process.env.RAHBAN_SIMULATE_PASSWORD;
    if (values.mqtt === undefined) throw new UsageError('--mqtt is missing');
    if (values.user === undefined) throw new UsageError('--user is missing');
    if (password === undefined) throw new UsageError('--password or RAHBAN_SIMULATE_PASSWORD is missing');
    const vehicles = numberOf('vehicles', values.vehicles, 0, 20_000);
    const seed = numberOf('seed', values.seed, 0, 2 ** 32 - 1);
    const firstContact = numberOf('first-crash-s', values['first-crash-s'], 15, 600);
    const scenarios = scenariosOf(values.scenario);
    const stop = new AbortController();
    for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.once(signal, () => stop.abort());
    const map = values.map ?? process.env.RAHBAN_MAP ?? 'maps/monaco_2016.osm.pbf';
    const dataDir = values['data-dir'] ?? process.env.RAHBAN_DATA_DIR ?? './data';
    const built = await buildMap(map, join(dataDir, 'maps'));
    const graph = await loadGraph(built.graphFile);
    const say = (text: string): void => void process.stderr.write(`${text}\n`);
    say(`simulating ${vehicles} vehicles on ${map}`);
    await runSimulation({
      graph,
      seed,
      vehicles,
      idPrefix: values.prefix,
      scenarios,
      firstContact,
      reacting: values.reacting,
      access: { url: values.mqtt, user: values.user, password },
      stop: stop.signal,
      onEvent: say,
    });
    // The channel to the parent would keep the process.
    if (process.connected) process.disconnect();
    return 0;
  },
} satisfies Command;
