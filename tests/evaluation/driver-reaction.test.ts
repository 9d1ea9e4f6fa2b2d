import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Driver, drawReaction } from '../../evaluation/closed-loop/driver.ts';
import { Random } from '../../evaluation/random.ts';

const newDriver = (seed = 1): Driver => new Driver(Random.of(seed, 'driver a'));

/** Second of the first braking when asked ten times a second up to `end`, and how hard it is. */
function firstBraking(driver: Driver, from: number, end: number): { time: number; braking: number } | undefined {
  for (let k = 0; from + k / 10 <= end; k += 1) {
    const { braking } = driver.conduct(from + k / 10, 20);
    if (braking > 0) return { time: from + k / 10, braking };
  }
  return undefined;
}

describe('Drivers who hear warnings', () => {
  it('react after 1.5 s on average with a deviation of 0.4 s, never at once', () => {
    const random = Random.of(5, 'times');
    const times = Array.from({ length: 20_000 }, () => drawReaction(random));
    const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
    const deviation = Math.sqrt(times.reduce((sum, time) => sum + (time - mean) ** 2, 0) / times.length);
    // Three standard errors of 20,000 draws.
    expect(Math.abs(mean - 1.5)).toBeLessThan(0.009);
    expect(Math.abs(deviation - 0.4)).toBeLessThan(0.01);
    expect(Math.min(...times)).toBeGreaterThan(0.4);
  });

  it('brake with 3.4 m/s² at a warning, 6 m/s² as soon as it is imminent, and stop braking when it is taken back', () => {
    const driver = newDriver();
    driver.hear(10, 1, 2, 20);
    const begun = firstBraking(driver, 10, 20);
    expect(begun?.braking).toBe(3.4);
    expect(begun?.time).toBeGreaterThan(10.4);
    const soon = (begun?.time ?? 0) + 0.1;
    driver.hear(soon, 1, 3, 20);
    expect(driver.conduct(soon, 15).braking).toBe(6);
    driver.hear(soon + 0.5, 1, 2, 20);
    expect(driver.conduct(soon + 0.5, 12).braking).toBe(3.4);
    driver.hear(soon + 1, 1, 0, 20);
    expect(driver.conduct(soon + 1, 10)).toEqual({ braking: 0, attentive: true, calm: false });
    expect(driver.conduct(soon + 20, 10)).toEqual({ braking: 0, attentive: false, calm: false });
  });

  it('do nothing for a warning taken back or run out before they react', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), fc.constantFrom(2 as const, 3 as const), (seed, stage) => {
        const back = newDriver(seed);
        back.hear(0, 1, stage, 20);
        back.hear(0.3, 1, 0, 20);
        expect(firstBraking(back, 0.3, 10)).toBeUndefined();
        const over = newDriver(seed);
        over.hear(0, 1, stage, 0.3);
        expect(firstBraking(over, 0.4, 10)).toBeUndefined();
      }),
    );
  });

  it('drive on by themselves after standing for two seconds, still attentive, until the next danger', () => {
    const driver = newDriver();
    driver.hear(0, 1, 3, 100);
    const begun = firstBraking(driver, 0, 10)?.time ?? Number.NaN;
    for (let t = begun; t < begun + 1.95; t += 0.1) expect(driver.conduct(t, 0).braking).toBe(6);
    expect(driver.conduct(begun + 2.05, 0)).toMatchObject({ braking: 0, attentive: true });
    expect(driver.conduct(begun + 4, 3)).toMatchObject({ braking: 0, attentive: true });
    driver.hear(begun + 5, 1, 0, 100);
    driver.conduct(begun + 5, 3);
    driver.hear(begun + 6, 2, 3, 100);
    expect(firstBraking(driver, begun + 6, begun + 12)?.braking).toBe(6);
  });

  it('follow an advisory in seven cases of ten, until it is taken back', () => {
    let calm = 0;
    for (let seed = 0; seed < 2000; seed += 1) {
      const driver = newDriver(seed);
      driver.hear(0, 1, 1, 100);
      expect(driver.conduct(0.2, 30)).toEqual({ braking: 0, attentive: false, calm: false });
      const conduct = driver.conduct(8, 30);
      expect(conduct.braking).toBe(0);
      if (conduct.calm) calm += 1;
      driver.hear(9, 1, 0, 100);
      expect(driver.conduct(9, 30).calm).toBe(false);
    }
    // Three standard errors of 2,000 draws.
    expect(Math.abs(calm / 2000 - 0.7)).toBeLessThan(0.031);
  });
});
