import { describe, expect, it } from 'vitest';
import { filterStart, filterStep } from '../../collision/filter.ts';
import { createEngine } from '../../collision/index.ts';
import { planarNoise, planarStart, planarStep, velocityVariance } from '../../collision/planar-filter.ts';
import { Tracks } from '../../collision/tracks.ts';
import { draws, nees, SingerMotion } from './motion.ts';
import { type Body, motorway, moving, send } from './straight-road.ts';

const runS = 20000;
const settleS = 30;

/** Mean NEES per dimension of the path filter on Singer motion of `sigma` m/s². `periods` are taken in turn. */
function pathFilter(sigma: number, periods: readonly number[], sent: boolean, seed: number): number {
  const { normal } = draws(seed);
  const motion = new SingerMotion(sigma, 3, normal);
  const t = new Tracks(1);
  const variance = 0.5 * 0.5;
  filterStart(t, 0, 0, variance, motion.v, Number.NaN);
  let sum = 0;
  let n = 0;
  for (let time = 0, k = 0; time < runS; k += 1) {
    const dt = periods[k % periods.length] as number;
    time += dt;
    motion.go(dt);
    const moved = motion.s + Math.sqrt(variance) * normal() - (t.s[0] as number);
    const accel = sent ? motion.a + 0.3 * normal() : Number.NaN;
    filterStep(t, 0, dt, moved, variance, motion.v + 0.2 * normal(), accel);
    if (time < settleS) continue;
    const [p00, p01, p11] = [t.p00[0] as number, t.p01[0] as number, t.p11[0] as number];
    sum += nees((t.s[0] as number) - motion.s, (t.v[0] as number) - motion.v, p00, p01, p11);
    n += 1;
  }
  return sum / n;
}

describe('consistency of the filters', () => {
  for (const [road, sigma] of [
    ['motorway', 0.6],
    ['city', 1.2],
  ] as const)
    for (const hz of [1, 2, 5, 10])
      it(`[F10] NEES of place and speed on ${road} motion at ${hz} Hz is 0.9 to 1.1 per dimension, acceleration sent or not`, () => {
        for (const sent of [true, false]) {
          const mean = pathFilter(sigma, [1 / hz], sent, 11 * hz + (sent ? 1 : 0));
          expect(mean, sent ? 'sent' : 'not sent').toBeGreaterThan(0.9);
          expect(mean, sent ? 'sent' : 'not sent').toBeLessThan(1.1);
        }
      });

  it('[F10] the same for one vehicle whose reports come 0.1 to 1 s apart, 0.8 to 1.2', () => {
    const mean = pathFilter(1.2, [0.1, 1, 0.2, 0.5, 0.1, 0.1], false, 5);
    expect(mean).toBeGreaterThan(0.8);
    expect(mean).toBeLessThan(1.2);
  });

  for (const hz of [1, 10])
    it(`[F11] NEES of the planar filter at ${hz} Hz is 0.9 to 1.1 per dimension`, () => {
      const { normal } = draws(90 + hz);
      const t = new Tracks(1);
      const dt = 1 / hz;
      const variance = 0.5 * 0.5;
      let [x, y, vx, vy] = [0, 0, 3, 0];
      planarStart(t, 0, x, y, vx, vy, variance);
      let sum = 0;
      const steps = 2000 * hz;
      for (let k = 0; k < steps; k += 1) {
        const ax = Math.sqrt(planarNoise) * normal();
        const ay = Math.sqrt(planarNoise) * normal();
        x += vx * dt + 0.5 * ax * dt * dt;
        y += vy * dt + 0.5 * ay * dt * dt;
        vx += ax * dt;
        vy += ay * dt;
        const doubt = Math.sqrt(velocityVariance(Math.hypot(vx, vy)));
        const seen = [x + 0.5 * normal(), y + 0.5 * normal(), vx + doubt * normal(), vy + doubt * normal()] as const;
        planarStep(t, 0, dt, ...seen, variance);
        const [p00, p01, p11] = [t.p00[0] as number, t.p01[0] as number, t.p11[0] as number];
        sum += nees((t.x[0] as number) - x, (t.vx[0] as number) - vx, p00, p01, p11);
        sum += nees((t.y[0] as number) - y, (t.vy[0] as number) - vy, p00, p01, p11);
      }
      expect(sum / (2 * steps)).toBeGreaterThan(0.9);
      expect(sum / (2 * steps)).toBeLessThan(1.1);
    });
});

describe('bad order, leaps and receivers', () => {
  it('[F12] a report older than the newest is dropped and changes nothing, whatever it says', () => {
    const engine = createEngine(motorway(), { capacity: 2 });
    const twin = createEngine(motorway(), { capacity: 2 });
    for (let k = 0; k <= 100; k += 1) {
      for (const one of [engine, twin]) send(one, 0, moving(100, 0, 25), k / 10);
      if (k % 7 === 3) send(engine, 0, moving(40, 2, 5), k / 10 - 0.25);
    }
    expect(engine.counters().outOfOrder).toBe(14);
    expect(engine.fleet.offset[0]).toBe(twin.fleet.offset[0]);
    expect(engine.fleet.speed[0]).toBe(twin.fleet.speed[0]);
  });

  it('[F5] after the third report outside the gate the track begins anew where they are', () => {
    const engine = createEngine(motorway(), { capacity: 2 });
    const leapt: Body = { ...moving(100, 0, 20), x: (time) => 100 + 20 * time + (time > 4.95 ? 12 : 0) };
    for (let k = 0; k < 70; k += 1) {
      send(engine, 0, leapt, k / 10);
      if (k === 51) expect(engine.fleet.offset[0]).toBeCloseTo(leapt.x(5.1) - 12, 0);
    }
    expect(engine.counters().gateRejected).toBe(3);
    expect(engine.fleet.offset[0]).toBeCloseTo(leapt.x(6.9), 0);
  });

  it('[F9] the doubt of a place holds the slow error of the receiver: NEES 0.8 to 1.2 with 2.5 m over a minute and 0.5 m white', () => {
    const { normal } = draws(17);
    const told = Math.hypot(2.5, 0.5);
    const t = new Tracks(1);
    t.sSigma[0] = told;
    const white = (0.2 * told) ** 2;
    const motion = new SingerMotion(0.6, 3, normal);
    let slow = 2.5 * normal();
    filterStart(t, 0, slow, white, motion.v, Number.NaN);
    const memory = Math.exp(-1 / 60);
    let sum = 0;
    const steps = 60_000;
    for (let k = 0; k < steps; k += 1) {
      motion.go(1);
      slow = memory * slow + 2.5 * Math.sqrt(1 - memory * memory) * normal();
      const moved = motion.s + slow + 0.5 * normal() - (t.s[0] as number);
      filterStep(t, 0, 1, moved, white, motion.v + 0.2 * normal(), Number.NaN);
      sum += ((t.s[0] as number) - motion.s) ** 2 / t.positionVariance(0);
    }
    expect(sum / steps).toBeGreaterThan(0.8);
    expect(sum / steps).toBeLessThan(1.2);
  });
});
