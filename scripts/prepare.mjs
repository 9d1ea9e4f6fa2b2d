// Makes a fresh clone ready: packages, compiled platform, web app. Does only what is missing; progress goes to stderr.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const projectRoot = join(dirname(fileURLToPath(import.meta.url)), '..');
const minimumNode = [20, 19];

function say(text) {
  process.stderr.write(`${text}\n`);
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > minimumNode[0] || (major === minimumNode[0] && minor >= minimumNode[1])) return;
  say(
    `Rahban needs Node.js ${minimumNode.join('.')} or newer; this is ${process.versions.node} (${process.execPath}).`,
  );
  process.exit(1);
}

/** Runs a step and shows what it printed only when it fails. */
function step(title, command, args, options = {}) {
  const started = Date.now();
  process.stderr.write(`- ${title} … `);
  const result = spawnSync(command, args, { cwd: projectRoot, encoding: 'utf8', maxBuffer: 1 << 26, ...options });
  if (result.status !== 0) {
    say('failed');
    say(`${result.stdout ?? ''}${result.stderr ?? ''}${result.error?.message ?? ''}`);
    say(`The step "${title}" failed: ${command} ${args.join(' ')}`);
    process.exit(1);
  }
  say(`${((Date.now() - started) / 1000).toFixed(1)} s`);
}

function stampOf(files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(file).update(readFileSync(file));
  return hash.digest('hex');
}

function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .filter((path) => !path.includes(`${join('web', 'node_modules')}`))
    .sort();
}

/** Runs `action` when what `files` hold differs from what the stamp file remembers. */
function whenChanged(stampFile, files, action) {
  const stamp = stampOf(files);
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  action();
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, stamp);
}

export function installPackages() {
  checkNode();
  const lock = join(projectRoot, 'package-lock.json');
  const installed = join(projectRoot, 'node_modules', '.package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  whenChanged(join(projectRoot, 'node_modules', '.rahban-lock'), [lock], () => {
    step('installing packages (npm install)', 'npm', [
      'install',
      '--no-save',
      '--include=dev',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
    ]);
  });
}

export function compile() {
  if (!existsSync(join(projectRoot, 'dist', 'main.js'))) say('- compiling the platform …');
  const result = spawnSync(process.execPath, [join(projectRoot, 'node_modules/typescript/bin/tsc'), '-b'], {
    cwd: projectRoot,
    encoding: 'utf8',
  });
  if (result.status === 0) return;
  say(`${result.stdout}${result.stderr}The compiler refused the sources.`);
  process.exit(1);
}

export function buildWeb() {
  const web = join(projectRoot, 'dashboards', 'web');
  const sources = [
    ...filesBelow(web),
    ...filesBelow(join(projectRoot, 'messages')),
    join(projectRoot, 'package-lock.json'),
  ];
  whenChanged(join(projectRoot, 'dist', '.web-stamp'), sources, () => {
    step('building the web app', process.execPath, [
      join(projectRoot, 'node_modules/vite/bin/vite.js'),
      'build',
      web,
      '--logLevel',
      'warn',
    ]);
  });
}

export function prepare({ web }) {
  installPackages();
  compile();
  if (web) buildWeb();
}
