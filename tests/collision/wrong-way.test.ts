import { describe, expect, it } from 'vitest';
import {
  EdgeFlag,
  GraphBuilder,
  JunctionKind,
  RoadClass,
  type RoadGraph,
  TurnControl,
  TurnKind,
} from '../../roads/graph/index.ts';
import { type Body, moving, play } from './straight-road.ts';

const apart = 13.6;
const forkX = 3000;

/** A motorway of two carriageways `apart` metres from each other (middle to middle); eastwards at y = 0 with an exit at x = 3000. */
function motorwayWithExit(): RoadGraph {
  const builder = new GraphBuilder({ mapHash: 'a'.repeat(64), originLat: 35.7, originLon: 51.4 });
  const node = (x: number, y: number, kind: number): number => builder.addNode(x, y, kind);
  const common = { limit: 33.3, roadClass: RoadClass.motorway, lanes: 3, width: 9.6 };
  const west = node(0, 0, JunctionKind.deadEnd);
  const fork = node(forkX, 0, JunctionKind.priority);
  const east = node(6000, 0, JunctionKind.deadEnd);
  const exit = node(forkX + 600, -60, JunctionKind.deadEnd);
  const eastBack = node(6000, apart, JunctionKind.deadEnd);
  const westBack = node(0, apart, JunctionKind.deadEnd);
  const before = builder.addEdge({ ...common, from: west, to: fork, shape: [0, 0, forkX - 5, 0] });
  const after = builder.addEdge({ ...common, from: fork, to: east, shape: [forkX + 5, 0, 6000, 0] });
  builder.addEdge({ ...common, from: eastBack, to: westBack, shape: [6000, apart, 0, apart] });
  const ramp = builder.addEdge({
    from: fork,
    to: exit,
    shape: [forkX + 5, -3.7, forkX + 100, -8, forkX + 600, -60],
    limit: 22,
    roadClass: RoadClass.motorway,
    lanes: 1,
    width: 3.5,
    flags: EdgeFlag.link,
  });
  const movement = { from: fork, to: fork, limit: 33.3, roadClass: RoadClass.motorway, control: TurnControl.priority };
  builder.addMovement(before, after, {
    ...movement,
    shape: [forkX - 5, 0, forkX + 5, 0],
    lanes: 3,
    width: 9.6,
    turn: TurnKind.straight,
  });
  builder.addMovement(before, ramp, {
    ...movement,
    shape: [forkX - 5, -3.2, forkX + 5, -3.7],
    lanes: 1,
    width: 3.5,
    turn: TurnKind.right,
  });
  return builder.finish();
}

const road = motorwayWithExit();

describe('wrong way (W)', () => {
  it('[W1] a receiver that is wrong by three sigmas towards the other carriageway makes nobody a wrong-way driver', () => {
    const biased: Body = { ...moving(100, 3.2 + 7.5, 30), accuracy: 2.5 };
    const oncoming: Body = { x: (t) => 5900 - 30 * t, y: () => apart, speed: () => 30, headingDeg: 270, accuracy: 2.5 };
    const events = play(road, [biased, oncoming], 90, 1);
    expect(events.filter((event) => event.class === 'wrong-way')).toEqual([]);
  });

  it.each([1, 10])('[W5] [W3] one who comes up the exit is told of to those before the fork, at %i Hz', (hz) => {
    const slope = 52 / 500;
    const x = (t: number): number => forkX + 590 - 25 * t;
    const y = (t: number): number => {
      const s = x(t) - forkX;
      return s > 100 ? -8 - slope * (s - 100) : s > 5 ? -3.7 - (4.3 * (s - 5)) / 95 : -3.2;
    };
    const wrong: Body = {
      x,
      y,
      speed: () => 25,
      heading: (t) => (x(t) > forkX + 100 ? 275.9 : x(t) > forkX + 5 ? 272.6 : 270),
    };
    // Meets him 100 m before the fork.
    const contact = 690 / 25;
    const driver = moving(forkX - 100 - 30 * contact, -3.2, 30);
    const leftmost = moving(forkX - 100 - 30 * contact, 3.2, 30);
    const events = play(road, [driver, wrong, leftmost], contact, hz);
    const told = events.filter((event) => event.slot === 0);
    const first = (stage: number): number => told.find((event) => event.stage >= stage)?.at ?? Infinity;
    expect(contact - first(1)).toBeGreaterThan(15);
    expect(contact - first(2)).toBeGreaterThan(6);
    expect(contact - first(3)).toBeGreaterThan(2);
    expect(told.every((event) => event.class === 'wrong-way')).toBe(true);
    // Two lanes aside a warning: which lane he takes beyond the fork is not known before.
    const aside = events.filter((event) => event.slot === 2);
    expect(contact - (aside.find((event) => event.stage >= 2)?.at ?? Infinity)).toBeGreaterThan(6);
    expect(aside.every((event) => event.stage < 3)).toBe(true);
  });

  it('[W3] one in the next lane is told of as a warning, not as an alarm', () => {
    const wrong: Body = { x: (t) => 2900 - 25 * t, y: () => 3.2, speed: () => 25, headingDeg: 270 };
    const told = play(road, [moving(100, 0, 30), wrong], 60, 10).filter((event) => event.slot === 0);
    expect(Math.max(...told.map((event) => event.stage))).toBe(2);
  });
});
