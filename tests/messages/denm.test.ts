import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DenmSequence, decode, denmTopic, encodeDenm, type Hazard, quadkeyOf } from '../../messages/index.ts';
import { describeWithSharedData } from '../fixtures/shared-data.ts';
import { anyWarning, aWarning } from './a-warning.ts';
import { bytes, decodeJson, reasonOf, sampleJson } from './wire.ts';

const sender = { sourceUuid: 'rahban-1', stationId: 4_000_000_001, sequenceNumber: 7, nowMs: aWarning.issuedMs };
interface Denm {
  message: { management: Record<string, number>; situation?: unknown };
}
const hazardOf = (text: string, nowMs: number): Hazard => {
  const topic = denmTopic('default', 'rahban-1', quadkeyOf(aWarning.place.lat, aWarning.place.lon, 22));
  const decoded = decode(topic, bytes(text), nowMs);
  if (!decoded.ok || decoded.value.kind !== 'hazard') throw new Error(JSON.stringify(decoded));
  return decoded.value.hazard;
};

const schema = 'its-client/schema/denm_schema_2-3-0.json';
describeWithSharedData('DENMs we emit', [`samples/${schema}`], () => {
  const validate = new Ajv2020({ strict: false, allErrors: true }).compile(sampleJson<object>(schema));
  it('validate against the its-client schema 2.3.0, for any warning, issue and cancellation', () => {
    fc.assert(
      fc.property(
        anyWarning,
        fc.integer({ min: 0, max: 65_535 }),
        fc.integer({ min: -90_000, max: 90_000 }),
        (warning, sequenceNumber, delay) => {
          const denm: unknown = JSON.parse(
            encodeDenm(warning, { ...sender, sequenceNumber, nowMs: warning.issuedMs + delay }),
          );
          expect(validate(denm), JSON.stringify(validate.errors)).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });
  it('the check can fail', () => {
    const denm = JSON.parse(encodeDenm(aWarning, sender)) as Denm;
    denm.message.management.awareness_distance = 8;
    expect(validate(denm)).toBe(false);
  });
});

describe('what a DENM says', () => {
  it('reads back as the same danger at the same place', () => {
    expect(hazardOf(encodeDenm(aWarning, sender), aWarning.issuedMs + 200)).toEqual({
      hazardId: '4000000001:7',
      sourceId: 'rahban-1',
      stationType: 15,
      causeCode: 27,
      subCauseCode: 1,
      quality: 1,
      lat: 43.7384176,
      lon: 7.4246158,
      detectedMs: aWarning.issuedMs,
      referenceMs: aWarning.issuedMs,
      validUntilMs: aWarning.issuedMs + 13_000,
      awarenessDistance: 1000,
      trafficDirection: 'upstream',
    });
  });

  it('updates keep the action id and the detection time, and move the reference time', () => {
    const update = hazardOf(
      encodeDenm({ ...aWarning, stage: 3 }, { ...sender, nowMs: aWarning.issuedMs + 2_000 }),
      aWarning.issuedMs + 2_100,
    );
    expect(update).toMatchObject({
      hazardId: '4000000001:7',
      detectedMs: aWarning.issuedMs,
      referenceMs: aWarning.issuedMs + 2_000,
    });
  });

  it('a stage 0 cancels: same action id, termination, no situation', () => {
    const text = encodeDenm({ ...aWarning, stage: 0, validUntilMs: aWarning.issuedMs }, sender);
    expect((JSON.parse(text) as Denm).message.situation).toBeUndefined();
    expect(hazardOf(text, aWarning.issuedMs + 300)).toMatchObject({
      hazardId: '4000000001:7',
      termination: 'cancelled',
    });
  });

  it('a danger in the wrong direction concerns all directions', () => {
    expect(hazardOf(encodeDenm({ ...aWarning, class: 'wrong-way' }, sender), aWarning.issuedMs).trafficDirection).toBe(
      'all',
    );
  });

  it('names nobody', () => {
    expect(encodeDenm(aWarning, sender)).not.toContain(aWarning.vehicleId);
  });

  it.each([
    [{ stationId: -1 }],
    [{ stationId: 2 ** 32 }],
    [{ sequenceNumber: 65_536 }],
    [{ sequenceNumber: 1.5 }],
    [{ sourceUuid: 'a/b' }],
    [{ nowMs: Number.NaN }],
  ])('refuses the sender %j', (wrong) => {
    expect(() => encodeDenm(aWarning, { ...sender, ...wrong })).toThrow(RangeError);
  });

  it.each([
    [Number.NaN, 0],
    [91, 0],
    [0, Number.POSITIVE_INFINITY],
  ])('refuses the place %d, %d', (lat, lon) => {
    expect(() => encodeDenm({ ...aWarning, place: { lat, lon } }, sender)).toThrow(RangeError);
  });
});

describe('DENMs we read', () => {
  const body = JSON.parse(encodeDenm(aWarning, sender)) as Denm & { timestamp: number };
  const withManagement = (management: object) => ({
    ...body,
    message: { ...body.message, management: { ...body.message.management, ...management } },
  });
  const topic = 'default/inQueue/v2x/denm/rahban-1/0';

  it('one whose validity is over is too old, and a duration of 0 is over at once', () => {
    expect(reasonOf(decodeJson(topic, body, aWarning.issuedMs + 12_999))).toBe('accepted');
    expect(reasonOf(decodeJson(topic, body, aWarning.issuedMs + 13_000))).toBe('too-old');
    expect(reasonOf(decodeJson(topic, withManagement({ validity_duration: 0 }), aWarning.issuedMs))).toBe('too-old');
  });

  it('lives 600 s when it names no duration', () => {
    const { validity_duration: _, ...management } = body.message.management;
    const open = { ...body, message: { ...body.message, management } };
    expect(reasonOf(decodeJson(topic, open, aWarning.issuedMs + 599_000))).toBe('accepted');
    expect(reasonOf(decodeJson(topic, open, aWarning.issuedMs + 600_000))).toBe('too-old');
  });

  it('a radio that counts leap seconds is five seconds ahead and is put back', () => {
    const { detection_time, reference_time } = body.message.management;
    const tai = withManagement({ detection_time: detection_time! + 5_000, reference_time: reference_time! + 5_000 });
    const decoded = decodeJson(topic, tai, aWarning.issuedMs + 100);
    expect(decoded.ok && decoded.value.kind === 'hazard' && decoded.value.hazard).toMatchObject({
      detectedMs: aWarning.issuedMs,
      referenceMs: aWarning.issuedMs,
    });
  });

  it('one from the future is refused', () => {
    expect(
      reasonOf(
        decodeJson(
          topic,
          withManagement({ reference_time: body.message.management.reference_time! + 120_000 }),
          aWarning.issuedMs,
        ),
      ),
    ).toBe('in-the-future');
  });

  it('UPER inside JSON is an unsupported format', () => {
    expect(
      reasonOf(
        decodeJson(
          topic,
          { ...body, message_format: 'asn1/uper', message: { version: 'x', payload: 'AAAA' } },
          aWarning.issuedMs,
        ),
      ),
    ).toBe('unsupported-format');
  });

  it('is not stopped by the year 2028, where the schema of its makers ends', () => {
    const at = Date.parse('2031-03-01T00:00:00Z');
    const later = encodeDenm({ ...aWarning, issuedMs: at, validUntilMs: at + 9_000 }, { ...sender, nowMs: at });
    expect(reasonOf(decode(topic, bytes(later), at))).toBe('accepted');
  });
});

describe('DenmSequence', () => {
  it('gives one number per alert, wraps at 65536 and forgets the oldest past its capacity', () => {
    const sequence = new DenmSequence(65_535, 2);
    expect(sequence.numberOf('a')).toBe(65_535);
    expect(sequence.numberOf('b')).toBe(0);
    expect(sequence.numberOf('a')).toBe(65_535);
    expect(sequence.numberOf('c')).toBe(1);
    expect(sequence.numberOf('a')).toBe(2);
    sequence.release('a');
    expect(sequence.numberOf('a')).toBe(3);
  });
  it.each([
    [-1, 10],
    [65_536, 10],
    [0, 0],
    [0, 40_000],
  ])('refuses first %d, capacity %d', (first, capacity) => {
    expect(() => new DenmSequence(first, capacity)).toThrow(RangeError);
  });
});
