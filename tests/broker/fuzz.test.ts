import fc from 'fast-check';
import { expect, test } from 'vitest';
import { until } from './contract-harness.ts';
import { embeddedFixture } from './embedded-fixture.ts';
import { connectPacket, packet, publishPacket, RawConnection, subscribePacket } from './raw-mqtt.ts';

test('mutated packets, before and after login, neither stop the broker nor reach a handler unchecked', async () => {
  const broker = await embeddedFixture({ rates: { vehicle: { perSecond: 1e6, burst: 1e6 } } });
  const secret = await broker.store.add({ principal: 'car-1', kind: 'vehicle' });
  await until(() => broker.source.counters().credentialsNow === 1);
  const login = (): Buffer => connectPacket({ clientId: 'car-1', username: 'car-1', password: secret });
  const seeds = [
    login(),
    publishPacket('rahban/v1/telemetry/car-1', '{"lat":43.7}', 0),
    publishPacket('rahban/v1/telemetry/car-1', '{"lat":43.7}', 2, 9),
    publishPacket('rahban/v1/incidents/car-1', '{"lat":43.7}', 4, 10),
    subscribePacket('rahban/v1/warnings/car-1'),
    packet(0xa2, Buffer.of(0, 3), Buffer.of(0, 1, 0x61)),
    packet(0x62, Buffer.of(0, 10)),
    packet(0x40, Buffer.of(0, 1)),
    packet(0xc0),
    packet(0xe0),
  ];
  const mutation = fc.record({
    seed: fc.integer({ min: 0, max: seeds.length - 1 }),
    edits: fc.array(fc.record({ at: fc.nat(200), byte: fc.integer({ min: 0, max: 255 }) }), { maxLength: 3 }),
    cut: fc.option(fc.nat(60), { nil: undefined, freq: 4 }),
  });
  const mutate = ({
    seed,
    edits,
    cut,
  }: {
    seed: number;
    edits: { at: number; byte: number }[];
    cut: number | undefined;
  }) => {
    const bytes = Buffer.from(seeds[seed] ?? '');
    for (const { at, byte } of edits) bytes[at % bytes.length] = byte;
    return cut === undefined ? bytes : bytes.subarray(0, cut);
  };
  try {
    await fc.assert(
      fc.asyncProperty(fc.boolean(), fc.array(mutation, { minLength: 1, maxLength: 30 }), async (loggedIn, list) => {
        const raw = await RawConnection.open(broker.port);
        if (loggedIn) expect((await raw.ask(login()))[3]).toBe(0);
        raw.socket.end(Buffer.concat(list.map(mutate)));
        await raw.end();
      }),
      { numRuns: 400 },
    );
    const probe = await RawConnection.open(broker.port);
    expect((await probe.ask(login()))[3]).toBe(0);
    expect(await probe.ask(publishPacket('rahban/v1/incidents/car-1', 'probe', 2, 1))).toEqual(
      Buffer.of(0x40, 2, 0, 1),
    );
    probe.socket.destroy();
    for (const { topic, principal } of [...broker.messages, ...broker.durable]) {
      expect(principal).toBe('car-1');
      expect(topic).toMatch(/^rahban\/v1\/(telemetry|incidents)\/car-1$/);
    }
    await until(() => broker.source.counters().connectedNow === 0);
  } finally {
    await broker.close();
  }
});
