import { describe, expect, it } from 'vitest';
import { contactTime } from '../../collision/measures/contact-time.ts';
import { attentiveGap } from '../../collision/thresholds.ts';
import { type Body, motorway, moving, play, standing } from './straight-road.ts';

const road = motorway();

/** Stages told to the first of the bodies of what is ahead of it. */
function told(bodies: readonly Body[], seconds: number, hz = 10): number[] {
  return play(road, bodies, seconds, hz)
    .filter((event) => event.slot === 0 && event.stage >= 2 && event.class !== 'lane-change')
    .map((event) => event.stage);
}

/** Drives at `speed` and at `from` s begins to move sidewise with `rate` m/s for `lasts` s; brakes with `braking` from then on. */
function swerving(x0: number, y0: number, speed: number, from: number, rate: number, lasts: number, braking = 0): Body {
  const since = (t: number): number => Math.max(0, t - from);
  const slowed = (t: number): number => Math.min(since(t), braking > 0 ? speed / braking : 0);
  return {
    x: (t) =>
      x0 + speed * Math.min(t, from) + speed * (braking > 0 ? slowed(t) : since(t)) - 0.5 * braking * slowed(t) ** 2,
    y: (t) => y0 + rate * Math.min(since(t), lasts),
    speed: (t) => speed - braking * slowed(t),
    accel: (t) => (braking > 0 && since(t) > 0 && slowed(t) < speed / braking ? -braking : 0),
  };
}

/** Speeds up from `speed` with `gain`. */
function hastening(x0: number, y: number, speed: number, gain: number): Body {
  return {
    x: (t) => x0 + speed * t + 0.5 * gain * t * t,
    y: () => y,
    speed: (t) => speed + gain * t,
    accel: () => gain,
  };
}

/** Moves up by `gap` m behind one who stands, as the intelligent driver model does. */
function queueing(gap: number, acceleration: number, headway: number, braking: number): Body {
  const step = 0.01;
  const v = [0];
  const x = [0];
  const a: number[] = [];
  for (let i = 0; i < 2000; i += 1) {
    const speed = v[i] as number;
    const wish = 2 + headway * speed + (speed * speed) / (2 * Math.sqrt(acceleration * braking));
    const near = wish / Math.max(0.1, gap - (x[i] as number));
    const gain = Math.max(acceleration * (1 - near * near), -speed / step);
    a.push(gain);
    v.push(speed + gain * step);
    x.push((x[i] as number) + speed * step);
  }
  const at = (values: readonly number[], t: number): number => values[Math.round(t / step)] as number;
  return { x: (t) => at(x, t), y: () => 0, speed: (t) => at(v, t), accel: (t) => at(a, t) };
}

describe('who is in the way sidewise (L3, L10)', () => {
  it('[L3] two bodies that pass a hand apart are not in each other’s way, two that overlap by a hand are', () => {
    expect(told([moving(0, 0, 30), standing(600, 1.9)], 25)).toEqual([]);
    expect(told([moving(0, 0, 30), standing(600, 1.7)], 19)).toContain(3);
  });

  it('[L3] a drift leads into the way of one who is still there when it arrives, not of one passed before', () => {
    expect(told([swerving(0, 0.1, 30, 19.1, 0.8, 1.5), standing(590, 2.6)], 22)).toEqual([]);
    expect(told([swerving(0, 0.1, 30, 18, 0.8, 1.5), standing(590, 2.6)], 19.4)).toContain(3);
  });

  it('[L10] one who brakes and leaves the lane is no danger when he is out of it in time, one who only brakes is', () => {
    const follower = moving(0, 0, 25);
    expect(told([follower, swerving(50, 0, 25, 5, 1.4, 2.5, 3)], 9)).toEqual([]);
    expect(told([follower, swerving(50, 0, 25, 5, 0, 2.5, 3)], 9)).toContain(2);
  });

  it('[L10] one who comes into the lane is not on his way out of it on the other side', () => {
    expect(told([moving(0, 0, 30), swerving(110, 3.5, 12, 1, -1.4, 2.5)], 5)).toContain(2);
  });
});

describe('who was left aside or comes to rest too near (L10, T6, S9)', () => {
  it('[L10] one who brakes and has crossed into the next lane is out of the way when he goes on towards its middle', () => {
    const wide = { ...swerving(50, 0, 25, 5, 0.9, 3.9, 4), width: 2.5 };
    expect(told([moving(0, 0, 25), wide], 12)).toEqual([]);
  });

  it('[T6] whom a driver steers past by his last report he is not told of before the next', () => {
    // At 21 s he reports a metre to the left, the gap shown ahead of him.
    for (let gap = 5; gap < 11; gap += 1)
      expect(told([swerving(0, 0, 6, 20, 1, 3.5), standing(126 + gap + 4.5, 0)], 30, 1)).not.toContain(3);
  });

  it('[S9] the alarm comes for braking that ends in a touch, not for braking that ends a car’s length before', () => {
    const stopping = (rest: number): Body => {
      const v = (t: number): number => Math.max(0, 6 - 1.5 * Math.max(0, t - 2));
      const x = (t: number): number => (t <= 2 ? 6 * t : 12 + (36 - v(t) ** 2) / 3) - 24;
      return { x: (t) => 100 - rest - 4.5 + x(t), y: () => 0, speed: v, accel: (t) => (t > 2 && t < 6 ? -1.5 : 0) };
    };
    expect(told([stopping(0.1), standing(100, 0)], 6)).toContain(3);
    expect(told([stopping(3), standing(100, 0)], 8)).not.toContain(3);
  });
});

describe('speeding up (L9, S2)', () => {
  it('[L9] two who speed up alike do not close in on each other', () => {
    expect(told([hastening(0, 0, 9, 1.7), hastening(18, 0, 8, 1.5)], 5)).toEqual([]);
  });

  it('[S2] moving up in a queue as attentive drivers do is no news', () => {
    for (const gap of [5, 9, 15, 25])
      expect(told([queueing(gap, 1.6, 1.2, 1.9), standing(gap + 4.5, 0)], 15)).toEqual([]);
  });

  it('[L16] one who stands with his front beyond the end of his road is as far away as he is', () => {
    const up = queueing(25, 1.6, 1.2, 1.9);
    const road100 = motorway(100);
    const crossing = standing(106, 0);
    const follower: Body = { ...up, x: (t) => 106 - 4.5 - 25 + up.x(t) };
    const events = play(road100, [follower, crossing], 15, 10);
    expect(events.filter((event) => event.slot === 0 && event.stage >= 2)).toEqual([]);
  });

  it('[L16] who came against the direction and stands is as far away as his front', () => {
    const wrongWay: Body = {
      x: (t) => 700 + Math.max(0, 200 - 10 * t),
      y: () => 0,
      speed: (t) => (t < 20 ? 10 : 0),
      headingDeg: 270,
    };
    const told = play(road, [moving(-400, 0, 30), wrongWay], 33, 10);
    const warning = told.find((event) => event.slot === 0 && event.stage >= 2 && event.class === 'rear-end');
    expect(warning?.distance).toBeCloseTo(700 - (-400 + 30 * (warning?.at ?? 0)), 0);
  });

  it('[S2] the faster he speeds up the longer the gap below which an attentive driver would not', () => {
    expect(attentiveGap(20, 8, 0)).toBeCloseTo((2 + 26 + 40) / Math.sqrt(1 + 0.8 / 1.8), 6);
    expect(attentiveGap(20, 8, 1.7)).toBeGreaterThan(attentiveGap(20, 8, 0.9));
    expect(attentiveGap(20, 8, 2.7)).toBe(Infinity);
  });
});

/** Drives at `speed`; from `from` s on brakes with `first`, growing by `growth` m/s³ up to `most`. */
function braking(x0: number, speed: number, from: number, first: number, growth: number, most: number): Body {
  const step = 0.01;
  const v = [speed];
  const x = [x0];
  const a: number[] = [];
  for (let i = 0; i < 3000; i += 1) {
    const now = v[i] as number;
    const since = i * step - from;
    const wish = since < 0 || now <= 0 ? 0 : -Math.min(most, first + growth * since);
    a.push(wish);
    v.push(Math.max(0, now + wish * step));
    x.push((x[i] as number) + now * step);
  }
  const at = (values: readonly number[], t: number): number => values[Math.round(t / step)] as number;
  return { x: (t) => at(x, t), y: () => 0, speed: (t) => at(v, t), accel: (t) => at(a, t) };
}

/** Has these speeds and is braking so hard at each full second. */
function bySeconds(x0: number, v: readonly number[], brakes: readonly number[]): Body {
  const x = [x0];
  for (let i = 1; i < v.length; i += 1) x.push((x[i - 1] as number) + ((v[i - 1] as number) + (v[i] as number)) / 2);
  const at = (values: readonly number[], t: number): number => values[Math.min(Math.round(t), v.length - 1)] as number;
  return { x: (t) => at(x, t), y: () => 0, speed: (t) => at(v, t), accel: (t) => -at(brakes, t) };
}

/** Drives at `speed` m/s from x0 on in the middle lane and brakes with what `braking` says at t s. */
function slowed(x0: number, speed: number, braking: (t: number) => number): Body {
  const step = 0.01;
  const v = [speed];
  const x = [x0];
  for (let i = 0; i < 1500; i += 1) {
    v.push(Math.max(0, (v[i] as number) - braking(i * step) * step));
    x.push((x[i] as number) + (v[i] as number) * step);
  }
  const at = (values: readonly number[], t: number): number => values[Math.round(t / step)] as number;
  return { x: (t) => at(x, t), y: () => 0, speed: (t) => at(v, t), accel: (t) => -braking(t) };
}

describe('behind one who brakes (L6, S8)', () => {
  it('[L6] a driver whose braking grows with the need is left alone, one who keeps his foot as it is is warned', () => {
    const leader = bySeconds(
      126,
      [31.9, 30.5, 28.7, 26.5, 23.7, 20.6, 17.3, 14.2],
      [1.2, 1.6, 2, 2.5, 3, 3.2, 3.2, 3.1],
    );
    const grows = bySeconds(0, [37.1, 36.5, 35.7, 34.5, 32.9, 30.7, 28, 24.9], [0.5, 0.7, 1, 1.4, 1.8, 2.4, 2.9, 3.2]);
    const stays = bySeconds(
      0,
      [37.1, 36, 34.9, 33.8, 32.7, 31.6, 30.5, 29.4],
      [1.1, 1.1, 1.1, 1.1, 1.1, 1.1, 1.1, 1.1],
    );
    expect(told([grows, leader], 7, 1)).toEqual([]);
    expect(told([stays, leader], 7, 1)).toContain(2);
  });

  it('[L6] a foot that has just begun to press the brake answers the one ahead', () => {
    const leader = slowed(21.4, 13.5, (t) => (t < 5 || t > 8 ? 0 : 2.2 + 2.3 * Math.exp((5 - t) / 0.4)));
    const begins = (late: number): Body => slowed(0, 13.5, (t) => Math.min(2.4, Math.max(0, 2 * (t - 5.1 - late))));
    expect(told([begins(0), leader], 6, 10)).toEqual([]);
    expect(told([begins(1), leader], 6, 10)).toContain(2);
  });

  it('[S2] an attentive driver who would not brake yet is not warned of one ahead who slows down in comfort', () => {
    const leader = slowed(44.5, 13, (t) => (t < 3 || t > 8.9 ? 0 : 2.2));
    const coasts = (until: number): Body =>
      slowed(0, 13.3, (t) => (t < 3 ? 0 : Math.min(2.6, 0.35 + Math.max(0, 1.2 * (t - until)))));
    expect(told([coasts(5.8), leader], 9, 10)).toEqual([]);
    expect(told([coasts(6.4), leader], 9, 10)).toContain(2);
  });

  it('[S3] who presses the brake harder and will brake hard enough within a second answers one who brakes as hard as he can', () => {
    const sudden = bySeconds(44, [29, 28.7, 20.7, 12.7, 4.7, 0, 0, 0], [0, 8, 8, 8, 8, 0, 0, 0]);
    const presses = bySeconds(0, [29, 28.6, 26, 20, 12.5, 5.5, 0, 0], [0, 1.4, 4, 7.6, 7.6, 7, 0, 0]);
    const stays = bySeconds(0, [29, 28.6, 27.2, 25.8, 24.4, 23], [0, 1.4, 1.4, 1.4, 1.4, 1.4]);
    expect(told([presses, sudden], 7, 1)).not.toContain(3);
    expect(told([stays, sudden], 4, 1)).toContain(3);
  });

  it('[L6] behind one who stands, too, braking that grows in time is left alone', () => {
    const grows = slowed(0, 25, (t) => (t < 2 ? 0 : Math.min(2.8, 0.9 + 0.35 * (t - 2))));
    const stays = slowed(0, 25, (t) => (t < 2 ? 0 : 1.2));
    expect(told([grows, standing(213, 0)], 14, 10)).toEqual([]);
    expect(told([stays, standing(213, 0)], 8, 10)).toContain(2);
  });

  it('[S8] brake lights are given half a second to be answered, and no more', () => {
    const sudden = braking(18.5, 13, 3, 3, 0, 3);
    const answering = braking(0, 13.2, 3.6, 3.4, 0, 3.4);
    expect(told([answering, sudden], 8)).toEqual([]);
    const first = play(road, [moving(0, 0, 13.2), sudden], 6, 10).find((e) => e.slot === 0 && e.stage >= 2);
    expect(first?.at).toBeGreaterThanOrEqual(3.4);
    expect(first?.at).toBeLessThan(4);
  });
});

describe('time to contact', () => {
  it('is that of the bodies moved in small steps', () => {
    for (const [gap, v, a, u, b] of [
      [40, 20, 0, 10, 0],
      [40, 20, -1, 15, 4],
      [10, 3, 1.2, 0, 0],
      [80, 25, 0, 20, 6],
    ] as const) {
      let left: number = gap;
      let own: number = v;
      let lead: number = u;
      let t = 0;
      for (; left > 0; t += 1e-4) {
        left += (lead - own) * 1e-4;
        own += a * 1e-4;
        lead = Math.max(0, lead - b * 1e-4);
      }
      expect(contactTime(gap, v, a, u, b)).toBeCloseTo(t, 2);
    }
    expect(contactTime(40, 10, 0, 12, 0)).toBe(Infinity);
  });
});
