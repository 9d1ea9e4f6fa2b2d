import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PacketGuard } from '../../broker/guard/packet-guard.ts';
import { connectPacket, packet, remainingLength } from './raw-mqtt.ts';

const guard = (): PacketGuard => new PacketGuard(4096, 65_536);
const hello = connectPacket({ clientId: 'car-1', username: 'car-1', password: 'x' });

test('a CONNECT of exactly 4 KiB passes, one byte more does not', () => {
  expect(guard().check(packet(0x10, Buffer.alloc(4096)))).toBe('ok');
  expect(guard().check(packet(0x10, Buffer.alloc(4097)))).toBe('too-large');
});

test('after CONNECT a packet of exactly 64 KiB passes, one byte more does not', () => {
  for (const [size, verdict] of [
    [65_536, 'ok'],
    [65_537, 'too-large'],
  ] as const) {
    const connection = guard();
    expect(connection.check(hello)).toBe('ok');
    expect(connection.check(packet(0x30, Buffer.alloc(size)))).toBe(verdict);
  }
});

test('an oversized length is refused by its header alone, before any byte of the body', () => {
  expect(guard().check(Buffer.concat([Buffer.of(0x10), remainingLength(268_435_455)]))).toBe('too-large');
});

test('any first packet but CONNECT is refused by its first byte', () => {
  for (let type = 0; type < 16; type += 1)
    expect(guard().check(Buffer.of(type << 4))).toBe(type === 1 ? 'ok' : 'not-connect');
});

test('a length field of five bytes is refused', () => {
  expect(guard().check(Buffer.of(0x10, 0x80, 0x80, 0x80, 0x80))).toBe('bad-length');
});

test('the verdict does not depend on where the stream is cut into chunks', () => {
  const body = fc.uint8Array({ maxLength: 300 });
  const packets = fc.array(fc.record({ type: fc.integer({ min: 0, max: 255 }), body }), { maxLength: 6 });
  fc.assert(
    fc.property(packets, fc.integer({ min: 0, max: 70_000 }), fc.array(fc.nat(400)), (list, last, cuts) => {
      const stream = Buffer.concat([
        hello,
        ...list.map(({ type, body: bytes }) => packet(type, bytes)),
        Buffer.concat([Buffer.of(0x30), remainingLength(last)]),
      ]);
      const whole = guard().check(stream);
      const pieces = guard();
      let verdict = 'ok';
      for (let at = 0, n = 0; at < stream.length && verdict === 'ok'; n += 1) {
        const size = 1 + (cuts[n] ?? 0);
        verdict = pieces.check(stream.subarray(at, at + size));
        at += size;
      }
      expect(verdict).toBe(whole);
      expect(whole).toBe(last > 65_536 ? 'too-large' : 'ok');
    }),
  );
});
