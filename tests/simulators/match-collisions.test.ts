import { describe, expect, it } from 'vitest';
import { histogramQuantile, matchCollisions, parseMetrics } from '../../simulators/index.ts';

const collision = { time: 10, lon: 7.4, lat: 43.7, collider: 'a', victim: 'b', class: 'rear_end' };
const incident = (second: number, north: number, kind = 'crash') => ({
  trackingCode: `${second}`,
  kind,
  occurredAtMs: 1000 * second,
  lat: 43.7 + north / 111_100,
  lon: 7.4,
});
const timeOf = (second: number): number => 1000 * second;

describe('recorded collisions and incidents', () => {
  it.each([
    ['near in place and time', [incident(12, 50)], 1, 0],
    ['too late', [incident(31, 0)], 0, 1],
    ['too far', [incident(10, 130)], 0, 1],
    ['two reports of one crash', [incident(10, 5), incident(11, 9)], 1, 0],
    ['a breakdown elsewhere is no unexplained crash', [incident(10, 5000, 'breakdown')], 0, 0],
  ])('%s', (_name, incidents, found, unexplained) => {
    const match = matchCollisions([collision], incidents, timeOf);
    expect([match.found, match.unexplained]).toEqual([found, unexplained]);
    expect(match.missed).toHaveLength(1 - found);
  });

  it('one incident stands for one collision only', () => {
    const match = matchCollisions([collision, { ...collision, time: 12 }], [incident(11, 0)], timeOf);
    expect(match.found).toBe(1);
  });
});

describe('quantiles of a histogram in /metrics', () => {
  const text = (counts: readonly number[]): string =>
    ['0.01', '0.1', '+Inf'].map((le, i) => `h_bucket{le="${le}"} ${counts[i]}`).join('\n');

  it('are interpolated in the bucket of what was added', () => {
    const before = parseMetrics(text([100, 100, 100]));
    const after = parseMetrics(`# HELP h\n${text([150, 200, 200])}\n`);
    expect(histogramQuantile(before, after, 'h', 0.5)).toBeCloseTo(0.01, 6);
    expect(histogramQuantile(before, after, 'h', 0.75)).toBeCloseTo(0.055, 6);
    expect(histogramQuantile(after, after, 'h', 0.5)).toBeNaN();
  });
});
