// `npm run rahban`, `npm run evaluate`: compiles what changed, then runs a compiled program with the arguments given.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { prepare, projectRoot } from './prepare.mjs';

prepare({ web: false });
const [program, ...args] = process.argv.slice(2);
process.argv = [process.execPath, join(projectRoot, 'dist', program), ...args];
await import(pathToFileURL(process.argv[1]).href);
