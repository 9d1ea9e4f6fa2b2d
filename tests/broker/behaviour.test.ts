import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { createEmbeddedBroker, type EmbeddedBrokerOptions } from '../../broker/index.ts';
import { findTool } from '../fixtures/tools.ts';
import { until } from './contract-harness.ts';
import { type EmbeddedFixture, embeddedFixture, nextMessage, quiet } from './embedded-fixture.ts';
import { connectPacket, packet, publishPacket, RawConnection, subscribePacket } from './raw-mqtt.ts';

let broker: EmbeddedFixture | undefined;
afterEach(async () => {
  await broker?.close();
  broker = undefined;
});

async function withCars(
  options: Partial<EmbeddedBrokerOptions> = {},
  count = 1,
): Promise<{ fixture: EmbeddedFixture; secrets: string[] }> {
  const fixture = await embeddedFixture(options);
  broker = fixture;
  const secrets: string[] = [];
  for (let n = 0; n < count; n += 1) secrets.push(await fixture.store.add({ principal: `car-${n}`, kind: 'vehicle' }));
  await until(() => fixture.source.counters().credentialsNow === count);
  return { fixture, secrets };
}

async function rawLogin(fixture: EmbeddedFixture, id: string, secret: string): Promise<RawConnection> {
  const raw = await RawConnection.open(fixture.port);
  expect((await raw.ask(connectPacket({ clientId: id, username: id, password: secret })))[3]).toBe(0);
  return raw;
}

describe('acknowledgement', () => {
  test('PUBACK of an incident comes only after its handler has finished', async () => {
    const { fixture, secrets } = await withCars();
    let store = (): void => undefined;
    fixture.onDurable = () =>
      new Promise((resolve) => {
        store = resolve;
      });
    const raw = await rawLogin(fixture, 'car-0', secrets[0] ?? '');
    raw.socket.write(publishPacket('rahban/v1/incidents/car-0', 'crash', 2, 77));
    await until(() => fixture.source.counters().durableInFlightNow === 1);
    expect(raw.received.length).toBe(4);
    store();
    await until(() => raw.received.length > 4);
    expect(raw.received.subarray(4)).toEqual(Buffer.of(0x40, 2, 0, 77));
    expect(fixture.durable).toHaveLength(1);
    raw.socket.destroy();
  });

  test.each([
    ['fails', () => Promise.reject(new Error('disk full'))],
    ['never ends', () => new Promise<void>(() => undefined)],
  ])('when the handler %s there is no PUBACK and the connection closes', async (_, onDurable) => {
    const { fixture, secrets } = await withCars({ durableTimeoutMs: 100 });
    fixture.onDurable = onDurable;
    const raw = await rawLogin(fixture, 'car-0', secrets[0] ?? '');
    expect((await raw.ask(publishPacket('rahban/v1/incidents/car-0', 'crash', 2, 1))).length).toBe(0);
    await raw.end();
    expect(fixture.source.counters()).toMatchObject({ durableAcked: 0, durableFailed: 1 });
  });

  test('stop lets an incident in flight finish and acknowledges it', async () => {
    const { fixture, secrets } = await withCars();
    let store = (): void => undefined;
    fixture.onDurable = () =>
      new Promise((resolve) => {
        store = resolve;
      });
    const raw = await rawLogin(fixture, 'car-0', secrets[0] ?? '');
    raw.socket.write(publishPacket('rahban/v1/incidents/car-0', 'crash', 2, 5));
    await until(() => fixture.source.counters().durableInFlightNow === 1);
    const stopped = fixture.source.stop();
    store();
    await stopped;
    await raw.end();
    expect(raw.received.subarray(4, 8)).toEqual(Buffer.of(0x40, 2, 0, 5));
  });

  test('the will of a vehicle that vanishes is heard, at a clean stop of the platform it is not', async () => {
    const { fixture, secrets } = await withCars();
    const will = { topic: 'rahban/v1/incidents/car-0', payload: 'vanished' };
    const login = connectPacket({ clientId: 'car-0', username: 'car-0', password: secrets[0] ?? '', will });
    const first = await RawConnection.open(fixture.port);
    await first.ask(login);
    first.socket.destroy();
    await until(() => fixture.durable.length === 1);
    const second = await RawConnection.open(fixture.port);
    await second.ask(login);
    await fixture.source.stop();
    await second.end();
    expect(fixture.durable).toHaveLength(1);
  });
});

describe('limits', () => {
  test('telemetry over the rate is dropped and counted, a flood is cut, others are not touched', async () => {
    const { fixture, secrets } = await withCars({ rates: { vehicle: { perSecond: 1, burst: 20 } } }, 2);
    const noisy = await rawLogin(fixture, 'car-0', secrets[0] ?? '');
    const calm = await rawLogin(fixture, 'car-1', secrets[1] ?? '');
    const one = publishPacket('rahban/v1/telemetry/car-0', 'x');
    noisy.socket.write(Buffer.concat(Array.from({ length: 100 }, () => one)));
    await until(() => fixture.source.counters().rateLimited === 80);
    expect(fixture.messages).toHaveLength(20);
    noisy.socket.write(Buffer.concat(Array.from({ length: 200 }, () => one)));
    await noisy.end();
    expect(fixture.source.counters().floodCut).toBe(1);
    expect(await calm.ask(publishPacket('rahban/v1/telemetry/car-1', 'x', 2))).toEqual(Buffer.of(0x40, 2, 0, 1));
    calm.socket.destroy();
  });

  test('an acknowledged telemetry message is never dropped: over the rate its sender is cut instead', async () => {
    const { fixture, secrets } = await withCars({ rates: { vehicle: { perSecond: 1, burst: 3 } } });
    const raw = await rawLogin(fixture, 'car-0', secrets[0] ?? '');
    for (let id = 1; id <= 3; id += 1)
      expect((await raw.ask(publishPacket('rahban/v1/telemetry/car-0', 'x', 2, id))).length).toBe(4);
    expect((await raw.ask(publishPacket('rahban/v1/telemetry/car-0', 'x', 2, 4))).length).toBe(0);
    await raw.end();
  });

  test('connections above the rate of one address and above the total are refused', async () => {
    const { fixture } = await withCars({ accepts: { perSecond: 0.001, burst: 5 }, maxConnections: 3 });
    const first = await Promise.all([1, 2, 3].map(() => RawConnection.open(fixture.port)));
    const fourth = await RawConnection.open(fixture.port);
    await fourth.end();
    for (const raw of first) raw.socket.destroy();
    await Promise.all(first.map((raw) => raw.end()));
    await until(async () => {
      (await RawConnection.open(fixture.port)).socket.destroy();
      return (fixture.source.counters().connectionsThrottled ?? 0) > 0;
    });
    expect(fixture.source.counters().connectionsRefused).toBeGreaterThan(0);
  });

  test('publish answers false and counts when the way out is congested', async () => {
    const { fixture, secrets } = await withCars({ maxOutgoing: 1 });
    const stalled = await rawLogin(fixture, 'car-0', secrets[0] ?? '');
    await stalled.ask(subscribePacket('rahban/v1/warnings/car-0'));
    stalled.socket.pause();
    const payload = Buffer.alloc(60_000);
    const results: boolean[] = [];
    for (let n = 0; n < 3000; n += 1)
      results.push(await fixture.source.publish('rahban/v1/warnings/car-0', payload, { qos: 1 }));
    expect(results[0]).toBe(true);
    expect(results.at(-1)).toBe(false);
    expect(fixture.source.counters().shedOut).toBe(results.filter((taken) => !taken).length);
    stalled.socket.destroy();
  });

  test('a vehicle that is away keeps at most the configured number of messages', async () => {
    const { fixture, secrets } = await withCars({ maxOffline: 10 });
    const car = await fixture.client('car-0', secrets[0] ?? '', { clean: false });
    await car.subscribeAsync('rahban/v1/warnings/car-0', { qos: 1 });
    await car.endAsync();
    await until(() => fixture.source.counters().connectedNow === 0);
    for (let n = 0; n < 25; n += 1) await fixture.source.publish('rahban/v1/warnings/car-0', `${n}`, { qos: 1 });
    await until(() => fixture.source.counters().offlineDropped === 15);
  });
});

test('a subscriber that stops reading neither stops the others nor grows memory, and is cut', async () => {
  const { fixture, secrets } = await withCars({}, 2);
  const stalled = await rawLogin(fixture, 'car-0', secrets[0] ?? '');
  await stalled.ask(subscribePacket('rahban/v1/hazards/#'));
  stalled.socket.pause();
  const healthy = await fixture.client('car-1', secrets[1] ?? '');
  await healthy.subscribeAsync(['rahban/v1/hazards/#', 'rahban/v1/warnings/car-1'], { qos: 1 });
  let seen = 0;
  healthy.on('message', () => {
    seen += 1;
  });
  const before = process.memoryUsage().rss;
  let sent = 0;
  for (; sent < 8000; sent += 1) {
    if (!(await fixture.source.publish('rahban/v1/hazards/1/2', Buffer.alloc(2048), { qos: 1 }))) break;
    if (sent % 20 === 19) await until(() => sent - seen < 200);
  }
  await until(() => seen === sent);
  expect(sent).toBe(8000);
  expect(fixture.source.counters().slowCut).toBe(1);
  expect(process.memoryUsage().rss - before).toBeLessThan(100 << 20);
  const warning = nextMessage(healthy);
  await fixture.source.publish('rahban/v1/warnings/car-1', 'now', { qos: 1 });
  expect(await warning).toBe('now');
  stalled.socket.destroy();
});

test('a revoked credential is cut within seconds, without its will, and stays out', async () => {
  const { fixture, secrets } = await withCars();
  const secret = secrets[0] ?? '';
  const will = { topic: 'rahban/v1/incidents/car-0', payload: Buffer.from('x'), qos: 1 as const, retain: false };
  const car = await fixture.client('car-0', secret, { will });
  const closed = new Promise((resolve) => car.once('close', () => resolve(undefined)));
  await fixture.store.revoke('car-0');
  await closed;
  await expect(fixture.client('car-0', secret)).rejects.toThrow(/refused/i);
  expect(fixture.durable).toHaveLength(0);
  expect(fixture.source.counters().revokedCut).toBe(1);
});

test('a vehicle that reconnects takes over its own half-open connection', async () => {
  const { fixture, secrets } = await withCars();
  const old = await rawLogin(fixture, 'car-0', secrets[0] ?? '');
  const fresh = await rawLogin(fixture, 'car-0', secrets[0] ?? '');
  await old.end();
  expect(await fresh.ask(Buffer.of(0xc0, 0))).toEqual(Buffer.of(0xd0, 0));
  fresh.socket.destroy();
});

test('one credential may hold several connections under suffixes, but not without end', async () => {
  const { fixture, secrets } = await withCars();
  const answers: number[] = [];
  const open: RawConnection[] = [];
  for (const suffix of ['', '/a', '/b', '/c', '/d', '/a']) {
    const raw = await RawConnection.open(fixture.port);
    open.push(raw);
    const clientId = `car-0${suffix}`;
    answers.push((await raw.ask(connectPacket({ clientId, username: 'car-0', password: secrets[0] ?? '' })))[3] ?? -1);
  }
  expect(answers).toEqual([0, 0, 0, 0, 3, 0]);
  for (const raw of open) raw.socket.destroy();
});

test('a gateway speaks and listens for its prefix only, also through a wildcard', async () => {
  const { fixture } = await withCars();
  const secret = await fixture.store.add({ principal: 'gw', kind: 'gateway', prefix: 'bus-' });
  await until(() => fixture.source.counters().credentialsNow === 2);
  const gateway = await fixture.client('gw', secret);
  const seen: string[] = [];
  gateway.on('message', (topic) => seen.push(topic));
  await gateway.subscribeAsync('rahban/v1/warnings/+', { qos: 1 });
  await gateway.publishAsync('rahban/v1/telemetry/bus-7', 'x', { qos: 1 });
  await fixture.source.publish('rahban/v1/warnings/car-0', 'private', { qos: 1 });
  await fixture.source.publish('rahban/v1/warnings/bus-7', 'brake', { qos: 1 });
  await until(() => seen.length > 0);
  expect(seen).toEqual(['rahban/v1/warnings/bus-7']);
  expect(fixture.messages).toMatchObject([{ topic: 'rahban/v1/telemetry/bus-7', principal: 'gw' }]);
  expect(fixture.source.counters().refusedForward).toBe(1);
});

test('a monitor watches all warnings and publishes nothing', async () => {
  const { fixture } = await withCars();
  const secret = await fixture.store.add({ principal: 'wall', kind: 'monitor' });
  await until(() => fixture.source.counters().credentialsNow === 2);
  const monitor = await rawLogin(fixture, 'wall', secret);
  expect((await monitor.ask(subscribePacket('rahban/v1/warnings/#'))).at(-1)).toBe(1);
  expect((await monitor.ask(publishPacket('rahban/v1/telemetry/wall', 'x'))).length).toBe(0);
  await monitor.end();
});

test('a thousand vehicles connect, come back at once, and every one is served', async () => {
  const { fixture } = await withCars();
  const secret = await fixture.store.add({ principal: 'gw', kind: 'gateway', prefix: 'bus-' });
  await until(() => fixture.source.counters().credentialsNow === 2);
  for (let round = 0; round < 2; round += 1) {
    const all = await Promise.all(
      Array.from({ length: 1000 }, async (_, n) => {
        const raw = await RawConnection.open(fixture.port);
        const answer = await raw.ask(connectPacket({ clientId: `gw/${n}`, username: 'gw', password: secret }));
        expect(answer[3]).toBe(0);
        return raw;
      }),
    );
    expect(fixture.source.counters().connectedNow).toBe(1000);
    for (const raw of all) raw.socket.destroy();
    await until(() => fixture.source.counters().connectedNow === 0);
  }
});

describe('listeners', () => {
  test('a browser speaks MQTT over WebSocket under the same rules', async () => {
    const { fixture, secrets } = await withCars();
    const car = await connectAsync(fixture.addresses.ws ?? '', {
      clientId: 'car-0',
      username: 'car-0',
      password: secrets[0] ?? '',
      reconnectPeriod: 0,
    });
    await car.publishAsync('rahban/v1/telemetry/car-0', 'x', { qos: 1 });
    expect(fixture.messages).toHaveLength(1);
    const closed = new Promise((resolve) => car.once('close', () => resolve(undefined)));
    car.on('error', () => undefined);
    car.publish('rahban/v1/telemetry/car-9', 'x');
    await closed;
    expect(fixture.source.counters().refusedAcl).toBe(1);
  });

  test('the packet guard also stands before WebSocket', async () => {
    const { fixture } = await withCars();
    const socket = new WebSocket(fixture.addresses.ws ?? '', 'mqtt');
    const closed = new Promise((resolve) => socket.addEventListener('close', resolve));
    socket.addEventListener('error', () => undefined);
    socket.addEventListener('open', () => socket.send(packet(0x10, Buffer.alloc(5000))));
    await closed;
    expect(fixture.source.counters().refusedSize).toBe(1);
  });

  const openssl = findTool('openssl');
  test.skipIf(openssl === undefined)('TLS serves the same broker, and plain MQTT on its port is cut', async () => {
    const { fixture: first } = await withCars();
    const [cert, key] = [join(first.dataDir, 'cert.pem'), join(first.dataDir, 'key.pem')];
    execFileSync(
      openssl ?? '',
      [
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:P-256',
        '-nodes',
        '-days',
        '1',
        '-subj',
        '/CN=localhost',
        '-addext',
        'subjectAltName=IP:127.0.0.1',
        '-keyout',
        key,
        '-out',
        cert,
      ],
      { stdio: 'ignore' },
    );
    const tls = { host: '127.0.0.1', port: 0, cert: await readFile(cert, 'utf8'), key: await readFile(key, 'utf8') };
    await first.close();
    const { fixture, secrets } = await withCars({ tls, tcp: false, ws: { port: 0, secure: true } });
    const options: IClientOptions = { username: 'car-0', password: secrets[0] ?? '', ca: tls.cert, reconnectPeriod: 0 };
    const cars: MqttClient[] = [];
    for (const url of [fixture.addresses.mqtts ?? '', fixture.addresses.ws ?? ''])
      cars.push(await connectAsync(url, { ...options, clientId: `car-0/${cars.length}`, wsOptions: { ca: tls.cert } }));
    for (const car of cars) await car.publishAsync('rahban/v1/telemetry/car-0', 'x', { qos: 1 });
    expect(fixture.messages).toHaveLength(2);
    const plain = await RawConnection.open(Number(new URL(fixture.addresses.mqtts ?? '').port));
    plain.socket.write(connectPacket({ clientId: 'car-0', username: 'car-0', password: 'x' }));
    await plain.end();
    for (const car of cars) car.end(true);
  });

  test('a taken port is named, and nothing stays open', async () => {
    const { fixture } = await withCars();
    const second = createEmbeddedBroker(
      { dataDir: fixture.dataDir, ws: { port: 0 }, tcp: { port: fixture.port } },
      { onMessage: () => undefined, onDurable: () => Promise.resolve() },
      quiet,
    );
    await expect(second.start()).rejects.toThrow(`MQTT port ${fixture.port} on 127.0.0.1 is taken`);
  });

  test.each([
    [{ tcp: { host: '0.0.0.0' } }, /plain MQTT on 0.0.0.0/],
    [{ ws: { host: '::' } }, /plain MQTT on ::/],
    [{ tcp: { port: 70_000 } }, /port 70000: expected an integer in \[0, 65535\]/],
    [{ maxConnections: 0 }, /maxConnections 0/],
    [{ rates: { vehicle: { perSecond: Number.NaN, burst: 1 } } }, /rates.vehicle/],
    [{ ws: { secure: true } }, /ws.secure/],
    [{ dataDir: '' }, /dataDir/],
  ])('the broken option %j is refused with value and range', (options, message) => {
    const make = () =>
      createEmbeddedBroker(
        { dataDir: 'x', ...options },
        { onMessage: () => undefined, onDurable: () => Promise.resolve() },
        quiet,
      );
    expect(make).toThrow(message);
  });
});
