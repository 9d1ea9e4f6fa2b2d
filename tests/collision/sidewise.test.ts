import { describe, expect, it } from 'vitest';
import { createEngine } from '../../collision/index.ts';
import { type Body, motorway, moving, play, send, startMs } from './straight-road.ts';

const road = motorway();
const lane = 3.5;

/** Moves from y0 by `width` within `duration` s from t0 on, as a smooth S; `width` and `duration` of a change of lane. */
function shifting(x0: number, y0: number, speed: number, width: number, t0: number, duration: number): Body {
  const share = (t: number): number => Math.min(1, Math.max(0, (t - t0) / duration));
  const y = (t: number): number => y0 + width * share(t) ** 2 * (3 - 2 * share(t));
  const rate = (t: number): number => (width / duration) * 6 * share(t) * (1 - share(t));
  return {
    x: (t) => x0 + speed * t,
    y,
    speed: () => speed,
    accel: () => 0,
    heading: (t) => 90 - (Math.atan2(rate(t), speed) * 180) / Math.PI,
  };
}

/** The same at a constant rate without turning the body, as traffic simulators do. */
function sliding(x0: number, y0: number, speed: number, width: number, t0: number, duration: number): Body {
  const share = (t: number): number => Math.min(1, Math.max(0, (t - t0) / duration));
  return { x: (t) => x0 + speed * t, y: (t) => y0 + width * share(t), speed: () => speed, accel: () => 0 };
}

function alarms(
  bodies: readonly Body[],
  seconds: number,
): { slot: number; stage: number; class: string; at: number }[] {
  return play(road, bodies, seconds, 10).filter((event) => event.stage >= 2 && event.stage > event.prevStage);
}

describe('sidewise danger (N)', () => {
  it.each([1.8, 2.5])(
    '[N1] [N2] a drift into an occupied slot is told to both 1.1 s before contact, width %f m',
    (width) => {
      const drifter = { ...shifting(100, 0, 30, lane, 8, 4), width };
      const beside = { ...moving(101, lane, 30), width: 1.8 };
      const told = alarms([drifter, beside], 12);
      let contact = 8;
      while (lane - (drifter.y(contact) as number) > (width + 1.8) / 2) contact += 0.01;
      for (const slot of [0, 1]) {
        const first = told.find((event) => event.slot === slot && event.stage === 3);
        expect(first?.class).toBe('lane-change');
        expect(contact - (first?.at ?? Infinity)).toBeGreaterThanOrEqual(1.1);
      }
    },
  );

  it('[N2] a change of lane into a gap stays silent', () => {
    const bodies = [shifting(100, 0, 30, lane, 8, 4), moving(118, lane, 31), moving(75, lane, 29)];
    expect(alarms(bodies, 14)).toEqual([]);
  });

  it.each([2.5, 4])(
    '[N5] the end of a change of lane beside somebody in the third lane stays silent (%f s)',
    (duration) => {
      expect(alarms([sliding(100, -lane, 30, lane, 8, duration), moving(101, lane, 30)], 16)).toEqual([]);
      expect(alarms([shifting(100, -lane, 30, lane, 8, duration), moving(101, lane, 30)], 16)).toEqual([]);
    },
  );

  it('[N4] whoever cuts in so close that the one behind cannot brake is told of, and that one', () => {
    const told = alarms([sliding(300, 0, 15, lane, 8, 2.5), moving(191, lane, 26)], 9.3);
    expect(told.some((event) => event.slot === 1 && event.class === 'lane-change' && event.stage === 3)).toBe(true);
  });

  it('[N4] whoever cuts in with room enough to brake is not', () => {
    const told = alarms([sliding(160, 0, 24, lane, 8, 2.5), moving(72, lane, 27)], 12);
    expect(told.filter((event) => event.class === 'lane-change')).toEqual([]);
  });

  it('[N3] below 3 Hz nothing is read out of a sidewise rate', () => {
    const events = play(road, [shifting(100, 0, 30, lane, 8, 4), moving(101, lane, 30)], 10, 1);
    expect(events.filter((event) => event.class === 'lane-change')).toEqual([]);
  });

  it('[C3] a drift that position and indicator show needs no second look', () => {
    const first = (flags: number): number => {
      const engine = createEngine(road, { capacity: 16 });
      const drifter = { ...sliding(100, 0, 30, lane, 8, 2.5), flags };
      for (let k = 0; k < 120; k += 1) {
        send(engine, 0, drifter, k / 10);
        send(engine, 1, moving(101, lane, 30), k / 10);
        engine.tick(startMs + 100 * k);
        if (engine.drainAlerts().some((event) => event.stage === 3)) return k;
      }
      return Infinity;
    };
    expect(first(0)).toBeLessThan(90);
    expect(first(0) - first(1 << 2)).toBe(1);
  });
});
