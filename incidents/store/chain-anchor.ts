import { readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../../database/index.ts';
import type { Anchor } from './verify-chain.ts';

/** The newest link, noted in a file beside the database: a chain cut at its end is otherwise still a good chain. */
export interface ChainAnchor {
  note(anchor: Anchor): void;
  read(): Anchor | undefined;
  stop(): Promise<void>;
}

const pauseMs = 1000;

/** Keeps `<folder>/chain-head.json`, written at most once a second. An aid: failing to write it is logged, no more. */
export function createChainAnchor(folder: string, log: Log): ChainAnchor {
  const path = join(folder, 'chain-head.json');
  let newest: Anchor | undefined;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();
  const save = (): void => {
    timer = undefined;
    const anchor = newest;
    writing = writing.then(async () => {
      try {
        await writeFile(`${path}.new`, `${JSON.stringify(anchor)}\n`, { mode: 0o600 });
        await rename(`${path}.new`, path);
      } catch (error) {
        log.warn({ err: error }, 'chain head not noted');
      }
    });
  };
  return {
    note(anchor) {
      if (newest !== undefined && newest.sequence >= anchor.sequence) return;
      newest = anchor;
      timer ??= setTimeout(save, pauseMs);
      timer.unref();
    },
    read: () => newest ?? readAnchor(path),
    async stop() {
      if (timer !== undefined) {
        clearTimeout(timer);
        save();
      }
      await writing;
    },
  };
}

function readAnchor(path: string): Anchor | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
  const anchor: unknown = JSON.parse(text);
  if (typeof anchor !== 'object' || anchor === null || !('sequence' in anchor) || !('hash' in anchor)) return undefined;
  return { sequence: Number(anchor.sequence), hash: String(anchor.hash) };
}
