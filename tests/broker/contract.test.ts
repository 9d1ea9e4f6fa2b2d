import { connect, connectAsync, type IClientOptions, type MqttClient } from 'mqtt';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createExternalSource } from '../../broker/index.ts';
import { findTool } from '../fixtures/tools.ts';
import { embeddedHarness, type Harness, type MosquittoHarness, mosquittoHarness, until } from './contract-harness.ts';
import { nextMessage, quiet } from './embedded-fixture.ts';

let clients: MqttClient[] = [];

async function connectAs(harness: Harness, principal: string, more: IClientOptions = {}): Promise<MqttClient> {
  const client = await connectAsync(harness.url, {
    clientId: principal,
    username: principal,
    password: harness.secrets.get(principal) ?? '',
    reconnectPeriod: 0,
    ...more,
  });
  client.on('error', () => undefined);
  clients.push(client);
  return client;
}

function contract(make: () => Promise<Harness>): void {
  let harness: Harness;
  beforeEach(async () => {
    harness = await make();
  });
  afterEach(async () => {
    for (const client of clients) client.end(true);
    clients = [];
    await harness.close();
  });

  test('telemetry arrives with its topic and its exact bytes', async () => {
    const car = await connectAs(harness, 'car-1');
    await car.publishAsync('rahban/v1/telemetry/car-1', 'سلام {"speed":13.9}', { qos: 0 });
    await until(() => harness.messages.length === 1);
    expect(harness.messages[0]).toMatchObject({ topic: 'rahban/v1/telemetry/car-1', text: 'سلام {"speed":13.9}' });
    expect(harness.source.counters()).toMatchObject({ received: 1, durableAcked: 0 });
  });

  test('a thousand messages of one vehicle arrive in their order', async () => {
    const car = await connectAs(harness, 'car-1');
    for (let n = 0; n < 1000; n += 1) car.publish('rahban/v1/telemetry/car-1', String(n), { qos: 0 });
    await until(() => harness.messages.length === 1000);
    expect(harness.messages.map(({ text }) => Number(text))).toEqual(Array.from({ length: 1000 }, (_, n) => n));
  });

  test('incidents and its-client DENM take the durable way, CAM does not', async () => {
    const car = await connectAs(harness, 'car-1');
    await car.publishAsync('rahban/v1/incidents/car-1', 'crash', { qos: 1 });
    await car.publishAsync('default/inQueue/v2x/denm/car-1/1/2/3', 'denm', { qos: 1 });
    await car.publishAsync('default/inQueue/v2x/cam/car-1/1/2/3', 'cam', { qos: 1 });
    await until(() => harness.durable.length === 2 && harness.messages.length === 1);
    expect(harness.durable.map(({ text }) => text)).toEqual(['crash', 'denm']);
    expect(harness.messages[0]?.text).toBe('cam');
  });

  test('an incident whose handler fails comes again until it is stored', async () => {
    let failures = 2;
    harness.onDurable = () => (failures-- > 0 ? Promise.reject(new Error('disk full')) : Promise.resolve());
    const car = await connectAs(harness, 'car-1', { reconnectPeriod: 50, clean: false });
    car.publish('rahban/v1/incidents/car-1', 'crash', { qos: 1 });
    await until(() => harness.durable.length === 1);
    expect(harness.source.counters()).toMatchObject({ durableFailed: 2, durableAcked: 1 });
  });

  test('a warning reaches its vehicle and nobody else', async () => {
    const [car, other] = [await connectAs(harness, 'car-1'), await connectAs(harness, 'car-2')];
    const seen: string[] = [];
    other.on('message', (topic) => seen.push(topic));
    await car.subscribeAsync('rahban/v1/warnings/car-1', { qos: 1 });
    await other.subscribeAsync('rahban/v1/warnings/car-2', { qos: 1 });
    await other.subscribeAsync(['rahban/v1/warnings/car-1', '#', 'rahban/v1/#'], { qos: 1 }).catch(() => undefined);
    const warned = nextMessage(car);
    expect(await harness.source.publish('rahban/v1/warnings/car-1', 'brake', { qos: 1 })).toBe(true);
    expect(await warned).toBe('brake');
    const own = nextMessage(other);
    await harness.source.publish('rahban/v1/warnings/car-2', 'swerve', { qos: 1 });
    await own;
    expect(seen.filter((topic) => topic !== 'rahban/v1/status')).toEqual(['rahban/v1/warnings/car-2']);
  });

  test('a vehicle with a persistent session finds the warnings it missed', async () => {
    const first = await connectAs(harness, 'car-1', { clean: false });
    await first.subscribeAsync('rahban/v1/warnings/car-1', { qos: 1 });
    await first.endAsync();
    await harness.source.publish('rahban/v1/warnings/car-1', 'missed', { qos: 1 });
    await until(() => harness.source.counters().outgoingNow === 0);
    const missed: string[] = [];
    const second = connect(harness.url, {
      clientId: 'car-1',
      username: 'car-1',
      password: harness.secrets.get('car-1') ?? '',
      clean: false,
      reconnectPeriod: 0,
    });
    second.on('message', (_, payload) => missed.push(String(payload)));
    clients.push(second);
    await until(() => missed.length === 1);
    expect(missed).toEqual(['missed']);
  });

  test("a message on another vehicle's topic never reaches the platform", async () => {
    const car = await connectAs(harness, 'car-1');
    car.publish('rahban/v1/telemetry/car-2', 'forged', { qos: 0 });
    car.publish('rahban/v1/incidents/car-2', 'forged', { qos: 0 });
    const honest = await connectAs(harness, 'car-2');
    await honest.publishAsync('rahban/v1/telemetry/car-2', 'true', { qos: 1 });
    await honest.publishAsync('rahban/v1/incidents/car-2', 'true', { qos: 1 });
    await until(() => harness.messages.length > 0 && harness.durable.length > 0);
    expect([...harness.messages, ...harness.durable].map(({ text }) => text)).toEqual(['true', 'true']);
  });

  test('a wrong password, an unknown principal and nobody at all are refused', async () => {
    for (const options of [{ username: 'car-1', password: 'wrong' }, { username: 'ghost', password: 'x' }, {}])
      await expect(connectAsync(harness.url, { reconnectPeriod: 0, ...options }, false)).rejects.toThrow(/refused/i);
  });

  test('the retained status says online, and offline after a clean stop', async () => {
    const car = await connectAs(harness, 'car-1');
    const states: string[] = [];
    car.on('message', (_, payload) => states.push(JSON.parse(String(payload)).state));
    await car.subscribeAsync('rahban/v1/status', { qos: 1 });
    await until(() => states.length === 1);
    await harness.source.stop();
    await until(() => states.length === 2);
    expect(states).toEqual(['online', 'offline']);
  });
}

describe('embedded broker', () => contract(embeddedHarness));

const mosquitto = findTool('mosquitto') !== undefined && findTool('mosquitto_passwd') !== undefined;
describe.skipIf(!mosquitto)(`external Mosquitto${mosquitto ? '' : ' [not run: mosquitto is not installed]'}`, () => {
  contract(mosquittoHarness);

  test('incidents sent while the platform is away wait in its session and are stored when it is back', async () => {
    const harness: MosquittoHarness = await mosquittoHarness();
    try {
      await harness.source.stop();
      const car = await connectAs(harness, 'car-1');
      for (let n = 0; n < 50; n += 1) await car.publishAsync('rahban/v1/incidents/car-1', String(n), { qos: 1 });
      const stored: string[] = [];
      const again = createExternalSource(
        { url: harness.platformUrl, dataDir: harness.dataDir },
        {
          onMessage: () => undefined,
          onDurable: async ({ payload }) => {
            stored.push(Buffer.from(payload).toString());
          },
        },
        quiet,
      );
      await again.start();
      await until(() => stored.length === 50);
      await again.stop();
      expect(new Set(stored).size).toBe(50);
    } finally {
      await harness.close();
    }
  });

  test('after the broker was killed the platform comes back by itself, hears incidents and sends what waited', async () => {
    const harness = await mosquittoHarness();
    try {
      await harness.kill();
      await until(() => harness.source.counters().connectedNow === 0);
      expect(await harness.source.publish('rahban/v1/warnings/car-1', 'lossy', { qos: 0 })).toBe(false);
      expect(await harness.source.publish('rahban/v1/warnings/car-1', 'kept', { qos: 1, retain: true })).toBe(true);
      await harness.revive();
      await until(() => harness.source.counters().connectedNow === 2 && harness.source.counters().outgoingNow === 0);
      const car = await connectAs(harness, 'car-1');
      const warning = nextMessage(car);
      await car.subscribeAsync('rahban/v1/warnings/car-1', { qos: 1 });
      expect(await warning).toBe('kept');
      await car.publishAsync('rahban/v1/incidents/car-1', 'crash', { qos: 1 });
      await until(() => harness.durable.length === 1);
      expect(harness.source.counters()).toMatchObject({ connects: 4, disconnects: 2, shedOut: 1 });
    } finally {
      await harness.close();
    }
  });

  test('what waits for a broker that is gone is bounded, and stop does not hang on it', async () => {
    const harness = await mosquittoHarness();
    await harness.source.stop();
    await harness.kill();
    const silent = { onMessage: () => undefined, onDurable: () => Promise.resolve() };
    const source = createExternalSource(
      { url: harness.platformUrl, dataDir: harness.dataDir, maxOutgoing: 10, startTimeoutMs: 50 },
      silent,
      quiet,
    );
    await source.start();
    const taken: boolean[] = [];
    for (let n = 0; n < 25; n += 1) taken.push(await source.publish('rahban/v1/hazards/1', `${n}`, { qos: 1 }));
    expect(taken.filter(Boolean)).toHaveLength(10);
    expect(source.counters()).toMatchObject({ shedOut: 15, outgoingNow: 10, connectedNow: 0 });
    const start = Date.now();
    await source.stop();
    expect(Date.now() - start).toBeLessThan(5000);
    await harness.revive();
    await harness.close();
  });

  test.each(['http://x', 'nonsense', ''])('the broken MQTT_URL %j is refused at once', (url) => {
    const silent = { onMessage: () => undefined, onDurable: () => Promise.resolve() };
    expect(() => createExternalSource({ url, dataDir: 'x' }, silent, quiet)).toThrow(/MQTT_URL/);
  });
});
