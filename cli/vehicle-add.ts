import { parseArgs } from 'node:util';
import { CredentialStore, type HolderKind, holderKinds } from '../broker/index.ts';
import { type Command, UsageError } from './command.ts';

export default {
  name: 'vehicle add',
  summary: 'make a credential for a vehicle, a gateway or a monitor; prints its secret once',
  help: `Usage: npm run rahban -- vehicle add ID [options]

Makes a credential of the embedded broker. ID is the MQTT user name, and for a vehicle its id in every topic.
A running platform accepts it within about a second. The secret is printed once and stored nowhere.

  --kind KIND       vehicle (default): publishes and subscribes as itself only
                    gateway: for every vehicle whose id starts with --prefix (bus company, simulator, replay)
                    monitor: may watch the warnings of all, publishes nothing
  --prefix P        1..48 characters of A-Z a-z 0-9 _ . : - ; only with --kind gateway
  --password P      a password of your own, 8..256 characters; by default 192 random bits
  --rotate          ID exists already: give it a new secret and cut the sessions that use the old one
  --data-dir DIR    default $RAHBAN_DATA_DIR or ./data
  --json            print {"id","secret","kind","prefix"?} as the last line

Example: npm run rahban -- vehicle add car-1
         mosquitto_sub -u car-1 -P SECRET -t rahban/v1/warnings/car-1`,
  async run(args) {
    const { id, values } = parse(args);
    const kind = holderKinds.find((known) => known === values.kind);
    if (kind === undefined) throw new UsageError(`--kind ${values.kind}: expected ${holderKinds.join(', ')}`);
    const dataDir = values['data-dir'] ?? process.env.RAHBAN_DATA_DIR ?? './data';
    const store = await CredentialStore.open(dataDir);
    const secret = await make(store, id, kind, values);
    const made = store.find(id);
    const shown = {
      id,
      secret,
      kind: made?.kind ?? kind,
      ...(made?.prefix === undefined ? {} : { prefix: made.prefix }),
    };
    if (values.json) process.stdout.write(`${JSON.stringify(shown)}\n`);
    else process.stdout.write(`id      ${id}\nsecret  ${secret}\n`);
    return 0;
  },
} satisfies Command;

function parse(args: readonly string[]) {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      kind: { type: 'string', default: 'vehicle' },
      prefix: { type: 'string' },
      password: { type: 'string' },
      rotate: { type: 'boolean', default: false },
      'data-dir': { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const [id] = positionals;
  if (id === undefined || positionals.length > 1) throw new UsageError('expected exactly one ID');
  return { id, values };
}

async function make(
  store: CredentialStore,
  id: string,
  kind: HolderKind,
  { rotate, prefix, password }: { rotate: boolean; prefix?: string; password?: string },
): Promise<string> {
  try {
    if (rotate) return await store.rotate(id, password);
    return await store.add({
      principal: id,
      kind,
      ...(prefix === undefined ? {} : { prefix }),
      ...(password === undefined ? {} : { password }),
    });
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message);
    throw error;
  }
}
