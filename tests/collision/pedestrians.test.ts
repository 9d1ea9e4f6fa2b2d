import { describe, expect, it } from 'vitest';
import { createEngine } from '../../collision/index.ts';
import { planeOf } from '../../roads/graph/index.ts';
import { straightRoad } from '../oracles/ncap-roads.ts';
import { draws } from './motion.ts';
import { startMs } from './straight-road.ts';

const street = straightRoad(1);
const plane = planeOf(street);
const car = { y: -1.75, speed: 13.9, length: 4.4, width: 1.8 };

interface Walker {
  readonly x: (t: number) => number;
  readonly y: (t: number) => number;
  readonly speed: (t: number) => number;
  readonly headingDeg: (t: number) => number;
  /** 1 sigma of what the telephone adds to place, m, and heading, degrees, anew with every report. */
  readonly jitter?: number;
  readonly turns?: number;
  /** What it states of its error, m. */
  readonly accuracy?: number;
}

/** Stages of the car's alerts, with their second; the car passes x = 0 with its front at `passes` s. */
function told(
  walker: Walker,
  passes: number,
  hz: number,
  seed = 1,
): { stage: number; at: number; probability: number; eta: number }[] {
  const engine = createEngine(street, { capacity: 4 });
  const { normal } = draws(seed);
  const out: ReturnType<typeof told> = [];
  for (let k = 0; k <= 10 * (passes + 2); k += 1) {
    const t = k / 10;
    const report = (
      slot: number,
      x: number,
      y: number,
      v: number,
      h: number,
      l: number,
      w: number,
      type: number,
      accuracy: number,
    ): void =>
      engine.update(
        slot,
        1,
        startMs + 100 * k,
        plane.lat(y),
        plane.lon(x),
        v,
        h,
        Number.NaN,
        Number.NaN,
        accuracy,
        l,
        w,
        type,
        0,
      );
    report(0, car.speed * (t - passes), car.y, car.speed, 90, car.length, car.width, 5, Number.NaN);
    if (k % Math.round(10 / hz) === 0) {
      const place = walker.jitter ?? 0;
      const heading = walker.headingDeg(t) + (walker.turns ?? 0) * normal();
      report(
        1,
        walker.x(t) + place * normal(),
        walker.y(t) + place * normal(),
        walker.speed(t),
        (heading + 360) % 360,
        0.5,
        0.5,
        1,
        walker.accuracy ?? Number.NaN,
      );
    }
    engine.tick(startMs + 100 * k);
    for (const event of engine.drainAlerts())
      if (event.slot === 0 && event.stage > 0)
        out.push({ stage: event.stage, at: t, probability: event.probability, eta: event.eta });
  }
  return out;
}

describe('people on foot beside the carriageway (V)', () => {
  // The carriageway ends at y = -3.5.
  for (const [side, heading] of [
    ['with', 90],
    ['against', 270],
  ] as const)
    for (const hz of [1, 10])
      it(`[V5] who walks along the kerb ${side} the traffic alarms nobody, however unsteady his telephone (${hz} Hz)`, () => {
        const along = heading === 90 ? 1.4 : -1.4;
        const alarmed = [-4, -4.5, -5.5].flatMap((y) =>
          Array.from({ length: 8 }, (_, seed) =>
            told(
              {
                x: (t) => along * (t - 10),
                y: () => y,
                speed: () => 1.4,
                headingDeg: () => heading,
                jitter: 0.15,
                turns: 12,
              },
              10,
              hz,
              seed + 1,
            ),
          ).filter((events) => events.some(({ stage }) => stage >= 2)),
        );
        expect(alarmed).toEqual([]);
      });

  it('[V6] the nearer in time, the surer it is that he will be in the way; a second ahead three times in four', () => {
    const walker = { x: () => 0, y: (t: number) => -1.75 + 1.4 * (t - 10), speed: () => 1.4, headingDeg: () => 0 };
    const events = told(walker, 10, 10).filter(({ stage }) => stage >= 2);
    const [warning, alarm] = [events[0], events.find(({ stage }) => stage === 3)];
    expect(warning?.probability).toBeGreaterThan(0.4);
    expect(warning?.probability).toBeLessThan(0.75);
    expect(alarm?.probability).toBeGreaterThan(warning?.probability ?? 1);
  });

  it('[V3] who stands at the kerb and looks across alarms nobody', () => {
    for (const y of [-3.8, -4.3])
      expect(told({ x: () => 0, y: () => y, speed: () => 0, headingDeg: () => 0, jitter: 0.1 }, 10, 10)).toEqual([]);
  });

  it('[V5] who walks up to the kerb and stops there is no reason for an alarm', () => {
    const at = (t: number): number => Math.min(-4.2, -4.2 - 1.4 * (6 - t));
    const walker = { x: () => 0, y: at, speed: (t: number) => (t < 6 ? 1.4 : 0), headingDeg: () => 0 };
    expect(told(walker, 10, 10).filter(({ stage }) => stage === 3)).toEqual([]);
  });

  it.each([1, 10])(
    '[V3] who steps off it before a car is warned of in time, a second and more before he would be struck (%i Hz)',
    (hz) => {
      // Reaches the car's side at 10 s.
      const stepping = (t: number): number => Math.min(-2.65 + 1.4 * (t - 10), -2.65) - 0.25;
      const begin = 10 - (4.2 - 2.9) / 1.4 - 1.5;
      const walker = {
        x: () => 0,
        y: (t: number) => (t < begin ? stepping(begin) : stepping(t)),
        speed: (t: number) => (t < begin ? 0 : 1.4),
        headingDeg: () => 0,
      };
      const events = told(walker, 10, hz);
      const lead = (least: number): number => 10 - (events.find(({ stage }) => stage >= least)?.at ?? Infinity);
      expect(lead(2)).toBeGreaterThanOrEqual(1.5);
      if (hz === 10) expect(lead(3)).toBeGreaterThanOrEqual(1);
    },
  );

  it('[V6] of one whose telephone is off by metres and says so nobody is told: he may be anywhere', () => {
    const along = { x: (t: number) => 1.4 * (t - 10), y: () => -4.5, speed: () => 1.4, headingDeg: () => 90 };
    const across = { x: () => 0, y: (t: number) => -1.75 + 1.4 * (t - 10), speed: () => 1.4, headingDeg: () => 0 };
    for (const walker of [along, across])
      for (const seed of [1, 2, 3])
        expect(told({ ...walker, jitter: 0.5, accuracy: 3 }, 10, 10, seed).filter(({ stage }) => stage >= 2)).toEqual(
          [],
        );
    expect(told({ ...across, jitter: 0.1, accuracy: 0.3 }, 10, 10).some(({ stage }) => stage === 3)).toBe(true);
  });

  it('[F3] the speed of one who walks across the road is the one he tells, though he comes no farther along it', () => {
    const engine = createEngine(street, { capacity: 4 });
    const speeds: number[] = [];
    for (let k = 0; k < 60; k += 1) {
      const y = -5 + 0.14 * k;
      engine.update(
        1,
        1,
        startMs + 100 * k,
        plane.lat(y),
        plane.lon(0),
        1.4,
        0,
        Number.NaN,
        Number.NaN,
        0.3,
        0.5,
        0.5,
        1,
        0,
      );
      engine.tick(startMs + 100 * k);
      if (k > 5) speeds.push(engine.fleet.speed[1]);
    }
    for (const speed of speeds) expect(speed).toBeCloseTo(1.4, 1);
  });
});
