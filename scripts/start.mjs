// `npm start`: everything from a fresh clone to a running platform with the demo city.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { prepare, projectRoot } from './prepare.mjs';

process.chdir(projectRoot);
prepare({ web: true });
process.env.RAHBAN_DEMO ??= 'on';
// The simulated city is small and nobody's privacy is at stake in it: two vehicles are enough to show a street's speed.
if (process.env.RAHBAN_DEMO === 'on') process.env.RAHBAN_CONGESTION_MIN_VEHICLES ??= '2';
await import(pathToFileURL(join(projectRoot, 'dist', 'main.js')).href);
