import type { ConnectionEvent, DatabaseHealth, Log } from './types.ts';

/** Keeps the answer to "does the database answer?" fresh, and tells when it changes. */
export interface ConnectionWatch {
  state(): Pick<DatabaseHealth, 'up' | 'sinceMs' | 'reason'>;
  counters(): { readonly lost: number; readonly regained: number };
  subscribe(listener: (event: ConnectionEvent) => void): () => void;
  /** Probe now. */
  hurry(): void;
  stop(): void;
}

const upBeat = 2000;
const firstRetry = 200;
const longestRetry = 5000;

/**
 * Probes every 2 s while up; while down after 0.2 s, doubling to 5 s. `repair` runs before each probe while down
 * (restart of an embedded server). Errors of both are states here, never exceptions.
 */
export function watchConnection(
  probe: () => Promise<void>,
  repair: () => Promise<void>,
  clock: () => number,
  log: Log,
): ConnectionWatch {
  const listeners = new Set<(event: ConnectionEvent) => void>();
  let up = true;
  let sinceMs = clock();
  let reason: string | undefined;
  let lost = 0;
  let regained = 0;
  let wait = upBeat;
  let running = false;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;

  const tell = (event: ConnectionEvent): void => {
    for (const listener of listeners) {
      try {
        listener(event);
      } catch (error) {
        log.error({ err: error }, 'a listener of the database connection failed');
      }
    }
  };
  const note = (failure: string | undefined): void => {
    reason = failure;
    if ((failure === undefined) === up) return;
    up = failure === undefined;
    sinceMs = clock();
    if (up) {
      regained++;
      log.info({}, 'database connection regained');
      tell({ type: 'regained' });
    } else {
      lost++;
      log.warn({ reason }, 'database connection lost');
      tell({ type: 'lost', reason: failure ?? '' });
    }
  };
  const beat = async (): Promise<void> => {
    if (running || stopped) return;
    running = true;
    clearTimeout(timer);
    try {
      if (!up) await repair();
      await probe();
      note(undefined);
      wait = upBeat;
    } catch (error) {
      note(error instanceof Error ? error.message : String(error));
      wait = wait === upBeat ? firstRetry : Math.min(wait * 2, longestRetry);
    }
    running = false;
    plan(wait);
  };
  const plan = (after: number): void => {
    if (stopped) return;
    clearTimeout(timer);
    timer = setTimeout(() => void beat(), after);
    timer.unref();
  };
  plan(upBeat);
  return {
    state: () => ({ up, sinceMs, ...(reason === undefined ? {} : { reason }) }),
    counters: () => ({ lost, regained }),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    hurry: () => plan(0),
    stop() {
      stopped = true;
      clearTimeout(timer);
      listeners.clear();
    },
  };
}
