import type { FleetView } from '../collision/index.ts';
import type { CongestionRow, CongestionStore } from '../database/index.ts';
import { Congestion } from '../ingest/index.ts';
import type { RoadGraph } from '../roads/graph/index.ts';
import type { LiveSpeed } from '../roads/routing/index.ts';

export interface CongestionWatchParts {
  readonly graph: RoadGraph;
  readonly fleet: FleetView;
  readonly minVehicles: number;
  readonly nowMs: () => number;
  readonly clockRate: number;
  /** Where closed minutes go; each keeps and retries on its own. */
  readonly sinks: readonly ((rows: readonly CongestionRow[]) => void)[];
  readonly setLiveSpeeds: (speeds: readonly LiveSpeed[], nowMs: number) => void;
}

/** Looks at the fleet once a second: who is where and how fast. */
const lookEveryMs = 1_000;
/** The router gets the live speeds this often, ms. */
const routerEveryMs = 10_000;
/** A state older than this says nothing of the road now, ms. */
const freshMs = 5_000;
/** Matches less certain than this are not measured. */
const leastConfidence = 0.5;

export interface CongestionWatch {
  readonly congestion: Congestion;
  stop(): void;
}

/** Speeds of the streets from the core's fleet, minute by minute, to the stores and the router. */
export function watchCongestion(parts: CongestionWatchParts): CongestionWatch {
  const { fleet, nowMs } = parts;
  const congestion = new Congestion({ graph: parts.graph, startMs: nowMs(), k: parts.minVehicles });
  let lastLookMs = nowMs();
  let lastRouterMs = 0;
  const look = (): void => {
    const now = nowMs();
    const seconds = Math.min(10, (now - lastLookMs) / 1000);
    lastLookMs = now;
    for (let slot = 0; slot < fleet.capacity; slot++) {
      if ((fleet.timestampMs[slot] as number) < now - freshMs) continue;
      const before = Atomics.load(fleet.sequence, slot);
      const edge = fleet.edge[slot] as number;
      const speed = fleet.speed[slot] as number;
      const confidence = fleet.matchConfidence[slot] as number;
      const generation = fleet.generation[slot] as number;
      if ((before & 1) !== 0 || Atomics.load(fleet.sequence, slot) !== before) continue;
      // A key that stays the same for one vehicle and says nothing of it.
      if (edge >= 0 && confidence >= leastConfidence && speed >= 0)
        congestion.observe(edge, slot * 4096 + (generation % 4096), speed, seconds);
    }
    const rows = congestion.tick(now);
    if (rows.length > 0) for (const sink of parts.sinks) sink(rows);
    if (now - lastRouterMs >= routerEveryMs) {
      lastRouterMs = now;
      parts.setLiveSpeeds(congestion.liveSpeeds(), now);
    }
  };
  const timer = setInterval(look, lookEveryMs / parts.clockRate);
  return { congestion, stop: () => clearInterval(timer) };
}

/** Rows that the database could not take wait here, newest kept. */
const maxWaitingRows = 200_000;

/** Writes rows to PostgreSQL in order, keeps them in memory while it is away, and drops the oldest beyond a bound (counted). */
export function createCongestionRelay(store: CongestionStore, log: { warn(fields: object, text: string): void }) {
  let waiting: CongestionRow[] = [];
  let writing: Promise<void> | undefined;
  let dropped = 0;
  let written = 0;
  let failures = 0;

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, 2_000);
      try {
        await store.write(batch);
      } catch (error) {
        failures += 1;
        log.warn({ error: String(error), waiting: waiting.length }, 'congestion history waits for the database');
        return;
      }
      written += batch.length;
      waiting = waiting.slice(batch.length);
    }
  }

  const begin = (): Promise<void> => {
    writing ??= drain().finally(() => {
      writing = undefined;
    });
    return writing;
  };

  return {
    add: (rows: readonly CongestionRow[]): void => {
      waiting.push(...rows);
      if (waiting.length > maxWaitingRows && writing === undefined) {
        dropped += waiting.length - maxWaitingRows;
        waiting = waiting.slice(-maxWaitingRows);
      }
      void begin();
    },
    flush: begin,
    counters: (): Readonly<Record<string, number>> => ({
      rowsWritten: written,
      rowsDropped: dropped,
      writeFailures: failures,
      rowsWaitingNow: waiting.length,
    }),
  };
}
