import { setTimeout as sleep } from 'node:timers/promises';
import type { CongestionRow, CongestionSink } from '../congestion/congestion-row.ts';
import { checkedInteger, checkedNumber } from '../options.ts';
import { congestionLine, encodeLine, type Point } from './line-protocol.ts';
import { Spool, type SpooledSegment, type SpoolOptions } from './spool.ts';
import { checkTarget, createDatabase, type InfluxTarget, postLines, type Verdict } from './write-request.ts';

export interface InfluxWriterOptions extends Omit<InfluxTarget, 'timeoutMs'> {
  readonly spool: SpoolOptions;
  /** Lines in one request, 1..50_000. Default 5_000. */
  readonly batchLines?: number;
  /** Longest time for one request, ms, 100..120_000. Default 10_000. */
  readonly timeoutMs?: number;
  /** First and longest wait after a failure, ms, 10..3_600_000. Defaults 500 and 60_000; a wrong token or bucket waits the longest at once. */
  readonly retryFirstMs?: number;
  readonly retryLongestMs?: number;
  /** UTC ms. */
  readonly now: () => number;
  /** [0, 1): spreads the retries of many platforms after a common outage. */
  readonly random: () => number;
  /** Told of every failed attempt, for the log. Must not throw. */
  readonly onTrouble?: (detail: string) => void;
}

/** Names are closed: they become `rahban_influx_<name>` in /metrics. */
export interface InfluxCounters {
  readonly writtenLines: number;
  readonly requests: number;
  readonly failedRequests: number;
  /** Lines the server would not take, dropped one by one. */
  readonly poisonLines: number;
  /** Points without a usable field or time. */
  readonly emptyPoints: number;
  readonly spooledLinesNow: number;
  readonly spooledBytesNow: number;
  readonly droppedLines: number;
  readonly tornBytes: number;
  readonly spoolErrors: number;
  /** 1 while the last attempt failed. */
  readonly troubledNow: number;
}

/**
 * Rows to InfluxDB (v2, v3, 1.x) by way of a disk spool: `write` resolves when the rows are fsynced here, and they are sent
 * until the server has them, through outages and restarts. At least once: a repeated point overwrites itself. What can be
 * lost: lines the server refuses (`poisonLines`) and the oldest ones when the spool is full (`droppedLines`), both counted.
 */
export class InfluxWriter implements CongestionSink {
  readonly #target: InfluxTarget;
  readonly #options: InfluxWriterOptions;
  readonly #batchLines: number;
  readonly #retryFirstMs: number;
  readonly #retryLongestMs: number;
  readonly #spool: Spool;
  readonly #stopping = new AbortController();
  readonly #sending: Promise<void>;
  /** Wakes the sender when it waits for work, and those who wait for the spool to be empty. */
  #wakeSender: (() => void) | undefined;
  #emptyWaiters: (() => void)[] = [];
  #draining = false;
  #failures = 0;
  #written = 0;
  #requests = 0;
  #failedRequests = 0;
  #poison = 0;
  #empty = 0;

  private constructor(options: InfluxWriterOptions, spool: Spool) {
    this.#options = options;
    const timeoutMs = checkedNumber('influx timeoutMs', options.timeoutMs ?? 10_000, 100, 120_000);
    this.#target = { ...options, timeoutMs };
    this.#batchLines = checkedInteger('influx batchLines', options.batchLines ?? 5_000, 1, 50_000);
    this.#retryFirstMs = checkedNumber('influx retryFirstMs', options.retryFirstMs ?? 500, 10, 3_600_000);
    this.#retryLongestMs = checkedNumber('influx retryLongestMs', options.retryLongestMs ?? 60_000, 10, 3_600_000);
    this.#spool = spool;
    this.#sending = this.#send();
  }

  /** Checks the options (throws RangeError), opens the spool (rejects when its folder cannot be used) and starts to send what is in it. The server need not be up. */
  static async open(options: InfluxWriterOptions): Promise<InfluxWriter> {
    checkTarget({ ...options, timeoutMs: 0 });
    return new InfluxWriter(options, await Spool.open(options.spool));
  }

  /** Resolves when the rows are on disk. */
  write(rows: readonly CongestionRow[]): Promise<void> {
    return this.#append(rows.map(congestionLine));
  }

  /** Any other points (platform metrics). Resolves when they are on disk. */
  writePoints(points: readonly Point[]): Promise<void> {
    return this.#append(points.map(encodeLine));
  }

  counters(): InfluxCounters {
    const { errors, ...spool } = this.#spool.counters();
    return {
      writtenLines: this.#written,
      requests: this.#requests,
      failedRequests: this.#failedRequests,
      poisonLines: this.#poison,
      emptyPoints: this.#empty,
      ...spool,
      spoolErrors: errors,
      troubledNow: this.#failures > 0 ? 1 : 0,
    };
  }

  /** Waits until everything written so far is in InfluxDB; false when that takes longer than `timeoutMs`. */
  async flush(timeoutMs: number): Promise<boolean> {
    if (this.#spool.counters().spooledLinesNow === 0) return true;
    const late = new AbortController();
    const empty = new Promise<void>((resolve) => this.#emptyWaiters.push(resolve));
    const timedOut = sleep(timeoutMs, undefined, { signal: late.signal }).catch(() => undefined);
    this.#wake();
    await Promise.race([empty, timedOut]);
    late.abort();
    return this.#spool.counters().spooledLinesNow === 0;
  }

  /** Sends for at most `drainMs` more (default 2 s) and closes; what is left stays in the spool for the next start. */
  async stop(drainMs = 2_000): Promise<void> {
    if (this.#draining) return this.#sending;
    this.#draining = true;
    await this.flush(drainMs);
    this.#stopping.abort();
    this.#wake();
    await this.#sending;
    await this.#spool.close();
  }

  async #append(encoded: readonly (string | undefined)[]): Promise<void> {
    const lines = encoded.filter((line) => line !== undefined);
    this.#empty += encoded.length - lines.length;
    await this.#spool.append(lines);
    this.#wake();
  }

  #wake(): void {
    this.#wakeSender?.();
    this.#wakeSender = undefined;
  }

  /** The sender: oldest segment first, one request at a time, until stopped. */
  async #send(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      const woken = new Promise<void>((resolve) => {
        this.#wakeSender = resolve;
      });
      const segment = await this.#nextSegment();
      if (segment !== undefined) {
        await this.#sendSegment(segment);
        continue;
      }
      for (const resolve of this.#emptyWaiters.splice(0)) resolve();
      await woken;
    }
  }

  async #nextSegment(): Promise<SpooledSegment | undefined> {
    try {
      return await this.#spool.next();
    } catch (error) {
      await this.#troubled(`spool: ${error instanceof Error ? error.message : String(error)}`, undefined, true);
      return undefined;
    }
  }

  async #sendSegment(segment: SpooledSegment): Promise<void> {
    for (let from = 0; from < segment.lines.length; from += this.#batchLines) {
      const batch = segment.lines.slice(from, from + this.#batchLines);
      if (!(await this.#sendBatch(batch))) return;
    }
    await this.#spool.done(segment.number);
  }

  /** Tries until every line is stored or dropped as poison: true; false when stopped before. */
  async #sendBatch(lines: readonly string[]): Promise<boolean> {
    while (!this.#stopping.signal.aborted) {
      const verdict = await this.#post(lines);
      switch (verdict.kind) {
        case 'stored':
          this.#failures = 0;
          this.#written += lines.length;
          return true;
        case 'split': {
          this.#failures = 0;
          if (lines.length > 1) {
            const half = Math.ceil(lines.length / 2);
            return (await this.#sendBatch(lines.slice(0, half))) && (await this.#sendBatch(lines.slice(half)));
          }
          this.#poison += 1;
          this.#options.onTrouble?.(`line dropped: ${verdict.detail}`);
          return true;
        }
        case 'no-database': {
          const why = this.#target.v1Database === undefined ? verdict.detail : await createDatabase(this.#target);
          if (why !== undefined) await this.#troubled(why, undefined, true);
          break;
        }
        case 'retry':
          await this.#troubled(verdict.detail, verdict.afterMs, verdict.slow);
          break;
      }
    }
    return false;
  }

  async #post(lines: readonly string[]): Promise<Verdict> {
    this.#requests += 1;
    const verdict = await postLines(this.#target, lines, this.#options.now);
    if (verdict.kind !== 'stored') this.#failedRequests += 1;
    return verdict;
  }

  /** Waits before the next attempt: as long as the server asked, else twice as long as last time, spread by up to a half. */
  async #troubled(detail: string, afterMs: number | undefined, slow: boolean): Promise<void> {
    this.#failures += 1;
    this.#options.onTrouble?.(detail);
    const longest = this.#retryLongestMs;
    const backOff = slow ? longest : Math.min(longest, this.#retryFirstMs * 2 ** Math.min(this.#failures - 1, 20));
    const wait = afterMs === undefined ? backOff * (1 - this.#options.random() / 2) : Math.min(afterMs, longest);
    // Only `stop` cuts the wait short; its abort is not a failure.
    await sleep(wait, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
  }
}
