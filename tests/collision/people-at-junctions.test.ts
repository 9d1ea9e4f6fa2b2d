import { describe, expect, it } from 'vitest';
import { createEngine } from '../../collision/index.ts';
import { TrackFlag } from '../../collision/vehicle-flags.ts';
import { EdgeFlag, poseAt, TurnKind } from '../../roads/graph/index.ts';
import { crossroads, ncapPlane } from '../oracles/ncap-roads.ts';
import { startMs } from './straight-road.ts';

const graph = crossroads();
const length = 4.5;

/** Edges of the way from the west through the junction by a turn of `kind`. */
function wayFromWest(kind: number): readonly number[] {
  for (let e = 0; e < graph.numEdges; e += 1) {
    if ((graph.edgeFlags[e] & EdgeFlag.internal) === 0 || graph.edgeTurn[e] !== kind) continue;
    if (graph.shapeX[graph.edgeShape[e]] < -11)
      return [graph.comeFrom[graph.comeStart[e]], e, graph.turnTo[graph.turnStart[e]]];
  }
  throw new Error('no such turn');
}

/** Point of the way `beyond` metres past the junction's first point; negative before it. */
function pointOf(way: readonly number[], beyond: number): readonly [number, number] {
  const pose = new Float64Array(4);
  const [approach, movement, exit] = way;
  const inside = graph.edgeLength[movement];
  if (beyond < 0) poseAt(graph, approach, graph.edgeLength[approach] + beyond, pose);
  else if (beyond < inside) poseAt(graph, movement, beyond, pose);
  else poseAt(graph, exit, beyond - inside, pose);
  return [pose[0], pose[1]];
}

const degrees = (dx: number, dy: number): number => ((Math.atan2(dx, dy) * 180) / Math.PI + 360) % 360;

interface Scene {
  readonly turn: number;
  readonly flags?: number;
  /** Metres beyond the junction's first point, and speed, at t seconds. */
  readonly at: (t: number) => number;
  readonly speed: (t: number) => number;
  readonly walker: (t: number) => readonly [x: number, y: number];
}

/** Stages of 2 and more told to the driver, with the time left until `seconds`; ten reports a second of both. */
function told(scene: Scene, seconds: number): { stage: number; left: number; class: string }[] {
  const engine = createEngine(graph, { capacity: 4 });
  const way = wayFromWest(scene.turn);
  const out: ReturnType<typeof told> = [];
  for (let k = 0; k <= 10 * seconds; k += 1) {
    const t = k / 10;
    const report = (
      slot: number,
      p: readonly number[],
      v: number,
      heading: number,
      l: number,
      w: number,
      type: number,
    ): void =>
      engine.update(
        slot,
        1,
        startMs + 100 * k,
        ncapPlane.lat(p[1]),
        ncapPlane.lon(p[0]),
        v,
        heading,
        Number.NaN,
        Number.NaN,
        Number.NaN,
        l,
        w,
        type,
        slot === 0 ? (scene.flags ?? 0) : 0,
      );
    const at = scene.at(t);
    const front = pointOf(way, at);
    const rear = pointOf(way, at - length);
    report(0, front, scene.speed(t), degrees(front[0] - rear[0], front[1] - rear[1]), length, 1.8, 5);
    const here = scene.walker(t);
    const next = scene.walker(t + 0.1);
    const pace = Math.hypot(next[0] - here[0], next[1] - here[1]) / 0.1;
    report(1, here, pace, degrees(next[0] - here[0], next[1] - here[1]), 0.5, 0.5, 1);
    engine.tick(startMs + 100 * k);
    for (const event of engine.drainAlerts())
      if (event.slot === 0 && event.stage >= 2) out.push({ stage: event.stage, left: seconds - t, class: event.class });
  }
  return out;
}

/** On his way from the south pavement to `x`, `y` at the end, walking north, east or west at 1.4 m/s. */
const walks =
  (x: number, y: number, hx: number, hy: number, until: number) =>
  (t: number): readonly [number, number] => [x + 1.4 * hx * (t - until), y + 1.4 * hy * (t - until)];

describe('people on foot where vehicles turn (V7 to V9)', () => {
  const v = 6;
  const turning = (kind: number, flags: number, beyond: number, seconds: number): Omit<Scene, 'walker'> => ({
    turn: kind,
    flags,
    at: (t) => beyond + v * (t - seconds),
    speed: () => v,
  });

  it.each([
    ['right', TurnKind.right, TrackFlag.rightIndicator, 3],
    ['left', TurnKind.left, TrackFlag.leftIndicator, 3],
  ] as const)(
    '[V7] a driver who turns %s is alarmed a second before of one who crosses the road he turns into',
    (_, kind, flags, past) => {
      const way = wayFromWest(kind);
      const place = pointOf(way, graph.edgeLength[way[1]] + past);
      const scene = turning(kind, flags, graph.edgeLength[way[1]] + past, 10);
      // Walks east or west across the exit, into the middle of the car's front.
      for (const hx of [1, -1]) {
        const events = told({ ...scene, walker: walks(place[0], place[1], hx, 0, 10) }, 10);
        expect(events.filter(({ stage }) => stage === 3)[0]?.left ?? 0).toBeGreaterThanOrEqual(1);
        expect(new Set(events.map((event) => event.class))).toEqual(new Set(['vulnerable-road-user']));
      }
    },
  );

  it('[V7] nor is he of those on the crossing straight ahead, and on the pavement of the corner he turns about', () => {
    const scene = turning(TurnKind.right, TrackFlag.rightIndicator, 25, 10);
    for (const x of [13, 15, 18]) expect(told({ ...scene, walker: walks(x, -1.75, 0, 1, 9) }, 10)).toEqual([]);
    // Along the pavement of the south arm, and up to the kerb of the corner, where he stops.
    expect(told({ ...scene, walker: walks(-6, -20, 0, 1, 8) }, 10)).toEqual([]);
    const stops = walks(-6.5, -6.5, 0, 1, 6.5);
    expect(told({ ...scene, walker: (t) => stops(Math.min(t, 6.5)) }, 10)).toEqual([]);
  });

  it('[V8] who walks towards the road alarms nobody while he can stop at leisure before a track', () => {
    const straight: Omit<Scene, 'walker'> = {
      turn: TurnKind.straight,
      at: (t) => -30 + 13.9 * (t - 10),
      speed: () => 13.9,
    };
    const northwards = walks(-30, -1.75, 0, 1, 10);
    const events = told({ ...straight, walker: northwards }, 10);
    const pace = 1.4;
    const side = 1.15;
    expect(events.length).toBeGreaterThan(0);
    // Told when he is no farther outside the car's side than a stop at leisure takes him.
    for (const { left } of events) expect(pace * left - side).toBeLessThanOrEqual(pace * 1.4 + (pace * pace) / 2 + 0.2);
  });

  it('[V9] a driver who brakes so as to stop short of the crossing is left alone', () => {
    const braking = 2.5;
    const begins = 10 - 13.9 / braking;
    const brakes: Omit<Scene, 'walker'> = {
      turn: TurnKind.straight,
      at: (t) => {
        const u = Math.max(0, t - begins);
        return -32 - (13.9 * 13.9) / (2 * braking) + 13.9 * Math.min(t - begins, 0) + 13.9 * u - 0.5 * braking * u * u;
      },
      speed: (t) => 13.9 - braking * Math.max(0, t - begins),
    };
    expect(told({ ...brakes, walker: walks(-30, -1.75, 0, 1, 9) }, 9.9)).toEqual([]);
    expect(
      told({ ...brakes, speed: () => 13.9, at: (t) => -30 + 13.9 * (t - 9), walker: walks(-30, -1.75, 0, 1, 9) }, 9),
    ).not.toEqual([]);
  });

  it('[V3] a telephone inside the car that calls itself a pedestrian is no danger', () => {
    const way = wayFromWest(TurnKind.right);
    const scene = turning(TurnKind.right, TrackFlag.rightIndicator, 25, 10);
    expect(told({ ...scene, walker: (t) => pointOf(way, scene.at(t) - 2) }, 10)).toEqual([]);
  });
});

describe('people on foot close to each other and to vehicles', () => {
  it('[H3] are no crash', () => {
    const engine = createEngine(graph, { capacity: 4 });
    const events: string[] = [];
    for (let k = 0; k <= 100; k += 1) {
      const put = (slot: number, x: number, y: number, heading: number, size: number, type: number, v: number): void =>
        engine.update(
          slot,
          1,
          startMs + 100 * k,
          ncapPlane.lat(y),
          ncapPlane.lon(x),
          v,
          heading,
          Number.NaN,
          Number.NaN,
          0.2,
          size,
          size < 1 ? 0.5 : 1.8,
          type,
          0,
        );
      put(0, -50, -3, 90, 0.5, 1, 0);
      put(1, -50.2, -3.1, 60, 0.5, 1, 0);
      put(2, -50.3, -2, 90, 4.5, 5, 0);
      put(3, -200 + 1.39 * k, -1.75, 90, 4.5, 5, 13.9);
      engine.tick(startMs + 100 * k);
      for (const event of engine.drainAlerts()) if (event.class === 'crashed-vehicle') events.push(event.why);
    }
    expect(events).toEqual([]);
  });
});
