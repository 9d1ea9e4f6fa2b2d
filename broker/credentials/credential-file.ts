import { mkdir, open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type CredentialLine, parseLine } from './entry.ts';

export const credentialFileName = 'credentials.jsonl';

export function credentialFile(dataDir: string): string {
  return join(dataDir, credentialFileName);
}

/**
 * Appends one line and returns when it is on disk. Creates folder and file (mode 700 and 600, folder fsynced) when missing.
 * A torn last line of an earlier crash is closed first, so that it cannot swallow this one.
 */
export async function appendLine(dataDir: string, line: CredentialLine): Promise<void> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const path = credentialFile(dataDir);
  const existed = await stat(path).then(
    () => true,
    () => false,
  );
  const file = await open(path, 'a+', 0o600);
  try {
    const { size } = await file.stat();
    const last = Buffer.alloc(1);
    if (size > 0) await file.read(last, 0, 1, size - 1);
    const start = size > 0 && last[0] !== 0x0a ? '\n' : '';
    await file.appendFile(`${start}${JSON.stringify(line)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  if (!existed) await syncFolder(dataDir);
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** How far a reader has come. A changed inode or a shorter file means: begin again. */
export interface ReadPosition {
  readonly inode: number;
  readonly offset: number;
}

export interface ReadResult {
  /** true when `lines` is the whole file, not only what is new. */
  readonly fromStart: boolean;
  readonly lines: readonly CredentialLine[];
  /** Complete lines that are not legal: torn by a crash or damaged. */
  readonly badLines: number;
  /** Bytes after the last line end: a line being written, or torn by a crash. */
  readonly tornBytes: number;
  readonly position: ReadPosition;
}

/** Reads what was added since `position`; a file that does not exist is empty. Throws what the file system throws otherwise. */
export async function readLines(dataDir: string, position: ReadPosition | undefined): Promise<ReadResult> {
  const path = credentialFile(dataDir);
  let file: Awaited<ReturnType<typeof open>>;
  try {
    file = await open(path, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      return { fromStart: true, lines: [], badLines: 0, tornBytes: 0, position: { inode: -1, offset: 0 } };
    throw error;
  }
  try {
    const { size, ino } = await file.stat();
    const fromStart = position === undefined || position.inode !== ino || size < position.offset;
    const offset = fromStart ? 0 : position.offset;
    const bytes = Buffer.alloc(size - offset);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, offset);
    const end = bytes.subarray(0, bytesRead).lastIndexOf(0x0a) + 1;
    const texts = bytes.toString('utf8', 0, end).split('\n').filter(Boolean);
    const lines = texts.map(parseLine).filter((line) => line !== undefined);
    return {
      fromStart,
      lines,
      badLines: texts.length - lines.length,
      tornBytes: bytesRead - end,
      position: { inode: ino, offset: offset + end },
    };
  } finally {
    await file.close();
  }
}
