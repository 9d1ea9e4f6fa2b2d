import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BlackBox, type RawMessage } from '../../ingest/index.ts';

test('what a vehicle sent comes back byte for byte, in the order it arrived, only for the vehicles and times asked for', () => {
  const box = new BlackBox({ bytes: 8_192 });
  box.append('a', 'rahban/v1/telemetry/a', Uint8Array.of(0, 255, 1), 1_000);
  box.append('b', 'rahban/v1/telemetry/b', Uint8Array.of(9), 1_500);
  box.append('a', 'راهبان/ü', new Uint8Array(0), 2_000);
  expect(box.read(['a', 'a', 'nobody'], 1_000, 2_000)).toEqual([
    { vehicleId: 'a', topic: 'rahban/v1/telemetry/a', receivedMs: 1_000, payload: Uint8Array.of(0, 255, 1) },
    { vehicleId: 'a', topic: 'راهبان/ü', receivedMs: 2_000, payload: new Uint8Array(0) },
  ]);
  expect(box.read(['b', 'a'], 1_001, 1_999).map((message) => message.vehicleId)).toEqual(['b']);
});

test('messages older than the window are wiped, even from a vehicle that fell silent', () => {
  const box = new BlackBox({ bytes: 8_192, keepMs: 60_000 });
  box.append('a', 't', Uint8Array.of(1), 0);
  box.append('b', 't', Uint8Array.of(2), 60_000);
  expect(box.read(['a'], 0, 99_000)).toHaveLength(1);
  box.expire(60_001);
  expect(box.read(['a'], 0, 99_000)).toHaveLength(0);
  expect(box.counters()).toMatchObject({ records: 1, overwrittenEarly: 0 });
});

test('a message that would fill a quarter of the buffer is refused and counted, the others stay', () => {
  const box = new BlackBox({ bytes: 4_096 });
  expect(box.append('a', 't', new Uint8Array(10), 0)).toBe(true);
  expect(box.append('a', 't', new Uint8Array(1_024), 0)).toBe(false);
  expect([box.counters().refused, box.read(['a'], 0, 1).length]).toEqual([1, 1]);
});

test('against a plain list: everything young enough and not yet overwritten comes back, and what is lost early is the oldest and counted', () => {
  const message = fc.record({
    id: fc.integer({ min: 0, max: 4 }),
    topic: fc.constantFrom('t', 'rahban/v1/telemetry/x', 'ß', 'شماره'),
    payload: fc.uint8Array({ maxLength: 300 }),
    wait: fc.integer({ min: 0, max: 1_500 }),
  });
  fc.assert(
    fc.property(fc.integer({ min: 4_096, max: 9_000 }), fc.array(message, { maxLength: 300 }), (bytes, messages) => {
      const keepMs = 30_000;
      const box = new BlackBox({ bytes, keepMs, vehicles: 5 });
      const model: RawMessage[] = [];
      let now = 0;
      for (const { id, topic, payload, wait } of messages) {
        now += wait;
        expect(box.append(`v${id}`, topic, payload, now)).toBe(true);
        model.push({ vehicleId: `v${id}`, topic, receivedMs: now, payload });
      }
      const young = model.filter((entry) => now - entry.receivedMs <= keepMs);
      const held = box.read(['v0', 'v1', 'v2', 'v3', 'v4'], Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
      expect(held).toEqual(held.length === 0 ? [] : young.slice(-held.length));
      expect(held.length).toBe(box.counters().records);
      if (box.counters().overwrittenEarly === 0) expect(held.length).toBe(young.length);
      else expect(held.reduce((sum, entry) => sum + entry.payload.length + 60, 0)).toBeGreaterThan(bytes / 2 - 700);
      for (const id of ['v0', 'v3']) {
        const from = now - 5_000;
        const expected = held.filter((entry) => entry.vehicleId === id && entry.receivedMs >= from);
        expect(box.read([id], from, now)).toEqual(expected);
      }
    }),
    { numRuns: 300 },
  );
});
