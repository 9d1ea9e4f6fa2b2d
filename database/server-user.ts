import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Who runs the embedded server: PostgreSQL refuses to run as root. Empty when we are not root. */
export interface ServerUser {
  readonly uid?: number;
  readonly gid?: number;
}

/**
 * Ourselves when not root; as root the system's `postgres` user, else `nobody`: an existing user, so that nothing of the
 * machine is changed (the server looks its own user up, so a bare number is not enough). Throws when there is none.
 */
export function chooseServerUser(): ServerUser {
  if (process.getuid?.() !== 0) return {};
  const users = readFileSync('/etc/passwd', 'utf8').split('\n');
  for (const name of ['postgres', 'nobody']) {
    const fields = users.find((line) => line.startsWith(`${name}:`))?.split(':');
    if (fields !== undefined && Number(fields[2]) > 0) return { uid: Number(fields[2]), gid: Number(fields[3]) };
  }
  throw new Error(
    'running as root, and neither a user postgres nor nobody exists; run as another user or give DATABASE_URL',
  );
}

/** Whether that user may pass every folder on the way to `path` and read it. */
export function canReach(user: ServerUser, path: string): boolean {
  return asks(user, 'test -r "$1" && test -x "$1"', path);
}

/** Whether that user may pass through the folder `path`. */
export function canPass(user: ServerUser, path: string): boolean {
  return asks(user, 'test -x "$1"', path);
}

function asks(user: ServerUser, question: string, path: string): boolean {
  if (user.uid === undefined) return true;
  return spawnSync('/bin/sh', ['-c', question, 'sh', path], { ...user, cwd: '/' }).status === 0;
}
