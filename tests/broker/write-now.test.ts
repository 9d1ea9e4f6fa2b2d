import { Duplex } from 'node:stream';
import type { AedesPublishPacket, Client } from 'aedes';
import { type Packet, parser } from 'mqtt-packet';
import { expect, test } from 'vitest';
import { writeNow } from '../../broker/embedded/write-now.ts';

/** A connection that remembers what was written to it, with the fields of Aedes' client that count here. */
function subscriber(clean: boolean, nextId: number) {
  const packets: Packet[] = [];
  const reader = parser({ protocolVersion: 4 });
  reader.on('packet', (packet) => packets.push(packet));
  const conn = new Duplex({
    read: () => undefined,
    write: (chunk, _encoding, done) => {
      reader.parse(chunk);
      done();
    },
  });
  const client: unknown = { clean, connected: true, conn, _nextId: nextId };
  return { client: client as Client, packets };
}

function message(over: Partial<AedesPublishPacket> = {}): AedesPublishPacket {
  const base = { cmd: 'publish', topic: 'rahban/v1/warnings/car-1', payload: Buffer.from('stop') } as const;
  return { ...base, qos: 1, retain: false, dup: false, brokerId: 'b', brokerCounter: 1, ...over };
}

test('a warning is written before the event loop turns, every one under an id of its own', () => {
  const { client, packets } = subscriber(true, 65_535);
  expect([writeNow(client, message(), 1), writeNow(client, message(), 1)]).toEqual([true, true]);
  expect(packets).toMatchObject([
    { cmd: 'publish', topic: 'rahban/v1/warnings/car-1', qos: 1, messageId: 65_535 },
    { cmd: 'publish', topic: 'rahban/v1/warnings/car-1', qos: 1, messageId: 1 },
  ]);
});

test('who subscribed with QoS 0 gets it with QoS 0', () => {
  const { client, packets } = subscriber(true, 7);
  writeNow(client, message(), 0);
  expect(packets).toMatchObject([{ qos: 0, payload: Buffer.from('stop') }]);
});

test('what must outlive the connection, and what is retained, is left to the broker', () => {
  const { client, packets } = subscriber(false, 7);
  expect(writeNow(client, message(), 1)).toBe(false);
  expect(writeNow(subscriber(true, 7).client, message({ retain: true }), 1)).toBe(false);
  expect(packets).toEqual([]);
});
