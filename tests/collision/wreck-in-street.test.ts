import { describe, expect, it } from 'vitest';
import { TrackFlag } from '../../collision/vehicle-flags.ts';
import { type Body, moving, plane, play, standing, street } from './straight-road.ts';

/** Rolls up at 4 m/s and stops at 1 m/s² with its front at `stop`. */
function rollingUp(stop: number): Body {
  const x = (t: number): number => {
    const left = 12 - t;
    return left <= 0 ? stop : stop - (left > 4 ? 8 + 4 * (left - 4) : (left * left) / 2);
  };
  const speed = (t: number): number => Math.max(0, Math.min(4, 12 - t));
  return { x, y: () => 0, speed, accel: (t) => (t > 8 && t < 12 ? -1 : 0) };
}

describe('a wreck in a street', () => {
  const rear = 1400 - 4.5;
  const told = (stop: number) =>
    play(street(), [moving(200, 0, 13), standing(1400, 0), rollingUp(stop)], 40, 1).filter(
      (event) => event.slot === 0 && event.class === 'crashed-vehicle',
    );

  it('[H3] is known by two bodies at rest in one another, however gently they met', () => {
    const [first] = told(rear + 0.4);
    expect(first?.stage).toBe(1);
    expect(first?.at).toBeGreaterThanOrEqual(13);
    expect(first?.at).toBeLessThanOrEqual(20);
    expect(Math.abs(plane.x(first?.lon ?? 0) - 1395)).toBeLessThan(15);
  });

  it('[H3] is known however deep the one who came up lies in the one who stood', () => {
    expect(told(rear + 2.5)[0]?.stage).toBe(1);
  });

  it('[H3] is not seen in cars that stand half a metre apart, nor in two devices of one car', () => {
    expect(told(rear - 0.5)).toEqual([]);
    const devices = play(street(), [moving(200, 0, 13), rollingUp(1400), rollingUp(1399.5)], 40, 1);
    expect(devices.filter((event) => event.slot === 0 && event.class === 'crashed-vehicle')).toEqual([]);
  });

  it('[H3] is not seen in long bodies abreast whose outlines overlap at a corner', () => {
    const bus = (x: number, y: number, headingDeg: number): Body => ({
      ...standing(x, y),
      length: 12,
      width: 2.5,
      headingDeg,
      x: (t) => x - 4 * Math.max(0, 12 - t),
      speed: (t) => (t < 12 ? 4 : 0),
    });
    const waits: Body = { ...bus(1400, 0, 90), x: () => 1400, speed: () => 0 };
    const events = play(street(), [moving(200, 0, 13), waits, bus(1400, 3, 82)], 40, 1);
    expect(events.filter((event) => event.slot === 0 && event.class === 'crashed-vehicle')).toEqual([]);
  });

  it('[H3] is seen in bodies askew that merely touch', () => {
    const across: Body = { ...standing(1395.45, 0), y: () => 0.9, headingDeg: 0 };
    const events = play(street(), [moving(200, 0, 13), standing(1400, 0), across], 40, 1);
    expect(events.find((event) => event.slot === 0 && event.class === 'crashed-vehicle')?.stage).toBe(1);
  });

  it('[H3] is not seen where one creeps into another at a narrow corner in a jam', () => {
    const creeps: Body = {
      ...standing(1395.45, 0),
      y: (t) => Math.min(0.9, 0.5 * t - 3),
      speed: (t) => (t < 7.8 ? 0.5 : 0),
      headingDeg: 0,
    };
    const events = play(street(), [moving(200, 0, 13), standing(1400, 0), creeps], 40, 1);
    expect(events.filter((event) => event.slot === 0 && event.class === 'crashed-vehicle')).toEqual([]);
  });

  it('[A1] is told to drivers 100 m away, too', () => {
    const crash: Body = {
      x: (t) => (t < 20 ? 600 + 12 * t : 840),
      y: () => 0,
      speed: (t) => (t < 20 ? 12 : 0),
      flagsAt: (t) => (t < 21.5 ? 0 : TrackFlag.airbagDeployed),
    };
    const events = play(street(), [moving(440, 0, 13), crash], 30, 10).filter((event) => event.slot === 0);
    expect(events[0]?.stage).toBe(1);
    expect(events[0]?.distance).toBeLessThan(150);
  });
});
