import { describe, expect, it } from 'vitest';
import { createEngine } from '../../collision/index.ts';
import { type Body, motorway, moving, play, standing } from './straight-road.ts';

const road = motorway();

function bumped(body: Body, dx: (t: number) => number, dy: number): Body {
  return { ...body, x: (t) => body.x(t) + dx(t), y: (t) => body.y(t) + dy };
}

describe('two devices in one vehicle (D)', () => {
  const car = moving(100, 0, 25);

  it.each([1, 10])('[D1] [D2] are one from the first fix on: one set of alerts, none between them (%i Hz)', (hz) => {
    const engine = createEngine(road, { capacity: 16 });
    const events = play(road, [car, bumped(car, () => -1.2, 0.3), standing(1200, 0)], 42, hz, engine);
    expect(events.some((event) => event.slot === 0 && event.stage === 3)).toBe(true);
    expect(events.filter((event) => event.slot === 1)).toEqual([]);
    expect(events.some((event) => event.slot === 0 && event.otherSlot === 1)).toBe(false);
    expect(engine.counters().secondDevices).toBe(1);
  });

  it('[D1] are one after 20 s where one receiver was off at first', () => {
    const engine = createEngine(road, { capacity: 16 });
    const second = bumped(car, (t) => Math.max(-1, 12 - t), 0.3);
    const events = play(road, [car, second, standing(2000, 0)], 74, 10, engine);
    expect(events.filter((event) => event.slot === 1 && event.at > 40)).toEqual([]);
    expect(events.some((event) => event.otherSlot < 2 && event.slot < 2 && event.otherSlot >= 0)).toBe(false);
    expect(engine.counters().secondDevices).toBe(1);
  });

  it('[D1] are two again when one is carried away', () => {
    const engine = createEngine(road, { capacity: 16 });
    // Slot 1 was the second device; from 10 s on it goes its own, faster way and runs up to somebody.
    const own: Body = {
      ...moving(99, 0.3, 25),
      x: (t) => 99 + 25 * t + (t > 10 ? 5 * (t - 10) : 0),
      speed: (t) => (t > 10 ? 30 : 25),
    };
    const events = play(road, [car, own, standing(1300, 0)], 39.5, 10, engine);
    expect(events.some((event) => event.slot === 1 && event.stage === 3 && event.otherSlot === 2)).toBe(true);
  });

  it('[D1] two vehicles side by side in their lanes at one speed stay two', () => {
    const engine = createEngine(road, { capacity: 16 });
    play(road, [car, moving(100, 3.5, 25), moving(112, 0, 25)], 60, 10, engine);
    expect(engine.counters().secondDevices).toBe(0);
  });

  it('[D2] with poor receivers both stay in the traffic, and are no danger to each other', () => {
    const engine = createEngine(road, { capacity: 16 });
    const poor = { ...car, accuracy: 3 };
    const events = play(road, [poor, bumped(poor, () => -1.2, 0.3)], 42, 10, engine);
    expect(events).toEqual([]);
    expect(engine.counters().secondDevices).toBe(0);
  });
});

describe('tracks that cannot be true (D3)', () => {
  const driver = moving(100, 0, 25);
  const run = (ghost: Body): { alarms: number; counters: Readonly<Record<string, number>> } => {
    const engine = createEngine(road, { capacity: 16 });
    const events = play(road, [driver, ghost], 20, 10, engine);
    return {
      alarms: events.filter((event) => event.slot === 0 && event.stage > 0).length,
      counters: engine.counters(),
    };
  };

  it('a vehicle at rest in the same place would alarm', () => {
    expect(run(standing(500, 0)).alarms).toBeGreaterThan(0);
  });

  it('does not alarm others with a speed of 100 m/s', () => {
    const { alarms, counters } = run({ ...standing(500, 0), speed: () => 100 });
    expect(alarms).toBe(0);
    expect(counters.impossibleSpeed).toBeGreaterThan(0);
  });

  it('does not alarm others with an acceleration of 20 m/s²', () => {
    const { alarms, counters } = run({
      ...standing(500, 0),
      speed: (t) => (Math.round(t * 10) % 10) * 2,
      accel: () => 20,
    });
    expect(alarms).toBe(0);
    expect(counters.impossibleAcceleration).toBeGreaterThan(0);
  });

  it('does not alarm others when it appears where it cannot have come from', () => {
    const { alarms, counters } = run({ ...standing(500, 0), x: (t) => (t < 8 ? 5000 : 500) });
    expect(alarms).toBe(0);
    expect(counters.unreachable).toBe(1);
  });

  it('is believed again after ten credible seconds', () => {
    const engine = createEngine(road, { capacity: 16 });
    const late = { ...standing(800, 0), x: (t: number) => (t < 2 ? 5000 : 800) };
    const events = play(road, [driver, late], 27, 10, engine);
    expect(events.some((event) => event.slot === 0 && event.stage === 3)).toBe(true);
  });
});
