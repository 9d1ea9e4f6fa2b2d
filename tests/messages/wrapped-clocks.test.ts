import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClockOffsets } from '../../messages/index.ts';
import { aRawBsm } from './a-bsm.ts';
import { aCam } from './a-cam.ts';
import { decodeJson, reasonOf, stateOf } from './wire.ts';

const epoch = 1_072_915_200_000;
const instant = fc.integer({ min: Date.parse('2024-01-01T00:00:00Z'), max: Date.parse('2035-01-01T00:00:00Z') });
const noEnvelope = { timestamp: -1 };

describe('generationDeltaTime (mod 65536) without an envelope time', () => {
  const cam = (trueMs: number, lead: number, receivedMs: number, clock?: ClockOffsets) =>
    decodeJson(
      '',
      aCam(trueMs, { generation_delta_time: (trueMs - epoch + lead) % 65_536 }, noEnvelope),
      receivedMs,
      clock,
    );

  it('gives back the true time for any age up to 30 s, at every phase of the wrap', () => {
    fc.assert(
      fc.property(instant, fc.integer({ min: 0, max: 30_000 }), (trueMs, age) => {
        expect(stateOf(cam(trueMs, 0, trueMs + age)).timestampMs).toBe(trueMs);
      }),
    );
  });

  it('refuses what is more than 30 s old instead of taking it for a later turn', () => {
    fc.assert(
      fc.property(instant, fc.integer({ min: 30_001, max: 55_000 }), (trueMs, age) => {
        expect(reasonOf(cam(trueMs, 0, trueMs + age))).toBe('too-old');
      }),
    );
  });

  it('takes 5 s of leap seconds off a source that counts them, when it is less than 2.5 s late', () => {
    fc.assert(
      fc.property(instant, fc.integer({ min: 0, max: 2_499 }), (trueMs, age) => {
        expect(stateOf(cam(trueMs, 5_000, trueMs + age)).timestampMs).toBe(trueMs);
      }),
    );
  });

  it('keeps a learned source on its time base through a late packet', () => {
    fc.assert(
      fc.property(instant, fc.constantFrom(0, 5_000), fc.integer({ min: 0, max: 25_000 }), (trueMs, lead, late) => {
        const clock = new ClockOffsets();
        stateOf(cam(trueMs, lead, trueMs + 80, clock));
        expect(stateOf(cam(trueMs + 100, lead, trueMs + 100 + late, clock)).timestampMs).toBe(trueMs + 100);
      }),
    );
  });
});

describe('generationDeltaTime beside an envelope time', () => {
  it.each([0, 5_000])(
    'is the position time, whichever of the two time bases the source counts in (%d ms lead)',
    (lead) => {
      fc.assert(
        fc.property(instant, fc.integer({ min: 0, max: 1_900 }), (trueMs, assembly) => {
          const body = aCam(trueMs + assembly, { generation_delta_time: (trueMs - epoch + lead) % 65_536 });
          expect(stateOf(decodeJson('', body, trueMs + 20_000)).timestampMs).toBe(trueMs);
        }),
      );
    },
  );
});

describe('secMark (mod 60000)', () => {
  const bsm = (trueMs: number, anchorMs: number) =>
    decodeJson('', aRawBsm({ secMark: trueMs % 60_000 }, new Date(anchorMs).toISOString()), anchorMs);

  it('gives back the true time for any age up to 30 s, over the minute and the day', () => {
    fc.assert(
      fc.property(instant, fc.integer({ min: 0, max: 30_000 }), (trueMs, age) => {
        expect(stateOf(bsm(trueMs, trueMs + age)).timestampMs).toBe(trueMs);
      }),
    );
  });

  it('refuses what is more than 30 s old', () => {
    fc.assert(
      fc.property(instant, fc.integer({ min: 30_001, max: 54_000 }), (trueMs, age) => {
        expect(reasonOf(bsm(trueMs, trueMs + age))).toBe('too-old');
      }),
    );
  });

  it('reads a leap second as the first instant of the next minute', () => {
    const anchor = '2026-05-04T10:21:00.900Z';
    expect(stateOf(decodeJson('', aRawBsm({ secMark: 60_250 }, anchor), Date.parse(anchor))).timestampMs).toBe(
      Date.parse('2026-05-04T10:21:00.250Z'),
    );
  });
});

describe('ClockOffsets', () => {
  it('turns only after eight messages in a row that disagree', () => {
    const clock = new ClockOffsets();
    expect(clock.observe('a', 100)).toBe(0);
    for (let i = 0; i < 7; i++) expect(clock.observe('a', -4_900)).toBe(0);
    expect(clock.observe('a', 100)).toBe(0);
    for (let i = 0; i < 7; i++) expect(clock.observe('a', -4_900)).toBe(0);
    expect(clock.observe('a', -4_900)).toBe(5_000);
  });

  it('never holds more sources than its capacity; the first heard is forgotten first', () => {
    const clock = new ClockOffsets(3);
    for (let i = 0; i < 1000; i++) clock.observe(`source-${i}`, -4_900);
    expect(clock.size).toBe(3);
    expect(clock.observe('source-999', 100)).toBe(5_000);
    expect(clock.observe('source-0', 100)).toBe(0);
  });

  it.each([0, -1, 1.5, Number.NaN, 1e9])('refuses the capacity %d', (capacity) => {
    expect(() => new ClockOffsets(capacity)).toThrow(RangeError);
  });
});
