import { parseArgs } from 'node:util';
import { CredentialStore } from '../broker/index.ts';
import type { Command } from './command.ts';

export default {
  name: 'vehicle list',
  summary: 'list the credentials of the embedded broker',
  help: `Usage: npm run rahban -- vehicle list [options]

  --data-dir DIR    default $RAHBAN_DATA_DIR or ./data
  --json            print {"credentials":[{"id","kind","prefix"?,"createdAt"}],"badLines"} as the last line

Exit code 1 when the credentials file has lines that cannot be read.`,
  async run(args) {
    const { values } = parseArgs({
      args: [...args],
      options: { 'data-dir': { type: 'string' }, json: { type: 'boolean', default: false } },
    });
    const store = await CredentialStore.open(values['data-dir'] ?? process.env.RAHBAN_DATA_DIR ?? './data');
    const credentials = store.list().map(({ principal, kind, prefix, createdMs }) => ({
      id: principal,
      kind,
      ...(prefix === undefined ? {} : { prefix }),
      createdAt: new Date(createdMs).toISOString(),
    }));
    const { badLines } = store;
    if (values.json) process.stdout.write(`${JSON.stringify({ credentials, badLines })}\n`);
    else
      for (const { id, kind, prefix, createdAt } of credentials)
        process.stdout.write(
          `${id.padEnd(24)} ${kind.padEnd(8)} ${createdAt}${prefix === undefined ? '' : ` prefix ${prefix}`}\n`,
        );
    if (badLines > 0) process.stderr.write(`${badLines} unreadable line(s) in the credentials file\n`);
    return badLines > 0 ? 1 : 0;
  },
} satisfies Command;
