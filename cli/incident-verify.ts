import { parseArgs } from 'node:util';
import type { Command } from './command.ts';
import { storeHelp, storeOptions, withIncidentStore } from './incident-store.ts';

export default {
  name: 'incident verify',
  summary: 'check the hash chain over all incident records and raw messages',
  help: `Usage: npm run rahban -- incident verify [options]

Walks every entry of the record store: sequence, bodies, links, raw messages, end of the chain.
Exit code 0 when all of it is unchanged, 1 when not. Keep the printed head: a later chain must still contain it.

${storeHelp}`,
  async run(args) {
    const { values } = parseArgs({ args: [...args], options: storeOptions });
    const verdict = await withIncidentStore(values, (service) => service.verify());
    process.stdout.write(
      values.json
        ? `${JSON.stringify(verdict)}\n`
        : verdict.ok
          ? `unchanged: ${verdict.records} entries, head ${verdict.head}\n`
          : `CHANGED at entry ${verdict.firstBroken}: ${verdict.reason} (${verdict.records} entries before it are good)\n`,
    );
    return verdict.ok ? 0 : 1;
  },
} satisfies Command;
