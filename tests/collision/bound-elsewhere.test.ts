import { describe, expect, it } from 'vitest';
import { GraphBuilder, JunctionKind, RoadClass, TurnKind } from '../../roads/graph/index.ts';
import { type Body, motorway, moving, play, standing } from './straight-road.ts';

const origin = { mapHash: 'f'.repeat(64), originLat: 35.7, originLon: 51.4 };
const common = { limit: 13.9, roadClass: RoadClass.secondary, lanes: 1, width: 3.5 };

/** A road of 500 m that parts into two, as likely as each other. */
function fork() {
  const builder = new GraphBuilder(origin);
  const west = builder.addNode(0, 0, JunctionKind.deadEnd);
  const middle = builder.addNode(500, 0, JunctionKind.priority);
  const left = builder.addNode(1000, 200, JunctionKind.deadEnd);
  const right = builder.addNode(1000, -200, JunctionKind.deadEnd);
  const stem = builder.addEdge({ ...common, from: west, to: middle, shape: [0, 0, 490, 0] });
  const a = builder.addEdge({ ...common, from: middle, to: left, shape: [500, 0, 1000, 200] });
  const b = builder.addEdge({ ...common, from: middle, to: right, shape: [500, 0, 1000, -200] });
  const within = { ...common, from: middle, to: middle, turn: TurnKind.straight };
  builder.addMovement(stem, a, { ...within, shape: [490, 0, 500, 0] });
  builder.addMovement(stem, b, { ...within, shape: [490, 0, 500, 0] });
  return builder.finish();
}

const toldStage = (bodies: readonly Body[], seconds: number, road = fork()): number =>
  play(road, bodies, seconds, 10).reduce((most, event) => (event.slot === 0 ? Math.max(most, event.stage) : most), 0);

describe('who may be bound elsewhere (L15)', () => {
  const slope = Math.hypot(500, 200);
  const onLeft = (far: number): Body => ({
    ...standing(500 + (far * 500) / slope, (far * 200) / slope),
    headingDeg: 90 - (Math.atan2(200, 500) * 180) / Math.PI,
  });
  /** At 13 m/s, the front 3 m short of the fork after 15 s. */
  const driver = moving(292, 0, 13);

  it('[L15] is not warned of what stands in one of two branches before he has taken it', () => {
    expect(toldStage([driver, onLeft(25)], 15)).toBe(0);
  });

  it('[L15] is warned of what reaches back to where the branches part', () => {
    expect(toldStage([driver, onLeft(-2)], 15)).toBe(3);
  });
});

describe('who leaves by another branch (L4)', () => {
  /** A road that goes straight on, or to the left from 480 m on. */
  const bend = (): ReturnType<typeof fork> => {
    const builder = new GraphBuilder(origin);
    const west = builder.addNode(0, 0, JunctionKind.deadEnd);
    const middle = builder.addNode(500, 0, JunctionKind.priority);
    const north = builder.addNode(500, 500, JunctionKind.deadEnd);
    const east = builder.addNode(1000, 0, JunctionKind.deadEnd);
    const stem = builder.addEdge({ ...common, from: west, to: middle, shape: [0, 0, 480, 0] });
    const up = builder.addEdge({ ...common, from: middle, to: north, shape: [500, 20, 500, 500] });
    const on = builder.addEdge({ ...common, from: middle, to: east, shape: [520, 0, 1000, 0] });
    const within = { ...common, from: middle, to: middle };
    builder.addMovement(stem, up, { ...within, turn: TurnKind.left, shape: [480, 0, 490, 3, 497, 10, 500, 20] });
    builder.addMovement(stem, on, { ...within, turn: TurnKind.straight, shape: [480, 0, 520, 0] });
    return builder.finish();
  };
  /** At rest on the bend, the front `beyond` m on and `aside` m left of the road's end. */
  const turned = (beyond: number, aside: number): Body => ({ ...standing(480 + beyond, aside), headingDeg: 73 });
  const driver = moving(280, 0, 12);

  it('[L4] is in the way while his rear end is in the track of those who go straight on', () => {
    expect(toldStage([driver, turned(7, 2.1)], 15.5, bend())).toBe(3);
  });

  it('[L4] is not once his rear end is clear of that track', () => {
    expect(toldStage([driver, turned(14.5, 6.5)], 15.5, bend())).toBe(0);
  });
});

describe('a body inside another (L8)', () => {
  it('[L8] does not hide who stands ahead of the two', () => {
    const since = (t: number): number => Math.max(0, t - 5);
    const front = 700 - 4.5 - 9;
    const driver: Body = {
      x: (t) => front + 0.75 * since(t) ** 2,
      y: () => 0,
      speed: (t) => 1.5 * since(t),
      accel: (t) => (t > 5 ? 1.5 : 0),
    };
    const contact = 5 + Math.sqrt(9 / 0.75);
    const events = play(motorway(), [driver, standing(front + 2, 0.3), standing(700, 0)], 8.4, 10);
    const alarm = events.find((event) => event.slot === 0 && event.stage === 3);
    expect(alarm?.otherSlot).toBe(2);
    expect(contact - (alarm?.at ?? Infinity)).toBeGreaterThanOrEqual(1);
  });
});

describe('braking that speeds do not bear out (L5, L6)', () => {
  it('[L5] a leader who says 2.2 each second and loses 0.4 does not brake by 2.2', () => {
    const leader: Body = {
      x: (t) => 130 + 12 * t - 0.2 * t * t,
      y: () => 0,
      speed: (t) => 12 - 0.4 * t,
      accel: (t) => (t < 2 ? -0.4 : -2.2),
    };
    const follower: Body = {
      ...leader,
      x: (t) => 113 + 12.2 * t - 0.2 * t * t,
      speed: (t) => 12.2 - 0.4 * t,
      accel: () => -0.4,
    };
    const told = play(motorway(), [follower, leader], 15, 1).filter((event) => event.slot === 0 && event.stage >= 2);
    expect(told).toEqual([]);
  });

  it('[L5] one who begins to brake hard is believed at once', () => {
    const v = (t: number): number => 25 - 6 * Math.max(0, Math.min(t - 10, 4));
    const leader: Body = {
      x: (t) => 130 + 25 * t - 3 * Math.max(0, Math.min(t - 10, 4)) ** 2,
      y: () => 0,
      speed: v,
      accel: (t) => (t >= 10 ? -6 : 0),
    };
    const told = play(motorway(), [moving(100, 0, 25), leader], 13, 10).filter((event) => event.slot === 0);
    expect(told.find((event) => event.stage >= 2)?.at).toBeLessThan(10.8);
  });
});

describe('behind one who brakes (L7, S7)', () => {
  it('[S7] the alarm waits until contact is near, and comes in time', () => {
    const since = (t: number): number => Math.max(0, t - 10);
    const leader: Body = {
      x: (t) => 450 + 22 * (t - 10) - since(t) ** 2,
      y: () => 0,
      speed: (t) => 22 - 2 * since(t),
      accel: (t) => (t >= 10 ? -2 : 0),
    };
    const follower = moving(-4.5, 0, 30);
    const contact = 10 - 4 + Math.sqrt(16 + 150);
    const events = play(motorway(), [follower, leader], contact, 10).filter((event) => event.slot === 0);
    const alarm = events.find((event) => event.stage === 3)?.at ?? Infinity;
    expect(contact - alarm).toBeLessThan(3.8);
    expect(contact - alarm).toBeGreaterThan(1);
  });

  it('[L7] nobody is told who rolls up to one who comes to rest', () => {
    const since = (t: number): number => Math.max(0, Math.min(t - 10, 2));
    const leader: Body = {
      x: (t) => 100 + 1.2 * Math.min(t, 10) + 1.2 * since(t) - 0.3 * since(t) ** 2,
      y: () => 0,
      speed: (t) => 1.2 - 0.6 * since(t),
      accel: (t) => (t >= 10 && t < 12 ? -0.6 : 0),
    };
    expect(play(motorway(), [moving(93.8, 0, 1.3), leader], 12, 1).filter((event) => event.stage >= 2)).toEqual([]);
  });
});
