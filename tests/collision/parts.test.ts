import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EdgeOrder } from '../../collision/edge-order.ts';
import { filterStart, filterStep } from '../../collision/filter.ts';
import { allocateFleet, fleetView } from '../../collision/fleet.ts';
import { overlapProbability } from '../../collision/measures/arrival-overlap.ts';
import {
  requiredBehindLeader,
  requiredBehindSlowing,
  requiredToStop,
} from '../../collision/measures/required-deceleration.ts';
import { Tracks } from '../../collision/tracks.ts';
import { TrackFlag } from '../../collision/vehicle-flags.ts';
import { VehicleFlag } from '../../messages/index.ts';

function gaussian(seed: number): () => number {
  let state = seed | 0;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (((t ^ (t >>> 14)) >>> 0) + 0.5) / 4294967296;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

describe('fleet view (F1)', () => {
  it('lets two views over one buffer see the same vehicles', () => {
    const buffer = allocateFleet(7);
    const a = fleetView(buffer, 7);
    const b = fleetView(buffer, 7);
    a.lat[6] = 35.5;
    a.stage[6] = 3;
    a.edge[0] = -1;
    expect([b.lat[6], b.stage[6], b.edge[0]]).toEqual([35.5, 3, -1]);
  });

  it('refuses a buffer too small for the fleet', () => {
    expect(() => fleetView(new ArrayBuffer(64), 10)).toThrow('fleet buffer holds 64 bytes');
  });

  it('uses the flag bits of the wire', () => {
    expect(TrackFlag).toEqual(VehicleFlag);
  });
});

describe('path filter (F3, F4, F5)', () => {
  for (const hz of [1, 5, 10])
    it(`[F4] is consistent at ${hz} Hz: the speed error squared over its variance averages between 0.4 and 1.6`, () => {
      const normal = gaussian(42 + hz);
      const t = new Tracks(1);
      const dt = 1 / hz;
      let s = 0;
      let v = 15;
      filterStart(t, 0, 0, 1, v, Number.NaN);
      let last = 0;
      let sum = 0;
      let n = 0;
      for (let k = 1; k < 4000; k += 1) {
        const a = 0.4 * normal();
        s += v * dt + 0.5 * a * dt * dt;
        v = Math.max(1, v + a * dt);
        const measured = s + normal();
        const before = t.s[0] as number;
        filterStep(t, 0, dt, measured - before, 1, v + 0.2 * normal(), Number.NaN);
        last = (t.v[0] as number) - v;
        if (k > 50) {
          sum += (last * last) / (t.p11[0] as number);
          n += 1;
        }
      }
      expect(sum / n).toBeGreaterThan(0.4);
      expect(sum / n).toBeLessThan(1.6);
      expect(Math.abs((t.s[0] as number) - s)).toBeLessThan(4);
    });

  it('[F4] turns to the manoeuvre mode when the driver brakes hard', () => {
    const t = new Tracks(1);
    filterStart(t, 0, 0, 1, 25, Number.NaN);
    let v = 25;
    for (let k = 0; k < 20; k += 1) filterStep(t, 0, 0.5, v * 0.5, 1, v, Number.NaN);
    const cruising = t.manoeuvre[0] as number;
    for (let k = 0; k < 4; k += 1) {
      v -= 3.5;
      filterStep(t, 0, 0.5, v * 0.5, 1, v, Number.NaN);
    }
    expect(cruising).toBeLessThan(0.3);
    expect(t.manoeuvre[0]).toBeGreaterThan(0.5);
    expect(t.a[0]).toBeLessThan(-4);
  });

  it('[F5] does not follow a single leap of the position', () => {
    const t = new Tracks(1);
    filterStart(t, 0, 0, 1, 10, Number.NaN);
    for (let k = 0; k < 20; k += 1) filterStep(t, 0, 1, 10, 1, 10, Number.NaN);
    const before = t.s[0] as number;
    expect(filterStep(t, 0, 1, 90, 1, 10, Number.NaN)).toBe(false);
    expect((t.s[0] as number) - before).toBeCloseTo(10, 0);
  });
});

describe('order of vehicles on an edge (L1)', () => {
  it('[L1] equals sorting after any sequence of moves', () => {
    const step = fc.record({
      slot: fc.integer({ min: 0, max: 19 }),
      edge: fc.integer({ min: -1, max: 2 }),
      s: fc.integer({ min: 0, max: 500 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const s = new Float64Array(20);
        const order = new EdgeOrder(3, 20, s);
        const at = new Map<number, number>();
        for (const { slot, edge, s: place } of steps) {
          s[slot] = place;
          order.place(slot, edge);
          if (edge >= 0) at.set(slot, edge);
          else at.delete(slot);
          for (let e = 0; e < 3; e += 1) {
            const walked: number[] = [];
            for (let i = order.head[e] as number; i >= 0; i = order.ahead[i] as number) walked.push(i);
            const expected = [...at].filter(([, on]) => on === e).map(([one]) => one);
            expect([...walked].sort()).toEqual(expected.sort());
            for (let i = 1; i < walked.length; i += 1)
              expect(s[walked[i] as number]).toBeGreaterThanOrEqual(s[walked[i - 1] as number] as number);
          }
        }
      }),
    );
  });
});

describe('required deceleration (L5)', () => {
  /** Least gap when the follower brakes at `a` after the reaction, by small steps: an oracle that knows no formula. */
  function leastGap(gap: number, v: number, vl: number, bl: number, reaction: number, a: number): number {
    let g = gap;
    let least = gap;
    let vf = v;
    let vo = vl;
    const dt = 0.004;
    for (let t = 0; t < 250; t += dt) {
      g += (vo - vf) * dt;
      vo = Math.max(0, vo - bl * dt);
      if (t >= reaction) vf = Math.max(0, vf - a * dt);
      least = Math.min(least, g);
      if (vf === 0 || (bl < 0.3 && vf < vo)) break;
    }
    return least;
  }

  it('[L5] just avoids contact, and a tenth less does not', () => {
    const input = fc.tuple(
      fc.double({ min: 10, max: 150, noNaN: true }),
      fc.double({ min: 3, max: 40, noNaN: true }),
      fc.double({ min: 0, max: 40, noNaN: true }),
      fc.constantFrom(0, 1, 2, 4, 8),
      fc.double({ min: 0, max: 2, noNaN: true }),
    );
    fc.assert(
      fc.property(input, ([gap, v, vl, bl, reaction]) => {
        const a = requiredBehindLeader(gap, v, vl, bl, reaction);
        fc.pre(a > 0.2 && a < 12);
        expect(leastGap(gap, v, vl, bl, reaction, a * 1.02)).toBeGreaterThan(-0.25);
        expect(leastGap(gap, v, vl, bl, reaction, a * 0.9)).toBeLessThan(0.6);
      }),
      { numRuns: 80 },
    );
  });

  it('[L5] behind a leader who brakes for a while only, just avoids contact', () => {
    const metres = (min: number, max: number) => fc.double({ min, max, noNaN: true });
    const input = fc.tuple(metres(3, 120), metres(3, 40), metres(0, 2), metres(1, 40), metres(0.5, 8), metres(0, 6));
    fc.assert(
      fc.property(input, fc.constantFrom(0, 0.5, 1.3, 1.8), ([gap, v, push, vl, bl, lasts], reaction) => {
        const a = requiredBehindSlowing(gap, v, push, vl, bl, lasts, reaction);
        fc.pre(a > 0.2 && a < 12);
        const least = (braking: number): number => {
          let room = gap;
          let own = v;
          let lead = vl;
          let nearest = gap;
          const dt = 0.002;
          for (let t = 0; t < 250 && own > 0; t += dt) {
            own += (t < reaction ? push : -braking) * dt;
            if (t < lasts) lead = Math.max(0, lead - bl * dt);
            room += (lead - own) * dt;
            nearest = Math.min(nearest, room);
            if (t > reaction && t > lasts && own <= lead) break;
          }
          return nearest;
        };
        expect(least(a * 1.02)).toBeGreaterThan(-0.3);
        expect(least(a * 0.9)).toBeLessThan(0.7);
      }),
      { numRuns: 60 },
    );
  });

  it('[L5] is Infinity when it is too late and 0 when the leader pulls away', () => {
    expect(requiredBehindLeader(10, 20, 0, 0, 1)).toBe(Infinity);
    expect(requiredBehindLeader(10, 10, 12, 0, 1)).toBe(0);
    expect(requiredToStop(20, 20, 1)).toBe(Infinity);
    expect(requiredToStop(20, 0, 1)).toBe(0);
    expect(requiredToStop(40, 20, 1)).toBeCloseTo(10);
  });
});

describe('overlap of two stays (X6)', () => {
  it('[X6] agrees with a million drawn arrivals', () => {
    const normal = gaussian(7);
    for (const [mu, stayA, stayB, sigma] of [
      [0, 0.8, 0.8, 0.7],
      [1.2, 0.8, 1.1, 0.7],
      [-2, 0.5, 1, 1.5],
    ] as const) {
      let hits = 0;
      const n = 200_000;
      for (let i = 0; i < n; i += 1) {
        const difference = mu + sigma * normal();
        if (difference < stayB && difference > -stayA) hits += 1;
      }
      const p = overlapProbability(mu, stayA, stayB, sigma);
      expect(Math.abs(p - hits / n)).toBeLessThan(3 * Math.sqrt((p * (1 - p)) / n) + 1e-4);
    }
  });
});
