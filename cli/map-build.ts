import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildMap } from '../roads/import/index.ts';
import { type Command, UsageError } from './command.ts';

const help = `rahban map build: a road graph from a map file

Usage: npm run rahban -- map build FILE [--out DIR] [--json]

FILE is OpenStreetMap (.osm.pbf) or a SUMO network (.net.xml, .net.xml.gz).
A graph built before from the same file by the same version is found, not built again.

Options
  --out DIR   where the graph and its facilities are written (default: maps in the data directory, RAHBAN_DATA_DIR or ./data)
  --json      print one JSON object

Example: npm run rahban -- map build maps/monaco_2016.osm.pbf`;

export default {
  name: 'map build',
  summary: 'build the road graph of an OSM or SUMO map',
  help,
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { out: { type: 'string' }, json: { type: 'boolean' } },
    });
    if (positionals.length !== 1) throw new UsageError(`one map file is needed, ${positionals.length} given`);
    const out = values.out ?? join(process.env.RAHBAN_DATA_DIR ?? 'data', 'maps');
    const started = performance.now();
    const built = await buildMap(positionals[0], out, (step) => process.stderr.write(`${step} …\n`));
    const seconds = Number(((performance.now() - started) / 1000).toFixed(2));
    const { stats, facilities, graphFile, kind, mapHash, cached } = built;
    if (values.json)
      process.stdout.write(`${JSON.stringify({ graphFile, kind, mapHash, cached, seconds, stats, facilities })}\n`);
    else
      process.stdout.write(
        `${graphFile}${cached ? ' (built before)' : ''}\n${stats.edges} edges, ${stats.lengthKm} km, ${stats.nodes} junctions, ` +
          `${stats.movements} movements, ${facilities.length} facilities, ${seconds} s\n`,
      );
    return 0;
  },
} satisfies Command;
