import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  ClockOffsets,
  decode,
  decodeOsmAndQuery,
  decodePhoneJson,
  ownTime,
  parseTopic,
  rejectReasons,
} from '../../messages/index.ts';
import { aRawBsm } from './a-bsm.ts';
import { aCam } from './a-cam.ts';
import { bytes } from './wire.ts';

const now = Date.parse('2026-05-04T10:20:30.600Z');
const reasons = new Set<string>(rejectReasons);
const topics = [
  '',
  'rahban/v1/telemetry/car-1',
  'rahban/v1/incidents/car-1',
  'default/inQueue/v2x/cam/car-1/0/1',
  'default/inQueue/v2x/denm/car-1/0/1',
  'vanetza/out/cam',
  'owntracks/car-1/phone',
  '/hfp/v2/journey/ongoing/vp/bus/0018/00423/2159/2/x',
  'ode/bsm',
];
const seeds = [
  {
    ts: now,
    lat: 43.7,
    lon: 7.4,
    speed: 10,
    heading: 90,
    accel: 0.1,
    type: 'car',
    flags: ['siren'],
    ref: 'centre',
    length: 4,
  },
  {
    reportId: 'report-1',
    kind: 'crash',
    occurredAtMs: now,
    lat: 1,
    lon: 2,
    deltaV: 9,
    airbagDeployed: true,
    note: 'x',
  },
  aCam(now),
  aRawBsm(),
  {
    ...aCam(now),
    message_type: 'denm',
    message: {
      management: {
        action_id: { originating_station_id: 1, sequence_number: 2 },
        detection_time: now - 1_072_915_200_000,
        reference_time: now - 1_072_915_200_000,
        event_position: { latitude: 1, longitude: 2 },
        validity_duration: 60,
      },
      situation: { information_quality: 3, event_type: { cause: 97, subcause: 1 } },
    },
  },
  {
    location: { timestamp: '2026-05-04T10:20:30Z', coords: { latitude: 1, longitude: 2, speed: -1 } },
    device_id: 'car-1',
  },
  { _type: 'location', lat: 1, lon: 2, tst: now / 1000, vel: 3 },
  { VP: { oper: 18, veh: 423, lat: 60, long: 24, spd: 1, hdg: 2, acc: 0, tst: '2026-05-04T10:20:30Z' } },
  {
    stationID: 1,
    timestamp: now / 1000,
    fields: {
      cam: {
        generationDeltaTime: 1,
        camParameters: { basicContainer: { referencePosition: { latitude: 1, longitude: 2 } } },
      },
    },
  },
].map((seed) => JSON.stringify(seed));

/** No NaN and no infinity anywhere in what left the decoder. */
function checkFinite(value: unknown): void {
  if (typeof value === 'number') expect(Number.isFinite(value)).toBe(true);
  else if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) checkFinite(inner);
}

function check(decoded: ReturnType<typeof decode> | ReturnType<typeof decodePhoneJson>): void {
  if (!decoded.ok) {
    expect(reasons).toContain(decoded.reason);
    return;
  }
  checkFinite(decoded.value);
  if (!('kind' in decoded.value) || decoded.value.kind !== 'state') return;
  const { state } = decoded.value;
  expect(Math.abs(state.lat)).toBeLessThanOrEqual(90);
  expect(state.lon).toBeGreaterThanOrEqual(-180);
  expect(state.lon).toBeLessThan(180);
  if (state.headingDeg !== undefined) expect(state.headingDeg >= 0 && state.headingDeg < 360).toBe(true);
  if (state.speed !== undefined) expect(state.speed >= 0 && state.speed <= 120).toBe(true);
}

it('the seeds themselves are read, on a topic or by their shape', () => {
  const clock = new ClockOffsets();
  for (const seed of seeds)
    expect([seed.slice(0, 40), topics.some((topic) => decode(topic, bytes(seed), now, clock).ok)]).toEqual([
      seed.slice(0, 40),
      true,
    ]);
});

it('bytes changed, cut, doubled or inserted anywhere give a value or a known reason, never an exception or a NaN', () => {
  const clock = new ClockOffsets(16);
  const edit = fc.record({
    at: fc.nat(4000),
    byte: fc.integer({ min: 0, max: 255 }),
    how: fc.constantFrom('set', 'insert', 'cut', 'repeat'),
  });
  fc.assert(
    fc.property(
      fc.constantFrom(...seeds),
      fc.constantFrom(...topics),
      fc.array(edit, { maxLength: 6 }),
      (seed, topic, edits) => {
        const payload = [...bytes(seed)];
        for (const { at, byte, how } of edits) {
          const index = at % (payload.length + 1);
          if (how === 'set' && index < payload.length) payload[index] = byte;
          else if (how === 'insert') payload.splice(index, 0, byte);
          else if (how === 'cut') payload.splice(index, byte % 8);
          else payload.splice(index, 0, ...payload.slice(index, index + (byte % 16)));
        }
        const mutated = Uint8Array.from(payload);
        check(decode(topic, mutated, now, clock));
        check(decodePhoneJson(mutated, now));
        ownTime(mutated);
      },
    ),
    { numRuns: 4000 },
  );
});

it('values swapped for others of any JSON kind give a value or a known reason', () => {
  const odd = [
    'null',
    '-1',
    '1e999',
    '-0',
    '1e-400',
    '""',
    '"x"',
    '[]',
    '{}',
    'true',
    '9007199254740993',
    '900000001',
    '3601',
    '{"value":1e999}',
  ];
  fc.assert(
    fc.property(
      fc.constantFrom(...seeds),
      fc.constantFrom(...topics),
      fc.nat(60),
      fc.constantFrom(...odd),
      (seed, topic, nth, value) => {
        let seen = -1;
        const text = seed.replace(/:("[^"]*"|-?[\d.]+|true|\{|\[)/g, (whole, token: string) => {
          seen++;
          return seen === nth && token !== '{' && token !== '[' ? `:${value}` : whole;
        });
        check(decode(topic, bytes(text), now));
      },
    ),
    { numRuns: 4000 },
  );
});

it('any text is a topic and any map a query', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      fc.dictionary(
        fc.constantFrom('id', 'lat', 'lon', 'speed', 'timestamp', 'bearing', 'location', '__proto__'),
        fc.string(),
      ),
      (topic, query) => {
        expect(typeof parseTopic(topic).kind).toBe('string');
        check(decode(topic, bytes('{}'), now));
        check(decodeOsmAndQuery(query, now));
      },
    ),
    { numRuns: 2000 },
  );
});
