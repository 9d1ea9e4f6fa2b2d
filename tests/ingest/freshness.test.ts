import fc from 'fast-check';
import { expect, test } from 'vitest';
import { door, moved, noon, vehicle } from './fleet.ts';

/** A car going north at 10 m/s, at `seconds` after noon. */
const driving = (seconds: number, id = 'a') =>
  vehicle(id, noon + Math.round(seconds * 1_000), moved(35.7, 51.4, 0, 10 * seconds));

test('a message older than 30 s on arrival is dropped as too old, one of 29 s passes', () => {
  const { send, pipeline } = door();
  expect(send(vehicle('a', noon), noon + 30_001)).toBe(false);
  expect(send(vehicle('b', noon), noon + 29_000)).toBe(true);
  expect(pipeline.counters().dropped['too-old']).toBe(1);
});

test('the same time twice is a duplicate, also when a newer message came in between', () => {
  const { send, pipeline } = door();
  expect([send(driving(0)), send(driving(0)), send(driving(0.1)), send(driving(0))]).toEqual([
    true,
    false,
    true,
    false,
  ]);
  expect(pipeline.counters().dropped.duplicate).toBe(2);
});

test('a message behind the track by up to 0.5 s passes as late, beyond it is out of order', () => {
  const { send, pipeline } = door();
  expect([send(driving(1)), send(driving(0.5)), send(driving(0.499))]).toEqual([true, true, false]);
  expect(pipeline.counters()).toMatchObject({ late: 1, dropped: { 'out-of-order': 1 } });
});

test('shuffled messages of many vehicles reach the core without repeating a time or stepping back by more than 0.5 s', () => {
  const sample = fc.record({ vehicle: fc.integer({ min: 0, max: 3 }), tenth: fc.integer({ min: 0, max: 40 }) });
  fc.assert(
    fc.property(fc.array(sample, { minLength: 1, maxLength: 200 }), (samples) => {
      const { send, reader, pipeline } = door({ freshness: { maxPerSecond: 1_000 } });
      const times = new Map<number, number[]>();
      for (const { vehicle: v, tenth } of samples) {
        send(driving(tenth / 10, `v${v}`), noon + 5_000);
        reader.drain(9, (slot, _generation, timestampMs) => times.set(slot, [...(times.get(slot) ?? []), timestampMs]));
      }
      let arrived = 0;
      for (const list of times.values()) {
        arrived += list.length;
        expect(new Set(list).size).toBe(list.length);
        let newest = Number.NEGATIVE_INFINITY;
        for (const time of list) {
          expect(time).toBeGreaterThanOrEqual(newest - 500);
          newest = Math.max(newest, time);
        }
      }
      const { dropped, accepted } = pipeline.counters();
      expect(arrived).toBe(accepted);
      expect(accepted + dropped.duplicate + dropped['out-of-order']).toBe(samples.length);
      // Nothing newer than the track is ever refused for its order.
      for (const v of [0, 1, 2, 3]) {
        const sent = samples.filter((one) => one.vehicle === v).map((one) => noon + one.tenth * 100);
        if (sent.length > 0) expect([...times.values()].flat()).toContain(Math.max(...sent));
      }
    }),
  );
});

test('a clock 5 s ahead is refused until it is learned, then its messages pass with their time corrected', () => {
  const { send, reader, pipeline } = door();
  const accepted: boolean[] = [];
  for (let i = 0; i < 20; i += 1) accepted.push(send(driving(i / 10), noon + i * 100 - 5_000));
  expect(accepted.indexOf(true)).toBe(4);
  expect(accepted.slice(4)).not.toContain(false);
  expect(pipeline.counters().dropped['in-the-future']).toBe(4);
  const times: number[] = [];
  reader.drain(1, (_slot, _generation, timestampMs) => times.push(timestampMs));
  expect(Math.abs((times[0] ?? 0) - (noon + 1_900 - 5_000))).toBeLessThanOrEqual(100);
});

test('one message far in the future neither passes nor spoils the clock of a good vehicle', () => {
  const { send, pipeline } = door();
  for (let i = 0; i < 50; i += 1) expect(send(driving(i / 10))).toBe(true);
  expect(send(driving(15), noon + 5_000)).toBe(false);
  for (let i = 51; i < 100; i += 1) expect(send(driving(i / 10))).toBe(true);
  expect(pipeline.counters().dropped['in-the-future']).toBe(1);
});

test('a clock that is set back while driving is followed within two seconds', () => {
  const { send } = door();
  for (let i = 0; i < 100; i += 1) send(driving(i / 10), noon + i * 100 - 3_000);
  const back: boolean[] = [];
  for (let i = 100; i < 200; i += 1)
    back.push(send(vehicle('a', noon + i * 100 - 3_050, moved(35.7, 51.4, 0, i)), noon + i * 100 - 3_000));
  expect(back.slice(20)).not.toContain(false);
});

test('a clock years off never passes and is named as old or future', () => {
  const { send, pipeline } = door();
  for (let i = 0; i < 20; i += 1) {
    send(vehicle('a', noon - 3e11 + i * 100), noon + i * 100);
    send(vehicle('b', noon + 3e11 + i * 100), noon + i * 100);
  }
  expect(pipeline.counters()).toMatchObject({ accepted: 0, dropped: { 'too-old': 20, 'in-the-future': 20 } });
});

test('a vehicle that floods is cut at 30 messages a second, and heard again in the next second', () => {
  const { send, pipeline } = door();
  for (let i = 0; i < 200; i += 1) send(driving(i / 200), noon + 5 * i);
  expect(pipeline.counters().dropped['too-frequent']).toBe(170);
  expect(send(driving(1.001), noon + 1_051)).toBe(true);
});
