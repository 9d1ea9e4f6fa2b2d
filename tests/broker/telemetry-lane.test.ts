import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { until } from './contract-harness.ts';
import { type EmbeddedFixture, embeddedFixture } from './embedded-fixture.ts';
import { connectPacket, packet, publishPacket, RawConnection } from './raw-mqtt.ts';

const topic = 'rahban/v1/telemetry/car-1';
const ping = packet(0xc0);
const pong = Buffer.of(0xd0, 0);
let broker: EmbeddedFixture;
let secret: string;

beforeEach(async () => {
  broker = await embeddedFixture({ rates: { vehicle: { perSecond: 1e6, burst: 1e6 } } });
  secret = await broker.store.add({ principal: 'car-1', kind: 'vehicle' });
  await until(() => broker.source.counters().credentialsNow === 1);
});
afterEach(() => broker.close());

async function login(keepalive = 30): Promise<RawConnection> {
  const raw = await RawConnection.open(broker.port);
  const answer = await raw.ask(connectPacket({ clientId: 'car-1', username: 'car-1', password: secret, keepalive }));
  expect(answer[3]).toBe(0);
  return raw;
}

/** What a vehicle may send in a row, as bytes, and whether a message comes of it. */
type Kind = 'plain' | 'acknowledged' | 'duplicate' | 'long' | 'ping';

function bytesOf(kind: Kind, text: string): Buffer {
  if (kind === 'ping') return ping;
  if (kind === 'acknowledged') return publishPacket(topic, text, 0x02, 7);
  if (kind === 'duplicate') return publishPacket(topic, text, 0x0a, 7);
  return publishPacket(topic, text);
}

test('whatever comes between and wherever the network cuts it, telemetry arrives whole and in order', async () => {
  const kinds = fc.constantFrom<Kind>('plain', 'plain', 'plain', 'acknowledged', 'duplicate', 'long', 'ping');
  const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(fc.array(kinds, { minLength: 1, maxLength: 12 }), cuts, async (list, places) => {
      broker.messages.length = 0;
      const raw = await login();
      const texts = list.map((kind, n) => (kind === 'long' ? `${n}`.padEnd(3000, 'x') : `${n}`));
      const bytes = Buffer.concat([...list.map((kind, n) => bytesOf(kind, texts[n] ?? '')), ping]);
      const at = [0, ...places.map((place) => Math.floor(place * bytes.length)), bytes.length].sort((a, b) => a - b);
      raw.received = Buffer.alloc(0);
      for (let k = 1; k < at.length; k += 1) {
        raw.socket.write(bytes.subarray(at[k - 1], at[k]));
        await new Promise((resolve) => setImmediate(resolve));
      }
      const answered = list.filter((kind) => kind === 'acknowledged' || kind === 'duplicate').length;
      const pings = 1 + list.filter((kind) => kind === 'ping').length;
      await until(() => raw.received.length === 4 * answered + 2 * pings);
      expect(raw.received.subarray(-2)).toEqual(pong);
      expect(broker.messages.map(({ text }) => text)).toEqual(texts.filter((_, n) => list[n] !== 'ping'));
      raw.socket.destroy();
      await until(() => broker.source.counters().connectedNow === 0);
    }),
    { numRuns: 60 },
  );
});

test('a vehicle that sends nothing but telemetry is not taken for silent', async () => {
  const raw = await login(1);
  // MQTT 3.1.1 section 3.1.2.10: the server closes after one and a half times the keep-alive.
  const begun = performance.now();
  let sent = 0;
  while (performance.now() - begun < 2000) {
    raw.socket.write(publishPacket(topic, `${sent}`));
    sent += 1;
    await until(() => broker.messages.length === sent);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  expect(raw.closed).toBe(false);
  expect(await raw.ask(ping)).toEqual(pong);
});

test('telemetry sent in one piece with CONNECT is heard when the login is through', async () => {
  const raw = await RawConnection.open(broker.port);
  const connect = connectPacket({ clientId: 'car-1', username: 'car-1', password: secret });
  raw.socket.write(Buffer.concat([connect, publishPacket(topic, 'a'), publishPacket(topic, 'b'), ping]));
  await until(() => raw.received.subarray(-2).equals(pong));
  expect(broker.messages.map(({ text }) => text)).toEqual(['a', 'b']);
});

test('an incident sent with QoS 0 is stored like any other, not taken for telemetry', async () => {
  const raw = await login();
  const incident = publishPacket('rahban/v1/incidents/car-1', 'crash');
  raw.socket.write(Buffer.concat([publishPacket(topic, 'before'), incident, publishPacket(topic, 'after')]));
  await until(() => broker.messages.length === 2 && broker.durable.length === 1);
  expect(broker.messages.map(({ text }) => text)).toEqual(['before', 'after']);
  expect(broker.durable[0]?.text).toBe('crash');
});

test.each([
  ['on the topic of another vehicle', publishPacket('rahban/v1/telemetry/car-2', 'x'), 'refusedAcl'],
  ['that is to be retained', publishPacket(topic, 'x', 0x01), 'refusedRetain'],
  ['larger than telemetry may be', publishPacket(topic, 'x'.repeat(8193)), 'refusedSize'],
] as const)(
  'telemetry %s ends the connection, and what follows in the same piece is not heard',
  async (_, bad, why) => {
    const raw = await login();
    raw.socket.write(Buffer.concat([publishPacket(topic, 'before'), bad, publishPacket(topic, 'after')]));
    await raw.end();
    expect(broker.messages.map(({ text }) => text)).toEqual(['before']);
    expect(broker.source.counters()[why]).toBe(1);
  },
);
