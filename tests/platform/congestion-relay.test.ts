import { describe, expect, it } from 'vitest';
import type { CongestionRow } from '../../database/index.ts';
import { createCongestionRelay } from '../../platform/congestion-watch.ts';

const row = (edge: number): CongestionRow => ({
  minuteMs: 0,
  edge,
  meanSpeed: 5,
  samples: 9,
  vehicles: 5,
  freeFlow: 14,
  jamFactor: 6,
});
const silent = { warn: () => {} };

describe('the relay of congestion rows', () => {
  it('keeps rows in order while the database is away and writes them when it is back', async () => {
    let away = true;
    const stored: number[] = [];
    const store = {
      write: async (rows: readonly CongestionRow[]) => {
        if (away) throw new Error('away');
        stored.push(...rows.map(({ edge }) => edge));
      },
      history: async () => [],
      usual: async () => undefined,
      prune: async () => 0,
    };
    const relay = createCongestionRelay(store, silent);
    relay.add([row(1), row(2)]);
    await relay.flush();
    expect(stored).toEqual([]);
    expect(relay.counters()).toMatchObject({ rowsWaitingNow: 2, writeFailures: 1 });
    away = false;
    relay.add([row(3)]);
    await relay.flush();
    expect(stored).toEqual([1, 2, 3]);
    expect(relay.counters()).toMatchObject({ rowsWaitingNow: 0, rowsWritten: 3, rowsDropped: 0 });
  });
});
