import { expect, it } from 'vitest';
import { decode, decodeOsmAndQuery, decodePhoneJson } from '../../messages/index.ts';
import { describeWithSharedData } from '../fixtures/shared-data.ts';
import { bytes, decodeJson, reasonOf, sampleText, stateOf } from './wire.ts';

const received = 1_790_000_000_000;
const accepted = <T>(decoded: { ok: true; value: T } | { ok: false; reason: string; detail: string }): T => {
  if (!decoded.ok) throw new Error(`refused ${decoded.reason}: ${decoded.detail}`);
  return decoded.value;
};

describeWithSharedData(
  'phones of the Traccar project',
  ['samples/traccar/osmand_json.jsonl', 'samples/traccar/decoder_vectors.jsonl'],
  () => {
    it('reads the four JSON messages; -1 is unknown', () => {
      const states = sampleText('traccar/osmand_json.jsonl')
        .trim()
        .split('\n')
        .map((line) => accepted(decodePhoneJson(bytes(line), received)));
      expect(states.map((state) => state.vehicleId)).toEqual(['48241179', '48241179', '658765', '8737767034']);
      expect(states[0]).toEqual({
        vehicleId: '48241179',
        stationType: 0,
        flags: 0,
        timestampMs: Date.parse('2025-06-15T13:45:12.862Z'),
        lat: 37.4219983,
        lon: -122.084,
        speed: 0,
        altitude: 5,
        accuracy: 5,
      });
      expect(states[2]!.speed).toBeUndefined();
      expect(states[2]!.headingDeg).toBeUndefined();
      expect(states[3]).toMatchObject({ speed: 18.67, headingDeg: 63, altitude: 35.7, accuracy: 3.8 });
    });

    it('reads every OsmAnd request of its decoder tests that has a position and refuses those without', () => {
      const vectors = sampleText('traccar/decoder_vectors.jsonl')
        .split('\n')
        .filter((line) => line.includes('"OsmAnd"'))
        .map((line) => JSON.parse(line) as { check: string; input: string; kind: string })
        .filter((vector) => vector.kind === 'request' && vector.input.startsWith('/?'));
      expect(vectors.length).toBeGreaterThanOrEqual(8);
      for (const vector of vectors) {
        const query = Object.fromEntries(new URLSearchParams(vector.input.slice(2)));
        expect([vector.input, reasonOf(decodeOsmAndQuery(query, received))]).toEqual([
          vector.input,
          vector.check === 'verifyPosition' ? 'accepted' : 'no-position',
        ]);
      }
    });
  },
);

it('reads OsmAnd speed as knots', () => {
  const state = accepted(
    decodeOsmAndQuery(
      { id: 'p', lat: '43.7', lon: '7.4', speed: '10', bearing: '360', timestamp: '1790000000' },
      received,
    ),
  );
  expect(state.speed).toBeCloseTo(5.14444, 4);
  expect(state).toMatchObject({ headingDeg: 0, timestampMs: 1_790_000_000_000 });
});

it('reads seconds, milliseconds and ISO alike, and takes a missing timestamp for now', () => {
  const time = (timestamp?: string) =>
    accepted(
      decodeOsmAndQuery({ id: 'p', lat: '1', lon: '2', ...(timestamp !== undefined && { timestamp }) }, received),
    ).timestampMs;
  expect(time('1760000000')).toBe(1_760_000_000_000);
  expect(time('1760000000123')).toBe(1_760_000_000_123);
  expect(time('2025-10-09T08:53:20Z')).toBe(1_760_000_000_000);
  expect(time('2025-10-09 08:53:20')).toBe(1_760_000_000_000);
  expect(time('2025-10-09T12:23:20+03:30')).toBe(1_760_000_000_000);
  expect(time()).toBe(received);
});

it.each([
  [{ id: 'p', lat: 'north', lon: '2' }, 'wrong-type'],
  [{ id: 'p', lat: '0x10', lon: '2' }, 'wrong-type'],
  [{ id: 'p', lat: '91', lon: '2' }, 'position-out-of-range'],
  [{ id: 'p', lat: '1', lon: '2', speed: '999' }, 'speed-out-of-range'],
  [{ id: 'p', lat: '1', lon: '2', speed: '1e999' }, 'speed-out-of-range'],
  [{ id: 'p', lat: '1', lon: '2', timestamp: 'yesterday' }, 'timestamp-unreadable'],
  [{ lat: '1', lon: '2' }, 'missing-field'],
  [{ id: 'a/b', lat: '1', lon: '2' }, 'bad-vehicle-id'],
  [{ id: 'p', lat: '', lon: '' }, 'no-position'],
])('refuses the query %j as %s', (query, reason) => {
  expect(reasonOf(decodeOsmAndQuery(query, received))).toBe(reason);
});

it('refuses a phone that signs with another name than it proved', () => {
  expect(reasonOf(decodeOsmAndQuery({ id: 'p', lat: '1', lon: '2' }, received, 'q'))).toBe('vehicle-id-mismatch');
});

it('reads OwnTracks: seconds, km/h, the user is the vehicle', () => {
  const body = { _type: 'location', lat: 43.7, lon: 7.4, tst: 1_790_000_000, vel: 36, cog: 90, acc: 12, alt: 40 };
  expect(stateOf(decodeJson('owntracks/car-7/phone', body, received))).toEqual({
    vehicleId: 'car-7',
    stationType: 0,
    flags: 0,
    timestampMs: received,
    lat: 43.7,
    lon: 7.4,
    speed: 10,
    headingDeg: 90,
    accuracy: 12,
    altitude: 40,
  });
  expect(reasonOf(decodeJson('owntracks/car-7/phone', { _type: 'lwt', tst: 1 }, received))).toBe('unsupported-type');
});

it('reads phone JSON on a telemetry topic and checks its name against the topic', () => {
  const body = {
    device_id: 'car-7',
    location: { timestamp: '2026-09-21T14:13:20Z', coords: { latitude: 1, longitude: 2, speed: 3 } },
  };
  expect(stateOf(decodeJson('rahban/v1/telemetry/car-7', body, received)).speed).toBe(3);
  expect(reasonOf(decodeJson('rahban/v1/telemetry/car-8', body, received))).toBe('vehicle-id-mismatch');
  expect(reasonOf(decode('rahban/v1/telemetry/car-8', bytes('{}'), received))).toBe('no-timestamp');
});
