import mqtt, { type MqttClient } from 'mqtt';
import { afterAll, describe, expect, it } from 'vitest';
import { readTracks } from '../../simulators/index.ts';
import { newDataDir, rahban, removeDataDir, runPlatform } from '../fixtures/platform.ts';
import { describeWithSharedData, sharedData } from '../fixtures/shared-data.ts';

const rounds = 20;
const seed = 20261122;

/** mulberry32: the instants of the kills, the same in every run. */
function seeded(state: number): () => number {
  let a = state;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const tracksFile = 'worlds/W1/P1/tracks_10hz.csv.gz';
const mapFile = 'worlds/W1/net.net.xml.gz';

describeWithSharedData('a platform killed in the middle of a replay', [tracksFile, mapFile], () => {
  const dataDir = newDataDir();
  afterAll(() => removeDataDir(dataDir));

  it(`has every acknowledged incident after ${rounds} kills (seed ${seed})`, { timeout: 420_000 }, async () => {
    const random = seeded(seed);
    const tracks = await readTracks([sharedData(tracksFile)]);
    const env = { RAHBAN_MAP: sharedData(mapFile) };
    const credential = rahban([
      'vehicle',
      'add',
      'fleet',
      '--kind',
      'gateway',
      '--prefix',
      'r-',
      '--data-dir',
      dataDir,
      '--json',
    ]) as { secret: string };
    const police = { name: 'officer', password: 'a-long-password-for-the-test' };
    const acknowledged = new Set<string>();
    let next = 0;
    for (let round = 0; round < rounds; round++) {
      const platform = await runPlatform(dataDir, env);
      if (round === 0)
        rahban([
          'user',
          'add',
          police.name,
          '--role',
          'police',
          '--password',
          police.password,
          '--data-dir',
          dataDir,
          '--json',
        ]);
      const client = mqtt.connect(platform.addresses.mqtt ?? '', {
        protocolVersion: 4,
        username: 'fleet',
        password: credential.secret,
        clientId: `fleet/${round}`,
        reconnectPeriod: 0,
      });
      client.on('error', () => {});
      await new Promise<void>((resolve) => client.once('connect', () => resolve()));
      const stopTraffic = replay(client, tracks);
      const before = acknowledged.size;
      const firstAck = new Promise<void>((resolve) => {
        const report = (): void => {
          if (!client.connected) return;
          const reportId = `report-${String(next++).padStart(6, '0')}`;
          client.publish(`rahban/v1/incidents/r-${next % 40}`, crash(reportId, next), { qos: 1 }, (error) => {
            if (error) return;
            acknowledged.add(reportId);
            if (acknowledged.size === before + 1) resolve();
            report();
          });
        };
        for (let i = 0; i < 5; i++) report();
      });
      await firstAck;
      await new Promise((resolve) => setTimeout(resolve, 400 * random()));
      await platform.kill();
      stopTraffic();
      client.end(true);
    }
    const platform = await runPlatform(dataDir, env);
    const stored = await storedReports(platform.addresses.http ?? '', police);
    expect(await platform.stop(), platform.output()).toBe(0);
    const missing = [...acknowledged].filter((id) => !stored.has(id));
    expect(acknowledged.size).toBeGreaterThanOrEqual(rounds);
    expect(missing).toEqual([]);
  });
});

function crash(reportId: string, n: number): string {
  return JSON.stringify({
    reportId,
    kind: 'crash',
    occurredAtMs: Date.now(),
    lat: 35.7 + 0.0007 * (n % 40),
    lon: 51.39,
    deltaV: 8,
    airbagDeployed: true,
  });
}

/** Telemetry of the recording's first seconds, again and again, as a replay sends it. */
function replay(client: MqttClient, tracks: Awaited<ReturnType<typeof readTracks>>): () => void {
  let row = 0;
  const timer = setInterval(() => {
    for (let i = 0; i < 40 && client.connected; i++) {
      row = (row + 1) % tracks.count;
      const { lat, lon, speed, headingDeg, vehicle, ids } = tracks;
      const body = {
        ts: Date.now(),
        lat: lat[row],
        lon: lon[row],
        speed: speed[row],
        heading: (headingDeg[row] as number) % 360,
      };
      client.publish(`rahban/v1/telemetry/r-${ids[vehicle[row] as number]}`, JSON.stringify(body), { qos: 0 });
    }
  }, 50);
  return () => clearInterval(timer);
}

/** Every report in the full records, read through the API as the police do. */
async function storedReports(http: string, account: { name: string; password: string }): Promise<Set<string>> {
  const signIn = await fetch(`${http}api/v1/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(account),
  });
  expect(signIn.status).toBe(200);
  const { accessToken } = (await signIn.json()) as { accessToken: string };
  const headers = { authorization: `Bearer ${accessToken}` };
  const found = new Set<string>();
  let cursor = '';
  do {
    const page = (await (await fetch(`${http}api/v1/incidents?limit=100${cursor}`, { headers })).json()) as {
      items: { trackingCode: string }[];
      next?: string;
    };
    for (const { trackingCode } of page.items) {
      const record = (await (await fetch(`${http}api/v1/incidents/${trackingCode}`, { headers })).json()) as {
        record?: { reports: { reportId: string }[] };
        reports?: { reportId: string }[];
      };
      for (const { reportId } of record.reports ?? record.record?.reports ?? []) found.add(reportId);
    }
    cursor = page.next === undefined ? '' : `&cursor=${encodeURIComponent(page.next)}`;
  } while (cursor !== '');
  return found;
}

describe('the kill test itself', () => {
  it('kills at instants that differ', () => {
    const random = seeded(seed);
    const instants = Array.from({ length: rounds }, random);
    expect(new Set(instants).size).toBe(rounds);
  });
});
