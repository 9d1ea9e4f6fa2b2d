import type { Log } from '../../database/index.ts';
import type { BlackBoxFact } from '../facts.ts';
import type { BlackBoxReader, RawMessage } from '../types.ts';
import type { FollowUp } from './follow-up-plan.ts';

export interface FollowUps {
  /** Adds readings; one that is known already is not added again. */
  add(followUps: readonly FollowUp[]): void;
  counters(): { readonly pending: number; readonly read: number; readonly failed: number; readonly shed: number };
  /** Resolves when no reading is under way. What is still to be done stays in the database. */
  stop(): Promise<void>;
}

export interface FollowUpOptions {
  readonly blackBox: BlackBoxReader;
  readonly clock: () => number;
  readonly log: Log;
  /** Puts the reading on record; rejects when that is not possible now. */
  store(fact: BlackBoxFact): Promise<void>;
}

/** A pile-up may ask for many readings; beyond this the oldest wait in the database for the next start. */
const mostPending = 5000;
/** Messages on their way through the door when the window ends. */
const settleMs = 250;
const retryMs = 2000;
const mostAttempts = 5;
const mostMessages = 10_000;
const mostBytes = 2_000_000;

/** Reads the black box when it is due and hands what it found to `store`; a reading that keeps failing is put on record as empty. */
export function runFollowUps(options: FollowUpOptions): FollowUps {
  const pending = new Map<string, { readonly followUp: FollowUp; atMs: number; attempts: number }>();
  const under = new Set<Promise<void>>();
  const count = { read: 0, failed: 0, shed: 0 };
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  const plan = (): void => {
    clearTimeout(timer);
    if (stopped || pending.size === 0) return;
    let earliest = Number.POSITIVE_INFINITY;
    for (const item of pending.values()) earliest = Math.min(earliest, item.atMs);
    timer = setTimeout(runDue, Math.min(60_000, Math.max(5, earliest - options.clock())));
    timer.unref();
  };
  const runDue = (): void => {
    const now = options.clock();
    for (const [id, item] of pending) {
      if (item.atMs > now || under.size >= 4) continue;
      pending.delete(id);
      const done: Promise<void> = readOne(item).finally(() => {
        under.delete(done);
        plan();
      });
      under.add(done);
    }
    plan();
  };
  const readOne = async (item: { followUp: FollowUp; attempts: number }): Promise<void> => {
    const { followUp } = item;
    const attempts = item.attempts + 1;
    try {
      const last = attempts >= mostAttempts;
      const messages = await options.blackBox(followUp.vehicleIds, followUp.fromMs, followUp.dueMs).catch((error) => {
        if (!last) throw error;
        options.log.error({ err: error, followUp: followUp.id }, 'black box cannot be read; recorded as empty');
        return [];
      });
      await options.store(factOf(followUp, messages, options.clock()));
      count.read++;
    } catch (error) {
      count.failed++;
      options.log.warn({ err: error, followUp: followUp.id, attempts }, 'black box not recorded, trying again');
      const atMs = options.clock() + retryMs * Math.min(attempts, 15);
      if (!stopped) pending.set(followUp.id, { followUp, atMs, attempts });
    }
  };
  return {
    add(followUps) {
      for (const followUp of followUps) {
        if (pending.has(followUp.id)) continue;
        if (pending.size >= mostPending) {
          count.shed++;
          continue;
        }
        pending.set(followUp.id, { followUp, atMs: followUp.dueMs + settleMs, attempts: 0 });
      }
      plan();
    },
    counters: () => ({ pending: pending.size, ...count }),
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await Promise.all(under);
    },
  };
}

function factOf(followUp: FollowUp, read: readonly RawMessage[], nowMs: number): BlackBoxFact {
  const inWindow = read.filter(
    (message) =>
      message.receivedMs >= followUp.fromMs &&
      message.receivedMs < followUp.dueMs &&
      followUp.vehicleIds.includes(message.vehicleId),
  );
  const kept = newestWithin(inWindow);
  return {
    kind: 'blackbox',
    key: followUp.id,
    incidentId: followUp.incidentId,
    recordedMs: nowMs,
    phase: followUp.phase,
    fromMs: followUp.fromMs,
    toMs: followUp.dueMs,
    messages: kept,
    omitted: inWindow.length - kept.length,
  };
}

/** In order of receipt; when there is more than one entry may hold, the oldest are left out. */
function newestWithin(messages: readonly RawMessage[]): readonly RawMessage[] {
  const ordered = [...messages].sort((a, b) => a.receivedMs - b.receivedMs);
  let bytes = 0;
  let first = ordered.length;
  while (first > 0 && ordered.length - first < mostMessages) {
    bytes += ordered[first - 1].payload.length;
    if (bytes > mostBytes) break;
    first--;
  }
  return ordered.slice(first);
}
