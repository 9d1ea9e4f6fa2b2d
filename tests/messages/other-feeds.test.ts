import { describe, expect, it } from 'vitest';
import { describeWithSharedData } from '../fixtures/shared-data.ts';
import { decodeJson, reasonOf, sampleJson, stateOf } from './wire.ts';

const hfpTopic = '/hfp/v2/journey/ongoing/vp/bus/0022/00792/2159/2/Matinkylä (M)/09:32/2442201/3/60;24/16/58/67';

describeWithSharedData(
  'samples of HSL HFP and vanetza-nap',
  ['samples/hsl-hfp/hfp-sample-vp.json', 'samples/vanetza-nap/out_cam.json'],
  () => {
    it('reads a vehicle position of HFP', () => {
      expect(stateOf(decodeJson(hfpTopic, sampleJson('hsl-hfp/hfp-sample-vp.json'), 1.53e12))).toEqual({
        vehicleId: 'hsl:22:792',
        stationType: 6,
        flags: 0,
        timestampMs: Date.parse('2018-04-05T17:38:36Z'),
        lat: 60.194481,
        lon: 25.03095,
        speed: 0.16,
        headingDeg: 225,
        accel: 0,
      });
    });
    it.each([
      ['hsl-hfp/garbage-data.json', 'speed-out-of-range'],
      ['hsl-hfp/hfp-tlr-sample-missing.json', 'unsupported-type'],
    ])('%s is refused as %s', (file, reason) => {
      expect(reasonOf(decodeJson(hfpTopic, sampleJson(file), 1.53e12))).toBe(reason);
    });
    it('the CAM vanetza-nap publishes without a fix has no position', () => {
      expect(reasonOf(decodeJson('vanetza/out/cam', sampleJson('vanetza-nap/out_cam.json'), 1_762_875_466_100))).toBe(
        'no-position',
      );
    });
    it('the same CAM with a fix is read, its raw "unavailable" numbers left out', () => {
      const cam = sampleJson<{
        fields: { cam: { camParameters: { basicContainer: { referencePosition: Record<string, unknown> } } } };
      }>('vanetza-nap/out_cam.json');
      Object.assign(cam.fields.cam.camParameters.basicContainer.referencePosition, {
        latitude: 40.63,
        longitude: -8.65,
      });
      expect(stateOf(decodeJson('vanetza/out/cam', cam, 1_762_875_466_100))).toEqual({
        vehicleId: '175',
        stationType: 2,
        flags: 0,
        timestampMs: expect.closeTo(1_762_875_466_004.915, 2),
        lat: 40.63,
        lon: -8.65,
      });
    });
  },
);

describe('HFP', () => {
  const position = {
    VP: { oper: 22, veh: 792, tst: '2026-05-04T10:20:30.123Z', tsi: 1_777_890_030, lat: 60, long: 25, spd: 5, hdg: 1 },
  };
  it('keeps the milliseconds of tst', () => {
    expect(stateOf(decodeJson(hfpTopic, position, 1.8e12)).timestampMs).toBe(Date.parse('2026-05-04T10:20:30.123Z'));
  });
  it('refuses another vehicle than the topic names, and what does not drive on roads', () => {
    expect(reasonOf(decodeJson(hfpTopic.replace('00792', '00793'), position, 1.8e12))).toBe('vehicle-id-mismatch');
    expect(reasonOf(decodeJson(hfpTopic.replace('/bus/', '/ferry/'), position, 1.8e12))).toBe('unsupported-type');
    expect(stateOf(decodeJson(hfpTopic.replace('/bus/', '/tram/'), position, 1.8e12)).stationType).toBe(11);
  });
});

it('an incident report is read on its topic', () => {
  const body = {
    reportId: 'report-1',
    kind: 'crash',
    occurredAtMs: 1_790_000_000_000,
    lat: 1,
    lon: 2,
    deltaV: 12.5,
    airbagDeployed: true,
  };
  expect(decodeJson('rahban/v1/incidents/car-7', body, 1.79e12)).toEqual({
    ok: true,
    value: { kind: 'incident', report: { ...body, vehicleId: 'car-7' } },
  });
  expect(reasonOf(decodeJson('rahban/v1/incidents/car-7', { ...body, vehicleId: 'car-8' }, 1.79e12))).toBe(
    'vehicle-id-mismatch',
  );
});

it('a road-side unit is not a vehicle', () => {
  const cam = {
    message_type: 'cam',
    source_uuid: 'rsu',
    timestamp: 1.79e12,
    message: {
      basic_container: { station_type: 15, reference_position: { latitude: 1, longitude: 2 } },
      high_frequency_container: { rsu_container_high_frequency: {} },
    },
  };
  expect(reasonOf(decodeJson('', cam, 1.79e12))).toBe('unsupported-type');
});
