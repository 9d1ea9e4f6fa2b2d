import { Ajv2020 as Ajv } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { type AlertEvent, alertClasses } from '../../collision/index.ts';
import { FleetRegistry } from '../../ingest/index.ts';
import { warningClasses, warningSchema } from '../../messages/index.ts';
import { GraphBuilder } from '../../roads/graph/index.ts';
import { createWarningDesk } from '../../threads/warning-desk.ts';

const event: AlertEvent = {
  alertId: 7,
  slot: 0,
  generation: 1,
  otherSlot: -1,
  otherGeneration: 0,
  hazardId: 3,
  stage: 1,
  prevStage: 0,
  class: 'stationary-vehicle',
  causeCode: 94,
  subCauseCode: 0,
  lat: 35.7,
  lon: 51.4,
  edge: -1,
  distance: 1010,
  eta: 36,
  requiredDeceleration: 0.4,
  probability: 0.93,
  adviceSpeed: 13.9,
  why: 'H1',
  audible: true,
  issuedMs: 1_795_000_000_000,
  validUntilMs: 1_795_000_030_000,
  causeTimestampMs: 1_794_999_999_900,
};

function deskOf() {
  const registry = new FleetRegistry({ capacity: 2 });
  registry.assign('car-1', 0);
  const sent: { topic: string; payload: string }[] = [];
  const graph = new GraphBuilder({ mapHash: 'b'.repeat(64), originLat: 35.7, originLon: 51.4 }).finish();
  const desk = createWarningDesk(
    registry,
    graph,
    (topic, payload) => sent.push({ topic, payload }),
    'abcd1234',
    () => event.issuedMs,
  );
  return { desk, sent };
}

describe('the warning desk', () => {
  it('tells the driver, the tile of the place without naming the driver, and its-client stations', () => {
    const { desk, sent } = deskOf();
    const [warning] = desk.send([event]);
    expect(warning?.alertId).toBe('abcd1234-7');
    expect(sent.map(({ topic }) => topic.split('/').slice(0, 4).join('/'))).toEqual([
      'rahban/v1/warnings/car-1',
      expect.stringMatching(/^rahban\/v1\/hazards\/[0-3]$/),
      'rahban/outQueue/v2x/denm',
    ]);
    expect(new Ajv({ strict: false }).validate(warningSchema, JSON.parse(sent[0]?.payload ?? ''))).toBe(true);
    expect(sent[1]?.payload).not.toContain('car-1');
    expect(sent[2]?.payload).not.toContain('car-1');
  });

  it('does not repeat a hazard to its tile within five seconds', () => {
    const { desk, sent } = deskOf();
    desk.send([event, { ...event, issuedMs: event.issuedMs + 4_999 }, { ...event, issuedMs: event.issuedMs + 5_000 }]);
    expect(sent.filter(({ topic }) => topic.includes('/hazards/'))).toHaveLength(2);
  });

  it('counts an alert whose vehicle has gone, and one that cannot be said, and sends the others', () => {
    const { desk, sent } = deskOf();
    const warnings = desk.send([{ ...event, generation: 9 }, { ...event, distance: Number.NaN }, event]);
    expect(warnings).toHaveLength(1);
    expect(desk.counters()).toMatchObject({ alertsOrphaned: 1, warningsUnsayable: 1, warningsSent: 1 });
    expect(sent.filter(({ topic }) => topic.includes('/warnings/'))).toHaveLength(1);
  });

  it('and the core speak of the same classes', () => {
    expect([...alertClasses]).toEqual([...warningClasses]);
  });
});
