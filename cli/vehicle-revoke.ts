import { parseArgs } from 'node:util';
import { CredentialStore } from '../broker/index.ts';
import { type Command, UsageError } from './command.ts';

export default {
  name: 'vehicle revoke',
  summary: 'revoke a credential; its live sessions are cut',
  help: `Usage: npm run rahban -- vehicle revoke ID [options]

A running platform cuts the sessions of ID within about a second, without their last will.

  --data-dir DIR    default $RAHBAN_DATA_DIR or ./data
  --json            print {"id","revoked":true} as the last line`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { 'data-dir': { type: 'string' }, json: { type: 'boolean', default: false } },
    });
    const [id] = positionals;
    if (id === undefined || positionals.length > 1) throw new UsageError('expected exactly one ID');
    const store = await CredentialStore.open(values['data-dir'] ?? process.env.RAHBAN_DATA_DIR ?? './data');
    await store.revoke(id);
    process.stdout.write(values.json ? `${JSON.stringify({ id, revoked: true })}\n` : `revoked ${id}\n`);
    return 0;
  },
} satisfies Command;
