import { describe, expect, test } from 'vitest';
import { reconnectDelay } from '../../dashboards/web/live/backoff.ts';
import {
  initialLiveState,
  type LiveEvent,
  type LiveState,
  maxIncidents,
  maxWarnings,
  reduceLive,
} from '../../dashboards/web/live/live-state.ts';
import type { IncidentSummary, LiveWarning, StreamFrame } from '../../messages/index.ts';

const warning = (alertId: string, change: Partial<LiveWarning> = {}): LiveWarning => ({
  alertId,
  stage: 2,
  class: 'crossing',
  lat: 35.7,
  lon: 51.4,
  distance: 100,
  probability: 0.7,
  issuedMs: 1_000,
  validUntilMs: 10_000,
  ...change,
});
const incident = (trackingCode: string, change: Partial<IncidentSummary> = {}): IncidentSummary => ({
  trackingCode,
  kind: 'crash',
  state: 'suspected',
  severity: 'unknown',
  place: { lat: 35.7, lon: 51.4 },
  occurredAt: '2026-11-22T05:00:00.000Z',
  recordedAt: '2026-11-22T05:00:01.000Z',
  vehicles: 2,
  ...change,
});
const frame = (one: StreamFrame, nowMs = 1_000): LiveEvent => ({ type: 'frame', frame: one, nowMs });
const stateOf = (...events: readonly LiveEvent[]): LiveState => events.reduce(reduceLive, initialLiveState);

describe('state of the live stream', () => {
  test('a cancel takes its warning away', () => {
    const shown = stateOf(frame({ type: 'warning', item: warning('a') }));
    expect([...shown.warnings.keys()]).toEqual(['a']);
    expect(reduceLive(shown, frame({ type: 'warning', item: warning('a', { stage: 0 }) })).warnings.size).toBe(0);
  });

  test('a warning ends at its validity by the clock of the server', () => {
    const state = stateOf(
      frame({ type: 'hello', serverTimeMs: 8_000, role: 'citizen', revision: 'r' }, 1_000),
      frame({ type: 'warning', item: warning('a', { validUntilMs: 9_000 }) }),
    );
    expect(reduceLive(state, { type: 'tick', nowMs: 1_999 }).warnings.size).toBe(1);
    expect(reduceLive(state, { type: 'tick', nowMs: 2_000 }).warnings.size).toBe(0);
  });

  test('a tick that changes nothing gives the same object', () => {
    const state = stateOf(frame({ type: 'warning', item: warning('a') }));
    expect(reduceLive(state, { type: 'tick', nowMs: 2_000 })).toBe(state);
  });

  test('warnings are bounded; the one that ends first goes', () => {
    const events = Array.from({ length: maxWarnings + 1 }, (_, index) =>
      frame({ type: 'warning', item: warning(`w${index}`, { validUntilMs: 50_000 - index }) }),
    );
    const { warnings } = stateOf(...events);
    expect(warnings.size).toBe(maxWarnings);
    expect(warnings.has(`w${maxWarnings}`)).toBe(false);
  });

  test('incidents are bounded; the oldest go', () => {
    const items = Array.from({ length: maxIncidents + 5 }, (_, index) =>
      incident(`c${index}`, { occurredAt: new Date(index * 1000).toISOString() }),
    );
    const { incidents } = stateOf({ type: 'incidents-fetched', items });
    expect(incidents.size).toBe(maxIncidents);
    expect(incidents.has('c4')).toBe(false);
    expect(incidents.has('c5')).toBe(true);
  });

  test('a changed incident takes the place of its older self, and an older answer does not come back', () => {
    const newer = incident('a', { state: 'confirmed', recordedAt: '2026-11-22T05:00:09.000Z' });
    const state = stateOf(frame({ type: 'incident', item: incident('a') }), frame({ type: 'incident', item: newer }), {
      type: 'incidents-fetched',
      items: [incident('a')],
    });
    expect(state.incidents.get('a')?.state).toBe('confirmed');
  });

  test('a loss keeps what is known and says how old it is; coming back asks for what was missed', () => {
    const lost = stateOf({ type: 'opened' }, frame({ type: 'incident', item: incident('a') }, 5_000), { type: 'lost' });
    expect(lost.phase).toBe('lost');
    expect(lost.lastFrameMs).toBe(5_000);
    expect(lost.incidents.size).toBe(1);
    const back = reduceLive(lost, { type: 'opened' });
    expect(back.phase).toBe('open');
    expect(back.refetch).toBe(1);
  });

  test('the first connection asks for nothing again', () => {
    expect(stateOf({ type: 'opened' }).refetch).toBe(0);
  });

  test('a gap asks for what was dropped', () => {
    expect(stateOf({ type: 'opened' }, frame({ type: 'gap', dropped: 12 })).refetch).toBe(1);
  });
});

describe('reconnecting', () => {
  test('waits longer each time, up to 15 s, and never less than a quarter of it', () => {
    expect([0, 1, 2, 3].map((attempt) => reconnectDelay(attempt, 0.999999))).toEqual(
      [500, 1000, 2000, 4000].map((most) => expect.closeTo(most, 1)),
    );
    expect(reconnectDelay(40, 0.999999)).toBeCloseTo(15_000, 0);
    expect(reconnectDelay(40, 0)).toBe(3_750);
  });
});
