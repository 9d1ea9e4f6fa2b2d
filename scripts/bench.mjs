// `npm run bench -- NAME [--json] [options]`: one benchmark of tests/bench.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { prepare, projectRoot } from './prepare.mjs';

const [name, ...args] = process.argv.slice(2);
const folder = join(projectRoot, 'tests', 'bench');
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.bench.ts'))
  .map((file) => file.slice(0, -'.bench.ts'.length));
if (name === undefined || !existsSync(join(folder, `${name}.bench.ts`))) {
  process.stderr.write(`npm run bench -- NAME [--json]; NAME is one of: ${names.join(', ')}\n`);
  process.exit(2);
}
prepare({ web: false });
const run = spawnSync(process.execPath, ['--expose-gc', '--import', 'tsx', join(folder, `${name}.bench.ts`), ...args], {
  cwd: projectRoot,
  stdio: 'inherit',
});
process.exit(run.status ?? 1);
