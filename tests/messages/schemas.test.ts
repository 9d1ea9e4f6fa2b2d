import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  asyncApiDocument,
  encodeWarning,
  incidentReportSchema,
  telemetrySchema,
  warningSchema,
} from '../../messages/index.ts';
import { anyWarning, aWarning } from './a-warning.ts';
import { decodeJson } from './wire.ts';

const ajv = new Ajv2020({ strict: true, strictTypes: false, allErrors: true });
const now = 1_790_000_000_000;

/** Mostly right values with edges just inside and outside, and now and then a value of another kind. */
const near = (min: number, max: number): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 40, arbitrary: fc.double({ min, max, noNaN: true }) },
    { weight: 10, arbitrary: fc.constantFrom<unknown>(min, max, null) },
    { weight: 1, arbitrary: fc.constantFrom<unknown>(min - 0.001, max + 0.001, max * 1e6 + 1, '1', true, [], {}) },
  );
const mixed = (...good: unknown[]): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 20, arbitrary: fc.constantFrom(...good) }, { weight: 1, arbitrary: fc.jsonValue() });

const telemetry = fc.record(
  {
    // A legal id of another vehicle is refused by agreement with the topic, which no schema can say.
    id: fc.constantFrom<unknown>('car-1', 'car-1', 'car-1', null, 'a/b', 7, true),
    ts: near(1_514_764_800_000, 4_102_444_800_000),
    lat: near(-90, 90),
    lon: near(-180, 180),
    ref: mixed('front', 'centre', null),
    speed: near(0, 120),
    heading: near(0, 360),
    accel: near(-1000, 1000),
    yawRate: near(-50, 50),
    altitude: near(-1000, 20_000),
    accuracy: near(0, 100_000),
    length: near(0, 100),
    width: near(0, 10),
    type: mixed('car', 'bus', 'hovercraft', 5, 255, 256, 5.5, null, 'toString'),
    flags: mixed(
      [],
      ['siren'],
      ['siren', 7],
      { siren: true },
      { siren: 1 },
      { other: 1 },
      null,
      Array(33).fill('siren'),
      7,
    ),
    extra: fc.jsonValue({ maxDepth: 2 }),
  },
  { requiredKeys: [] },
);

const report = fc.record(
  {
    reportId: mixed('report-0001', 'short', 'with space 12', 'x'.repeat(64), 'x'.repeat(65), null),
    vehicleId: fc.constantFrom<unknown>('car-1', 'car-1', 'car-1', null, 'a/b', 7, true),
    kind: mixed('crash', 'ecall-automatic', 'ecall-manual', 'breakdown', 'other'),
    occurredAtMs: near(1_514_764_800_000, 4_102_444_800_000),
    lat: near(-90, 90),
    lon: near(-180, 180),
    headingDeg: near(0, 360),
    deltaV: near(0, 150),
    airbagDeployed: mixed(true, false, null, 1),
    rollover: mixed(true, false, null, 'yes'),
    occupants: mixed(0, 4, 200, 201, 1.5, null),
    note: mixed('', 'x'.repeat(1000), 'x'.repeat(1001), '🚑'.repeat(1000), null),
  },
  { requiredKeys: [] },
);

/** Every property is left out in one of ten messages only, so that whole ones are common. */
const mostlyWhole = (record: fc.Arbitrary<Record<string, unknown>>, whole: Record<string, unknown>) =>
  record.map((sparse) => ({ ...whole, ...sparse }));

function agree(topic: string, schema: object, messages: fc.Arbitrary<Record<string, unknown>>): void {
  const validate = ajv.compile(schema);
  let accepted = 0;
  let refused = 0;
  fc.assert(
    fc.property(messages, (message) => {
      // JSON has no -0 and no undefined: compare what goes over the wire.
      const wire: unknown = JSON.parse(JSON.stringify(message));
      const bySchema = validate(wire);
      const decoded = decodeJson(topic, wire, now);
      if (bySchema) accepted++;
      else refused++;
      expect({ accepts: decoded.ok, decoded }).toMatchObject({ accepts: bySchema });
    }),
    { numRuns: 3000 },
  );
  expect(accepted).toBeGreaterThan(100);
  expect(refused).toBeGreaterThan(100);
}

describe('schema and decoder accept and refuse the same messages', () => {
  it('telemetry, sparse', () => {
    agree('rahban/v1/telemetry/car-1', telemetrySchema, mostlyWhole(telemetry, { ts: now, lat: 1, lon: 2 }));
  });
  it('incident reports', () => {
    agree(
      'rahban/v1/incidents/car-1',
      incidentReportSchema,
      mostlyWhole(report, { reportId: 'report-0001', kind: 'crash', occurredAtMs: now, lat: 1, lon: 2 }),
    );
  });
  it.each([
    ['ts', 'telemetry'],
    ['lat', 'telemetry'],
    ['lon', 'telemetry'],
    ['reportId', 'incidents'],
    ['kind', 'incidents'],
    ['occurredAtMs', 'incidents'],
    ['lat', 'incidents'],
    ['lon', 'incidents'],
  ])('both need %s in %s', (field, room) => {
    const whole: Record<string, unknown> =
      room === 'telemetry'
        ? { ts: now, lat: 1, lon: 2 }
        : { reportId: 'report-0001', kind: 'crash', occurredAtMs: now, lat: 1, lon: 2 };
    const topic = `rahban/v1/${room}/car-1`;
    const validate = ajv.compile({
      ...(room === 'telemetry' ? telemetrySchema : incidentReportSchema),
      $id: `urn:test:${room}:${field}`,
    });
    expect([validate(whole), decodeJson(topic, whole, now).ok]).toEqual([true, true]);
    delete whole[field];
    expect([validate(whole), decodeJson(topic, whole, now).ok]).toEqual([false, false]);
  });
});

describe('warnings', () => {
  it('validate against their schema, whatever the core says', () => {
    const validate = ajv.compile(warningSchema);
    fc.assert(
      fc.property(anyWarning, (warning) => {
        expect(validate(JSON.parse(encodeWarning(warning))), JSON.stringify(validate.errors)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
  it('are rounded to what a device can use and keep their keys', () => {
    expect(JSON.parse(encodeWarning(aWarning))).toEqual({
      ...aWarning,
      distance: 412.3,
      eta: 18.8,
      requiredDeceleration: 2.35,
      probability: 0.877,
      adviceSpeed: 8.33,
    });
  });
  it.each(['distance', 'eta', 'probability', 'issuedMs'] as const)('a NaN %s is a defect, not a message', (field) => {
    expect(() => encodeWarning({ ...aWarning, [field]: Number.NaN })).toThrow(RangeError);
  });
});

describe('AsyncAPI document', () => {
  const document = asyncApiDocument('1.2.3') as {
    asyncapi: string;
    info: { version: string };
    channels: Record<string, { address: string; parameters?: object }>;
    components: { messages: Record<string, { payload: unknown }> };
  };

  it('is version 3.0.0 and every reference in it resolves', () => {
    expect(document.asyncapi).toBe('3.0.0');
    expect(document.info.version).toBe('1.2.3');
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map((match) => match[1]!);
    expect(references.length).toBeGreaterThan(10);
    for (const reference of references) {
      const target = reference
        .split('/')
        .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], document);
      expect(target, reference).toBeDefined();
    }
  });
  it('describes every parameter of every address and carries the tested schemas', () => {
    for (const channel of Object.values(document.channels))
      expect(Object.keys(channel.parameters ?? {}).sort()).toEqual(
        [...channel.address.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!).sort(),
      );
    expect(document.components.messages.telemetry!.payload).toBe(telemetrySchema);
    expect(document.components.messages.warnings!.payload).toBe(warningSchema);
    expect(document.components.messages.incidentReports!.payload).toBe(incidentReportSchema);
  });
});
