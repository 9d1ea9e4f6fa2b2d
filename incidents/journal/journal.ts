import type { Log } from '../../database/index.ts';
import { frameRecord, maxPayload, readRecords } from './frame.ts';
import type { JournalFile, JournalFiles } from './journal-files.ts';

export interface JournalCounters {
  readonly appended: number;
  /** Records refused because the disk did not take them, or the journal is full. */
  readonly refused: number;
  /** Files given up after a failed write or sync. */
  readonly failedFiles: number;
  readonly tornFiles: number;
  readonly damagedFiles: number;
  readonly bytesNow: number;
}

/** The fsynced local journal: where facts wait while the database is away. */
export interface Journal {
  /** Resolves when the bytes are on disk (write, fdatasync); rejects when they are not: then they must not be acknowledged. */
  append(payload: Uint8Array): Promise<void>;
  /** True when something waits to be replayed. */
  waiting(): boolean;
  /**
   * Hands the records of every finished file to `apply`, oldest first; a file is removed when `apply` resolved for all its
   * records. Stops at the first rejection and keeps the rest. A damaged file is kept aside as `*.damaged` after its good
   * records were applied. New records go to a new file meanwhile.
   */
  replay(apply: (payloads: readonly Uint8Array[]) => Promise<void>): Promise<void>;
  counters(): JournalCounters;
  close(): Promise<void>;
}

export interface JournalOptions {
  readonly files: JournalFiles;
  readonly log: Log;
  /** Bytes of one file before the next is begun. */
  readonly fileLimit?: number;
  /** Bytes of all files; beyond it `append` rejects. */
  readonly totalLimit?: number;
}

interface Waiting {
  readonly payload: Uint8Array;
  resolve(): void;
  reject(error: unknown): void;
}

/** Opens the journal. What earlier processes left is waiting for `replay`; their files are never appended to. */
export async function openJournal(options: JournalOptions): Promise<Journal> {
  const { files, log } = options;
  const fileLimit = options.fileLimit ?? 8 * 1024 * 1024;
  const totalLimit = options.totalLimit ?? 256 * 1024 * 1024;
  await files.prepare();
  const closed: { name: string; bytes: number }[] = [];
  let next = 0;
  for (const name of [...(await files.list())].sort()) {
    const number = /^journal-(\d{8})\.log(\.damaged)?$/.exec(name);
    if (number === null) continue;
    next = Math.max(next, Number(number[1]) + 1);
    if (number[2] === undefined) closed.push({ name, bytes: (await files.read(name)).length });
  }

  const count = { appended: 0, refused: 0, failedFiles: 0, tornFiles: 0, damagedFiles: 0 };
  let queue: Waiting[] = [];
  let current: { name: string; file: JournalFile; bytes: number; records: number } | undefined;
  let lastTurn: Promise<void> = Promise.resolve();
  let replaying: Promise<void> | undefined;
  const total = (): number => closed.reduce((sum, file) => sum + file.bytes, current?.bytes ?? 0);

  /** One user of the current file at a time: a file is never ended while a write to it is under way. */
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    lastTurn = lastTurn.then(work, work);
    return lastTurn;
  };
  const begin = async (): Promise<NonNullable<typeof current>> => {
    const name = `journal-${String(next++).padStart(8, '0')}.log`;
    const file = await files.create(name);
    current = { name, file, bytes: 0, records: 0 };
    await files.syncFolder();
    return current;
  };
  /** Ends the current file. What was written stays for replay; nothing more is asked of its descriptor. */
  const finish = async (): Promise<void> => {
    if (current === undefined) return;
    const ended = current;
    current = undefined;
    closed.push({ name: ended.name, bytes: ended.bytes });
    try {
      await ended.file.close();
    } catch (error) {
      log.error({ err: error, file: ended.name }, 'journal file did not close');
    }
  };
  const writeBatch = async (batch: readonly Waiting[]): Promise<void> => {
    try {
      if (current !== undefined && current.bytes >= fileLimit) await finish();
      const target = current ?? (await begin());
      const frames = batch.map((waiting, i) => frameRecord(target.records + i, waiting.payload));
      const bytes = Buffer.concat(frames);
      if (total() + bytes.length > totalLimit) throw new Error(`the incident journal is full (${totalLimit} bytes)`);
      target.records += batch.length;
      target.bytes += bytes.length;
      await target.file.write(bytes);
      await target.file.sync();
      count.appended += batch.length;
      for (const waiting of batch) waiting.resolve();
    } catch (error) {
      // After a failed write or sync the kernel may have dropped the pages and call the next sync good: that descriptor is finished.
      count.refused += batch.length;
      if (current !== undefined) count.failedFiles++;
      await finish();
      log.error({ err: error }, 'incident journal: not on disk, not acknowledged');
      for (const waiting of batch) waiting.reject(error);
    }
  };
  /** Group commit: what gathered while the last write was under way goes out in one write and one sync. */
  const writeQueued = async (): Promise<void> => {
    const batch = queue;
    queue = [];
    if (batch.length > 0) await writeBatch(batch);
  };
  const replayFiles = async (apply: (payloads: readonly Uint8Array[]) => Promise<void>): Promise<void> => {
    await inTurn(finish);
    while (closed.length > 0) {
      const { name } = closed[0];
      const content = readRecords(await files.read(name));
      for (let start = 0; start < content.records.length; start += 64)
        await apply(content.records.slice(start, start + 64));
      if (content.state === 'torn') count.tornFiles++;
      if (content.state === 'damaged') {
        count.damagedFiles++;
        log.error({ file: name, firstBad: content.firstBad }, 'incident journal: damaged file kept aside');
        await files.rename(name, `${name}.damaged`);
      } else await files.remove(name);
      closed.shift();
      await files.syncFolder();
    }
  };
  return {
    append(payload) {
      if (payload.length > maxPayload)
        return Promise.reject(new RangeError(`journal record: at most ${maxPayload} bytes`));
      return new Promise((resolve, reject) => {
        queue.push({ payload, resolve, reject });
        void inTurn(writeQueued);
      });
    },
    waiting: () => closed.length > 0 || current !== undefined || queue.length > 0,
    replay(apply) {
      replaying ??= replayFiles(apply).finally(() => {
        replaying = undefined;
      });
      return replaying;
    },
    counters: () => ({ ...count, bytesNow: total() }),
    async close() {
      await inTurn(finish);
    },
  };
}
