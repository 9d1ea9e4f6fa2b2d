import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** One live platform per data directory. */
export interface DirectoryLock {
  release(): void;
}

const fileName = 'platform.lock';

/**
 * Takes `<directory>/platform.lock` for this process. A lock whose process is gone is taken over. Throws, naming the
 * process, when it is alive. Two machines on one network folder are not told apart: use DATABASE_URL there.
 */
export function lockDirectory(directory: string): DirectoryLock {
  const path = join(directory, fileName);
  const mine = `${process.pid} ${processBirth(process.pid)}\n`;
  const draft = join(directory, `.${fileName}.${process.pid}`);
  writeFileSync(draft, mine, { mode: 0o644 });
  try {
    for (let attempt = 0; attempt < 5; attempt++) {
      if (tryLink(draft, path)) return { release: () => releaseIfMine(path, mine) };
      const held = readOrEmpty(path);
      if (held === '') continue;
      const [pid, birth] = held.trim().split(' ');
      if (isSameProcess(Number(pid), birth ?? ''))
        throw new Error(
          `data directory ${directory} is in use by process ${pid}; stop it, or give another --data-dir (RAHBAN_DATA_DIR)`,
        );
      takeAside(path, held);
    }
    throw new Error(`data directory ${directory}: could not take ${fileName}; another start is going on`);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** `link` is atomic and carries the content with it: nobody ever reads a half-written lock. */
function tryLink(draft: string, path: string): boolean {
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Moves the stale lock away; if another starter replaced it meanwhile, what was moved is live: it is put back. */
function takeAside(path: string, stale: string): void {
  const aside = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    throw error;
  }
  if (readOrEmpty(aside) !== stale) tryLink(aside, path);
  rmSync(aside, { force: true });
}

function releaseIfMine(path: string, mine: string): void {
  if (readOrEmpty(path) === mine) rmSync(path, { force: true });
}

function isSameProcess(pid: number, birth: string): boolean {
  return isAlive(pid) && processBirth(pid) === birth;
}

/** True when a process of that number exists, whoever owns it. */
export function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

/** Start time of the process in clock ticks since boot (Linux), so that a reused number is not taken for the same process; '' elsewhere. */
function processBirth(pid: number): string {
  const stat = readOrEmpty(`/proc/${pid}/stat`);
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ESRCH') return '';
    throw error;
  }
}

/** Code of a system or PostgreSQL error (`ENOENT`, `23505`), or ''. */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
