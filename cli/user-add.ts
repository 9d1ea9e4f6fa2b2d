import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { accountNamePattern, hashPassword, openAccounts, randomPassword } from '../api/index.ts';
import { attachDatabase } from '../database/index.ts';
import { type Role, roles } from '../messages/index.ts';
import { type Command, UsageError } from './command.ts';
import { commandLog } from './command-log.ts';

export default {
  name: 'user add',
  summary: 'make an account for a person; prints its password once',
  help: `Usage: npm run rahban -- user add NAME --role ROLE [options]

Makes an account of the pages and the API. A running platform knows it at once.
NAME is 3..64 characters of a-z 0-9 _ . - ; it begins with a letter or digit.

  --role ROLE       ${roles.join(', ')}
  --password P      10..256 characters; by default a random one, printed once and stored nowhere
  --vehicle ID      the driver's own vehicle, which the account may see
  --data-dir DIR    default $RAHBAN_DATA_DIR or ./data
  --json            print {"name","role","password","vehicleId"?} as the last line

$DATABASE_URL names a PostgreSQL other than the embedded one.

Example: npm run rahban -- user add sara --role police`,
  async run(args) {
    const { name, role, values } = parse(args);
    const password = values.password ?? randomPassword(randomBytes);
    const database = await attachDatabase({
      dataDir: values['data-dir'] ?? process.env.RAHBAN_DATA_DIR ?? './data',
      ...(process.env.DATABASE_URL ? { url: process.env.DATABASE_URL } : {}),
      log: commandLog,
      clock: Date.now,
    });
    try {
      const accounts = await openAccounts(database);
      const vehicle = values.vehicle === undefined ? {} : { vehicleId: values.vehicle };
      const added = await accounts.add({
        name,
        role,
        passwordHash: await hashPassword(password),
        disabled: false,
        createdMs: Date.now(),
        ...vehicle,
      });
      if (!added) throw new Error(`the name ${name} is taken`);
      if (values.json) process.stdout.write(`${JSON.stringify({ name, role, password, ...vehicle })}\n`);
      else process.stdout.write(`name      ${name}\nrole      ${role}\npassword  ${password}\n`);
      return 0;
    } finally {
      await database.stop();
    }
  },
} satisfies Command;

function parse(args: readonly string[]) {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      role: { type: 'string' },
      password: { type: 'string' },
      vehicle: { type: 'string' },
      'data-dir': { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const [name] = positionals;
  if (name === undefined || positionals.length > 1) throw new UsageError('expected exactly one NAME');
  if (!new RegExp(accountNamePattern).test(name))
    throw new UsageError(`NAME ${JSON.stringify(name)}: 3..64 characters of a-z 0-9 _ . -`);
  const role: Role | undefined = roles.find((known) => known === values.role);
  if (role === undefined) throw new UsageError(`--role ${values.role ?? '(missing)'}: expected ${roles.join(', ')}`);
  const { password, vehicle } = values;
  if (password !== undefined && (password.length < 10 || password.length > 256))
    throw new UsageError('--password: 10..256 characters');
  if (vehicle !== undefined && !/^[A-Za-z0-9_.:-]{1,64}$/.test(vehicle))
    throw new UsageError(`--vehicle ${JSON.stringify(vehicle)}: 1..64 characters of A-Z a-z 0-9 _ . : -`);
  return { name, role, values };
}
