import { describe, expect, it } from 'vitest';
import { pathConflict } from '../../evaluation/path-conflict.ts';
import { type Recording, recordingOf } from '../../evaluation/recording.ts';
import { TrueMotion } from '../../evaluation/true-motion.ts';
import { TracksBuilder } from '../../simulators/index.ts';
import { cruising, plane, record } from './small-world.ts';

/** East at y = 0 from x0, and north at x = 0 from y0, both at a steady speed. */
function crossing(
  eastFrom: number,
  eastSpeed: number,
  northFrom: number,
  northSpeed: (t: number) => number,
): Recording {
  const builder = new TracksBuilder();
  let y = northFrom;
  for (let k = 0; k <= 300; k += 1) {
    const t = k / 10;
    builder.add(t, 'east', plane.lon(eastFrom + eastSpeed * t), plane.lat(0), eastSpeed, 0, 90, 0, '');
    builder.add(t, 'north', plane.lon(0), plane.lat(y), northSpeed(t), Number.NaN, 0, 0, '');
    y += (northSpeed(t) + northSpeed(t + 0.1)) / 20;
  }
  for (const id of ['east', 'north']) builder.setSize(id, 4, 2);
  return recordingOf([builder.finish()], plane);
}

describe('Conflicts along the lines really driven', () => {
  it('two who come to a crossing at the same time: the later one has the time he needs to get there', () => {
    // East is at the other line's edge (2 m short of it) after 4.8 s, north after 5.0 s; judged up to 3 s.
    const seen = pathConflict(new TrueMotion(crossing(-50, 10, -52, () => 10)), 0, 1, 0, 3);
    expect(seen.ttc).toBeCloseTo(2, 0);
    expect(seen.ttc).toBeGreaterThan(1.7);
  });

  it('one who brakes late to give way needed more than 3.4 m/s²; one who brakes in time less', () => {
    const braking = (from: number, by: number) => (t: number) =>
      t > 12 ? 5 : Math.max(0, t < from ? 14 : 14 - by * (t - from));
    const late = pathConflict(new TrueMotion(crossing(-20, 5, -58, braking(2.4, 8))), 0, 1, 0, 6);
    expect(late.drac).toBeGreaterThan(3.4);
    const early = pathConflict(new TrueMotion(crossing(-20, 5, -58, braking(0.2, 2.2))), 0, 1, 0, 6);
    expect(early.drac).toBeLessThan(3.4);
  });

  it('one who creeps towards the line while the other passes is in no conflict', () => {
    const seen = pathConflict(new TrueMotion(crossing(-50, 14, -3.75, () => 0.5)), 0, 1, 0, 3);
    expect(seen.ttc).toBe(Number.POSITIVE_INFINITY);
  });

  it('a follower on the same line: gap over closing speed, and half its square over the gap', () => {
    // Gap 95.5 m at 0 s, closing at 10 m/s: 25.5 m at 7 s.
    const pair = new TrueMotion(record([cruising('fast', 0, 20, 0, 9), cruising('slow', 100, 10, 0, 9)]));
    const seen = pathConflict(pair, 0, 1, 0, 7);
    expect(seen.ttc).toBeCloseTo(2.55, 1);
    expect(seen.drac).toBeCloseTo(100 / (2 * 25.5), 1);
  });
});
