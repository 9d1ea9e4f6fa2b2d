import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEngine } from '../../collision/index.ts';
import { sameTrackProbability } from '../../collision/same-track.ts';
import { GraphBuilder, JunctionKind, RoadClass } from '../../roads/graph/index.ts';
import { type Body, motorway, moving, plane, play, standing, startMs } from './straight-road.ts';

describe('whether two vehicles are in each other’s way (L12)', () => {
  const reach = 1.95;

  it('[L12] is a probability, the same from both sides, and falls with the distance measured', () => {
    const metres = fc.double({ min: 0, max: 12, noNaN: true });
    const doubt = fc.double({ min: 0.1, max: 10, noNaN: true });
    fc.assert(
      fc.property(metres, metres, doubt, fc.integer({ min: 1, max: 5 }), (near, more, sigma, lanes) => {
        const p = sameTrackProbability(near, sigma, reach, lanes, 3.2);
        expect(p).toBeGreaterThanOrEqual(0);
        expect(p).toBeLessThanOrEqual(1);
        expect(sameTrackProbability(-near, sigma, reach, lanes, 3.2)).toBeCloseTo(p, 9);
        if (lanes === 1) expect(sameTrackProbability(near + more, sigma, reach, 1, 3.2)).toBeLessThanOrEqual(p + 1e-9);
      }),
    );
  });

  it('[L12] is decided by the measured place where that is good, by the lanes where it is not', () => {
    expect(sameTrackProbability(0, 0.1, reach, 3, 3.2)).toBeGreaterThan(0.99);
    expect(sameTrackProbability(3.2, 0.1, reach, 3, 3.2)).toBeLessThan(0.01);
    expect(sameTrackProbability(0, 3.6, reach, 3, 3.2)).toBeLessThan(0.6);
    expect(sameTrackProbability(4, 3.6, reach, 1, 3.2)).toBeGreaterThan(0.9);
  });
});

/** Plays two vehicles whose receivers say `sigma` and are off by `off` m sidewise and along, at 1 Hz; stages told to the first. */
function noisyPair(lanes: number, sigma: number, off: readonly number[], second: { x: number; y: number }) {
  const builder = new GraphBuilder({ mapHash: 'e'.repeat(64), originLat: 35.7, originLon: 51.4 });
  const west = builder.addNode(0, 0, JunctionKind.deadEnd);
  const east = builder.addNode(2000, 0, JunctionKind.deadEnd);
  const width = 3.5 * lanes;
  const shape = [0, 0, 2000, 0];
  builder.addEdge({ from: west, to: east, shape, limit: 25, roadClass: RoadClass.secondary, lanes, width });
  const engine = createEngine(builder.finish(), { capacity: 4 });
  const told: { stage: number; t: number }[] = [];
  for (let t = 0; t < 30; t += 1) {
    for (const [slot, x, y, speed] of [
      [0, 100 + 20 * t, 0, 20],
      [1, second.x, second.y, 0],
    ] as const) {
      const lat = plane.lat(y + (off[2 * slot] as number));
      const lon = plane.lon(x + (off[2 * slot + 1] as number));
      engine.update(slot, 1, startMs + 1000 * t, lat, lon, speed, 90, 0, Number.NaN, sigma, 4.5, 1.8, 5, 0);
    }
    for (let k = 0; k < 10; k += 1) {
      engine.tick(startMs + 1000 * t + 100 * k);
      for (const event of engine.drainAlerts())
        if (event.slot === 0 && event.stage > 1) told.push({ stage: event.stage, t: t + k / 10 });
    }
  }
  return told;
}

describe('rear-end danger with ordinary receivers (L12)', () => {
  const errors = [
    [0, 0, 0, 0],
    [2.5, 2, -2, -2],
    [-3, -3, 2, 3],
    [1, 4, -1, -3],
  ];

  it.each(errors)('[L12] is told a second before contact where there is one lane, errors %f %f %f %f m', (...off) => {
    const told = noisyPair(1, 2.55, off, { x: 500, y: 0 });
    const contact = (500 - 4.5 - 100) / 20;
    const imminent = told.find(({ stage }) => stage === 3);
    expect(contact - (imminent?.t ?? Infinity)).toBeGreaterThanOrEqual(1);
  });

  it.each(errors)('[L12] is not told of what may stand in the next of three lanes, errors %f %f %f %f m', (...off) => {
    expect(noisyPair(3, 2.55, off, { x: 500, y: 3.5 })).toEqual([]);
  });

  it('[L12] in a street two behind each other are a queue at first, and parked at the kerb after a minute', () => {
    const builder = new GraphBuilder({ mapHash: 'e'.repeat(64), originLat: 35.7, originLon: 51.4 });
    const [west, east] = [0, 2000].map((x) => builder.addNode(x, 0, JunctionKind.deadEnd)) as [number, number];
    const road = { limit: 13.9, roadClass: RoadClass.residential, lanes: 1, width: 3.5 };
    builder.addEdge({ ...road, from: west, to: east, shape: [0, 0, 2000, 0] });
    const graph = builder.finish();
    const told = (delay: number): number => {
      const engine = createEngine(graph, { capacity: 4 });
      let stage = 0;
      for (let t = 0; t < delay + 23; t += 1) {
        const at = [200 + 12 * Math.max(0, t - delay), 500, 490];
        for (const [slot, x] of at.entries())
          if (slot > 0 || t >= delay)
            engine.update(
              slot,
              1,
              startMs + 1000 * t,
              plane.lat(0),
              plane.lon(x),
              slot === 0 ? 12 : 0,
              90,
              0,
              Number.NaN,
              2.5,
              4.5,
              1.8,
              5,
              0,
            );
        for (let k = 0; k < 10; k += 1) engine.tick(startMs + 1000 * t + 100 * k);
        for (const event of engine.drainAlerts()) if (event.slot === 0) stage = Math.max(stage, event.stage);
      }
      return stage;
    };
    expect(told(10)).toBeGreaterThanOrEqual(2);
    expect(told(80)).toBeLessThan(2);
  });
});

/** A street of one lane; a driver with an ordinary receiver comes along it after 30 s at 12 m/s, past or towards the two given. */
function toldInStreet(rear: Body, front: Body): number {
  const builder = new GraphBuilder({ mapHash: 'e'.repeat(64), originLat: 35.7, originLon: 51.4 });
  const [west, east] = [0, 2000].map((x) => builder.addNode(x, 0, JunctionKind.deadEnd)) as [number, number];
  const road = { limit: 13.9, roadClass: RoadClass.residential, lanes: 1, width: 3.5 };
  builder.addEdge({ ...road, from: west, to: east, shape: [0, 0, 2000, 0] });
  const driver = { x: (t: number) => 120 + 12 * t, y: () => 0, speed: () => 12, accel: () => 0 };
  const bodies = [driver, rear, front].map((body) => ({ ...body, accuracy: 2.5 }));
  const events = play(builder.finish(), bodies, 30, 1).filter((event) => event.slot === 0);
  return Math.max(0, ...events.map(({ stage }) => stage));
}

describe('two who stand behind each other in a street (L12)', () => {
  /** Comes to rest at `stop` at 10 s. */
  const arriving = (stop: number): Body => ({
    x: (t) => stop - 8 * Math.max(0, 10 - t),
    y: () => 0,
    speed: (t) => (t < 10 ? 8 : 0),
    accel: () => 0,
  });

  it('[L12] are a queue when the one behind came last', () => {
    expect(toldInStreet(arriving(490), standing(500, 0))).toBeGreaterThanOrEqual(2);
  });

  it('[L12] are parked when the one ahead came by the other', () => {
    expect(toldInStreet(standing(490, 0), arriving(500))).toBeLessThan(2);
  });
});

describe('behind one who cannot stop (L13)', () => {
  it('[L13] the driver is told of what that one will strike', () => {
    const wreck = standing(700, 0);
    // Both at 20 m/s, 15 m apart: the first of them strikes the wreck and drives on through it, as recorded wrecks do.
    const events = play(motorway(), [moving(100, 0, 20), moving(120, 0, 20), wreck], 29, 10);
    const contact = (700 - 4.5 - 100) / 20;
    const first = events.find((event) => event.slot === 0 && event.stage >= 2);
    expect(first?.otherSlot).toBe(2);
    expect(contact - (first?.at ?? Infinity)).toBeGreaterThan(1.5);
  });
});

describe('rolling up to the one ahead (L7, S5)', () => {
  it('[L7] who starts from rest and does not look is told before he touches, however slow he still is', () => {
    const push = 0.65;
    const front = 695.5 - 3.1;
    const start = 5;
    const since = (t: number): number => Math.max(0, t - start);
    const driver = {
      x: (t: number) => front + 0.5 * push * since(t) ** 2,
      y: () => 0,
      speed: (t: number) => push * since(t),
      accel: (t: number) => (t > start ? push : 0),
    };
    const contact = start + Math.sqrt((2 * 3.1) / push);
    const events = play(motorway(), [driver, standing(700, 0)], 8, 10).filter((event) => event.slot === 0);
    expect(contact - (events.find(({ stage }) => stage >= 2)?.at ?? Infinity)).toBeGreaterThan(1.3);
    expect(contact - (events.find(({ stage }) => stage === 3)?.at ?? Infinity)).toBeGreaterThanOrEqual(1);
  });

  it('[S5] a warning is not taken back while the driver brakes as hard as he must and no harder', () => {
    const stop = 695.6;
    const since = (t: number): number => Math.max(0, t - 27);
    const braking = (20 * 20) / (2 * (stop - (100 + 20 * 27)));
    const driver = {
      x: (t: number) =>
        100 +
        20 * t -
        0.5 * braking * Math.min(since(t), 20 / braking) ** 2 -
        20 * Math.max(0, since(t) - 20 / braking),
      y: () => 0,
      speed: (t: number) => Math.max(0, 20 - braking * since(t)),
      accel: (t: number) => (t > 27 && 20 > braking * since(t) ? -braking : 0),
    };
    const events = play(motorway(), [driver, standing(700, 0)], 30, 10).filter((event) => event.slot === 0);
    const told = events.find(({ stage }) => stage >= 2);
    expect(told).toBeDefined();
    const end = events.find((event) => event.alertId === told?.alertId && event.stage === 0);
    expect(end?.at ?? Infinity).toBeGreaterThan(29);
  });
});
