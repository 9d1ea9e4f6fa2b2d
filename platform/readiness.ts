import type { ReadinessCheck } from '../api/index.ts';
import type { Database } from '../database/index.ts';
import type { CoreClient } from '../threads/core-client.ts';
import type { DoorClient } from '../threads/door-client.ts';

/** A thread that has not reported for this long is not well, ms. */
const silentMs = 5_000;

/** What must work for the platform to protect anybody. A lost database is not among it: warnings go on and incidents are kept in the journal. */
export function readinessOf(parts: {
  readonly database: Database;
  readonly core: CoreClient;
  readonly door: DoorClient;
  readonly nowMs: () => number;
}): readonly ReadinessCheck[] {
  const { database, core, door, nowMs } = parts;
  const thread = (name: string, lastMs: number): ReadinessCheck => {
    const age = nowMs() - lastMs;
    return age < silentMs
      ? { name, ok: true }
      : { name, ok: false, detail: `no report for ${Math.round(age / 1000)} s` };
  };
  const health = database.health();
  return [
    thread('broker', door.lastReportMs),
    thread('core', core.lastReportMs),
    {
      name: 'database',
      ok: true,
      ...(health.up ? {} : { detail: `away, incidents go to the journal: ${health.reason ?? 'unknown reason'}` }),
    },
  ];
}
