import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from './contract-harness.ts';
import { type EmbeddedFixture, embeddedFixture } from './embedded-fixture.ts';
import {
  connectPacket,
  field,
  packet,
  publishPacket,
  RawConnection,
  remainingLength,
  subscribePacket,
} from './raw-mqtt.ts';

let broker: EmbeddedFixture;
let secret: string;
let gateway: string;

beforeAll(async () => {
  broker = await embeddedFixture();
  secret = await broker.store.add({ principal: 'car-1', kind: 'vehicle' });
  gateway = await broker.store.add({ principal: 'gw', kind: 'gateway', prefix: 'car-' });
  await broker.store.add({ principal: 'car-2', kind: 'vehicle' });
  await until(() => broker.source.counters().credentialsNow === 3);
});
afterAll(() => broker.close());

const open = (): Promise<RawConnection> => RawConnection.open(broker.port);
const accepted = Buffer.of(0x20, 2, 0, 0);

async function login(more: Parameters<typeof connectPacket>[0] = {}): Promise<RawConnection> {
  const raw = await open();
  expect(await raw.ask(connectPacket({ clientId: 'car-1', username: 'car-1', password: secret, ...more }))).toEqual(
    accepted,
  );
  return raw;
}

async function stillServes(): Promise<void> {
  const raw = await login();
  expect(await raw.ask(Buffer.of(0xc0, 0))).toEqual(Buffer.of(0xd0, 0));
  raw.socket.destroy();
}

describe('before CONNECT', () => {
  test('a 256 MB packet is cut at its header and none of its body is kept', async () => {
    const before = process.memoryUsage().rss;
    for (const type of [0x30, 0x10]) {
      const raw = await open();
      raw.socket.write(Buffer.concat([Buffer.of(type), remainingLength(268_435_455)]));
      const chunk = Buffer.alloc(1 << 20);
      for (let n = 0; n < 64 && !raw.closed; n += 1) await new Promise((sent) => raw.socket.write(chunk, sent));
      await raw.end();
      expect(raw.received.length).toBe(0);
    }
    expect(process.memoryUsage().rss - before).toBeLessThan(64 << 20);
    expect(broker.source.counters().malformed).toBeGreaterThan(0);
    expect(broker.source.counters().refusedSize).toBeGreaterThan(0);
    await stillServes();
  });

  test.each([
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    ['PINGREQ', Buffer.of(0xc0, 0)],
    ['a length without end', Buffer.of(0x10, 0xff, 0xff, 0xff, 0xff, 0xff)],
    ['CONNECT with a wrong protocol name', packet(0x10, field('NOPE'), Buffer.of(4, 2, 0, 30), field('x'))],
    ['CONNECT cut short', packet(0x10, field('MQTT'), Buffer.of(4))],
  ])('%s closes the connection', async (_, bytes) => {
    const raw = await open();
    raw.socket.write(bytes);
    await raw.end();
    await stillServes();
  });
});

describe('CONNECT', () => {
  test.each([
    ['no username', { username: undefined, password: undefined }, 4],
    ['a wrong password', { password: 'wrong' }, 4],
    ['an unknown principal', { clientId: 'ghost', username: 'ghost' }, 4],
    ["another vehicle's client id", { clientId: 'car-2' }, 2],
    ['a client id that only starts with its own', { clientId: 'car-10' }, 2],
    ['a client id with a wildcard', { clientId: 'car-1/#' }, 2],
    ['a client id with NUL', { clientId: 'car-1/\u0000' }, 2],
    ['a client id that is not UTF-8', { clientId: Buffer.of(0x63, 0xff, 0xfe) }, 2],
    ['an empty client id with a persistent session', { clientId: '', clean: false }, 2],
    ['username __proto__', { clientId: '__proto__', username: '__proto__' }, 4],
    ['username constructor', { clientId: 'constructor', username: 'constructor' }, 4],
    ['a persistent session under a second client id', { clientId: 'car-1/x', clean: false }, 5],
    ['a retained will', { will: { topic: 'rahban/v1/telemetry/car-1', payload: 'x', retain: true } }, 5],
    ["a will on another vehicle's topic", { will: { topic: 'rahban/v1/incidents/car-2', payload: 'x' } }, 5],
    ['a will on the status topic', { will: { topic: 'rahban/v1/status', payload: 'offline' } }, 5],
    ['no keep-alive', { keepalive: 0 }, 5],
    ['a keep-alive of an hour', { keepalive: 3600 }, 5],
    ['MQTT 5', { level: 5 }, 1],
  ])('%s is refused with its code and the connection closed', async (_, fields, returnCode) => {
    const raw = await open();
    const defaults = { clientId: 'car-1', username: 'car-1', password: secret };
    const bytes =
      'level' in fields
        ? packet(0x10, field('MQTT'), Buffer.of(5, 0xc2, 0, 30, 0), field('car-1'), field('car-1'), field(secret))
        : connectPacket({ ...defaults, ...fields } as Parameters<typeof connectPacket>[0]);
    expect(await raw.ask(bytes)).toEqual(Buffer.of(0x20, 2, 0, returnCode));
    await raw.end();
    await stillServes();
  });

  test('an empty client id with a clean session gets one that belongs to its principal', async () => {
    const raw = await login({ clientId: '' });
    expect((await raw.ask(subscribePacket('rahban/v1/warnings/car-1'))).at(-1)).toBe(1);
    raw.socket.destroy();
  });

  test('a second CONNECT on one connection closes it', async () => {
    const raw = await login();
    raw.socket.write(connectPacket({ clientId: 'car-1', username: 'car-1', password: secret }));
    await raw.end();
  });

  test('nobody takes over the session of another: 100 of 100 tries are refused and the victim keeps its connection', async () => {
    const victim = await login();
    for (let n = 0; n < 100; n += 1) {
      const thief = await open();
      expect((await thief.ask(connectPacket({ clientId: 'car-1', username: 'gw', password: gateway })))[3]).toBe(2);
    }
    expect(await victim.ask(Buffer.of(0xc0, 0))).toEqual(Buffer.of(0xd0, 0));
    victim.socket.destroy();
  });
});

describe('PUBLISH', () => {
  test.each([
    ['a NUL in the topic', publishPacket('rahban/v1/telemetry/car\u0000', 'x')],
    ['a topic that is not UTF-8', publishPacket(Buffer.from('rahban/v1/telemetry/car\xff', 'latin1'), 'x')],
    ['a topic of 65,535 bytes', publishPacket('x'.repeat(65_535), '')],
    ['a topic of 150 levels', publishPacket('a/'.repeat(149), 'x')],
    ['topic __proto__', publishPacket('__proto__', 'x')],
    ['topic $SYS/x', publishPacket('$SYS/x', 'x')],
    ['topic $share/g/x', publishPacket('$share/g/rahban/v1/telemetry/car-1', 'x')],
    ['a wildcard in the topic', publishPacket('rahban/v1/telemetry/+', 'x')],
    ['an empty topic', publishPacket('', 'x')],
    ["another vehicle's topic", publishPacket('rahban/v1/telemetry/car-2', 'x')],
    ["another vehicle's incident", publishPacket('rahban/v1/incidents/car-2', 'x', 2)],
    ['a retained message', publishPacket('rahban/v1/telemetry/car-1', 'x', 1)],
    ['a payload above the limit', publishPacket('rahban/v1/telemetry/car-1', 'x'.repeat(8193))],
    ['both QoS bits', publishPacket('rahban/v1/telemetry/car-1', 'x', 6)],
  ])('%s closes the connection without PUBACK and reaches nobody', async (_, bytes) => {
    const heard = broker.messages.length + broker.durable.length;
    const raw = await login();
    expect((await raw.ask(bytes)).length).toBe(0);
    await raw.end();
    expect(broker.messages.length + broker.durable.length).toBe(heard);
    await stillServes();
  });

  test('a packet above 64 KiB is cut', async () => {
    const raw = await login();
    raw.socket.write(publishPacket('rahban/v1/incidents/car-1', 'x'.repeat(65_537), 2));
    await raw.end();
  });
});

describe('SUBSCRIBE', () => {
  test.each([
    '#',
    '+/#',
    'rahban/v1/#',
    'rahban/v1/warnings/+',
    'rahban/v1/warnings/car-2',
    'rahban/v1/telemetry/car-1',
    '$SYS/#',
    '$share/g/rahban/v1/warnings/car-1',
    '__proto__',
    'constructor',
    'toString',
  ])('%s is answered with 0x80', async (filter) => {
    const raw = await login();
    expect(await raw.ask(subscribePacket(filter))).toEqual(Buffer.of(0x90, 3, 0, 7, 0x80));
    raw.socket.destroy();
  });

  test.each([
    ['a+', 'rahban/v1/hazards/a+'],
    ['a NUL', 'rahban/v1/warnings/car-1\u0000'],
    ['bytes that are not UTF-8', Buffer.of(0x72, 0xff, 0xfe)],
    ['65,535 bytes', 'x'.repeat(65_530)],
    ['150 levels', 'a/'.repeat(149)],
    ['# in the middle', 'rahban/#/x'],
    ['nothing', ''],
  ])('%s is refused or cut', async (_, filter) => {
    const raw = await login();
    const answer = await raw.ask(subscribePacket(filter));
    expect(answer.length === 0 || answer.at(-1) === 0x80).toBe(true);
    raw.socket.destroy();
    await stillServes();
  });

  test('prototype names in UNSUBSCRIBE change nothing', async () => {
    const raw = await login();
    expect(await raw.ask(packet(0xa2, Buffer.of(0, 9), field('__proto__'), field('constructor')))).toEqual(
      Buffer.of(0xb0, 2, 0, 9),
    );
    raw.socket.destroy();
    await stillServes();
  });

  test('more subscriptions than a vehicle needs are refused', async () => {
    const raw = await login();
    const filters = Array.from({ length: 70 }, (_, n) => `root${n}/outQueue/v2x/#`);
    const answer = await raw.ask(
      packet(0x82, Buffer.of(0, 7), ...filters.flatMap((filter) => [field(filter), Buffer.of(0)])),
    );
    expect([...answer.subarray(4)].filter((granted) => granted === 0x80).length).toBe(6);
    raw.socket.destroy();
  });
});
