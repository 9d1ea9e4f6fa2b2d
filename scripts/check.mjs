// `npm run check`: format, lint, import rules, types of everything.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { installPackages, projectRoot } from './prepare.mjs';

installPackages();
const bin = (path) => join(projectRoot, 'node_modules', path);
const steps = [
  ['types of the platform', bin('typescript/bin/tsc'), ['-b']],
  ['types of the tests', bin('typescript/bin/tsc'), ['-p', 'tests']],
  ['types of the web app', bin('typescript/bin/tsc'), ['-p', 'dashboards/web', '--noEmit']],
  ['format and lint', bin('@biomejs/biome/bin/biome'), ['ci', '--colors=off', '.']],
  ['import rules', join(projectRoot, 'scripts/import-rules.mjs'), []],
];
let failed = 0;
for (const [title, program, args] of steps) {
  const result = spawnSync(process.execPath, [program, ...args], { cwd: projectRoot, encoding: 'utf8' });
  process.stderr.write(`${result.status === 0 ? 'ok    ' : 'FAILED'} ${title}\n`);
  if (result.status !== 0) {
    failed += 1;
    process.stderr.write(`${result.stdout}${result.stderr}\n`);
  }
}
process.exit(failed === 0 ? 0 : 1);
