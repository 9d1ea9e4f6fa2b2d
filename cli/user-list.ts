import { parseArgs } from 'node:util';
import { openAccounts } from '../api/index.ts';
import { attachDatabase } from '../database/index.ts';
import type { Command } from './command.ts';
import { commandLog } from './command-log.ts';

export default {
  name: 'user list',
  summary: 'list the accounts of people, with their roles',
  help: `Usage: npm run rahban -- user list [options]

  --data-dir DIR    default $RAHBAN_DATA_DIR or ./data
  --json            print {"users":[{"name","role","disabled","createdAt","vehicleId"?}]} as the last line

$DATABASE_URL names a PostgreSQL other than the embedded one.`,
  async run(args) {
    const { values } = parseArgs({
      args: [...args],
      options: { 'data-dir': { type: 'string' }, json: { type: 'boolean', default: false } },
    });
    const database = await attachDatabase({
      dataDir: values['data-dir'] ?? process.env.RAHBAN_DATA_DIR ?? './data',
      ...(process.env.DATABASE_URL ? { url: process.env.DATABASE_URL } : {}),
      log: commandLog,
      clock: Date.now,
    });
    try {
      const users = (await (await openAccounts(database)).list()).map((account) => ({
        name: account.name,
        role: account.role,
        disabled: account.disabled,
        createdAt: new Date(account.createdMs).toISOString(),
        ...(account.vehicleId === undefined ? {} : { vehicleId: account.vehicleId }),
      }));
      if (values.json) process.stdout.write(`${JSON.stringify({ users })}\n`);
      for (const { name, role, disabled, createdAt } of values.json ? [] : users)
        process.stdout.write(`${name.padEnd(24)} ${role.padEnd(16)} ${createdAt}${disabled ? ' disabled' : ''}\n`);
      return 0;
    } finally {
      await database.stop();
    }
  },
} satisfies Command;
