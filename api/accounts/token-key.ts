import { open, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

const keyBytes = 32;

/**
 * The key that signs access tokens: `<dataDir>/token.key`, made at first start, readable by its owner only.
 * @throws Error when the file is open to others or has another length.
 */
export async function loadTokenKey(dataDir: string, random: (size: number) => Uint8Array): Promise<Uint8Array> {
  const path = join(dataDir, 'token.key');
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(random(keyBytes));
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  const { mode } = await stat(path);
  if (process.platform !== 'win32' && (mode & 0o077) !== 0)
    throw new Error(`${path}: mode ${(mode & 0o777).toString(8)}; legal: 600, readable by its owner only`);
  const key = await readFile(path);
  if (key.length !== keyBytes) throw new Error(`${path}: ${key.length} bytes; legal: ${keyBytes}`);
  return key;
}
