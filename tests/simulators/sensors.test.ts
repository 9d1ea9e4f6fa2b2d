import { describe, expect, it } from 'vitest';
import { createRandom } from '../../simulators/random.ts';
import { Sensors } from '../../simulators/sensors.ts';

const quality = { bias: 2, biasSeconds: 60, white: 0.5, speed: 0.2, headingDeg: 1.5 };
const truth = { x: 100, y: -50, hx: 1, hy: 0, speed: 15, acceleration: 0 };
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const deviation = (values: readonly number[]): number => Math.sqrt(mean(values.map((v) => (v - mean(values)) ** 2)));

describe('simulated instruments', () => {
  it('err by bias and white noise of the given sizes', () => {
    const random = createRandom(11);
    const xs: number[] = [];
    const speeds: number[] = [];
    const headings: number[] = [];
    for (let i = 0; i < 4000; i++) {
      const { x, speed, headingDeg } = new Sensors(quality, random.fork()).measure(truth, 0);
      xs.push(x);
      speeds.push(speed);
      headings.push(headingDeg);
    }
    // Standard error of a deviation of 4,000 values is 1.1 %; five of them are allowed.
    expect(mean(xs)).toBeCloseTo(100, 0);
    expect(deviation(xs) / Math.hypot(2, 0.5)).toBeCloseTo(1, 1);
    expect(deviation(speeds) / 0.2).toBeCloseTo(1, 1);
    expect(mean(headings)).toBeCloseTo(90, 0);
    expect(deviation(headings) / 1.5).toBeCloseTo(1, 1);
  });

  it('drift: errors a second apart are alike, those five minutes apart are not', () => {
    const random = createRandom(5);
    const correlation = (lag: number): number => {
      const pairs = Array.from({ length: 3000 }, () => {
        const sensors = new Sensors({ ...quality, white: 0 }, random.fork());
        return [sensors.measure(truth, 0).x - 100, sensors.measure(truth, lag).x - 100] as const;
      });
      return mean(pairs.map(([a, b]) => a * b)) / 4;
    };
    expect(correlation(1)).toBeGreaterThan(0.9);
    expect(Math.abs(correlation(60) - Math.exp(-1))).toBeLessThan(0.1);
    expect(Math.abs(correlation(300))).toBeLessThan(0.1);
  });

  it('hold the position and the heading of a standing vehicle', () => {
    const sensors = new Sensors(quality, createRandom(2));
    const first = { ...sensors.measure({ ...truth, speed: 0 }, 0) };
    expect({ ...sensors.measure({ ...truth, speed: 0 }, 5) }).toEqual(first);
    expect(first.speed).toBe(0);
  });
});
