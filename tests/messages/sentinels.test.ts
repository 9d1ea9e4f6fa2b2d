import { describe, expect, it } from 'vitest';
import { aRawBsm } from './a-bsm.ts';
import { aCam } from './a-cam.ts';
import { decodeJson, reasonOf, stateOf } from './wire.ts';

const received = Date.parse('2026-05-04T10:20:30.600Z');
const cam = (raw: object) => decodeJson('', aCam(received - 100, { ...raw }), received);
const bsm = (raw: object) => decodeJson('', aRawBsm({ ...raw }), received);

/** vanetza-nap prints SI, but "unavailable" stays the unscaled ETSI number. */
const vanetza = (raw: Readonly<Record<string, number>>) =>
  decodeJson(
    'vanetza/out/cam',
    {
      stationID: 175,
      timestamp: (received - 100) / 1000,
      fields: {
        cam: {
          camParameters: {
            basicContainer: {
              stationType: 5,
              referencePosition: {
                latitude: raw.latitude ?? 40.6,
                longitude: raw.longitude ?? -8.6,
                positionConfidenceEllipse: {
                  semiMajorAxisLength: raw.semiAxis ?? 2,
                  semiMinorAxisLength: raw.semiAxis ?? 1,
                },
                altitude: { altitudeValue: raw.altitude ?? 3 },
              },
            },
            highFrequencyContainer: {
              basicVehicleContainerHighFrequency: {
                heading: { headingValue: raw.heading ?? 153 },
                speed: { speedValue: raw.speed ?? 8.7 },
                vehicleLength: { vehicleLengthValue: raw.length ?? 4.2 },
                vehicleWidth: raw.width ?? 1.8,
                longitudinalAcceleration: { value: raw.accel ?? -0.4 },
                yawRate: { yawRateValue: raw.yawRate ?? 11 },
              },
            },
          },
        },
      },
    },
    received,
  );

describe('"unavailable" drops the field, not the message (v2x.md 4.2)', () => {
  const rows = [
    ['altitude', 'altitude', { altitude: 800_001 }, { altitude: 800_001 }, { elev: -4096 }],
    ['speed', 'speed', { speed: 16_383 }, { speed: 16_383 }, { speed: 8191 }],
    ['speed out of range', 'speed', { speed: 16_382 }, { speed: 16_382 }, { speed: 8191 }],
    ['heading', 'headingDeg', { heading: 3601 }, { heading: 3601 }, { heading: 28_800 }],
    ['acceleration', 'accel', { longitudinal_acceleration: 161 }, { accel: 161 }, { accelSet: { long: 2001 } }],
    ['yaw rate', 'yawRate', { yaw_rate: 32_767 }, { yawRate: 32_767 }, { accelSet: { yaw: 32_767 } }],
    ['length', 'length', { vehicle_length: 1023 }, { length: 1023 }, { size: { length: 0, width: 180 } }],
    ['width', 'width', { vehicle_width: 62 }, { width: 62 }, { size: { length: 480, width: 0 } }],
    ['width out of range', 'width', { vehicle_width: 61 }, { width: 61 }, { size: { length: 480, width: 0 } }],
    [
      'ellipse',
      'accuracy',
      { semi_major: 4095, semi_minor: 4095 },
      { semiAxis: 4095 },
      { accuracy: { semiMajor: 255, semiMinor: 255 } },
    ],
  ] as const;
  it.each(rows)('%s', (_, field, etsi, si, j2735) => {
    for (const whole of [stateOf(cam({})), stateOf(vanetza({})), stateOf(bsm({}))]) expect(whole[field]).toBeDefined();
    for (const without of [stateOf(cam(etsi)), stateOf(vanetza(si)), stateOf(bsm(j2735))]) {
      expect(without[field]).toBeUndefined();
      expect(without.lat).toBeDefined();
    }
  });

  it.each([
    ['latitude', cam({ latitude: 900_000_001 }), vanetza({ latitude: 900_000_001 }), bsm({ lat: 900_000_001 })],
    [
      'longitude',
      cam({ longitude: 1_800_000_001 }),
      vanetza({ longitude: 1_800_000_001 }),
      bsm({ long: 1_800_000_001 }),
    ],
  ])('no %s is no position', (_, ...decoded) => {
    expect(decoded.map(reasonOf)).toEqual(['no-position', 'no-position', 'no-position']);
  });

  it('a secMark of 65535 leaves the time to the envelope', () => {
    expect(stateOf(bsm({ secMark: 65_535 })).timestampMs).toBe(Date.parse('2026-05-04T10:20:30.500Z'));
  });

  it('"" and "unavailable" of the ODE are unavailable numbers', () => {
    const state = stateOf(bsm({ speed: '', heading: 'unavailable' }));
    expect(state.speed).toBeUndefined();
    expect(state.headingDeg).toBeUndefined();
  });
});

describe('one past the sentinel is not a sentinel', () => {
  it.each([
    ['latitude', cam({ latitude: 900_000_002 }), 'position-out-of-range'],
    ['speed', cam({ speed: 16_384 }), 'speed-out-of-range'],
    ['heading', cam({ heading: 3602 }), 'heading-out-of-range'],
    ['acceleration', cam({ longitudinal_acceleration: 162 }), 'value-out-of-range'],
    ['raw BSM speed', bsm({ speed: 8192 }), 'speed-out-of-range'],
    ['raw BSM heading', bsm({ heading: 28_801 }), 'heading-out-of-range'],
    ['raw BSM latitude', bsm({ lat: 900_000_002 }), 'position-out-of-range'],
  ])('%s', (_, decoded, reason) => {
    expect(reasonOf(decoded)).toBe(reason);
  });
});

it('a vehicle that backs has its body turned against its movement', () => {
  expect(stateOf(cam({ drive_direction: 1 })).headingDeg).toBeCloseTo(270, 9);
});

it('takes the longer axis of a 95 % ellipse down to one sigma', () => {
  expect(stateOf(cam({ semi_major: 50, semi_minor: 245 })).accuracy).toBeCloseTo(2.45 / 2.4477, 3);
});

it('keeps "larger than 40.93 m" as a bad position instead of one of unknown quality', () => {
  expect(stateOf(cam({ semi_major: 4094 })).accuracy).toBeGreaterThan(16);
});
