import { describe, expect, it } from 'vitest';
import { GraphBuilder, JunctionKind, RoadClass, type RoadGraph } from '../../roads/graph/index.ts';
import { type Body, motorway, moving, plane, play, standing } from './straight-road.ts';

function street(length = 3000): RoadGraph {
  const builder = new GraphBuilder({ mapHash: 'e'.repeat(64), originLat: 35.7, originLon: 51.4 });
  const west = builder.addNode(0, 0, JunctionKind.deadEnd);
  const east = builder.addNode(length, 0, JunctionKind.deadEnd);
  builder.addEdge({
    from: west,
    to: east,
    shape: [0, 0, length, 0],
    limit: 13.9,
    roadClass: RoadClass.secondary,
    lanes: 1,
    width: 3.5,
  });
  return builder.finish();
}

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

  it('[H3] is not seen in cars that stand half a metre apart, nor in two devices of one car', () => {
    expect(told(rear - 0.5)).toEqual([]);
    expect(told(1399.5)).toEqual([]);
  });
});

describe('advisories', () => {
  it('[A2] name the place where a slow vehicle will be met', () => {
    const events = play(motorway(8000), [moving(0, 0, 33), moving(1000, 0, 13)], 60, 1);
    const last = events.filter((event) => event.slot === 0 && event.stage === 1).at(-1);
    expect(last?.class).toBe('slow-vehicle');
    expect(Math.abs(plane.x(last?.lon ?? 0) - (33 * 995) / 20)).toBeLessThan(60);
  });

  it('[A5] stay while the driver stands in the queue he was told of', () => {
    // Comes at 30 m/s, brakes with 2 m/s² to rest behind the standing one, stands there for two minutes.
    const stop = 2990;
    const begin = (stop - 225 - 100) / 30;
    const driver: Body = {
      x: (t) => {
        const u = Math.min(15, Math.max(0, t - begin));
        return 100 + 30 * Math.min(t, begin) + 30 * u - u * u;
      },
      y: () => 0,
      speed: (t) => 30 - 2 * Math.min(15, Math.max(0, t - begin)),
      accel: (t) => (t > begin && t < begin + 15 ? -2 : 0),
    };
    const own = play(motorway(), [driver, standing(3000, 0)], 220, 1).filter((event) => event.slot === 0);
    expect(own[0]?.stage).toBe(1);
    expect(own.filter((event) => event.alertId === own[0]?.alertId && event.stage === 0)).toEqual([]);
  });

  it('[A4] tell of a long queue once', () => {
    const queue = Array.from({ length: 60 }, (_, i) => standing(3500 - 12 * i, (i % 3) * 3.5 - 3.5));
    const own = play(motorway(), [moving(100, 0, 30), ...queue], 75, 1).filter((event) => event.slot === 0);
    const begun = own.filter((event) => event.prevStage === 0 && event.stage === 1);
    expect(begun).toHaveLength(1);
    expect(Math.abs(plane.x(begun[0]?.lon ?? 0) - (3500 - 12 * 59))).toBeLessThan(120);
  });

  it('[C8] sound once a minute, and their repetitions never', () => {
    const bodies = [moving(100, 0, 30), standing(2500, 0), standing(3100, 3.5), standing(3700, -3.5)];
    const events = play(motorway(), bodies, 100, 1).filter((event) => event.slot === 0 && event.stage === 1);
    expect(events.filter((event) => event.prevStage === 1 && event.audible)).toEqual([]);
    const sounds = events.filter((event) => event.audible).map((event) => event.at);
    for (let i = 1; i < sounds.length; i += 1)
      expect((sounds[i] ?? 0) - (sounds[i - 1] ?? 0)).toBeGreaterThanOrEqual(60);
  });

  it('[A1] a wrong-way driver is told to everybody upstream, also to those who stand', () => {
    const wrong: Body = { ...moving(3500, 0, 0), x: (t) => 3500 - 25 * t, speed: () => 25, headingDeg: 270 };
    const events = play(motorway(), [wrong, standing(1500, 0), moving(500, 3.5, 25)], 8, 1);
    for (const slot of [1, 2])
      expect(events.some((event) => event.slot === slot && event.class === 'wrong-way' && event.stage === 1)).toBe(
        true,
      );
  });
});
