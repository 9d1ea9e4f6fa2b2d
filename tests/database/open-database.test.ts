import { spawn, spawnSync } from 'node:child_process';
import { chownSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { attachDatabase, createCongestionStore, type Database, migrate, openDatabase } from '../../database/index.ts';
import { quietLog } from './quiet-log.ts';

const newFolder = (): string => mkdtempSync(join(tmpdir(), 'rahban-database-'));
const open = (dataDir: string, more = {}) => openDatabase({ dataDir, log: quietLog(), clock: Date.now, ...more });
const postmasterPid = (dataDir: string): number =>
  Number(readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);

describe('embedded PostgreSQL', () => {
  let dataDir: string;
  let database: Database;
  beforeAll(async () => {
    dataDir = newFolder();
    database = await open(dataDir);
  });
  afterAll(async () => {
    await database.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  test('is durable, UTF-8, on the loopback interface only, with a private password', async () => {
    const setting = async (name: string) =>
      (await sql<Record<string, string>>`SHOW ${sql.raw(name)}`.execute(database.kysely)).rows[0][name];
    expect(await setting('fsync')).toBe('on');
    expect(await setting('synchronous_commit')).toBe('on');
    expect(await setting('full_page_writes')).toBe('on');
    expect(await setting('server_encoding')).toBe('UTF8');
    expect(await setting('listen_addresses')).toBe('127.0.0.1');
    expect(await setting('data_checksums')).toBe('on');
    expect(statSync(join(dataDir, 'postgres.password')).mode & 0o777).toBe(0o600);
  });

  test('a second platform on the same folder is refused, naming the first', async () => {
    await expect(open(dataDir)).rejects.toThrow(`in use by process ${process.pid}`);
  });

  test('a command beside it joins the same server and leaves it running', async () => {
    const beside = await attachDatabase({ dataDir, log: quietLog(), clock: Date.now });
    await sql`CREATE TABLE beside (n int)`.execute(beside.kysely);
    await beside.stop();
    await sql`INSERT INTO beside VALUES (1)`.execute(database.kysely);
  });

  test('migrations are applied once each, in order, each with its mark or not at all', async () => {
    const steps = [
      {
        name: '0001-a',
        up: async (transaction: Database['kysely']) => void (await sql`CREATE TABLE one (n int)`.execute(transaction)),
      },
      {
        name: '0002-b',
        up: async (transaction: Database['kysely']) => void (await sql`ALTER TABLE one ADD m int`.execute(transaction)),
      },
    ];
    const both = await Promise.all([migrate(database, 'room', steps), migrate(database, 'room', steps)]);
    expect(both.flat().sort()).toEqual(['0001-a', '0002-b']);
    const broken = {
      name: '0003-c',
      up: async (transaction: Database['kysely']) => {
        await sql`CREATE TABLE half (n int)`.execute(transaction);
        throw new Error('broken step');
      },
    };
    await expect(migrate(database, 'room', [...steps, broken])).rejects.toThrow('broken step');
    await expect(sql`SELECT * FROM half`.execute(database.kysely)).rejects.toThrow('does not exist');
    await expect(migrate(database, 'room', steps.slice(1))).rejects.toThrow('newer version');
  });

  test('a server that dies comes back by itself, and both are told', async () => {
    const events: string[] = [];
    const off = database.onConnection((event) => events.push(event.type));
    process.kill(postmasterPid(dataDir), 'SIGKILL');
    // The dead server's last session may still answer one statement.
    await expect
      .poll(
        () => {
          if (events.length === 0) database.noteFailure(new Error('test'));
          return events;
        },
        { timeout: 30_000, interval: 50 },
      )
      .toEqual(['lost', 'regained']);
    off();
    expect((await sql<{ n: number }>`SELECT 7 AS n`.execute(database.kysely)).rows[0].n).toBe(7);
  });

  test('congestion: rewritten minutes replace, usual is the weighted mean of that hour of the week, old rows go', async () => {
    const store = await createCongestionStore(database, { retentionDays: 30 });
    const monday7 = Date.UTC(2026, 10, 16, 7, 0);
    const row = (minuteMs: number, meanSpeed: number, samples: number) => ({
      minuteMs,
      edge: 5,
      meanSpeed,
      samples,
      vehicles: 2,
      freeFlow: 14,
      jamFactor: 4,
    });
    await store.write([row(monday7, 99, 1)]);
    await store.write([row(monday7, 10, 10), row(monday7 + 60_000, 4, 30), row(monday7 + 3_600_000, 13, 9)]);
    expect(await store.history(5, monday7, monday7 + 120_000)).toEqual([
      row(monday7, 10, 10),
      row(monday7 + 60_000, 4, 30),
    ]);
    expect(await store.usual(5, 7)).toEqual({ edge: 5, hourOfWeek: 7, meanSpeed: 5.5, jamFactor: 4, minutes: 2 });
    expect(await store.usual(5, 9)).toBeUndefined();
    await store.write([row(monday7 + 31 * 86_400_000, 12, 1)]);
    expect(await store.history(5, 0, monday7 + 86_400_000)).toEqual([]);
    await expect(createCongestionStore(database, { retentionDays: 0 })).rejects.toThrow('1..3650');
  });

  test('an elsewhere that does not answer, or is none, is said clearly', async () => {
    await expect(open(dataDir, { url: 'mysql://x' })).rejects.toThrow('postgres or postgresql expected');
    await expect(open(dataDir, { url: 'postgres://a:b@127.0.0.1:1/x' })).rejects.toThrow(
      'no connection to the database',
    );
  });

  test('given its own URL the same server works as an outside one', async () => {
    const password = readFileSync(join(dataDir, 'postgres.password'), 'utf8').trim();
    const url = `postgres://rahban:${password}@127.0.0.1:${database.port}/postgres`;
    const outside = await open(dataDir, { url });
    expect(outside.embedded).toBe(false);
    await sql`SELECT 1`.execute(outside.kysely);
    await outside.stop();
    expect(database.health().up).toBe(true);
  });
});

/** A platform in a process of its own: opens, writes one row, says so, waits. */
const child = `
  import { openDatabase } from ${JSON.stringify(join(import.meta.dirname, '../../dist/database/index.js'))};
  import { sql } from ${JSON.stringify(join(import.meta.dirname, '../../node_modules/kysely/dist/esm/index.js'))};
  const log = { info() {}, warn() {}, error() {} };
  const database = await openDatabase({ dataDir: process.argv[2], log, clock: Date.now });
  await sql\`CREATE TABLE IF NOT EXISTS kept (n int)\`.execute(database.kysely);
  await sql\`INSERT INTO kept VALUES (1)\`.execute(database.kysely);
  console.log('written as', process.getuid());
  if (process.argv[3] === 'stop') await database.stop(); else setInterval(() => {}, 1000);
`;

test('after kill -9 of the platform the next start adopts the server that still runs, and stops it in the end', {
  timeout: 60_000,
}, async () => {
  const dataDir = newFolder();
  const script = join(dataDir, 'child.mjs');
  writeFileSync(script, child);
  const platform = spawn(process.execPath, [script, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((resolve) => platform.stdout.once('data', resolve));
  const ended = new Promise((resolve) => platform.once('close', resolve));
  platform.kill('SIGKILL');
  await ended;
  const pid = postmasterPid(dataDir);
  const database = await open(dataDir);
  expect(postmasterPid(dataDir)).toBe(pid);
  expect((await sql`SELECT * FROM kept`.execute(database.kysely)).rows).toHaveLength(1);
  await database.stop();
  expect(() => postmasterPid(dataDir)).toThrow('ENOENT');
  const again = await open(dataDir);
  await again.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

test.runIf(process.getuid?.() === 0)('works for another user than root as well', { timeout: 60_000 }, () => {
  const dataDir = newFolder();
  const script = join(dataDir, 'child.mjs');
  writeFileSync(script, child);
  chownSync(dataDir, 65534, 65534);
  const ran = spawnSync(process.execPath, [script, dataDir, 'stop'], {
    uid: 65534,
    gid: 65534,
    cwd: '/',
    encoding: 'utf8',
  });
  expect(ran.stderr).toBe('');
  expect(ran.stdout).toBe('written as 65534\n');
  rmSync(dataDir, { recursive: true, force: true });
});
