import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { decodeGraph } from '../roads/graph/index.ts';
import { type Facility, importMapFile, mapStats } from '../roads/import/index.ts';
import { type Command, UsageError } from './command.ts';

const help = `rahban map info: what a map or a road graph holds

Usage: npm run rahban -- map info FILE [--json]

FILE is a map (.osm.pbf, .net.xml, .net.xml.gz) or a graph made by "map build" (.graph). Nothing is written.

Options
  --json   print one JSON object

Example: npm run rahban -- map info maps/monaco_2016.osm.pbf`;

export default {
  name: 'map info',
  summary: 'what a map file or a road graph holds',
  help,
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { json: { type: 'boolean' } },
    });
    if (positionals.length !== 1) throw new UsageError(`one file is needed, ${positionals.length} given`);
    const [file] = positionals;
    const { graph, facilities, counts, kind } = file.endsWith('.graph')
      ? { graph: decodeGraph(await readFile(file)), facilities: [], counts: {}, kind: 'graph' as const }
      : await importMapFile(file);
    const stats = mapStats(graph, counts);
    const byKind = countKinds(facilities);
    const { mapHash } = graph;
    if (values.json) process.stdout.write(`${JSON.stringify({ kind, mapHash, stats, facilities: byKind })}\n`);
    else process.stdout.write(describe(kind, mapHash, { ...stats, facilities: byKind }));
    return 0;
  },
} satisfies Command;

function countKinds(facilities: readonly Facility[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind } of facilities) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

function describe(kind: string, mapHash: string, rows: object): string {
  const text = Object.entries({ kind, mapHash, ...rows }).map(
    ([name, value]) => `${name.padEnd(20)} ${typeof value === 'object' ? JSON.stringify(value) : value}`,
  );
  return `${text.join('\n')}\n`;
}
