import { describe, expect, it } from 'vitest';
import { createEngine } from '../../collision/index.ts';
import { GraphBuilder, JunctionKind, RoadClass } from '../../roads/graph/index.ts';
import { type Body, moving, play } from './straight-road.ts';

const length = 4000;
const origin = { mapHash: 'e'.repeat(64), originLat: 35.7, originLon: 51.4 };

/** A straight two-way road of one lane of 3.5 m a direction; eastbound traffic drives at y = -1.75. */
function twoWayRoad() {
  const builder = new GraphBuilder(origin);
  const west = builder.addNode(0, 0, JunctionKind.deadEnd);
  const east = builder.addNode(length, 0, JunctionKind.deadEnd);
  const common = { limit: 25, roadClass: RoadClass.secondary, lanes: 1, width: 3.5 };
  const there = builder.addEdge({ ...common, from: west, to: east, shape: [0, -1.75, length, -1.75] });
  const back = builder.addEdge({ ...common, from: east, to: west, shape: [length, 1.75, 0, 1.75] });
  builder.setReverse(there, back);
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

function headOn(bodies: readonly Body[], seconds: number, hz: number) {
  return play(road, bodies, seconds, hz, createEngine(road, { capacity: 16 })).filter(
    (event) => event.stage >= 2 && event.class === 'head-on',
  );
}

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

  it('[W4] who drifts over alone is alarmed as before', () => {
    const told = headOn([overtaker(99), oncoming], 13.9, 10).filter((event) => event.stage === 3);
    expect(14 - (told[0]?.at ?? Infinity)).toBeGreaterThan(2);
  });
});
