import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { journalFolder } from '../../incidents/index.ts';
import { openStore, rawOf, someReport } from './store-fixture.ts';

/** Kills the embedded server (its own postmaster, by the pid in its data folder) as a machine fault would. */
function killServer(dataDir: string): number {
  const pid = Number(readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
  process.kill(pid, 'SIGKILL');
  return pid;
}

test('while the database is away reports are journaled and told; afterwards each is on record once, under the code handed out', {
  timeout: 60_000,
}, async () => {
  const store = await openStore({ followUpDelaysMs: [] });
  try {
    const told: string[] = [];
    store.service.onChange((incident) => told.push(incident.trackingCode));
    const before = someReport();
    await store.service.report(before, rawOf(before));
    killServer(store.dataDir);
    const reports = Array.from({ length: 30 }, () => someReport());
    const codes = await Promise.all(reports.map((one) => store.service.report(one, rawOf(one))));
    // A sender that had no answer sends again; and the core saw the first one too.
    const again = await store.service.report(reports[0], rawOf(reports[0]));
    expect(store.service.counters().journaled).toBeGreaterThan(0);
    expect(told).toEqual(expect.arrayContaining(codes.map((code) => code.trackingCode)));

    await expect.poll(() => store.database.health().up, { timeout: 30_000, interval: 100 }).toBe(true);
    await expect.poll(() => store.service.counters().journalBytesNow, { timeout: 20_000, interval: 100 }).toBe(0);
    for (const [i, { trackingCode }] of [...codes.entries()])
      expect((await store.service.get(trackingCode))?.reports.map((one) => one.reportId)).toEqual([
        reports[i].reportId,
      ]);
    const first = await store.service.get(codes[0].trackingCode);
    expect((await store.service.get(again.trackingCode))?.id).toBe(first?.id);
    const page = await store.service.list({ limit: 500 });
    expect(page.items).toHaveLength(31);
    expect(await store.service.verify()).toMatchObject({ ok: true });
    expect(store.database.counters()).toMatchObject({ lost: 1, regained: 1, serverRestarts: 1 });
  } finally {
    await store.close();
  }
});

test('what the journal held when the process ended is replayed at the next start, before anything else', {
  timeout: 60_000,
}, async () => {
  const store = await openStore({ followUpDelaysMs: [] });
  try {
    const down = { ...store.database, health: () => ({ ...store.database.health(), up: false }) };
    const first = await store.open({ database: down });
    const mine = someReport();
    const { trackingCode } = await first.report(mine, rawOf(mine));
    await first.stop();
    const second = await store.open();
    expect((await second.get(trackingCode))?.reports).toEqual([mine]);
    expect(second.counters()).toMatchObject({ replayed: 1, journalBytesNow: 0 });
  } finally {
    await store.close();
  }
});

test('with the database away and the disk full a report is refused and counted, and taken again when there is room', {
  timeout: 60_000,
}, async () => {
  const store = await openStore({ followUpDelaysMs: [] });
  try {
    let full = true;
    const real = journalFolder(join(store.dataDir, 'incidents', 'journal-2'));
    const files = {
      ...real,
      async create(name: string) {
        if (full) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
        return real.create(name);
      },
    };
    const down = { ...store.database, health: () => ({ ...store.database.health(), up: false }) };
    const service = await store.open({ files, database: down });
    const mine = someReport();
    await expect(service.report(mine, rawOf(mine))).rejects.toThrow('no space');
    expect(service.counters()).toMatchObject({ refused: 1, journaled: 0 });
    full = false;
    await service.report(mine, rawOf(mine));
    expect(service.counters()).toMatchObject({ journaled: 1 });
  } finally {
    await store.close();
  }
});
