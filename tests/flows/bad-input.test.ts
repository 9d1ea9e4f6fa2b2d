import { once } from 'node:events';
import { connect as connectSocket } from 'node:net';
import mqtt, { type MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newDataDir, type RunningPlatform, removeDataDir, runPlatform } from '../fixtures/platform.ts';
import { dropped, metricsOf, publicIncidents } from './http.ts';
import { closed, connect, crashReport, credential, headOn, telemetry } from './larvotto.ts';

const day = 86_400_000;
const body = (more: object): string => telemetry(10, 14, more);
const nested = `${'{"a":'.repeat(60)}1${'}'.repeat(60)}`;

/** What a stranger's vehicle sends, and the reason under which /metrics counts it. */
const payloads: readonly (readonly [string, () => string | Buffer, string])[] = [
  ['half a JSON text', () => '{"ts":17', 'not-json'],
  ['NaN', () => body({}).replace(/"lat":[0-9.]+/, '"lat":NaN'), 'not-json'],
  ['Infinity', () => body({}).replace(/"speed":[0-9.]+/, '"speed":Infinity'), 'not-json'],
  ['a number instead of an object', () => '42', 'not-an-object'],
  ['a list instead of an object', () => '[]', 'not-an-object'],
  ['nothing at all', () => '', 'not-json'],
  ['bytes that are no UTF-8', () => Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]), 'not-utf8'],
  ['sixty objects in each other', () => nested, 'too-deep'],
  ['a latitude in words', () => body({ lat: 'forty-three' }), 'wrong-type'],
  ['1e999 as latitude', () => body({}).replace(/"lat":[0-9.]+/, '"lat":1e999'), 'position-out-of-range'],
  ['a latitude of 91', () => body({ lat: 91 }), 'position-out-of-range'],
  ['a longitude of -200', () => body({ lon: -200 }), 'position-out-of-range'],
  ['no position', () => JSON.stringify({ ts: Date.now(), speed: 3 }), 'no-position'],
  ['no time', () => JSON.stringify({ lat: 43.7, lon: 7.4, speed: 3 }), 'no-timestamp'],
  ['1e999 as time', () => body({}).replace(/"ts":\d+/, '"ts":1e999'), 'timestamp-unreadable'],
  ['a time five years ago', () => body({ ts: Date.now() - 5 * 365 * day }), 'too-old'],
  ['a time five years ahead', () => body({ ts: Date.now() + 5 * 365 * day }), 'in-the-future'],
  ['a speed of 400 m/s', () => body({ speed: 400 }), 'speed-out-of-range'],
  ['a speed below zero', () => body({ speed: -3 }), 'speed-out-of-range'],
  ['a heading of 1000 degrees', () => body({ heading: 1000 }), 'heading-out-of-range'],
  ["another vehicle's id inside", () => body({ id: 'car-a' }), 'vehicle-id-mismatch'],
];

describe('bad input from strangers', () => {
  const dataDir = newDataDir();
  let platform: RunningPlatform;
  const secrets: Record<string, string> = {};
  const clients: MqttClient[] = [];
  const join = async (id: string, suffix = ''): Promise<MqttClient> => {
    const client = await connect(platform, id, secrets[id] ?? '', { clientId: `${id}${suffix}` });
    clients.push(client);
    return client;
  };
  /** Resolves when the counter has grown by at least one since `before`. */
  const counted = (before: ReadonlyMap<string, number>, name: string): Promise<void> =>
    expect
      .poll(async () => ((await metricsOf(platform)).get(name) ?? Number.NaN) - (before.get(name) ?? Number.NaN), {
        timeout: 8_000,
        interval: 200,
        message: name,
      })
      .toBeGreaterThanOrEqual(1);

  beforeAll(async () => {
    platform = await runPlatform(dataDir);
    for (const id of ['car-a', 'car-b', 'stranger']) secrets[id] = credential(dataDir, id);
  });
  afterAll(async () => {
    for (const client of clients) client.end(true);
    await platform.stop();
    removeDataDir(dataDir);
  });

  it('drops every broken payload under its own reason', async () => {
    const before = await metricsOf(platform);
    const car = await join('stranger');
    for (const [, payload] of payloads) car.publish('rahban/v1/telemetry/stranger', payload());
    const expected = new Map<string, number>();
    for (const [, , reason] of payloads) expected.set(reason, (expected.get(reason) ?? 0) + 1);
    const grown = async (): Promise<Record<string, number>> => {
      const now = await metricsOf(platform);
      return Object.fromEntries(
        [...expected.keys()].map((reason) => [
          reason,
          (now.get(dropped(reason)) ?? Number.NaN) - (before.get(dropped(reason)) ?? Number.NaN),
        ]),
      );
    };
    await expect.poll(grown, { timeout: 8_000, interval: 300 }).toEqual(Object.fromEntries(expected));
    expect(car.connected).toBe(true);
    await car.endAsync();
  });

  it('drops a repeated message and one that comes out of order', async () => {
    const before = await metricsOf(platform);
    const car = await join('stranger');
    const now = Date.now();
    const at = (ts: number): string => telemetry(10, 0, { ts });
    for (const ts of [now - 2000, now - 200, now - 200, now - 1500])
      car.publish('rahban/v1/telemetry/stranger', at(ts));
    await counted(before, dropped('duplicate'));
    await counted(before, dropped('out-of-order'));
    await car.endAsync();
  });

  it('takes no megabyte, and no telemetry of twenty kilobytes', async () => {
    const before = await metricsOf(platform);
    const car = await join('stranger');
    const cut = closed(car);
    car.publish('rahban/v1/telemetry/stranger', Buffer.alloc(1_000_000, 0x20));
    await cut;
    await counted(before, 'rahban_broker_refused_size_total');
    const between = await metricsOf(platform);
    const again = await join('stranger', '/b');
    again.publish('rahban/v1/telemetry/stranger', Buffer.alloc(20_000, 0x20));
    await counted(between, 'rahban_broker_refused_size_total');
    again.end(true);
  });

  it("lets nobody publish on another vehicle's topic, an unknown topic, or with the retain flag", async () => {
    for (const [topic, options, counter] of [
      ['rahban/v1/telemetry/car-a', {}, 'refused_acl'],
      ['rahban/v1/incidents/car-a', { qos: 1 }, 'refused_acl'],
      ['rahban/v1/warnings/car-a', {}, 'refused_acl'],
      ['rahban/v1/no/such/topic', {}, 'refused_acl'],
      ['rahban/v1/telemetry/stranger', { retain: true }, 'refused_retain'],
    ] as const) {
      const before = await metricsOf(platform);
      const car = await join('stranger', '/topics');
      car.publish(topic, telemetry(10, 14), options);
      await counted(before, `rahban_broker_${counter}_total`);
      car.end(true);
    }
    expect([...(await metricsOf(platform))].find(([name]) => name === 'rahban_incidents_committed_total')?.[1]).toBe(0);
  });

  it("lets nobody hear another vehicle's warnings", async () => {
    const before = await metricsOf(platform);
    const car = await join('stranger', '/ears');
    const granted = await car
      .subscribeAsync('rahban/v1/warnings/car-a')
      .then((answers) => answers[0]?.qos)
      .catch(() => 128);
    expect(granted).toBe(128);
    await counted(before, 'rahban_broker_refused_subscribe_total');
    car.end(true);
  });

  it("lets nobody in with a wrong password, an unknown name or another's client id", async () => {
    for (const [username, password, clientId, counter] of [
      ['stranger', 'not-the-secret', 'stranger', 'refused_auth'],
      ['nobody', 'whatever-it-is', 'nobody', 'refused_auth'],
      ['stranger', secrets.stranger ?? '', 'car-a', 'refused_client_id'],
    ] as const) {
      const before = await metricsOf(platform);
      const client = mqtt.connect(platform.addresses.mqtt ?? '', {
        protocolVersion: 4,
        username,
        password,
        clientId,
        reconnectPeriod: 0,
      });
      clients.push(client);
      let connected = false;
      client.on('connect', () => {
        connected = true;
      });
      client.on('error', () => {});
      await closed(client);
      expect(connected, `${username} as ${clientId}`).toBe(false);
      await counted(before, `rahban_broker_${counter}_total`);
    }
  });

  it('cuts a socket that speaks no MQTT', async () => {
    const before = await metricsOf(platform);
    const { hostname, port } = new URL(platform.addresses.mqtt ?? '');
    const socket = connectSocket(Number(port), hostname);
    socket.on('error', () => {});
    await once(socket, 'connect');
    const cut = closed(socket);
    socket.resume();
    socket.write('GET / HTTP/1.1\r\nHost: example\r\n\r\n');
    await cut;
    await counted(before, 'rahban_broker_malformed_total');
  });

  it('answers broken HTTP requests with a problem, never with a failure of its own', async () => {
    const http = platform.addresses.http ?? '';
    for (const [path, init] of [
      ['api/v1/incidents?limit=-1', {}],
      ['api/v1/incidents?cursor=%00', {}],
      ['api/v1/incidents/%F0%9F%9A%97', {}],
      ['api/v1/route?from=1e999,0&to=NaN,0', {}],
      ['api/v1/traffic/segments?bbox=9,9,1,1', {}],
      ['api/v1/sessions', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"name":' }],
      [
        'api/v1/sessions',
        { method: 'POST', headers: { 'content-type': 'application/json' }, body: `"${'x'.repeat(2_000_000)}"` },
      ],
      ['api/v1/no-such-thing', {}],
    ] as const) {
      const answer = await fetch(`${http}${path}`, init);
      expect(answer.status, path).toBeGreaterThanOrEqual(400);
      expect(answer.status, path).toBeLessThan(500);
      expect(answer.headers.get('content-type'), path).toContain('application/problem+json');
    }
  });

  it('answers an incident report it cannot read by its reason, and keeps one with a wrong clock or sent twice once', async () => {
    const before = await metricsOf(platform);
    const car = await join('car-a');
    const receipts: { accepted: boolean; reason?: string; reportId?: string; trackingCode?: string }[] = [];
    car.on('message', (_topic, payload) => receipts.push(JSON.parse(payload.toString())));
    await car.subscribeAsync('rahban/v1/receipts/car-a', { qos: 1 });
    const topic = 'rahban/v1/incidents/car-a';
    const whole = JSON.parse(crashReport('a-wrong-clock', 20)) as { occurredAtMs: number };
    const early = JSON.stringify({ ...whole, occurredAtMs: whole.occurredAtMs + 5 * 365 * day });
    for (const text of ['{"reportId":', '{}', JSON.stringify({ ...whole, lat: 1000 }), early, early])
      await car.publishAsync(topic, text, { qos: 1 });
    await expect.poll(() => receipts.length, { timeout: 8_000 }).toBe(5);
    expect(receipts.slice(0, 3).map(({ accepted, reason }) => [accepted, reason])).toEqual([
      [false, 'not-json'],
      [false, 'missing-field'],
      [false, 'position-out-of-range'],
    ]);
    expect(receipts.slice(3).map(({ accepted, reportId }) => [accepted, reportId])).toEqual([
      [true, 'a-wrong-clock'],
      [true, 'a-wrong-clock'],
    ]);
    expect(receipts[3]?.trackingCode).toBe(receipts[4]?.trackingCode);
    for (const reason of ['not-json', 'missing-field', 'position-out-of-range'])
      await counted(before, `rahban_incidents_reports_refused_total{reason="${reason}"}`);
    await counted(before, 'rahban_incidents_reports_retimed_total');
    await counted(before, 'rahban_incidents_duplicates_total');
    const [incident] = await publicIncidents(platform);
    expect(Date.parse(incident?.occurredAt ?? '')).toBeLessThanOrEqual(Date.now());
    await car.endAsync();
  });

  it('still warns two vehicles on collision course after all of it', { timeout: 30_000 }, async () => {
    expect(platform.process.exitCode, platform.output()).toBeNull();
    const cars: [MqttClient, MqttClient] = [await join('car-a'), await join('car-b')];
    const heard = await headOn(cars, ['car-a', 'car-b']);
    for (const id of ['car-a', 'car-b'])
      expect(
        heard[id]?.map(({ stage }) => stage),
        `${id}: ${platform.output()}`,
      ).toEqual(expect.arrayContaining([2]));
  });

  it('names no vehicle in any label of /metrics', async () => {
    const names = [...(await metricsOf(platform)).keys()].join('\n');
    expect(names).not.toMatch(/car-a|car-b|stranger|nobody/);
  });
});
