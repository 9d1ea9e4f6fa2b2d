import { describe, expect, it } from 'vitest';
import { createEngine } from '../../collision/index.ts';
import { GraphBuilder, JunctionKind, RoadClass, TurnKind } from '../../roads/graph/index.ts';
import { type Body, moving, play } from './straight-road.ts';

const length = 4000;
const origin = { mapHash: 'e'.repeat(64), originLat: 35.7, originLon: 51.4 };

/** A straight two-way road of one lane of 3.5 m a direction; eastbound traffic drives at y = -1.75. `beside`: other eastbound roads there. */
function twoWayRoad(beside: readonly number[] = []) {
  const builder = new GraphBuilder(origin);
  const west = builder.addNode(0, 0, JunctionKind.deadEnd);
  const east = builder.addNode(length, 0, JunctionKind.deadEnd);
  const common = { limit: 25, roadClass: RoadClass.secondary, lanes: 1, width: 3.5 };
  const there = builder.addEdge({ ...common, from: west, to: east, shape: [0, -1.75, length, -1.75] });
  const back = builder.addEdge({ ...common, from: east, to: west, shape: [length, 1.75, 0, 1.75] });
  builder.setReverse(there, back);
  for (const y of beside) {
    const from = builder.addNode(0, y, JunctionKind.deadEnd);
    const to = builder.addNode(length, y, JunctionKind.deadEnd);
    builder.addEdge({ ...common, from, to, shape: [0, y, length, y] });
  }
  return builder.finish();
}

const road = twoWayRoad();
const westbound = (x0: number, speed: number): Body => ({
  ...moving(x0, 1.75, -speed),
  speed: () => speed,
  headingDeg: 270,
});
/** Drives in the oncoming half from the first, and goes back within 1.2 s from `back` on. */
const overtaker = (back: number): Body => ({
  ...moving(100, 0, 25),
  y: (t) => (t < back ? 1.75 : Math.max(-1.75, 1.75 - ((t - back) / 1.2) * 3.5)),
});
/** Fronts of the overtaker and of the oncoming vehicle meet at second 14. */
const oncoming = westbound(100 + 14 * 50, 25);

function headOn(bodies: readonly Body[], seconds: number, hz: number, on = road) {
  return play(on, bodies, seconds, hz, createEngine(on, { capacity: 16 })).filter(
    (event) => event.stage >= 2 && event.class === 'head-on',
  );
}

describe('beyond the middle (W4)', () => {
  it('[W4] who as likely drives on another road is not taken for leaning over', () => {
    const between: Body = { ...moving(100, 0, 25), y: () => 0.2 };
    const meets = (on: typeof road) => headOn([between, oncoming], 13.5, 10, on).map((event) => event.stage);
    expect(meets(road)).toContain(3);
    expect(meets(twoWayRoad([2.2, 2.25]))).toEqual([]);
  });
});

describe('overtaking on a two-way road (W8)', () => {
  for (const hz of [1, 10]) {
    it(`[W8] who passed the other in time and goes back is no danger, ${hz} Hz`, () => {
      expect(headOn([overtaker(12), moving(180, -1.75, 15), oncoming], 17, hz)).toEqual([]);
    });

    it(`[W8] who will not get past those he overtakes is alarmed a second before the meeting, ${hz} Hz`, () => {
      const row = [280, 290, 300, 310, 320, 330].map((x) => moving(x, -1.75, 12));
      const told = headOn([overtaker(99), ...row, oncoming], 13.9, hz).filter((event) => event.stage === 3);
      const lead = 14 - (told[0]?.at ?? Infinity);
      expect(lead).toBeGreaterThanOrEqual(1);
    });
  }

  it('[W8] who brakes to go back behind those he wanted to overtake is no danger while there is time', () => {
    const since = (t: number): number => Math.min(Math.max(0, t - 9), 3);
    const gaveUp: Body = {
      x: (t) => 100 + 25 * t - since(t) ** 2 - 6 * Math.max(0, t - 12),
      y: (t) => 1.75 - 3.5 * Math.min(1, Math.max(0, t - 11.8)),
      speed: (t) => 25 - 2 * since(t),
      accel: (t) => (t > 9 && t < 12 ? -2 : 0),
    };
    expect(headOn([gaveUp, moving(137, -1.75, 22), westbound(770, 25)], 14, 10)).toEqual([]);
  });

  it('[W4] a place beside the middle at the very end of an edge is where the next one leads', () => {
    const builder = new GraphBuilder(origin);
    const west = builder.addNode(0, 0, JunctionKind.deadEnd);
    const middle = builder.addNode(1990, 0, JunctionKind.priority);
    const east = builder.addNode(length, 0, JunctionKind.deadEnd);
    const common = { limit: 25, roadClass: RoadClass.secondary, lanes: 1, width: 3.5 };
    const there = builder.addEdge({ ...common, from: west, to: middle, shape: [0, -1.75, 1990, -1.75] });
    const on = builder.addEdge({ ...common, from: middle, to: east, shape: [1992, 0, length, 0] });
    const back = builder.addEdge({ ...common, from: east, to: middle, shape: [length, 1.75, 1992, 1.75] });
    const off = builder.addEdge({ ...common, from: middle, to: west, shape: [1990, 1.75, 0, 1.75] });
    const within = { ...common, from: middle, to: middle, turn: TurnKind.straight };
    builder.addMovement(there, on, { ...within, shape: [1990, -1.75, 1992, 0] });
    builder.addMovement(back, off, { ...within, shape: [1992, 1.75, 1990, 1.75] });
    builder.setReverse(there, off);
    builder.setReverse(on, back);
    const graph = builder.finish();
    const told = (from: number): number =>
      play(graph, [westbound(2001, 12), moving(from, 0, 3)], 0.6, 10).filter((event) => event.class === 'head-on')
        .length;
    expect(told(1987)).toBeGreaterThan(0);
    expect(told(1989.2)).toBe(0);
  });

  it('[W4] who drifts over alone is alarmed as before', () => {
    const told = headOn([overtaker(99), oncoming], 13.9, 10).filter((event) => event.stage === 3);
    expect(14 - (told[0]?.at ?? Infinity)).toBeGreaterThan(2);
  });
});
