import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** This platform's client id at an external broker: made at random once, then kept in the data folder. */
export async function keptClientId(dataDir: string): Promise<string> {
  const path = join(dataDir, 'mqtt-client-id');
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  try {
    await writeFile(path, `rahban-${randomBytes(8).toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  const id = (await readFile(path, 'utf8')).trim();
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(id)) throw new Error(`${path}: not a client id; delete the file to get a new one`);
  return id;
}
