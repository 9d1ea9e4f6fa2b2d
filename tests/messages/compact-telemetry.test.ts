import { describe, expect, it } from 'vitest';
import { decode, maxPayloadBytes, VehicleFlag } from '../../messages/index.ts';
import { bytes, decodeJson, reasonOf, stateOf } from './wire.ts';

const topic = 'rahban/v1/telemetry/car-7';
const now = 1_790_000_000_000;
const minimal = { ts: now, lat: 43.7384, lon: 7.4246 };
const text = (payload: string): string => reasonOf(decode(topic, bytes(payload), now));

it('reads every field', () => {
  const body = {
    ...minimal,
    speed: 12.5,
    heading: 271.3,
    accel: -1.2,
    yawRate: 0.02,
    accuracy: 1.5,
    altitude: 31,
    length: 4.5,
    width: 1.8,
    type: 'ambulance',
    flags: ['siren', 'leftIndicator', 'somethingNew'],
    id: 'car-7',
    more: { of: 'the same' },
  };
  expect(decodeJson(topic, body, now)).toEqual({
    ok: true,
    value: {
      kind: 'state',
      dialect: 'compact',
      state: {
        vehicleId: 'car-7',
        stationType: 10,
        timestampMs: now,
        lat: 43.7384,
        lon: 7.4246,
        speed: 12.5,
        headingDeg: 271.3,
        accel: -1.2,
        yawRate: 0.02,
        accuracy: 1.5,
        altitude: 31,
        length: 4.5,
        width: 1.8,
        flags: VehicleFlag.siren | VehicleFlag.leftIndicator,
      },
    },
  });
});

it('takes null and absent for unknown', () => {
  expect(stateOf(decodeJson(topic, { ...minimal, speed: null, type: null, flags: null }, now))).toEqual({
    vehicleId: 'car-7',
    stationType: 0,
    timestampMs: now,
    lat: 43.7384,
    lon: 7.4246,
    flags: 0,
  });
});

it('wraps heading 360 to 0 and longitude 180 to -180', () => {
  expect(stateOf(decodeJson(topic, { ...minimal, heading: 360, lon: 180 }, now))).toMatchObject({
    headingDeg: 0,
    lon: -180,
  });
});

it('moves a centre position to the front bumper, and leaves it when the heading is unknown', () => {
  const centre = { ...minimal, ref: 'centre', length: 10 };
  expect(stateOf(decodeJson(topic, centre, now)).lat).toBe(minimal.lat);
  const north = stateOf(decodeJson(topic, { ...centre, heading: 0 }, now));
  expect((north.lat - minimal.lat) * 111_319.49).toBeCloseTo(5, 6);
  expect(north.lon).toBeCloseTo(minimal.lon, 12);
  const across = stateOf(decodeJson(topic, { ...centre, lon: 179.99999, heading: 90 }, now));
  expect(across.lon).toBeLessThan(-179.9);
});

it.each([['/rahban/v1/telemetry/car-7'], ['rahban/v1/telemetry/car-7']])('reads the topic %s', (spelling) => {
  expect(stateOf(decodeJson(spelling, minimal, now)).vehicleId).toBe('car-7');
});

describe('what is refused, and as what', () => {
  it.each([
    ['not-json', '{"ts":'],
    ['not-json', ''],
    ['not-json', '{"ts":NaN}'],
    ['not-an-object', '[1]'],
    ['not-an-object', 'null'],
    ['not-an-object', '12'],
    ['no-timestamp', '{}'],
    ['no-timestamp', '{"lat":1,"lon":2}'],
    ['no-position', `{"ts":${now}}`],
    ['no-position', `{"ts":${now},"lat":1,"lon":null}`],
    ['wrong-type', `{"ts":"${now}","lat":1,"lon":2}`],
    ['wrong-type', `{"ts":${now},"lat":"1","lon":2}`],
    ['wrong-type', `{"ts":${now},"lat":1,"lon":2,"speed":{"v":1}}`],
    ['wrong-type', `{"ts":${now},"lat":1,"lon":2,"flags":7}`],
    ['timestamp-unreadable', '{"ts":1790000000,"lat":1,"lon":2}'],
    ['timestamp-unreadable', '{"ts":-1e999,"lat":1,"lon":2}'],
    ['position-out-of-range', `{"ts":${now},"lat":91,"lon":2}`],
    ['position-out-of-range', `{"ts":${now},"lat":1e999,"lon":2}`],
    ['position-out-of-range', `{"ts":${now},"lat":1,"lon":-180.1}`],
    ['speed-out-of-range', `{"ts":${now},"lat":1,"lon":2,"speed":1e999}`],
    ['speed-out-of-range', `{"ts":${now},"lat":1,"lon":2,"speed":-1}`],
    ['heading-out-of-range', `{"ts":${now},"lat":1,"lon":2,"heading":361}`],
    ['value-out-of-range', `{"ts":${now},"lat":1,"lon":2,"accel":1e999}`],
    ['value-out-of-range', `{"ts":${now},"lat":1,"lon":2,"type":"constructor"}`],
    ['value-out-of-range', `{"ts":${now},"lat":1,"lon":2,"ref":"rear"}`],
    ['vehicle-id-mismatch', `{"ts":${now},"lat":1,"lon":2,"id":"car-8"}`],
    ['bad-vehicle-id', `{"ts":${now},"lat":1,"lon":2,"id":"car/7"}`],
    ['bad-vehicle-id', `{"ts":${now},"lat":1,"lon":2,"id":7}`],
  ])('%s: %s', (reason, payload) => {
    expect(text(payload)).toBe(reason);
  });

  it.each(['a b', '', 'x'.repeat(65), 'über', 'a/b', '#'])('the vehicle id %j', (id) => {
    expect(reasonOf(decodeJson(`rahban/v1/telemetry/${id}`, minimal, now))).toBe('bad-vehicle-id');
  });

  it('a payload over the size limit, before it is parsed', () => {
    expect(reasonOf(decode(topic, new Uint8Array(maxPayloadBytes + 1), now))).toBe('too-large');
  });

  it('nesting over the depth limit, and not brackets inside a string', () => {
    expect(text(`{"a":${'['.repeat(40)}${']'.repeat(40)}}`)).toBe('too-deep');
    expect(text('['.repeat(60_000))).toBe('too-deep');
    expect(text(JSON.stringify({ ...minimal, note: '[{"'.repeat(100) }))).toBe('accepted');
    expect(text(JSON.stringify({ ...minimal, wide: Array.from({ length: 100 }, () => [1]) }))).toBe('accepted');
  });

  it('bytes that are not UTF-8', () => {
    expect(reasonOf(decode(topic, Uint8Array.of(0x7b, 0xff, 0x7d), now))).toBe('not-utf8');
  });

  it.each([
    ['some/other/topic', 'unknown-topic'],
    ['rahban/v1/warnings/car-7', 'unknown-topic'],
    ['rahban/v1/hazards/0/1', 'unknown-topic'],
    ['', 'missing-field'],
  ])('the topic %j', (elsewhere, reason) => {
    expect(reasonOf(decodeJson(elsewhere, minimal, now))).toBe(reason);
  });
});

it('__proto__ in a message changes nothing', () => {
  const payload = `{"__proto__":{"speed":50,"flags":["siren"]},"ts":${now},"lat":1,"lon":2}`;
  const state = stateOf(decode(topic, bytes(payload), now));
  expect(state.speed).toBeUndefined();
  expect(({} as Record<string, unknown>).speed).toBeUndefined();
});

it('a byte order mark in front is dropped', () => {
  expect(text(`\u{feff}${JSON.stringify(minimal)}`)).toBe('accepted');
});
