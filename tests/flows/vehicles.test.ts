import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dropReasons } from '../../ingest/index.ts';
import { newDataDir, type RunningPlatform, rahban, removeDataDir, runPlatform } from '../fixtures/platform.ts';
import { findTool } from '../fixtures/tools.ts';
import { addPolice, dropped, metricsOf, police, publicIncidents } from './http.ts';
import { connect, credential, pointAt, streetName, telemetry } from './larvotto.ts';

const openssl = findTool('openssl');
const encrypted = openssl === undefined ? it.skip : it;

describe('vehicles of every kind', { timeout: 60_000 }, () => {
  const dataDir = newDataDir();
  const certificate = join(dataDir, 'test-cert.pem');
  const key = join(dataDir, 'test-key.pem');
  const secrets: Record<string, string> = {};
  let platform: RunningPlatform;
  beforeAll(async () => {
    if (openssl !== undefined) {
      const request = '-x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1';
      const made = spawnSync(openssl, ['req', ...request.split(' '), '-keyout', key, '-out', certificate]);
      expect(made.status, String(made.stderr)).toBe(0);
    }
    platform = await runPlatform(
      dataDir,
      openssl === undefined ? {} : { RAHBAN_TLS_CERT: certificate, RAHBAN_TLS_KEY: key, RAHBAN_MQTT_TLS_PORT: '0' },
    );
    for (const id of ['car-a', 'car-b', 'car-tls', 'car-ws', 'phone-1']) secrets[id] = credential(dataDir, id);
    addPolice(dataDir);
  });
  afterAll(async () => {
    await platform.stop();
    removeDataDir(dataDir);
  });

  it('turns a crash seen in telemetry alone into an incident with both drivers’ evidence', async () => {
    const ids = ['car-a', 'car-b'] as const;
    const cars = [
      await connect(platform, 'car-a', secrets['car-a'] ?? ''),
      await connect(platform, 'car-b', secrets['car-b'] ?? ''),
    ] as const;
    const size = { length: 4.5, width: 1.8 };
    const begun = Date.now();
    // From 170 m apart at 50 km/h each; their fronts meet after about 6 s, and both stand at once where they met.
    const timer = setInterval(() => {
      const driven = Math.min(14 * ((Date.now() - begun) / 1000), (170 - 4.5) / 2);
      const stands = driven === (170 - 4.5) / 2;
      cars[0].publish(`rahban/v1/telemetry/${ids[0]}`, telemetry(60 + driven, stands ? 0 : 14, size));
      cars[1].publish(
        `rahban/v1/telemetry/${ids[1]}`,
        telemetry(230 - driven, stands ? -0 : -14, { ...size, heading: 231 }),
      );
    }, 100);
    const listed = async () => (await publicIncidents(platform)).find(({ vehicles }) => vehicles === 2);
    await expect.poll(listed, { timeout: 20_000, interval: 200 }).toBeDefined();
    const seconds = (Date.now() - begun) / 1000;
    clearInterval(timer);
    expect(seconds, 'the crash happens at 6 s').toBeLessThan(15);
    const incident = await listed();
    expect(incident).toMatchObject({ kind: 'crash', place: { street: streetName } });
    expect(incident?.place.lat).toBeCloseTo(pointAt(145).lat, 3);
    expect(JSON.stringify(incident)).not.toMatch(/car-a|car-b/);

    const read = await police(platform);
    const path = `api/v1/incidents/${incident?.trackingCode}`;
    await expect
      .poll(async () => ((await read(path)) as { rawMessages: number }).rawMessages, { timeout: 10_000 })
      .toBeGreaterThan(60);
    const record = (await read(path)) as { vehicleIds: string[]; alerts: { vehicleId: string; stage: number }[] };
    expect([...record.vehicleIds].sort()).toEqual([...ids]);
    for (const id of ids)
      expect(
        record.alerts.filter(({ vehicleId, stage }) => vehicleId === id && stage >= 2).length,
        `warnings of ${id} before the crash`,
      ).toBeGreaterThanOrEqual(1);
    const { items } = (await read(`${path}/raw`)) as { items: { vehicleId: string; topic: string; payload: string }[] };
    for (const id of ids) {
      const own = items.filter(({ vehicleId }) => vehicleId === id);
      expect(own.length).toBeGreaterThan(30);
      for (const { topic, payload } of own) {
        expect(topic).toBe(`rahban/v1/telemetry/${id}`);
        expect(JSON.parse(Buffer.from(payload, 'base64').toString())).toMatchObject(size);
      }
    }
    expect(rahban(['incident', 'verify', '--data-dir', dataDir, '--json'])).toMatchObject({ ok: true });
    for (const car of cars) await car.endAsync();
  });

  encrypted('takes telemetry through TLS from a client that checks the certificate', async () => {
    const before = (await metricsOf(platform)).get('rahban_ingest_accepted_total') ?? 0;
    const car = await mqtt.connectAsync(platform.addresses.mqtts ?? '', {
      protocolVersion: 4,
      username: 'car-tls',
      password: secrets['car-tls'] ?? '',
      clientId: 'car-tls',
      ca: readFileSync(certificate),
      rejectUnauthorized: true,
    });
    await car.publishAsync('rahban/v1/telemetry/car-tls', telemetry(20, 0), { qos: 1 });
    await expect
      .poll(async () => (await metricsOf(platform)).get('rahban_ingest_accepted_total'), { timeout: 5_000 })
      .toBeGreaterThan(before);
    await car.endAsync();
  });

  it('takes telemetry through a WebSocket', async () => {
    const before = (await metricsOf(platform)).get('rahban_ingest_accepted_total') ?? 0;
    const car = await connect(
      { ...platform, addresses: { mqtt: platform.addresses.ws ?? '' } },
      'car-ws',
      secrets['car-ws'] ?? '',
    );
    await car.publishAsync('rahban/v1/telemetry/car-ws', telemetry(250, 0), { qos: 1 });
    await expect
      .poll(async () => (await metricsOf(platform)).get('rahban_ingest_accepted_total'), { timeout: 5_000 })
      .toBeGreaterThan(before);
    await car.endAsync();
  });

  it('puts a telephone that reports over HTTP into the fleet, and tells it why a report is refused', async () => {
    const { lat, lon } = pointAt(120);
    const report = (more: Readonly<Record<string, string>>) =>
      fetch(
        `${platform.addresses.http}api/v1/phones/osmand?${new URLSearchParams({
          id: 'phone-1',
          key: secrets['phone-1'] ?? '',
          lat: String(lat),
          lon: String(lon),
          timestamp: String(Date.now()),
          speed: '10',
          bearing: '51',
          ...more,
        })}`,
      );
    const taken = await report({});
    expect([taken.status, await taken.json()]).toEqual([200, { accepted: true }]);
    const read = await police(platform);
    const inFleet = async (): Promise<string> => JSON.stringify(await read('api/v1/vehicles/phone-1').catch(String));
    await expect.poll(inFleet, { timeout: 5_000 }).toContain(String(lat).slice(0, 6));

    const refused = await report({ lat: '91', timestamp: String(Date.now() + 1000) });
    expect(refused.status).toBe(422);
    expect(await refused.json()).toMatchObject({ reason: 'position-out-of-range' });
    expect((await report({ key: 'a-wrong-key-altogether' })).status).toBe(401);
    expect((await report({ id: 'car-a' })).status).toBe(401);
  });

  it('shows every counter family in /metrics, and no vehicle in any label', async () => {
    const names = [...(await metricsOf(platform)).keys()];
    for (const reason of dropReasons) expect(names).toContain(dropped(reason));
    for (const family of ['broker', 'ingest', 'core', 'incidents', 'congestion', 'database', 'http', 'stream'])
      expect(
        names.filter((name) => name.startsWith(`rahban_${family}_`)),
        family,
      ).not.toEqual([]);
    for (const histogram of ['rahban_alert_decision_latency_seconds', 'rahban_core_tick_lateness_seconds'])
      expect(names).toContain(`${histogram}_count`);
    expect(names.join('\n')).not.toMatch(/car-[a-z]|phone-1/);
  });
});
