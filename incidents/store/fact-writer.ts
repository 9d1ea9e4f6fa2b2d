import type { Database, Log } from '../../database/index.ts';
import { decodeFact, encodeFact, type Fact } from '../facts.ts';
import type { Journal } from '../journal/journal.ts';
import type { JournalFiles } from '../journal/journal-files.ts';
import { type Stored, type StoreOptions, storeFacts, UnstorableFact } from './record-store.ts';

/** Where a fact is safe now. */
export type Safe = { readonly where: 'database'; readonly stored: Stored } | { readonly where: 'journal' };

export interface FactWriter {
  /** Resolves when the fact is committed, or, while the database is away, fsynced in the journal. Rejects when neither took it. */
  write(fact: Fact): Promise<Safe>;
  /** Replays what the journal holds, when the database is there. Never rejects. */
  replay(): Promise<void>;
  counters(): Readonly<Record<string, number>>;
  stop(): Promise<void>;
}

export interface FactWriterOptions extends StoreOptions {
  readonly database: Database;
  readonly journal: Journal;
  readonly files: JournalFiles;
  readonly log: Log;
  /** Called for every fact that was committed from the journal. */
  onReplayed(stored: Stored): void;
}

interface Waiting {
  readonly fact: Fact;
  resolve(safe: Safe): void;
  reject(error: unknown): void;
}

const batchLimit = 64;
/** A database that takes longer to commit is treated as away: the journal answers (the commit may still come: the key makes it one). */
const patienceMs = 3000;
/** Facts held in memory while both are slow; beyond it callers are refused. */
const queueLimit = 20_000;

/** Group commit: facts that gather during one transaction go into the next. */
export function createFactWriter(options: FactWriterOptions): FactWriter {
  const { database, journal, log } = options;
  const count = { committed: 0, duplicates: 0, journaled: 0, replayed: 0, refused: 0, unstorable: 0 };
  const queue: Waiting[] = [];
  let busy = false;
  let stopped = false;
  let replaying: Promise<void> | undefined;

  const commit = async (batch: readonly Waiting[]): Promise<void> => {
    const pending = new Set(batch);
    const journalRest = async (reason: unknown): Promise<void> => {
      const late = [...pending];
      pending.clear();
      if (late.length === 0) return;
      database.noteFailure(reason);
      await Promise.all(late.map((waiting) => toJournal(waiting)));
    };
    const store = async (part: readonly Waiting[]): Promise<void> => {
      const stored = await storeFacts(
        database,
        part.map((waiting) => waiting.fact),
        options,
      );
      stored.forEach((one, i) => {
        count[one.added ? 'committed' : 'duplicates']++;
        if (pending.delete(part[i])) part[i].resolve({ where: 'database', stored: one });
      });
    };
    const deadline = setTimeout(() => void journalRest(new Error('commit takes too long')), patienceMs);
    try {
      await store(batch).catch(async (error) => {
        if (batch.length === 1 || !isPoison(error)) throw error;
        for (const waiting of batch) await storeAlone(waiting);
      });
    } catch (error) {
      if (batch.length === 1 && isPoison(error)) refuse(batch[0], error);
      else await journalRest(error);
    } finally {
      clearTimeout(deadline);
    }
    async function storeAlone(waiting: Waiting): Promise<void> {
      try {
        await store([waiting]);
      } catch (error) {
        if (!isPoison(error)) throw error;
        refuse(waiting, error);
      }
    }
    function refuse(waiting: Waiting, error: unknown): void {
      count.refused++;
      if (pending.delete(waiting)) waiting.reject(error);
    }
  };
  const toJournal = async (waiting: Waiting): Promise<void> => {
    try {
      await journal.append(encodeFact(waiting.fact));
      count.journaled++;
      waiting.resolve({ where: 'journal' });
    } catch (error) {
      count.refused++;
      waiting.reject(error);
    }
  };
  const run = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    while (queue.length > 0) {
      const batch = queue.splice(0, batchLimit);
      if (database.health().up) await commit(batch);
      else await Promise.all(batch.map(toJournal));
    }
    busy = false;
  };
  const applyRecords = async (payloads: readonly Uint8Array[]): Promise<void> => {
    const facts = payloads.map(decodeFact);
    try {
      finish(await storeFacts(database, facts, options, true));
    } catch (error) {
      if (!isPoison(error)) throw error;
      for (const fact of facts) await applyAlone(fact);
    }
  };
  const finish = (stored: readonly Stored[]): void => {
    for (const one of stored) {
      count[one.added ? 'replayed' : 'duplicates']++;
      options.onReplayed(one);
    }
  };
  const applyAlone = async (fact: Fact): Promise<void> => {
    try {
      finish(await storeFacts(database, [fact], options, true));
    } catch (error) {
      if (!isPoison(error)) throw error;
      count.unstorable++;
      log.error({ err: error, key: fact.key }, 'an acknowledged fact cannot be stored; kept in the journal folder');
      const file = await options.files.create(`unstorable-${Date.now()}-${count.unstorable}.json`);
      await file.write(encodeFact(fact));
      await file.sync();
      await file.close();
      await options.files.syncFolder();
    }
  };
  const replay = async (): Promise<void> => {
    if (!journal.waiting() || !database.health().up) return;
    try {
      await journal.replay(applyRecords);
    } catch (error) {
      log.warn({ err: error }, 'journal replay stopped; goes on when the database answers');
      database.noteFailure(error);
    }
  };
  const beat = setInterval(() => {
    replaying ??= replay().finally(() => {
      replaying = undefined;
    });
  }, 1000);
  beat.unref();
  return {
    write(fact) {
      if (stopped || queue.length >= queueLimit) {
        count.refused++;
        return Promise.reject(new Error(stopped ? 'the record store is stopped' : 'the record store is overloaded'));
      }
      return new Promise((resolve, reject) => {
        queue.push({ fact, resolve, reject });
        void run();
      });
    },
    replay,
    counters: () => ({ ...count, waitingNow: queue.length, ...prefixed(journal.counters()) }),
    async stop() {
      stopped = true;
      clearInterval(beat);
      await replaying;
      while (busy || queue.length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
      await journal.close();
    },
  };
}

/** The fact itself is at fault (data error, broken constraint, no such incident), not the connection or the disk. */
function isPoison(error: unknown): boolean {
  if (error instanceof UnstorableFact || error instanceof TypeError || error instanceof RangeError) return true;
  return error instanceof Error && 'code' in error && /^2[23][0-9A-Z]{3}$/.test(String(error.code));
}

function prefixed(counters: object): Record<string, number> {
  return Object.fromEntries(
    Object.entries(counters).map(([name, value]) => [`journal${name[0].toUpperCase()}${name.slice(1)}`, Number(value)]),
  );
}
