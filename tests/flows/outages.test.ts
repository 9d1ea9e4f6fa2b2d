import { once } from 'node:events';
import { readdirSync, readFileSync, renameSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import type { MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { newDataDir, type RunningPlatform, rahban, removeDataDir, runPlatform } from '../fixtures/platform.ts';
import { addPolice, metricsOf, police } from './http.ts';
import { closed, connect, crashReport, credential, headOn } from './larvotto.ts';
import { somebodyUses, storedReports } from './records.ts';

/** The tests follow one platform through its day: each begins where the one before ended. */
describe('a platform through outages and stops', { timeout: 60_000 }, () => {
  const dataDir = newDataDir();
  const cluster = join(dataDir, 'postgres');
  const secrets: Record<string, string> = {};
  let platform: RunningPlatform;
  const acknowledged: string[] = [];
  const report = async (car: MqttClient, id: string, metres: number): Promise<void> => {
    await car.publishAsync('rahban/v1/incidents/car-a', crashReport(id, metres), { qos: 1 });
    acknowledged.push(id);
  };
  const enter = (id: string, suffix = ''): Promise<MqttClient> =>
    connect(platform, id, secrets[id] ?? '', { clientId: `${id}${suffix}` });
  const databaseCheck = async (): Promise<string> => {
    const answer = (await (await fetch(`${platform.addresses.http}readyz`)).json()) as {
      checks: { name: string; detail?: string }[];
    };
    return answer.checks.find(({ name }) => name === 'database')?.detail ?? '';
  };

  beforeAll(async () => {
    platform = await runPlatform(dataDir);
    for (const id of ['car-a', 'car-b']) secrets[id] = credential(dataDir, id);
    addPolice(dataDir);
  });
  afterAll(async () => {
    if (platform.process.exitCode === null) await platform.stop();
    removeDataDir(dataDir);
  });

  /** Kills the database server; without its files it cannot be started again until `giveBack`. */
  const killDatabase = async (): Promise<void> => {
    const pid = Number(readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')[0]);
    renameSync(cluster, `${cluster}.away`);
    process.kill(pid, 'SIGKILL');
    await expect.poll(databaseCheck, { timeout: 15_000 }).toContain('journal');
  };
  const giveBack = (): void => renameSync(`${cluster}.away`, cluster);

  it('acknowledges and keeps an incident while its database is dead, and warns on', async () => {
    const car = await enter('car-a');
    await report(car, 'before-the-outage', 0);
    await killDatabase();

    await report(car, 'during-the-outage', 300);
    expect((await metricsOf(platform)).get('rahban_incidents_journaled_total')).toBeGreaterThanOrEqual(1);
    const other = await enter('car-b');
    const heard = await headOn([car, other], ['car-a', 'car-b']);
    for (const id of ['car-a', 'car-b']) expect(heard[id]?.some(({ stage }) => stage >= 2)).toBe(true);

    giveBack();
    await expect.poll(databaseCheck, { timeout: 20_000 }).toBe('');
    await expect
      .poll(async () => [...(await storedReports(await police(platform)))], { timeout: 15_000 })
      .toEqual(expect.arrayContaining(acknowledged));
    expect((await metricsOf(platform)).get('rahban_database_lost_total')).toBe(1);
    await other.endAsync();
    await car.endAsync();
  });

  it('says goodbye at SIGTERM, ends with 0, leaves no process behind and forgets nothing it acknowledged', async () => {
    const listener = await enter('car-b', '/status');
    const said: string[] = [];
    listener.on('message', (_topic, payload, packet) => {
      const { state } = JSON.parse(payload.toString()) as { state: string };
      said.push(`${state}${packet.retain ? ', retained' : ''}`);
    });
    await listener.subscribeAsync('rahban/v1/status', { qos: 1 });
    await expect.poll(() => said).toEqual(['online, retained']);

    const page = new WebSocket(`${platform.addresses.http?.replace('http', 'ws')}api/v1/stream`);
    await once(page, 'open');
    const pageClosed = once(page, 'close');

    const car = await enter('car-a', '/reports');
    let stopped: Promise<number | null> | undefined;
    for (let i = 0; i < 40; i++)
      report(car, `at-the-end-${i}`, i * 90).then(
        () => {
          stopped ??= platform.stop();
        },
        () => {},
      );
    await closed(car);
    expect(await stopped, platform.output()).toBe(0);
    expect(said).toEqual(['online, retained', 'offline']);
    await pageClosed;
    expect(somebodyUses(dataDir)).toBe(false);
    listener.end(true);
    car.end(true);

    platform = await runPlatform(dataDir);
    const stored = await storedReports(await police(platform));
    expect(acknowledged.length).toBeGreaterThanOrEqual(3);
    expect(acknowledged.filter((id) => !stored.has(id))).toEqual([]);
    expect(rahban(['incident', 'verify', '--data-dir', dataDir, '--json'])).toMatchObject({ ok: true });
  });

  it('stops cleanly while its database is dead, and finds at the next start what only the journal held', async () => {
    const car = await enter('car-a', '/journal');
    await killDatabase();
    await report(car, 'only-in-the-journal', 150);
    expect(await platform.stop(), platform.output()).toBe(0);
    car.end(true);
    giveBack();
    platform = await runPlatform(dataDir);
    const read = await police(platform);
    await expect
      .poll(async () => (await storedReports(read)).has('only-in-the-journal'), { timeout: 15_000 })
      .toBe(true);
  });

  it('begins with what it has learned of the traffic, and anew when that was damaged', async () => {
    const learned = async (what: 'restored' | 'refused'): Promise<number | undefined> =>
      (await metricsOf(platform)).get(`rahban_core_engine_learned_${what}_total`);
    await expect.poll(() => learned('restored')).toBe(1);
    expect(await platform.stop(), platform.output()).toBe(0);
    const [file, ...others] = readdirSync(join(dataDir, 'learned'));
    expect(others).toEqual([]);
    truncateSync(join(dataDir, 'learned', file ?? ''), 100);
    platform = await runPlatform(dataDir);
    await expect.poll(() => learned('refused')).toBe(1);
    expect(await learned('restored')).toBe(0);
  });

  it('knows its vehicles again after the restart, and ends with 0 at SIGINT', async () => {
    const car = await enter('car-a');
    await report(car, 'after-the-restart', 150);
    platform.process.kill('SIGINT');
    const [code] = (await once(platform.process, 'exit')) as [number | null];
    expect(code, platform.output()).toBe(0);
    expect(somebodyUses(dataDir)).toBe(false);
    car.end(true);
  });
});
