// `npm start`: everything from a fresh clone to a running platform with the demo city.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { prepare, projectRoot } from './prepare.mjs';

process.chdir(projectRoot);
prepare({ web: true });
process.env.RAHBAN_DEMO ??= 'on';
await import(pathToFileURL(join(projectRoot, 'dist', 'main.js')).href);
