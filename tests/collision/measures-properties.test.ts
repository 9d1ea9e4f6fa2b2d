import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  arrivalOverlap,
  boxContactTime,
  boxesOverlap,
  collisionProbability,
  dcpa,
  erf,
  mdrac,
  mttc,
  normalCdf,
  quickNormalCdf,
  requiredBehindLeader,
  requiredToStop,
  stoppingMargin,
  tauMod,
  tcpa,
  timeToCircle,
  ttcFollow,
} from '../../collision/index.ts';

const metres = fc.double({ min: -200, max: 200, noNaN: true });
const speed = fc.double({ min: 0, max: 50, noNaN: true });
const heading = fc.double({ min: 0, max: 2 * Math.PI, noNaN: true });
const size = fc.double({ min: 0.3, max: 15, noNaN: true });
const body = fc.record({ x: metres, y: metres, heading, v: speed, length: size, width: size });
type Body = { x: number; y: number; heading: number; v: number; length: number; width: number };

const place = (b: Body): [number, number, number, number, number, number] => [
  b.x,
  b.y,
  Math.cos(b.heading),
  Math.sin(b.heading),
  b.length,
  b.width,
];
const contactOf = (a: Body, b: Body): number =>
  boxContactTime(
    ...place(a),
    a.v * Math.cos(a.heading),
    a.v * Math.sin(a.heading),
    ...place(b),
    b.v * Math.cos(b.heading),
    b.v * Math.sin(b.heading),
  );
const at = (b: Body, t: number): Body => ({
  ...b,
  x: b.x + b.v * t * Math.cos(b.heading),
  y: b.y + b.v * t * Math.sin(b.heading),
});
const turned = (b: Body, angle: number, dx: number, dy: number): Body => ({
  ...b,
  x: b.x * Math.cos(angle) - b.y * Math.sin(angle) + dx,
  y: b.x * Math.sin(angle) + b.y * Math.cos(angle) + dy,
  heading: b.heading + angle,
});
const same = (a: number, b: number, tolerance: number): void => {
  if (!Number.isFinite(a) || !Number.isFinite(b)) expect(a).toBe(b);
  else expect(Math.abs(a - b)).toBeLessThanOrEqual(tolerance);
};

describe('Swept boxes', () => {
  it('contact is the first instant at which the boxes overlap, found by stepping', () => {
    fc.assert(
      fc.property(body, body, (a, b) => {
        const contact = contactOf(a, b);
        for (let t = 0; t < Math.min(contact, 20) - 0.02; t += 0.05)
          expect(boxesOverlap(...place(at(a, t)), ...place(at(b, t)))).toBe(false);
        if (contact < 20) {
          const grown = (one: Body): Body => ({ ...one, length: one.length + 1e-3, width: one.width + 1e-3 });
          expect(boxesOverlap(...place(grown(at(a, contact))), ...place(grown(at(b, contact))))).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('does not depend on who is named first, nor on where the plane lies and how it is turned', () => {
    fc.assert(
      fc.property(body, body, heading, metres, metres, (a, b, angle, dx, dy) => {
        const contact = contactOf(a, b);
        // A grazing contact may be decided either way by the last bit.
        const nearly = contactOf({ ...a, width: a.width + 1e-6, length: a.length + 1e-6 }, b);
        fc.pre(
          Number.isFinite(contact) === Number.isFinite(nearly) &&
            (!Number.isFinite(contact) || Math.abs(contact - nearly) < 1e-3),
        );
        same(contactOf(b, a), contact, 1e-6);
        const moved = contactOf(turned(a, angle, dx, dy), turned(b, angle, dx, dy));
        if (Number.isFinite(contact) && Number.isFinite(moved)) same(moved, contact, 1e-2);
      }),
      { numRuns: 500 },
    );
  });

  it('comes t earlier when both have moved on for t', () => {
    const until = fc.double({ min: 1, max: 20, noNaN: true });
    const part = fc.double({ min: 0.1, max: 0.9, noNaN: true });
    fc.assert(
      fc.property(body, body, until, part, (a, free, meet, share) => {
        // The middles meet after `meet` seconds, so there is a contact at or before that.
        const there = at(a, meet);
        const b = at({ ...free, x: there.x, y: there.y }, -meet);
        const contact = contactOf(a, b);
        expect(contact).toBeLessThanOrEqual(meet + 1e-9);
        const t = share * contact;
        same(contactOf(at(a, t), at(b, t)), contact - t, 1e-6);
      }),
    );
  });
});

describe('Closest approach', () => {
  it('no other instant to come is nearer', () => {
    fc.assert(
      fc.property(metres, metres, speed, speed, fc.double({ min: 0, max: 100, noNaN: true }), (x, y, vx, vy, t) => {
        expect(Math.hypot(x + vx * t, y + vy * t)).toBeGreaterThanOrEqual(dcpa(x, y, vx, vy) - 1e-6);
        expect(tcpa(x, y, vx, vy)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('the circle is entered at its radius, and modified tau is no shorter than the time to it', () => {
    fc.assert(
      fc.property(
        metres,
        metres,
        metres,
        metres,
        fc.double({ min: 1, max: 50, noNaN: true }),
        (x, y, vx, vy, radius) => {
          fc.pre(Math.hypot(x, y) > radius + 1 && Math.hypot(vx, vy) > 0.1);
          const entry = timeToCircle(x, y, vx / 4, vy / 4, radius);
          if (Number.isFinite(entry)) {
            expect(Math.hypot(x + (vx / 4) * entry, y + (vy / 4) * entry)).toBeCloseTo(radius, 6);
            expect(tauMod(x, y, vx / 4, vy / 4, radius)).toBeGreaterThanOrEqual(entry - 1e-9);
          } else expect(dcpa(x, y, vx / 4, vy / 4)).toBeGreaterThan(radius - 1e-6);
        },
      ),
    );
  });
});

describe('Following', () => {
  it('MTTC is the first time at which the gap is used up; without acceleration it is TTC', () => {
    const gap = fc.double({ min: 0.1, max: 500, noNaN: true });
    const rate = fc.double({ min: -40, max: 40, noNaN: true });
    const change = fc.oneof(
      fc.constant(0),
      fc.double({ min: 1e-3, max: 9, noNaN: true }),
      fc.double({ min: -9, max: -1e-3, noNaN: true }),
    );
    fc.assert(
      fc.property(gap, rate, change, (g, v, a) => {
        const t = mttc(g, v, a);
        same(mttc(g, v, 0), ttcFollow(g, v), 1e-9);
        if (!Number.isFinite(t)) {
          for (let s = 0; s < 60; s += 0.5) expect(v * s + 0.5 * a * s * s).toBeLessThan(g);
          return;
        }
        expect(Math.abs(v * t + 0.5 * a * t * t - g)).toBeLessThan(
          1e-6 * (1 + g + Math.abs(v) * t + Math.abs(a) * t * t),
        );
        for (let s = 0; s < 0.999 * t; s += t / 50) expect(v * s + 0.5 * a * s * s).toBeLessThan(g);
      }),
    );
  });

  it('the required deceleration just suffices: with it no contact, with a little less there is one', () => {
    const touches = (
      gap: number,
      v: number,
      vl: number,
      braking: number,
      reaction: number,
      deceleration: number,
    ): boolean => {
      const step = 0.002;
      let f = 0;
      let l = gap;
      // Who needs 0.1 from 40 m/s takes seven minutes to stop.
      for (let t = 0; t < 450 && (v > 0 || vl > 0); t += step) {
        const nextV = t < reaction ? v : Math.max(0, v - deceleration * step);
        const nextL = Math.max(0, vl - braking * step);
        f += ((v + nextV) / 2) * step;
        l += ((vl + nextL) / 2) * step;
        v = nextV;
        vl = nextL;
        if (f > l) return true;
        if (braking === 0 && t > reaction && v <= vl) return false;
      }
      return false;
    };
    fc.assert(
      fc.property(
        fc.double({ min: 5, max: 150, noNaN: true }),
        fc.double({ min: 3, max: 40, noNaN: true }),
        fc.double({ min: 0, max: 40, noNaN: true }),
        fc.oneof(fc.constant(0), fc.double({ min: 0.5, max: 8, noNaN: true })),
        fc.double({ min: 0, max: 2, noNaN: true }),
        (gap, v, vl, braking, reaction) => {
          const needed = requiredBehindLeader(gap, v, vl, braking, reaction);
          fc.pre(needed < 30);
          expect(touches(gap + 0.2, v, vl, braking, reaction, needed * 1.02 + 0.02)).toBe(false);
          if (needed > 0.1) expect(touches(gap - 0.2, v, vl, braking, reaction, needed * 0.95)).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('a stop is possible at exactly the deceleration that uses up the margin', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1, max: 300, noNaN: true }),
        fc.double({ min: 1, max: 40, noNaN: true }),
        (distance, v) => {
          const needed = requiredToStop(distance, v, 1);
          if (Number.isFinite(needed))
            expect(Math.abs(stoppingMargin(distance, v, needed, 1))).toBeLessThan(1e-6 * distance);
          else expect(distance).toBeLessThanOrEqual(v);
        },
      ),
    );
  });

  it('MDRAC is DRAC of the gap left after the reaction', () => {
    expect(mdrac(20, 10, 1)).toBeCloseTo(5, 12);
    expect(mdrac(10, 10, 1)).toBe(Number.POSITIVE_INFINITY);
    expect(mdrac(10, -1, 1)).toBe(0);
  });
});

describe('Probability', () => {
  it('the quick normal distribution agrees with the exact one to 1e-12 and keeps its bounds', () => {
    for (let x = -9; x <= 9; x += 0.0037) expect(Math.abs(quickNormalCdf(x) - normalCdf(x))).toBeLessThan(1e-12);
    expect([-Infinity, Infinity, Number.NaN].map(quickNormalCdf)).toEqual([0, 1, 0]);
  });

  it('erf at known points (Abramowitz and Stegun, table 7.1)', () => {
    expect(erf(0.5)).toBeCloseTo(0.5204998778, 10);
    expect(erf(1)).toBeCloseTo(0.8427007929, 10);
    expect(erf(-2)).toBeCloseTo(-0.995322265, 9);
    expect(erf(2.5)).toBeCloseTo(0.999593047982555, 13);
    expect(1 - normalCdf(6)).toBeCloseTo(9.865876e-10, 14);
  });

  const time = fc.double({ min: 0, max: 30, noNaN: true });
  const deviation = fc.double({ min: 0, max: 5, noNaN: true });
  const stay = fc.double({ min: 0.05, max: 5, noNaN: true });

  it('overlap lies in [0, 1], is the same seen from either side and does not depend on when time begins', () => {
    fc.assert(
      fc.property(time, deviation, stay, time, deviation, stay, time, (ma, sa, oa, mb, sb, ob, shift) => {
        const p = arrivalOverlap(ma, sa, oa, mb, sb, ob, 0);
        expect(p).toBeGreaterThanOrEqual(0);
        expect(p).toBeLessThanOrEqual(1);
        fc.pre(sa + sb > 1e-3);
        same(arrivalOverlap(mb, sb, ob, ma, sa, oa, 0), p, 1e-9);
        same(arrivalOverlap(ma + shift, sa, oa, mb + shift, sb, ob, 0), p, 1e-6);
      }),
    );
  });

  it('overlap equals the share of seeded draws, within four standard errors', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.double({ min: -4, max: 4, noNaN: true }),
        fc.double({ min: 0.2, max: 2, noNaN: true }),
        (seed, mu, sigma) => {
          let state = seed >>> 0;
          const uniform = (): number => {
            state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
            return (state + 0.5) / 4294967296;
          };
          const normal = (): number => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
          const n = 10_000;
          let hits = 0;
          for (let i = 0; i < n; i += 1) {
            const a = 10 + mu + sigma * normal();
            const b = 10 + sigma * normal();
            if (a < b + 0.8 && b < a + 1.1) hits += 1;
          }
          const p = arrivalOverlap(10 + mu, sigma, 1.1, 10, sigma, 0.8, 0);
          expect(Math.abs(hits / n - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / n) + 0.005);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('collision probability lies in [0, 1], grows with the radius and does not depend on how the plane is turned', () => {
    const sigma = fc.double({ min: 0.2, max: 40, noNaN: true });
    const radius = fc.double({ min: 0.2, max: 20, noNaN: true });
    fc.assert(
      fc.property(metres, metres, sigma, sigma, heading, radius, (x, y, s1, s2, angle, r) => {
        const c = Math.cos(angle);
        const s = Math.sin(angle);
        const p = collisionProbability(x, y, s1 * s1, 0, s2 * s2, r);
        expect(p).toBeGreaterThanOrEqual(0);
        expect(p).toBeLessThanOrEqual(1);
        expect(collisionProbability(x, y, s1 * s1, 0, s2 * s2, 1.2 * r)).toBeGreaterThanOrEqual(p - 1e-12);
        const xx = c * c * s1 * s1 + s * s * s2 * s2;
        const yy = s * s * s1 * s1 + c * c * s2 * s2;
        const xy = c * s * (s1 * s1 - s2 * s2);
        same(collisionProbability(c * x - s * y, s * x + c * y, xx, xy, yy, r), p, 1e-7);
      }),
    );
  });

  it('of a round cloud about the origin is 1 - exp(-r²/2σ²)', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.1, max: 30, noNaN: true }),
        fc.double({ min: 0.1, max: 30, noNaN: true }),
        (sigma, r) => {
          same(
            collisionProbability(0, 0, sigma * sigma, 0, sigma * sigma, r),
            -Math.expm1((-r * r) / (2 * sigma * sigma)),
            1e-7,
          );
        },
      ),
    );
  });
});
