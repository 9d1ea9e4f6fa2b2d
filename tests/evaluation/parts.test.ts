import { describe, expect, it } from 'vitest';
import { Random } from '../../evaluation/random.ts';
import { recordingOf } from '../../evaluation/recording.ts';
import { observe } from '../../evaluation/sensor-model.ts';
import { stationTypeOf } from '../../evaluation/station-type.ts';
import { mean, quantile, rateOf, shareOf } from '../../evaluation/statistics.ts';
import { straightLineBaseline } from '../../evaluation/straight-line-baseline.ts';
import { newPose, TrueMotion } from '../../evaluation/true-motion.ts';
import { TracksBuilder } from '../../simulators/index.ts';
import { cruising, plane, record } from './small-world.ts';

describe('Intervals', () => {
  it('Wilson: 12 of 13 and 0 of 10 as in the textbooks', () => {
    expect(shareOf(12, 13).interval95).toEqual([0.6669, 0.9863]);
    expect(shareOf(0, 10).interval95).toEqual([0, 0.2775]);
    expect(shareOf(0, 0).value).toBeNull();
  });

  it('Poisson: 0 and 10 events in 1,000 hours, exact bounds within 2 %', () => {
    expect(rateOf(0, 1000).interval95?.[1]).toBeCloseTo(3.689, 1);
    expect(rateOf(10, 1000).interval95?.[0]).toBeCloseTo(4.795, 1);
    expect(rateOf(10, 1000).interval95?.[1]).toBeCloseTo(18.39, 1);
    expect(rateOf(3, 0).per1000vh).toBeNull();
  });

  it('quantiles by nearest rank', () => {
    expect(quantile([5, 1, 4, 2, 3], 0.5)).toBe(3);
    expect(quantile([5, 1, 4, 2, 3], 0.1)).toBe(1);
    expect(quantile([], 0.5)).toBeNull();
    expect(mean([])).toBeNull();
  });
});

describe('Recorded motion', () => {
  it('between the rows of a turn driven at 1 Hz the place is known to a few centimetres', () => {
    const builder = new TracksBuilder();
    const radius = 100;
    const speed = 10;
    const at = (t: number): [number, number, number] => {
      const angle = (speed * t) / radius;
      return [radius * Math.sin(angle), radius * (1 - Math.cos(angle)), 90 - (angle * 180) / Math.PI];
    };
    for (let t = 0; t <= 10; t += 1) {
      const [x, y, heading] = at(t);
      builder.add(t, 'a', plane.lon(x), plane.lat(y), speed, 0, (heading + 360) % 360, 0, '');
    }
    const motion = new TrueMotion(recordingOf([builder.finish()], plane));
    const pose = newPose();
    for (let t = 0; t <= 10; t += 0.1) {
      expect(motion.at(0, t, pose)).toBe(true);
      const [x, y] = at(t);
      expect(Math.hypot(pose.x - x, pose.y - y)).toBeLessThan(0.03);
    }
    expect(motion.distance(0, 0, 10)).toBeCloseTo(100, 0);
    expect(motion.at(0, 10.5, pose)).toBe(false);
  });

  it('where a fine and a coarse file cover the same second the fine one counts, without doubles', () => {
    const coarse = new TracksBuilder();
    const fine = new TracksBuilder();
    for (let t = 0; t <= 4; t += 1) coarse.add(t, 'a', plane.lon(10 * t + 0.5), plane.lat(0), 10, 0, 90, 0, '');
    for (let k = 10; k <= 20; k += 1) fine.add(k / 10, 'a', plane.lon(k), plane.lat(0), 10, 0, 90, 1, '');
    const joined = recordingOf([fine.finish(), coarse.finish()], plane);
    expect([...joined.time]).toEqual([0, 1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 1.9, 2, 3, 4]);
    expect(joined.x[1]).toBeCloseTo(10, 6);
    expect(joined.x[0]).toBeCloseTo(0.5, 6);
  });
});

describe('Sensor model', () => {
  const recording = record([
    cruising('a', 0, 20, 0, 300),
    cruising('b', 50, 20, 0, 300),
    cruising('c', 90, 20, 0, 300),
  ]);
  const plain = { noise: 0, penetration: 1, seed: 1 };

  it('without noise the tracks as they are, thinned to the rate asked for', () => {
    expect(observe(recording, plane, plain).count).toBe(recording.count);
    expect(observe(recording, plane, { ...plain, hz: 1 }).count).toBe(3 * 301);
    expect(observe(recording, plane, { ...plain, hz: 5 }).count).toBe(3 * 1501);
  });

  it('the same seed gives the same reports, another seed others, and one vehicle does not depend on the rest', () => {
    const noisy = { noise: 2.5, penetration: 1, seed: 3, hz: 1 };
    const once = observe(recording, plane, noisy);
    expect(observe(recording, plane, noisy)).toEqual(once);
    expect(observe(recording, plane, { ...noisy, seed: 4 }).lat).not.toEqual(once.lat);
    const alone = observe(record([cruising('b', 50, 20, 0, 300)]), plane, noisy);
    const ofB = [...once.row].flatMap((row, i) => (recording.vehicle[row] === 1 ? [once.lat[i]] : []));
    expect([...alone.lat]).toEqual(ofB);
  });

  it('the errors have the size asked for, arrive in the order of reception and late', () => {
    const seen = observe(recording, plane, { noise: 2.5, penetration: 1, seed: 3 });
    let sum = 0;
    for (let i = 0; i < seen.count; i += 1) {
      sum += (plane.y(seen.lat[i]) - recording.y[seen.row[i]]) ** 2;
      expect(seen.received[i]).toBeGreaterThan(recording.time[seen.row[i]]);
      if (i > 0) expect(seen.received[i]).toBeGreaterThanOrEqual(seen.received[i - 1]);
    }
    // Three slow errors over five correlation times: the spread of such a sample is wide.
    expect(Math.sqrt(sum / seen.count)).toBeGreaterThan(1);
    expect(Math.sqrt(sum / seen.count)).toBeLessThan(5);
    expect(seen.accuracy).toBeCloseTo(Math.sqrt(2.5 ** 2 + 0.5 ** 2), 9);
  });

  it('penetration leaves whole vehicles out', () => {
    const many = record(Array.from({ length: 400 }, (_, i) => cruising(`v${i}`, i, 10, 0, 1)));
    const seen = observe(many, plane, { noise: 0, penetration: 0.3, seed: 9 });
    const heard = new Set([...seen.row].map((row) => many.vehicle[row]));
    expect(heard.size).toBeGreaterThan(85);
    expect(heard.size).toBeLessThan(155);
    expect(seen.count).toBe(heard.size * 11);
  });

  it('normal draws have mean 0 and deviation 1', () => {
    const random = new Random(5);
    const draws = Array.from({ length: 20_000 }, () => random.normal());
    const average = draws.reduce((sum, x) => sum + x, 0) / draws.length;
    const variance = draws.reduce((sum, x) => sum + (x - average) ** 2, 0) / draws.length;
    expect(Math.abs(average)).toBeLessThan(0.03);
    expect(Math.abs(variance - 1)).toBeLessThan(0.05);
  });
});

describe('Straight-line baseline', () => {
  it('counts one episode for a pair on collision course, none for one that opens', () => {
    const closing = record([cruising('a', 0, 20, 0, 20), cruising('b', 300, 10, 0, 20)], 1);
    expect(straightLineBaseline(closing, 0).episodes).toBe(1);
    const opening = record([cruising('a', 0, 10, 0, 20), cruising('b', 300, 20, 0, 20)], 1);
    expect(straightLineBaseline(opening, 0).episodes).toBe(0);
    expect(straightLineBaseline(opening, 0).hours).toBeCloseTo((2 * 21) / 3600, 9);
  });
});

describe('Station type from the size of the body', () => {
  it('knows pedestrian, cyclist, motorcycle, car, van, lorry and tram, and admits ignorance', () => {
    expect([
      stationTypeOf(0.5, 0.5),
      stationTypeOf(1.8, 0.6),
      stationTypeOf(2.2, 0.8),
      stationTypeOf(4.6, 1.8),
      stationTypeOf(5.9, 2),
      stationTypeOf(11, 2.5),
      stationTypeOf(120, 2.8),
      stationTypeOf(0, 0),
    ]).toEqual([1, 2, 4, 5, 7, 8, 11, 0]);
  });
});
