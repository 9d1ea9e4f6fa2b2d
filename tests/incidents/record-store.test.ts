import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RawMessage, rebuildRecords } from '../../incidents/index.ts';
import { openStore, rawOf, type StoreFixture, someReport } from './store-fixture.ts';

let store: StoreFixture;
beforeAll(async () => {
  store = await openStore({ followUpDelaysMs: [] });
});
afterAll(() => store.close());

const report = (of = someReport()) => store.service.report(of, rawOf(of));

describe('record store', () => {
  test('a report is on record under its tracking code, byte for byte', async () => {
    const mine = someReport({ note: 'quote " and \u0000 and سلام', airbagDeployed: true });
    const { trackingCode } = await report(mine);
    const record = await store.service.get(trackingCode);
    expect(record?.reports).toEqual([mine]);
    expect(record).toMatchObject({
      state: 'confirmed',
      severity: 'injury-likely',
      place: { street: 'Avenue des Spélugues' },
    });
    const [raw] = await store.service.raw(trackingCode);
    expect(Buffer.from(raw.payload).equals(Buffer.from(rawOf(mine).payload))).toBe(true);
  });

  test('the code is read as people type it', async () => {
    const { trackingCode } = await report();
    const typed = trackingCode.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l');
    expect((await store.service.get(typed))?.trackingCode).toBe(trackingCode);
    expect(await store.service.get('0000-0000-0001')).toBeUndefined();
  });

  test('a report that is sent again is stored once and gets the same code', async () => {
    const mine = someReport();
    const codes = await Promise.all([report(mine), report(mine), report(mine)]);
    codes.push(await report(mine));
    expect(new Set(codes.map((code) => code.trackingCode)).size).toBe(1);
    expect((await store.service.get(codes[0].trackingCode))?.reports).toHaveLength(1);
  });

  test('a report and the core’s observation of the same crash become one confirmed incident', async () => {
    const mine = someReport();
    const { trackingCode } = await report(mine);
    const seen = await store.service.observe({
      vehicleIds: [mine.vehicleId, 'other-car'],
      occurredAtMs: mine.occurredAtMs + 1200,
      lat: mine.lat,
      lon: mine.lon,
      edge: 4,
      logOdds: 5.5,
      evidence: [{ rule: 'impact', weight: 5.5, detail: 'test' }],
    });
    expect(seen.trackingCode).toBe(trackingCode);
    expect(await store.service.get(trackingCode)).toMatchObject({
      kind: 'crash',
      state: 'confirmed',
      vehicles: 2,
      logOdds: 10.5,
      observations: 1,
    });
  });

  test('two crashes 200 m apart stay two, two reports 20 m and 5 s apart become one', async () => {
    const a = someReport();
    const far = someReport({ lat: a.lat + 0.0018, lon: a.lon, occurredAtMs: a.occurredAtMs });
    const near = someReport({ lat: a.lat + 0.00018, lon: a.lon, occurredAtMs: a.occurredAtMs + 5000 });
    const first = await report(a);
    expect((await report(far)).trackingCode).not.toBe(first.trackingCode);
    expect((await report(near)).trackingCode).toBe(first.trackingCode);
  });

  test('what a party had been told before is part of the record', async () => {
    const mine = someReport();
    const alert = { stage: 2, class: 'rear-end', issuedMs: Date.now() - 4000, distance: 230 };
    store.service.noteAlert(mine.vehicleId, alert);
    const { trackingCode } = await report(mine);
    expect((await store.service.get(trackingCode))?.alerts).toEqual([{ vehicleId: mine.vehicleId, ...alert }]);
  });

  test('a state set by hand stays, whatever evidence comes later, and is told to listeners', async () => {
    const mine = someReport();
    const { trackingCode } = await report(mine);
    const heard: string[] = [];
    const off = store.service.onChange((incident) => heard.push(`${incident.trackingCode} ${incident.state}`));
    expect(await store.service.setState(trackingCode, 'cleared', 'officer-7', 'removed from the road')).toBe(true);
    off();
    expect(heard).toEqual([`${trackingCode} cleared`]);
    expect(await store.service.setState('0000-0000-0000', 'cleared', 'officer-7', '')).toBe(false);
  });

  test('reading a record for a person is itself on record', async () => {
    const { trackingCode } = await report();
    await store.service.get(trackingCode, { actor: 'officer-7', purpose: 'case 114' });
    const bundle = await store.service.export(trackingCode, { actor: 'insurer-2', purpose: 'claim' });
    expect(bundle?.entries.map((entry) => entry.kind)).toEqual(['reported', 'access', 'access']);
    expect(JSON.parse(bundle?.entries[1].body ?? '')).toMatchObject({ actor: 'officer-7', purpose: 'case 114' });
  });

  test('the list pages through everything, newest event first, without a gap or a repeat', async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await store.service.list({ limit: 3, ...(cursor === undefined ? {} : { cursor }) });
      seen.push(...page.items.map((item) => `${item.occurredAt} ${item.trackingCode}`));
      cursor = page.next;
    } while (cursor !== undefined);
    expect(seen.length).toBeGreaterThan(7);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.map((item) => item.slice(0, 24))).toEqual(
      seen
        .map((item) => item.slice(0, 24))
        .sort()
        .reverse(),
    );
    await expect(store.service.list({ limit: 0 })).rejects.toThrow('1..500');
  });

  test('100 reports at once are all on record, in one gapless chain', async () => {
    const codes = await Promise.all(Array.from({ length: 100 }, () => report()));
    expect(new Set(codes.map((code) => code.trackingCode)).size).toBe(100);
    const verdict = await store.service.verify();
    expect(verdict).toMatchObject({ ok: true });
    const { rows } = await sql<{ n: string }>`SELECT max(seq) AS n FROM incident_entries`.execute(
      store.database.kysely,
    );
    expect(verdict.records).toBe(Number(rows[0].n));
  });

  test('any program can recompute a link from the bundle', async () => {
    const { trackingCode } = await report();
    const bundle = await store.service.export(trackingCode, { actor: 'a', purpose: 'b' });
    for (const entry of bundle?.entries ?? []) {
      const sha = (data: Buffer | string) => createHash('sha256').update(data).digest('hex');
      expect(sha(Buffer.concat([Buffer.from(entry.salt, 'hex'), Buffer.from(entry.body)]))).toBe(entry.bodyHash);
      const { sequence, incidentId, kind, createdMs, bodyHash, previousHash } = entry;
      const link = `rahban-chain-1\n${sequence}\n${incidentId}\n${kind}\n${createdMs}\n${bodyHash}\n${previousHash}\n`;
      expect(sha(link)).toBe(entry.hash);
    }
  });

  test('the records can be thrown away and made again from the chain, the same to the byte', async () => {
    const dump = () =>
      sql<{ id: string; record: string }>`SELECT id, record FROM incidents ORDER BY id`.execute(store.database.kysely);
    const before = (await dump()).rows;
    expect(await rebuildRecords(store.database)).toBe(before.length);
    expect((await dump()).rows).toEqual(before);
  });

  test('entries and raw messages can be neither changed nor deleted', async () => {
    for (const statement of [
      sql`UPDATE incident_entries SET body = '{}' WHERE seq = 1`,
      sql`DELETE FROM incident_entries WHERE seq = 1`,
      sql`TRUNCATE incident_raw`,
      sql`UPDATE incident_raw SET payload = ''`,
    ])
      await expect(statement.execute(store.database.kysely)).rejects.toThrow('append-only');
  });
});

describe('tampering by somebody who owns the database', () => {
  const tampers: readonly (readonly [string, ReturnType<typeof sql>])[] = [
    ['nothing changed', sql`SELECT 1`],
    ['a changed body', sql`UPDATE incident_entries SET body = replace(body, 'car-', 'van-') WHERE seq = 3`],
    ['a changed salt', sql`UPDATE incident_entries SET salt = '\\x00' WHERE seq = 5`],
    ['a changed time', sql`UPDATE incident_entries SET created_ms = created_ms + 1 WHERE seq = 4`],
    ['another incident', sql`UPDATE incident_entries SET incident_id = 'x' WHERE seq = 4`],
    [
      'two entries swapped',
      sql`UPDATE incident_entries SET seq = CASE seq WHEN 900001 THEN 900002 ELSE 900001 END WHERE seq > 900000`,
    ],
    ['a changed raw message', sql`UPDATE incident_raw SET payload = payload || '\\x20' WHERE seq = 2`],
    ['a deleted raw message', sql`DELETE FROM incident_raw WHERE seq = 1`],
    ['a deleted entry', sql`DELETE FROM incident_entries WHERE kind = 'access'`],
    [
      'a cut-off tail with a rewritten head',
      sql`WITH gone AS (DELETE FROM incident_entries WHERE seq > 20 RETURNING seq)
      UPDATE incident_chain SET seq = 20, hash = (SELECT hash FROM incident_entries WHERE seq = 20)`,
    ],
  ];
  test.each(tampers)('%s: the verdict says so', async (name, statement) => {
    const failure = new Error('roll back');
    const verdict = await store.database.kysely
      .transaction()
      .execute(async (transaction) => {
        await sql`SET CONSTRAINTS ALL DEFERRED`.execute(transaction);
        await sql`ALTER TABLE incident_entries DISABLE TRIGGER ALL`.execute(transaction);
        await sql`ALTER TABLE incident_raw DISABLE TRIGGER ALL`.execute(transaction);
        if (name === 'two entries swapped') {
          await sql`ALTER TABLE incident_entries DROP CONSTRAINT incident_entries_pkey CASCADE`.execute(transaction);
          await sql`UPDATE incident_entries SET seq = CASE seq WHEN 7 THEN 8 ELSE 7 END WHERE seq IN (7, 8)`.execute(
            transaction,
          );
        } else await statement.execute(transaction);
        const { verifyChain } = await import('../../incidents/store/verify-chain.ts');
        const { rows } = await sql<{ seq: string; hash: string }>`SELECT seq, hash FROM incident_chain`.execute(
          store.database.kysely,
        );
        const anchor = { sequence: Number(rows[0].seq), hash: rows[0].hash };
        const inside = { ...store.database, kysely: reuse(transaction) };
        throw Object.assign(failure, { verdict: await verifyChain(inside, anchor) });
      })
      .catch((error: unknown) => {
        if (error !== failure) throw error;
        return failure;
      });
    expect(verdict).toMatchObject({ verdict: { ok: name === 'nothing changed' } });
  });
});

/** Lets `verifyChain` run inside the transaction that will be rolled back. */
function reuse(transaction: StoreFixture['database']['kysely']): StoreFixture['database']['kysely'] {
  return new Proxy(transaction, {
    get(target, name, receiver) {
      if (name === 'withTables') return () => receiver;
      if (name === 'transaction')
        return () => ({ setIsolationLevel: () => ({ execute: (work: (inner: unknown) => unknown) => work(target) }) });
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

describe('black box', () => {
  test('the last minute of the parties is stored byte for byte, the aftermath too, and again after a restart', async () => {
    const asked: [number, number][] = [];
    const all: RawMessage[] = [];
    const blackBox = async (_ids: readonly string[], fromMs: number, toMs: number) => {
      asked.push([fromMs, toMs]);
      return all;
    };
    const mine = someReport({ occurredAtMs: Date.now() });
    const at = (receivedMs: number, byte: number): RawMessage => ({
      vehicleId: mine.vehicleId,
      topic: 't',
      receivedMs,
      payload: new Uint8Array([0, byte, 255]),
    });
    all.push(at(Date.now() - 61_000, 1), at(Date.now() - 30_000, 2), at(Date.now() - 20, 3), at(Date.now() + 300, 4));
    const service = await store.open({ blackBox, followUpDelaysMs: [0, 600] });
    const { trackingCode } = await service.report(mine, rawOf(mine));
    await expect.poll(() => service.counters().blackBoxRead, { timeout: 3000 }).toBe(1);
    await service.stop();
    expect(service.counters().blackBoxPendingNow).toBe(1);

    const restarted = await store.open({ blackBox, followUpDelaysMs: [0, 600] });
    await expect.poll(() => restarted.counters().blackBoxRead, { timeout: 3000 }).toBe(1);
    const bytes = (await restarted.raw(trackingCode)).filter((one) => one.topic === 't').map((one) => one.payload[1]);
    expect(bytes.sort()).toEqual([2, 3, 4]);
    expect(asked[1][0]).toBe(asked[0][1]);
    expect(await restarted.verify()).toMatchObject({ ok: true });
    await restarted.stop();
  });
});
