// Who may import whom: read from the rooms' own tsconfig references, checked on every import statement. Exit code 1 and one line per breach.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), '..'));
const rooms = [
  'messages',
  'roads/graph',
  'roads/import',
  'roads/routing',
  'collision',
  'database',
  'incidents',
  'dispatch',
  'broker',
  'ingest',
  'api',
  'simulators',
  'evaluation',
  'dashboards/web',
].filter((room) => existsSync(join(root, room, 'tsconfig.json')));
/** Rooms that must stay pure: no Node API and no package at all. */
const pure = new Set(['messages', 'roads/graph', 'collision']);

const roomOf = (path) => rooms.find((room) => relative(root, path).split(sep).join('/').startsWith(`${room}/`));
const sourcesOf = (room) =>
  readdirSync(join(root, room), { recursive: true, withFileTypes: true })
    .filter(
      (entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !/node_modules/.test(entry.parentPath ?? entry.path),
    )
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
const importPattern =
  /(?:^|\n)\s*(?:import|export)\s+(?:[^'"();]*?\sfrom\s+)?['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/g;

const breaches = [];
for (const room of rooms) {
  const config = JSON.parse(readFileSync(join(root, room, 'tsconfig.json'), 'utf8'));
  const allowed = new Set(
    (config.references ?? []).map((reference) =>
      relative(root, resolve(root, room, reference.path))
        .split(sep)
        .join('/'),
    ),
  );
  for (const file of sourcesOf(room)) {
    const where = relative(root, file);
    for (const match of readFileSync(file, 'utf8').matchAll(importPattern)) {
      const specifier = match[1] ?? match[2];
      if (!specifier.startsWith('.')) {
        if (pure.has(room)) breaches.push(`${where}: ${room}/ is pure and may not import ${specifier}`);
        continue;
      }
      const target = resolve(dirname(file), specifier);
      const targetRoom = roomOf(target);
      if (targetRoom === room) continue;
      if (targetRoom === undefined) {
        if (!relative(root, target).startsWith(room.split('/')[0]) || /\.(ts|tsx)$/.test(specifier))
          breaches.push(`${where}: rooms may not import ${specifier} (outside every room)`);
      } else if (!allowed.has(targetRoom))
        breaches.push(`${where}: ${room}/ may not import ${targetRoom}/ (${specifier})`);
      else if (!/\/index\.ts$/.test(specifier))
        breaches.push(`${where}: import ${targetRoom}/ through its index.ts, not ${specifier}`);
    }
  }
}
for (const breach of breaches) process.stderr.write(`${breach}\n`);
process.exit(breaches.length === 0 ? 0 : 1);
