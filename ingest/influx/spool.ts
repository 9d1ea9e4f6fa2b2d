import { Buffer } from 'node:buffer';
import { type FileHandle, mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { checkedInteger } from '../options.ts';
import { decodeRecords, encodeRecord } from './spool-records.ts';

export interface SpoolOptions {
  /** Folder of its own; created. One process at a time. */
  readonly directory: string;
  /** Bytes on disk, 64 KiB..1 TiB; beyond it the oldest segments go, counted. Default 256 MiB. */
  readonly maxBytes?: number;
  /** A segment is closed beyond this size, bytes, 4 KiB..64 MiB. Default 1 MiB. */
  readonly segmentBytes?: number;
}

/** A closed segment handed out to be sent; `done` deletes it. */
export interface SpooledSegment {
  readonly number: number;
  readonly lines: readonly string[];
}

interface Waiting {
  readonly record: Buffer;
  readonly lines: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

interface Segment {
  readonly number: number;
  bytes: number;
  lines: number;
}

const fileName = (segment: number): string => `${String(segment).padStart(12, '0')}.spool`;
const filePattern = /^(\d{12})\.spool$/;

/**
 * Lines on disk until somebody else has them: append-only segment files. `append` resolves when its lines are fsynced (calls
 * that come while an fsync runs share the next one). Segments are handed out whole, oldest first, and deleted when `done`;
 * after a crash a segment not deleted is handed out again, so what is sent must bear repeating (same series and time
 * overwrite in InfluxDB). After an error of write or fsync the file is never used again: its callers get the error and the
 * next append starts a new one.
 */
export class Spool {
  readonly #directory: string;
  readonly #maxBytes: number;
  readonly #segmentBytes: number;
  readonly #closed: Segment[] = [];
  #active: { readonly segment: Segment; readonly file: FileHandle } | undefined;
  #nextNumber = 1;
  #waiting: Waiting[] = [];
  /** The running chain of disk work: one thing at a time, in order. */
  #work: Promise<void> = Promise.resolve();
  #flushQueued = false;
  #handedOut = -1;
  #droppedLines = 0;
  #tornBytes = 0;
  #errors = 0;

  private constructor(options: SpoolOptions) {
    this.#directory = options.directory;
    this.#maxBytes = checkedInteger('spool maxBytes', options.maxBytes ?? 256 * 2 ** 20, 2 ** 16, 2 ** 40);
    this.#segmentBytes = checkedInteger('spool segmentBytes', options.segmentBytes ?? 2 ** 20, 2 ** 12, 2 ** 26);
  }

  /** Opens the folder and finds what an earlier run left. Rejects when the folder cannot be made or read. */
  static async open(options: SpoolOptions): Promise<Spool> {
    const spool = new Spool(options);
    await mkdir(options.directory, { recursive: true });
    const names = (await readdir(options.directory)).filter((name) => filePattern.test(name)).sort();
    for (const name of names) {
      const number = Number(filePattern.exec(name)?.[1]);
      const content = await readFile(join(options.directory, name));
      const { lines, tornBytes } = decodeRecords(content);
      spool.#tornBytes += tornBytes;
      spool.#nextNumber = number + 1;
      if (lines.length === 0) await rm(join(options.directory, name));
      else spool.#closed.push({ number, bytes: content.length, lines: lines.length });
    }
    return spool;
  }

  counters(): {
    spooledLinesNow: number;
    spooledBytesNow: number;
    droppedLines: number;
    tornBytes: number;
    errors: number;
  } {
    const segments = this.#active === undefined ? this.#closed : [...this.#closed, this.#active.segment];
    return {
      spooledLinesNow: segments.reduce((sum, segment) => sum + segment.lines, 0),
      spooledBytesNow: segments.reduce((sum, segment) => sum + segment.bytes, 0),
      droppedLines: this.#droppedLines,
      tornBytes: this.#tornBytes,
      errors: this.#errors,
    };
  }

  /** Resolves when the lines (no newlines inside) are on disk; rejects with the disk's error when they are not. */
  append(lines: readonly string[]): Promise<void> {
    if (lines.length === 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#waiting.push({ record: encodeRecord(lines), lines: lines.length, resolve, reject });
      if (this.#flushQueued) return;
      this.#flushQueued = true;
      void this.#queue(() => this.#flush());
    });
  }

  /** The oldest segment, closed if it is still being written; undefined when the spool is empty. Not deleted before `done`. */
  next(): Promise<SpooledSegment | undefined> {
    return this.#queue(async () => {
      if (this.#closed.length === 0 && this.#active !== undefined) await this.#closeActive();
      const oldest = this.#closed[0];
      if (oldest === undefined) return undefined;
      this.#handedOut = oldest.number;
      return { number: oldest.number, lines: await this.#readLines(oldest) };
    });
  }

  /** Deletes a segment whose lines are in safe hands. */
  done(number: number): Promise<void> {
    return this.#queue(() => this.#delete(number));
  }

  /** Waits for appends under way and closes the files. */
  close(): Promise<void> {
    return this.#queue(() => this.#closeActive());
  }

  #path(number: number): string {
    return join(this.#directory, fileName(number));
  }

  /** A segment somebody deleted is counted as dropped; any other trouble rejects. */
  async #readLines(segment: Segment): Promise<string[]> {
    try {
      return decodeRecords(await readFile(this.#path(segment.number))).lines;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
      this.#droppedLines += segment.lines;
      return [];
    }
  }

  #queue<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#work.then(task);
    this.#work = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  }

  async #flush(): Promise<void> {
    this.#flushQueued = false;
    const waiting = this.#waiting;
    this.#waiting = [];
    try {
      const { segment, file } = this.#active ?? (await this.#openActive());
      const data = Buffer.concat(waiting.map((entry) => entry.record));
      await file.appendFile(data);
      await file.datasync();
      segment.bytes += data.length;
      for (const entry of waiting) segment.lines += entry.lines;
      for (const entry of waiting) entry.resolve();
      if (segment.bytes >= this.#segmentBytes) await this.#closeActive();
    } catch (error) {
      this.#errors += 1;
      for (const entry of waiting) entry.reject(error);
      await this.#closeActive();
    }
    await this.#dropOldest();
  }

  async #openActive(): Promise<{ segment: Segment; file: FileHandle }> {
    const number = this.#nextNumber;
    this.#nextNumber += 1;
    const file = await open(this.#path(number), 'ax');
    this.#active = { segment: { number, bytes: 0, lines: 0 }, file };
    // The name must survive a power cut too, not only the content.
    const folder = await open(this.#directory, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
    return this.#active;
  }

  async #closeActive(): Promise<void> {
    if (this.#active === undefined) return;
    const { segment, file } = this.#active;
    this.#active = undefined;
    this.#closed.push(segment);
    try {
      await file.close();
    } catch {
      this.#errors += 1;
    }
  }

  async #delete(number: number): Promise<void> {
    const index = this.#closed.findIndex((segment) => segment.number === number);
    if (index === -1) return;
    this.#closed.splice(index, 1);
    await rm(this.#path(number), { force: true });
  }

  /** Over the bound the oldest segments go, but not the one being sent. */
  async #dropOldest(): Promise<void> {
    while (this.counters().spooledBytesNow > this.#maxBytes) {
      const oldest = this.#closed.find((segment) => segment.number !== this.#handedOut);
      if (oldest === undefined) return;
      this.#droppedLines += oldest.lines;
      try {
        await this.#delete(oldest.number);
      } catch {
        this.#errors += 1;
      }
    }
  }
}
