import { describe, expect, it } from 'vitest';
import { createEngine } from '../../collision/index.ts';
import { GraphBuilder, JunctionKind, RoadClass, type RoadGraph } from '../../roads/graph/index.ts';
import { type Body, motorway, moving, plane, play, standing, startMs } from './straight-road.ts';

/** Drives at `speed` and brakes with 5 m/s² for 2 s from second `at` on, then goes on at what is left. */
function braking(x0: number, y: number, speed: number, at: number): Body {
  const u = (t: number): number => Math.min(2, Math.max(0, t - at));
  return {
    x: (t) => x0 + speed * t - 2.5 * u(t) * u(t) - 10 * Math.max(0, t - at - 2),
    y: () => y,
    speed: (t) => speed - 5 * u(t),
    accel: (t) => (t >= at && t < at + 2 ? -5 : 0),
  };
}

/** Keeps its track but for a swerve of `aside` m that begins at metre `from` and lasts `seconds`. */
function swerving(x0: number, speed: number, from: number, aside: number, seconds: number): Body {
  return {
    ...moving(x0, 0, speed),
    y: (t) => {
      const u = (x0 + speed * t - from) / (speed * seconds);
      return u > 0 && u < 1 ? (aside * (1 - Math.cos(2 * Math.PI * u))) / 2 : 0;
    },
  };
}

/** A road of three lanes whose limit changes from 33.3 to `limit` m/s at metre `at`. */
function slowerAfter(at: number, limit: number): RoadGraph {
  const builder = new GraphBuilder({ mapHash: 'd'.repeat(64), originLat: 35.7, originLon: 51.4 });
  const common = { roadClass: RoadClass.trunk, lanes: 3, width: 10.5 };
  const [west, middle, on, east] = [0, at, at + 1, 8000].map((x) => builder.addNode(x, 0, JunctionKind.priority)) as [
    number,
    number,
    number,
    number,
  ];
  const before = builder.addEdge({ from: west, to: middle, shape: [0, 0, at, 0], limit: 33.3, ...common });
  const after = builder.addEdge({ from: on, to: east, shape: [at + 1, 0, 8000, 0], limit, ...common });
  builder.addMovement(before, after, { from: middle, to: on, shape: [at, 0, at + 1, 0], limit: 33.3, ...common });
  return builder.finish();
}

const told = (bodies: readonly Body[], seconds: number, cls: string) =>
  play(motorway(8000), bodies, seconds, 5).filter((event) => event.class === cls && event.stage === 1);

/** The first one brakes at 4 s, the second at `second`, the last one, at 1,180 m, at 5.5 s. */
const three = (x0: number, x1: number, second: number): Body[] => [
  braking(x0, 0, 30, 4),
  braking(x1, 0, 30, second),
  braking(1180, 0, 30, 5.5),
];

describe('brake wave (H12)', () => {
  const upstream = moving(100, 3.5, 30);

  it('[H12] three hard brakes one after the other are told to a driver a kilometre upstream', () => {
    const events = told([upstream, ...three(1250, 1215, 4.8)], 9, 'hard-braking');
    const own = events.filter((event) => event.slot === 0);
    expect(own).toHaveLength(1);
    expect(own[0]?.causeCode).toBe(99);
    // [A6] It is shown; a sound is for those who come upon it late.
    expect(own[0]?.audible).toBe(false);
    expect(own[0]?.at).toBeGreaterThanOrEqual(5.5);
    expect(own[0]?.at).toBeLessThan(8);
    expect(Math.abs(plane.x(own[0]?.lon ?? 0) - (1180 + 30 * 6))).toBeLessThan(100);
  });

  it('[H12] one hard brake and that of the driver behind, three far apart, and all at once are no wave', () => {
    const waves = (bodies: readonly Body[]) =>
      told([upstream, ...bodies], 9, 'hard-braking').filter((event) => event.slot === 0);
    expect(waves([braking(1250, 0, 30, 4)])).toEqual([]);
    expect(waves([braking(1250, 0, 30, 4), braking(1180, 0, 30, 5.5)])).toEqual([]);
    expect(waves(three(1850, 1215, 4.8))).toEqual([]);
    expect(waves(three(1250, 1215, 5.3))).toEqual([]);
  });
});

describe('brake wave and obstacle (H12, H13)', () => {
  it('[H13] a single brake where a wave was does not make it an obstacle that stays: 20 s after the wave nobody is told', () => {
    const wave = three(1250, 1215, 4.8);
    const single = braking(1345 - 30 * 18, 0, 30, 18);
    const later = moving(245 - 30 * 60, 3.5, 30);
    const events = told([later, ...wave, single], 75, 'hard-braking');
    expect(events.filter((event) => event.slot === 4).length).toBeGreaterThan(0);
    expect(events.filter((event) => event.slot === 0)).toEqual([]);
  });
});

describe('obstacle by common swerve (H13)', () => {
  const behind = moving(-2900, 0, 30);
  const swerves = (aside: number, seconds: number): Body[] =>
    [0, 1, 2].map((i) => swerving(700 - 300 * i, 25, 1500 + 6 * i, aside, seconds));

  it('[H13] three drivers who swerve at the same place make an obstacle for the next', () => {
    const events = told([moving(-700, 0, 30), ...swerves(1.6, 3)], 75, 'obstacle');
    const own = events.filter((event) => event.slot === 0);
    expect(own.length).toBeGreaterThan(0);
    expect(own[0]?.causeCode).toBe(10);
    expect(Math.abs(plane.x(own[0]?.lon ?? 0) - 1506)).toBeLessThan(40);
  });

  it('[H13] two do not, nor three who change lanes, nor a wobble of half a metre, nor noise', () => {
    expect(told([behind, ...swerves(1.6, 3).slice(0, 2)], 75, 'obstacle')).toEqual([]);
    expect(told([behind, ...swerves(0.5, 3)], 75, 'obstacle')).toEqual([]);
    const changing = swerves(0, 3).map((body, i) => ({
      ...body,
      y: (t: number): number => 3.5 * Math.min(1, Math.max(0, (body.x(t) - 1500 - 6 * i) / 75)),
    }));
    expect(told([behind, ...changing], 75, 'obstacle')).toEqual([]);
    let seed = 1;
    const noise = (): number => {
      seed = (seed * 48271) % 2147483647;
      return (seed / 2147483647 - 0.5) * 4;
    };
    expect(told([behind, ...swerves(0, 3).map((body) => ({ ...body, y: noise }))], 75, 'obstacle')).toEqual([]);
  });

  it('[H13] [Q4] three drivers who brake hard for nothing make an obstacle; before a lower limit, which they slow down for, they make none', () => {
    const drivers = [0, 1, 2].map((i) => braking(1500 - 30 * (4 + 12 * i), 0, 30, 4 + 12 * i));
    const heard = (limit: number) =>
      play(slowerAfter(1545, limit), [moving(-400, 0, 25), ...drivers], 60, 5).filter(
        (event) => event.slot === 0 && event.class === 'obstacle',
      );
    expect(heard(33.3).length).toBeGreaterThan(0);
    expect(heard(19.4)).toEqual([]);
  });

  it('[H13] a report of little confidence is told once one driver swerves there', () => {
    const run = (bodies: readonly Body[]) => {
      const engine = createEngine(motorway(8000), { capacity: 8 });
      engine.raiseHazard('obstacle', plane.lat(0), plane.lon(1510), 90, 0.6, startMs, 600_000);
      return play(motorway(8000), bodies, 60, 5, engine).filter((event) => event.slot === 0 && event.stage === 1);
    };
    const driver = moving(-500, 0, 30);
    expect(run([driver, standing(7900, 0)])).toEqual([]);
    const events = run([driver, swerving(1000, 25, 1500, 1.6, 3)]);
    expect(events[0]?.class).toBe('obstacle');
  });
});
