// `npm test`: installs what the tests need, checks, runs everything; the last line is `N passed, N failed`.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { buildWeb, compile, installPackages, projectRoot } from './prepare.mjs';

/** Debian package by the program the tests look for. */
const programs = {
  mosquitto: 'mosquitto',
  mosquitto_pub: 'mosquitto-clients',
  influxd: 'influxdb',
  chromium: 'chromium',
  sumo: 'sumo',
};

function has(program) {
  return [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin'].some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function installPrograms() {
  const missing = Object.keys(programs).filter((program) => !has(program));
  if (missing.length === 0) return;
  const packages = missing.map((program) => programs[program]);
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version') || !has('apt-get')) {
    process.stderr.write(`not installed: ${packages.join(', ')}; the tests that need them are skipped by name\n`);
    return;
  }
  process.stderr.write(`- installing ${packages.join(', ')} (apt-get) …\n`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [
    ['update', '-qq'],
    ['install', '-y', '-qq', '--no-install-recommends', ...packages],
  ]) {
    const result = spawnSync('apt-get', args, { env, encoding: 'utf8' });
    if (result.status !== 0) process.stderr.write(`apt-get ${args[0]} failed:\n${result.stderr}\n`);
  }
}

installPackages();
installPrograms();
compile();
buildWeb();
const args = process.argv.slice(2);
if (args.length === 0) {
  const check = spawnSync(process.execPath, [join(projectRoot, 'scripts/check.mjs')], {
    cwd: projectRoot,
    stdio: 'inherit',
  });
  if (check.status !== 0) {
    process.stdout.write('\n0 passed, 1 failed\n');
    process.exit(1);
  }
}
const run = spawnSync(process.execPath, [join(projectRoot, 'node_modules/vitest/vitest.mjs'), 'run', ...args], {
  cwd: projectRoot,
  stdio: 'inherit',
});
process.exit(run.status ?? 1);
