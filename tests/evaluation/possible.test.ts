import { describe, expect, it } from 'vitest';
import { foresee } from '../../evaluation/foreseen.ts';
import type { Issue } from '../../evaluation/issues.ts';
import { opportunityOf } from '../../evaluation/opportunity.ts';
import { RoadLimit } from '../../evaluation/road-limit.ts';
import { RouteShares } from '../../evaluation/route-shares.ts';
import { suddenStops } from '../../evaluation/sudden-stops.ts';
import { TrueMotion } from '../../evaluation/true-motion.ts';
import type { TrueCollision } from '../../evaluation/truth.ts';
import { cruising, type Driver, record, road } from './small-world.ts';

const limits = new RoadLimit(road);

const wreck = (over: Partial<TrueCollision>): TrueCollision => ({
  id: 'fast>still',
  time: 59.8,
  x: 1195.5,
  y: -1.75,
  class: 'stationary_hazard',
  collider: 0,
  victim: 1,
  onset: 0,
  hazardKind: 'crashed_vehicle',
  possible1km: true,
  ...over,
});

const fast = cruising('fast', 0, 20, 0, 59.7);

describe('What could have been known', () => {
  it('a wreck counts from its crash for as long as it stays', () => {
    const drivers = record([fast, cruising('still', 1200, 0)]);
    const seen = opportunityOf(new TrueMotion(drivers), limits, new RouteShares(drivers), wreck({}));
    expect(seen.possibleAt1km).toBe(true);
  });

  it('a wreck that drove on is no hazard of the road any more; who stopped there anew is one from then on', () => {
    // Stands until 20 s, drives 300 m, stands again from 40 s on at 1,200 m.
    const gone: Driver = {
      id: 'still',
      from: 0,
      to: 60,
      x: (t) => (t < 20 ? 900 : t < 40 ? 900 + 15 * (t - 20) : 1200),
      y: -1.75,
      v: (t) => (t < 20 || t >= 40 ? 0 : 15),
    };
    const drivers = record([fast, gone]);
    const seen = opportunityOf(new TrueMotion(drivers), limits, new RouteShares(drivers), wreck({}));
    expect(seen.hazardFrom).toBeGreaterThan(39);
    expect(seen.hazardFrom).toBeLessThan(41.1);
    expect(seen.possibleAt1km).toBe(false);
  });

  it('the way to the place counts from when most drivers take it', () => {
    // One of three turns off at 600 m to where the collision is; he is on the new edge from 30 s on.
    const lane = (to: string) => (t: number) => (t < 30 ? 'in_0' : `${to}_0`);
    const drivers = record([
      { ...fast, lane: lane('rare') },
      { ...cruising('still', 1200, 0), lane: () => 'rare_0' },
      { ...cruising('b', 0, 20, 0, 50, -5.25), lane: lane('usual') },
      { ...cruising('c', 0, 20, 0, 50, -8.75), lane: lane('usual') },
    ]);
    const routes = new RouteShares(drivers);
    expect(routes.knownSince(0, 59.7)).toBeCloseTo(30, 6);
    expect(routes.knownSince(2, 50)).toBe(Number.NEGATIVE_INFINITY);
    const seen = opportunityOf(new TrueMotion(drivers), limits, routes, wreck({}));
    expect(seen.possibleAt1km).toBe(false);
    expect(seen.possibleDistance).toBeCloseTo(29.7 * 20, -1);
  });

  it('the one behind is the driver to be told, whichever way round a list names the two', () => {
    const drivers = record([fast, cruising('still', 1200, 0)]);
    const swapped = wreck({ collider: 1, victim: 0 });
    expect(opportunityOf(new TrueMotion(drivers), limits, new RouteShares(drivers), swapped).drivers).toEqual([0]);
  });

  it('an advisory given before and still in force has foretold what stands there now', () => {
    const drivers = record([fast, cruising('still', 1200, 0)]);
    const early: Issue = {
      alertId: 1,
      vehicle: 0,
      other: -1,
      stage: 1,
      class: 'queue-tail',
      time: 3,
      received: 3.2,
      until: 58,
      x: 1150,
      y: -1.75,
      distance: 1090,
      eta: 55,
      probability: 0.9,
      audible: true,
      why: '',
    };
    const late = wreck({ onset: 8 });
    const motion = new TrueMotion(drivers);
    expect(foresee(motion, limits, new RouteShares(drivers), late, [early], []).leadDistance).toBeGreaterThan(1000);
    expect(foresee(motion, limits, new RouteShares(drivers), late, [{ ...early, until: 20 }], []).leadDistance).toBe(0);
  });

  it('a stop harder than any brake is a crash though no list has it; an emergency stop is none', () => {
    const stop = (id: string, deceleration: number): Driver => {
      const end = 20 / deceleration;
      return {
        id,
        from: 0,
        to: 60,
        x: (t) =>
          t < 20 ? 20 * t : 400 + (t - 20 < end ? 20 * (t - 20) - (deceleration * (t - 20) ** 2) / 2 : 10 * end),
        y: -1.75,
        v: (t) => (t < 20 ? 20 : Math.max(0, 20 - deceleration * (t - 20))),
      };
    };
    const seen = suddenStops(new TrueMotion(record([stop('crash', 40), stop('brake', 8)])));
    expect([...seen.keys()]).toEqual([0]);
  });
});
