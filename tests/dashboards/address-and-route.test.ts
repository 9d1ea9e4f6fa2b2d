import { describe, expect, test } from 'vitest';
import { byUrgency } from '../../dashboards/web/incidents/urgency.ts';
import { routeByCongestion } from '../../dashboards/web/map/route-jam.ts';
import { readAddress, writeAddress } from '../../dashboards/web/shell/address.ts';
import type { IncidentSummary } from '../../messages/index.ts';

describe('a shared link', () => {
  test('brings back what was on the page', () => {
    const address = {
      tab: 'route',
      incident: 'RB-7K2M-4QXN',
      from: [51.389, 35.6892],
      to: [51.42, 35.71],
      view: [15.25, 35.7, 51.4],
    } as const;
    expect(readAddress(writeAddress(address))).toEqual(address);
  });

  test('is empty for the page as it first opens', () => {
    expect(writeAddress(readAddress(''))).toBe('');
  });

  test('leaves out what cannot be read', () => {
    expect(readAddress('?tab=x&from=1,2,3&to=900,0&map=a/b/c&incident=%3Cscript%3E')).toEqual({ tab: 'incidents' });
  });
});

describe('congestion along a route', () => {
  const east = (lon: number, lat: number): readonly [number, number] => [51.4 + lon / 90_400, 35.7 + lat / 111_320];
  const route = [east(0, 0), east(100, 0), east(200, 0)];

  test('takes the jam factor of the road it lies on, in its own direction only', () => {
    const pieces = routeByCongestion(route, [
      { coordinates: [east(-5, 3), east(105, 3)], jamFactor: 7 },
      { coordinates: [east(105, -3), east(-5, -3)], jamFactor: 1 },
    ]);
    expect(pieces.map((piece) => piece.jamFactor)).toEqual([7, null]);
  });

  test('is unknown where no measured road is near', () => {
    const pieces = routeByCongestion(route, [{ coordinates: [east(0, 40), east(200, 40)], jamFactor: 9 }]);
    expect(pieces).toEqual([{ coordinates: route, jamFactor: null }]);
  });

  test('runs of equal jam factor are one piece', () => {
    const pieces = routeByCongestion(route, [{ coordinates: [east(0, 2), east(200, 2)], jamFactor: 4 }]);
    expect(pieces).toEqual([{ coordinates: route, jamFactor: 4 }]);
  });
});

describe('the order of incidents', () => {
  const one = (trackingCode: string, change: Partial<IncidentSummary>): IncidentSummary => ({
    trackingCode,
    kind: 'crash',
    state: 'confirmed',
    severity: 'damage',
    place: { lat: 0, lon: 0 },
    occurredAt: '2026-11-22T05:00:00Z',
    recordedAt: '2026-11-22T05:00:00Z',
    vehicles: 1,
    ...change,
  });

  test('open before cleared, grave before light, new before old', () => {
    const items = [
      one('cleared', { state: 'cleared', severity: 'injury-likely' }),
      one('older', {}),
      one('newer', { occurredAt: '2026-11-22T06:00:00Z' }),
      one('grave', { severity: 'injury-likely' }),
    ];
    expect(items.sort(byUrgency).map((item) => item.trackingCode)).toEqual(['grave', 'newer', 'older', 'cleared']);
  });
});
