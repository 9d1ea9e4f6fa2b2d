import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BlackBox, dropReasons } from '../../ingest/index.ts';
import { decodeJson, door, moved, noon, vehicle } from './fleet.ts';

test('the order of processing is one array, and every step says how it fails', () => {
  expect(door().pipeline.steps.map((step) => `${step.name} ${step.fails}`)).toEqual([
    'decode closed',
    'identify closed',
    'freshness closed',
    'plausibility closed',
    'black-box open',
    'mailbox closed',
  ]);
});

test('an accepted state reaches the core and its bytes the black box; a refused one reaches neither', () => {
  const { send, reader, blackBox } = door();
  send(vehicle('a', noon));
  send(vehicle('a', noon - 60_000), noon);
  expect(reader.pending).toBe(1);
  const kept = blackBox.read(['a'], 0, Number.MAX_VALUE);
  expect(kept).toHaveLength(1);
  expect(JSON.parse(Buffer.from(kept[0]!.payload).toString())).toEqual(vehicle('a', noon));
});

test('a decoder that refuses is counted by its own reason, one that throws as a failed step, and the door stays open', () => {
  const { send, pipeline } = door({
    decode: (topic, payload) => {
      if (topic.endsWith('bad')) return { ok: false, reason: 'no-position', detail: '' };
      if (topic.endsWith('bug')) throw new Error('bug');
      return decodeJson(topic, payload);
    },
  });
  expect([send(vehicle('bad', noon)), send(vehicle('bug', noon)), send(vehicle('a', noon))]).toEqual([
    false,
    false,
    true,
  ]);
  expect(pipeline.counters().dropped).toMatchObject({ 'no-position': 1, 'step-failed': 1 });
});

test('a black box that fails does not keep a state from the core', () => {
  class Broken extends BlackBox {
    override append(): boolean {
      throw new Error('disk');
    }
  }
  const { send, pipeline } = door({ blackBox: new Broken({ bytes: 4_096 }) });
  expect(send(vehicle('a', noon))).toBe(true);
  expect(pipeline.counters()).toMatchObject({ accepted: 1, failedOpen: 1 });
});

test('what is not a state is handed on and is no drop', () => {
  const others: string[] = [];
  const { send, pipeline } = door({
    decode: () => ({ ok: true, value: { kind: 'hazard' } }),
    onOther: (message) => others.push(message.kind),
  });
  send(vehicle('a', noon));
  expect(others).toEqual(['hazard']);
  expect(pipeline.counters()).toMatchObject({ other: 1, accepted: 0, received: 1 });
});

test('a vehicle silent for a minute is retired to the core and comes back as a new generation with a clean record', () => {
  const { send, reader, pipeline } = door({ capacity: 1 });
  const seen: string[] = [];
  const look = () => reader.drain(9, (...a) => seen.push(`${a[1]}/${a[15]}`));
  send(vehicle('a', noon));
  look();
  pipeline.everySecond(noon + 60_051);
  look();
  send(vehicle('a', noon + 70_000, moved(35.7, 51.4, 90_000, 0)));
  look();
  expect(seen).toEqual(['1/0', '1/1', '2/0']);
});

test('beyond its capacity the fleet refuses newcomers, counted, and keeps those it has', () => {
  const { send, pipeline } = door({ capacity: 2 });
  expect([send(vehicle('a', noon)), send(vehicle('b', noon)), send(vehicle('c', noon))]).toEqual([true, true, false]);
  expect(pipeline.counters()).toMatchObject({ fleetNow: 2, dropped: { 'fleet-full': 1 } });
});

test('every message is accounted for, whatever is sent: received = accepted + other + dropped', () => {
  const number = fc.oneof(fc.double(), fc.constantFrom(0, -1, 1e308, Number.NaN, Number.POSITIVE_INFINITY));
  const state = fc.record({
    vehicleId: fc.constantFrom('a', 'b', '__proto__', 'constructor'),
    lat: fc.double({ min: -90, max: 90, noNaN: true }),
    lon: fc.double({ min: -180, max: 180, noNaN: true, maxExcluded: true }),
    speed: fc.option(number, { nil: undefined }),
    headingDeg: fc.option(number, { nil: undefined }),
    ageMs: fc.integer({ min: -5_000, max: 40_000 }),
  });
  fc.assert(
    fc.property(fc.array(state, { maxLength: 60 }), (states) => {
      const { pipeline, reader } = door({
        decode: (_topic, payload) => ({ ok: true, value: { kind: 'state', state: held[payload[0]!]! } }),
      });
      const held = states.map(({ ageMs, speed, headingDeg, ...place }) => ({
        ...place,
        ...(speed === undefined ? {} : { speed }),
        ...(headingDeg === undefined ? {} : { headingDeg }),
        stationType: 5,
        flags: 0,
        timestampMs: noon - ageMs,
      }));
      held.forEach((_, i) => {
        pipeline.accept('t', Uint8Array.of(i), noon);
      });
      const { received, accepted, other, dropped } = pipeline.counters();
      expect(received).toBe(states.length);
      expect(accepted + other + Object.values(dropped).reduce((sum, n) => sum + n, 0)).toBe(received);
      expect(Object.keys(dropped)).toEqual([...dropReasons]);
      expect(dropped['step-failed']).toBe(0);
      reader.drain(99, (_s, _g, _t, lat, lon) => expect(Number.isFinite(lat + lon)).toBe(true));
    }),
  );
});
