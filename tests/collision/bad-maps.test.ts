import { describe, expect, it } from 'vitest';
import { type AlertEvent, type CollisionEngine, createEngine } from '../../collision/index.ts';
import { GraphBuilder, JunctionKind, RoadClass, type RoadGraph, TurnKind } from '../../roads/graph/index.ts';
import { draws } from './motion.ts';
import { type Body, motorway, moving, play, send, standing, startMs } from './straight-road.ts';

const origin = { mapHash: 'a'.repeat(64), originLat: 35.7, originLon: 51.4 };
const common = { limit: 13.9, roadClass: RoadClass.residential, lanes: 1, width: 3.5 };

/** A street with an edge of no length in it, a ring that ends where it begins, an edge that leads into itself, and one nobody can leave. */
function crookedMap(): RoadGraph {
  const builder = new GraphBuilder(origin);
  const node = (x: number, y: number): number => builder.addNode(x, y, JunctionKind.priority);
  const [a, b, c, d] = [node(0, 0), node(300, 0), node(300, 0), node(700, 0)];
  const first = builder.addEdge({ ...common, from: a, to: b, shape: [0, 0, 300, 0] });
  const none = builder.addEdge({ ...common, from: b, to: c, shape: [300, 0, 300, 0] });
  const second = builder.addEdge({ ...common, from: c, to: d, shape: [300, 0, 700, 0] });
  const round = Array.from({ length: 25 }, (_, i) => [
    300 + 30 * Math.sin((i * Math.PI) / 12),
    30 - 30 * Math.cos((i * Math.PI) / 12),
  ]).flat();
  const ring = builder.addEdge({ ...common, from: b, to: b, shape: round });
  const movement = (from: number, to: number, x: number, y: number): void => {
    const at = { from: b, to: b, shape: [x, y, x, y], turn: TurnKind.straight };
    builder.addMovement(from, to, { ...common, ...at });
  };
  movement(first, none, 300, 0);
  movement(none, second, 300, 0);
  movement(first, ring, 300, 0);
  movement(ring, ring, 300, 0);
  movement(ring, second, 300, 0);
  return builder.finish();
}

function expectFinite(events: readonly AlertEvent[]): void {
  for (const event of events)
    for (const value of Object.values(event)) expect(typeof value === 'number' && !Number.isFinite(value)).toBe(false);
}

describe('maps with errors', () => {
  it('[B1] [B2] edges without length, loops, edges that lead into themselves and dead ends: nothing but finite numbers, no storm', () => {
    const engine = createEngine(crookedMap(), { capacity: 16 });
    const { uniform } = draws(5);
    const bodies: Body[] = [];
    for (let i = 0; i < 6; i += 1) bodies.push(moving(20 + 40 * i, 0, 8 + 2 * uniform()));
    for (let i = 0; i < 6; i += 1) {
      const at = (t: number): number => (8 * t) / 30 + i;
      bodies.push({
        x: (t) => 300 + 30 * Math.sin(at(t)),
        y: (t) => 30 - 30 * Math.cos(at(t)),
        speed: () => 8,
        heading: (t) => (90 - (at(t) * 180) / Math.PI) % 360,
      });
    }
    const events = play(engine.graph, bodies, 60, 10, engine);
    expectFinite(events);
    for (const array of [engine.fleet.speed, engine.fleet.offset, engine.fleet.lateral])
      for (const value of array) expect(Number.isFinite(value)).toBe(true);
    expect(events.filter((event) => event.stage >= 2).length).toBeLessThan(20);
  });

  it('[B4] an edge without a limit is refused with its name', () => {
    const builder = new GraphBuilder(origin);
    const a = builder.addNode(0, 0, JunctionKind.deadEnd);
    const b = builder.addNode(100, 0, JunctionKind.deadEnd);
    for (const limit of [0, -1, Number.NaN])
      expect(() =>
        builder.addEdge({ ...common, limit, from: a, to: b, shape: [0, 0, 100, 0], source: 'way 7' }),
      ).toThrow('edge 0 (way 7): limit');
  });

  /** Every 40 s another one comes from the east and one from the west, on a road that the map has one-way to the east. */
  function bothWays(limit: number): { engine: CollisionEngine; events: AlertEvent[]; warned: Set<number> } {
    const builder = new GraphBuilder(origin);
    const west = builder.addNode(0, 0, JunctionKind.deadEnd);
    const east = builder.addNode(2000, 0, JunctionKind.deadEnd);
    builder.addEdge({ ...common, limit, width: 7, from: west, to: east, shape: [0, 0, 2000, 0] });
    const engine = createEngine(builder.finish(), { capacity: 32 });
    const warned = new Set<number>();
    const events: AlertEvent[] = [];
    for (let k = 0; k < 600 * 2; k += 1) {
      const t = k / 2;
      for (let n = 0; n < 15; n += 1) {
        const since = t - 40 * n;
        if (since < 0 || since > 150) continue;
        send(
          engine,
          2 * n,
          { ...moving(2000, 1.75, 0), x: () => 2000 - 12 * since, speed: () => 12, headingDeg: 270 },
          t,
        );
        send(engine, 2 * n + 1, { ...moving(0, -1.75, 0), x: () => 12 * since, speed: () => 12 }, t);
      }
      for (let n = 0; n < 5; n += 1) engine.tick(startMs + 500 * k + 100 * n);
      for (const event of engine.drainAlerts()) {
        events.push(event);
        if (event.class === 'wrong-way' && event.stage >= 2 && event.slot % 2 === 0) warned.add(event.slot);
      }
    }
    return { engine, events, warned };
  }

  it('[W6] a street that everybody uses both ways though the map has it one-way: three are taken for wrong-way drivers, then nobody', () => {
    const { engine, events, warned } = bothWays(13.9);
    expect([...warned].sort()).toEqual([0, 2, 4]);
    expect(engine.counters().oneWayDoubted).toBe(1);
    expect(events.filter((event) => event.stage >= 2 && event.issuedMs > startMs + 200_000)).toEqual([]);
  });

  it('[W6] on a fast road each of them is a wrong-way driver, however many there are', () => {
    const { engine, warned } = bothWays(33.3);
    expect(warned.size).toBeGreaterThan(10);
    expect(engine.counters().oneWayDoubted).toBe(0);
  });
});

describe('positions that stand still', () => {
  const road = motorway();
  const driver = moving(100, 0, 25);
  const frozen = (speed: number): Body => ({ ...standing(600, 0), speed: () => speed });

  it.each([1, 10])('[D3] [B3] who says he drives and reports one place alarms nobody, and is counted (%i Hz)', (hz) => {
    const engine = createEngine(road, { capacity: 16 });
    const events = play(road, [driver, frozen(12)], 19, hz, engine);
    expect(engine.counters().frozenPosition).toBeGreaterThan(0);
    expect(events.filter((event) => event.slot === 0 && event.at > 3 && event.stage >= 2)).toEqual([]);
  });

  it('[D3] who stands is no liar', () => {
    const engine = createEngine(road, { capacity: 16 });
    const events = play(road, [driver, frozen(0)], 19, 10, engine);
    expect(engine.counters().frozenPosition).toBe(0);
    expect(events.some((event) => event.slot === 0 && event.stage === 3)).toBe(true);
  });
});
