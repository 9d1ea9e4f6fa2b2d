import { describe, expect, it } from 'vitest';
import { type AlertEvent, createEngine } from '../../collision/index.ts';
import { GraphBuilder, JunctionKind, RoadClass, type RoadGraph } from '../../roads/graph/index.ts';
import { type Body, motorway, moving, plane, play, send, standing, startMs, street } from './straight-road.ts';

describe('evidence of a danger', () => {
  const advised = (bodies: readonly Body[], hz: number): number =>
    play(motorway(), bodies, 60, hz).find((event) => event.slot === 0 && event.stage >= 1)?.at ?? Number.NaN;
  /** Drives at 30 m/s, brakes from `begin` s on to rest with `brake` m/s². */
  const stops = (from: number, lateral: number, begin: number, brake: number): Body => ({
    x: (t) => {
      const u = Math.min(30 / brake, Math.max(0, t - begin));
      return from + 30 * Math.min(t, begin) + 30 * u - (brake * u * u) / 2;
    },
    y: () => lateral,
    speed: (t) => Math.max(0, Math.min(30, 30 - brake * (t - begin))),
    accel: (t) => (t > begin && t < begin + 30 / brake ? -brake : 0),
  });
  const driver = moving(200, -3.5, 30);

  for (const hz of [1, 10])
    it(`[H11] is there two or three seconds after a hard brake, later after a gentle one, at ${hz} Hz`, () => {
      // Slower than 0.35 of the limit from 11.7 m/s on.
      const hard = advised([driver, stops(900, 0, 10, 6)], hz) - (10 + 18.3 / 6);
      const gentle = advised([driver, stops(900, 0, 10, 2)], hz) - (10 + 18.3 / 2);
      expect(hard).toBeGreaterThan(0.5);
      expect(hard).toBeLessThan(4);
      expect(gentle).toBeGreaterThan(hard + 0.7);
      expect(gentle).toBeLessThan(7);
    });

  it('[H11] is quicker in several than in one', () => {
    const several = [stops(900, 0, 10, 2), stops(880, 3.5, 10, 2), stops(860, 0, 10, 2)];
    expect(advised([driver, ...several], 10)).toBeLessThan(advised([driver, stops(900, 0, 10, 2)], 10) - 1);
  });

  /** Stops dead from 12 m/s at 20 s and drives on at 2 m/s² after `rest` s. */
  const stopsDead = (rest: number): Body => ({
    x: (t) => (t < 20 ? 600 + 12 * t : 840 + Math.max(0, t - 20 - rest) ** 2),
    y: () => 0,
    speed: (t) => (t < 20 ? 12 : 2 * Math.max(0, t - 20 - rest)),
  });

  for (const hz of [1, 10])
    it(`[H3] [H11] needs no time for a stop that no brake achieves; in town the vehicle must stay there, at ${hz} Hz`, () => {
      const first = (graph: RoadGraph) =>
        play(graph, [moving(50, 0, 13), stopsDead(100)], 50, hz).find((event) => event.slot === 0 && event.stage === 1);
      expect(first(motorway())?.at).toBeLessThan(23);
      const town = first(street());
      expect(town?.class).toBe('crashed-vehicle');
      expect(town?.at).toBeGreaterThan(29.9);
      expect(town?.at).toBeLessThan(33);
    });

  it('[H3] in town a stop that a warning had foretold is believed at once', () => {
    const ahead = standing(845.5, 0);
    const events = play(street(), [moving(50, 0, 13), stopsDead(100), ahead], 40, 10);
    expect(events.some((event) => event.slot === 1 && event.stage >= 2 && event.at < 20)).toBe(true);
    const told = events.find((event) => event.slot === 0 && event.class === 'crashed-vehicle');
    expect(told?.at).toBeLessThan(23);
  });

  it('[H3] in town a driver who stops dead and goes on some seconds later has not crashed', () => {
    const events = play(street(), [moving(50, 0, 8), stopsDead(6)], 60, 10).filter((event) => event.slot === 0);
    expect(events.filter((event) => event.class === 'crashed-vehicle')).toEqual([]);
  });
});

describe('what stands where it should', () => {
  it('[H2] a vehicle that stands for minutes in a street is not told of', () => {
    const events = play(street(), [moving(0, 0, 6), standing(2400, 0)], 260, 1);
    expect(events.filter((event) => event.slot === 0 && event.stage === 1)).toEqual([]);
  });

  it('[H14] nor one first heard of at rest where a street crosses a fast road', () => {
    const builder = new GraphBuilder({ mapHash: 'f'.repeat(64), originLat: 35.7, originLon: 51.4 });
    const node = (x: number, y: number): number => builder.addNode(x, y, JunctionKind.deadEnd);
    const lanes = { lanes: 2, width: 7 };
    const trunk = { ...lanes, shape: [0, 0, 6000, 0], limit: 27.8, roadClass: RoadClass.trunk };
    builder.addEdge({ from: node(0, 0), to: node(6000, 0), ...trunk });
    const bridge = { ...lanes, shape: [3000, -200, 3000, 200], limit: 13.9, roadClass: RoadClass.secondary, level: 1 };
    builder.addEdge({ from: node(3000, -200), to: node(3000, 200), ...bridge });
    const waits: Body = { ...standing(3000, 0), headingDeg: 0 };
    const told = play(builder.finish(), [moving(1500, 1.75, 25), waits], 50, 1);
    expect(told.filter((event) => event.slot === 0 && event.stage === 1)).toEqual([]);
  });
});

describe('sound of advisories', () => {
  const first = (bodies: readonly Body[]) =>
    play(motorway(8000), bodies, 70, 1).find((event) => event.slot === 0 && event.stage === 1);

  it('[A6] is given for a vehicle that stands in a lane', () => {
    expect(first([moving(0, 0, 30), standing(2500, 0)])?.audible).toBe(true);
  });

  it('[A6] is not given for a slow vehicle a kilometre ahead, nor for a queue', () => {
    expect(first([moving(0, 0, 33), moving(2000, 0, 13)])?.audible).toBe(false);
    const queue = Array.from({ length: 9 }, (_, i) => standing(2500 - 12 * i, (i % 3) * 3.5 - 3.5));
    const told = first([moving(0, 0, 30), ...queue]);
    expect(told?.class).toBe('queue-tail');
    expect(told?.audible).toBe(false);
  });

  it('[A6] is not given to a driver who brakes', () => {
    const brakes: Body = { ...moving(1000, 0, 0), x: (t) => 1000 + 32 * t - 0.6 * t * t, speed: (t) => 32 - 1.2 * t };
    const told = play(motorway(), [{ ...brakes, accel: () => -1.2 }, standing(1900, 3.5)], 12, 1);
    expect(told.filter((event) => event.slot === 0 && event.stage === 1).map((event) => event.audible)).toEqual([
      false,
    ]);
  });
});

describe('advisories', () => {
  it('[C5] outlive the warning of the same danger', () => {
    // Comes near, brakes late (warned), then rolls on slowly towards the standing one: what he was told stays.
    const v = (t: number): number => (t < 63 ? 30 : Math.max(3, 30 - 7 * (t - 63)));
    let at = 0;
    const path = [0];
    for (let t = 0.1; t < 90; t += 0.1) {
      at += v(t) * 0.1;
      path.push(at);
    }
    const driver: Body = {
      x: (t) => 1000 + (path[Math.round(t * 10)] ?? at),
      y: () => 0,
      speed: v,
      accel: (t) => (v(t) > 3 && t > 63 ? -7 : 0),
    };
    const own = play(motorway(), [driver, standing(3000, 0)], 85, 10).filter((event) => event.slot === 0);
    const advised = own.find((event) => event.stage === 1);
    expect(own.some((event) => event.alertId === advised?.alertId && event.stage >= 2)).toBe(true);
    const ended = own.find((event) => event.alertId === advised?.alertId && event.stage === 0);
    expect(ended).toBeUndefined();
  });

  it('[C6] end a second or two after the danger drove away', () => {
    const leaves: Body = {
      x: (t) => 3000 + (t < 30 ? 0 : 2.5 * (t - 30) ** 2),
      y: () => 0,
      speed: (t) => (t < 30 ? 0 : 5 * (t - 30)),
      accel: (t) => (t < 30 ? 0 : 5),
    };
    const own = play(motorway(8000), [moving(1500, 3.5, 20), leaves], 45, 1).filter((event) => event.slot === 0);
    const ended = own.find((event) => event.stage === 0);
    expect(ended?.at).toBeGreaterThan(30);
    expect(ended?.at).toBeLessThan(36);
  });

  it('[C1] go on with the next danger at the same place when the nearer one is over', () => {
    const engine = createEngine(street(), { capacity: 16 });
    const car = moving(100, 0, 13);
    const raise = (x: number): number =>
      engine.raiseHazard('crashed-vehicle', plane.lat(0), plane.lon(x), 90, 0.95, startMs, 600_000);
    send(engine, 0, car, 0);
    const nearer = raise(1000);
    raise(1030);
    const seen: AlertEvent[] = [];
    for (let k = 1; k < 500; k += 1) {
      send(engine, 0, car, k / 10);
      if (k === 200) engine.clearHazard(nearer);
      engine.tick(startMs + k * 100);
      seen.push(...engine.drainAlerts());
    }
    expect(new Set(seen.map((event) => event.alertId)).size).toBe(1);
    expect(seen.filter((event) => event.stage === 0)).toEqual([]);
  });

  it('[H7] name a wreck that still slides where it comes to rest, not where it would be if it rolled on', () => {
    const slides: Body = {
      x: (t) => (t < 20 ? 600 + 30 * t : 1200 + 10 * Math.min(t - 20, 5) - Math.min(t - 20, 5) ** 2),
      y: () => 0,
      speed: (t) => (t < 20 ? 30 : Math.max(0, 10 - 2 * (t - 20))),
    };
    const own = play(motorway(), [moving(0, 3.5, 20), slides], 30, 10).filter((event) => event.slot === 0);
    const told = own.find((event) => event.class === 'crashed-vehicle');
    expect(Math.abs(plane.x(told?.lon ?? 0) - 1220)).toBeLessThan(30);
  });

  it('[A1] [H7] reach a driver 1,000 m before the place where the end of a growing queue will meet him', () => {
    // Every two seconds one more stands, 8 m behind the one before: the end comes with 4 m/s.
    const joins = (i: number): Body => {
      const left = (t: number): number => Math.max(0, 2 * i - t);
      const stop = 3000 - 8 * i;
      return {
        x: (t) => stop - (left(t) > 5 ? 50 + 20 * (left(t) - 5) : 2 * left(t) ** 2),
        y: () => 0,
        speed: (t) => Math.min(20, 4 * left(t)),
        accel: (t) => (left(t) > 0 && left(t) < 5 ? -4 : 0),
      };
    };
    const driver = moving(800, 3.5, 30);
    const own = play(motorway(), [driver, ...Array.from({ length: 35 }, (_, i) => joins(i))], 50, 1);
    const told = own.find((event) => event.slot === 0 && event.stage === 1);
    // 30 m/s against 4 m/s from 800 and 2995.5 m on.
    const meeting = 800 + (30 * (2995.5 - 800)) / 34;
    expect(meeting - (800 + 30 * (told?.at ?? Infinity))).toBeGreaterThanOrEqual(1000);
  });

  it('[A2] name the place where a slow vehicle will be met', () => {
    const events = play(motorway(8000), [moving(0, 0, 33), moving(1000, 0, 13)], 60, 1);
    const own = events.filter((event) => event.slot === 0 && event.stage === 1);
    expect(own[0]?.class).toBe('slow-vehicle');
    for (const event of own) expect(Math.abs(plane.x(event.lon) - (33 * 995) / 20)).toBeLessThan(60);
  });

  it('[H1] [H11] are not given of one who gathers speed', () => {
    const lorry: Body = { ...moving(1000, 0, 0), x: (t) => 1000 + 12 * t + 0.125 * t * t, speed: (t) => 12 + 0.25 * t };
    const own = play(motorway(8000), [moving(200, 0, 33), { ...lorry, accel: () => 0.25 }], 25, 1);
    expect(own.filter((event) => event.slot === 0 && event.stage === 1)).toEqual([]);
  });

  it('[H7] of a slow vehicle on a single lane go on at its pace when one behind it stops and follows it', () => {
    const builder = new GraphBuilder({ mapHash: 'a'.repeat(64), originLat: 35.7, originLon: 51.4 });
    const west = builder.addNode(0, 0, JunctionKind.deadEnd);
    const east = builder.addNode(8000, 0, JunctionKind.deadEnd);
    const road = { limit: 25, roadClass: RoadClass.primary, lanes: 1, width: 3.5 };
    builder.addEdge({ from: west, to: east, shape: [0, 0, 8000, 0], ...road });
    const stops: Body = {
      x: (t) => 970 + 10 * (Math.min(t, 40) + Math.max(0, t - 46)),
      y: () => 0,
      speed: (t) => (t < 40 || t > 46 ? 10 : 0),
    };
    const told = play(builder.finish(), [moving(0, 0, 23), moving(1000, 0, 10), stops], 48, 1).filter(
      (event) => event.slot === 0 && event.stage === 1,
    );
    expect(told[0]?.class).toBe('slow-vehicle');
    // Where the driver meets the slow vehicle, not where the one behind it stands.
    for (const event of told) expect(plane.x(event.lon)).toBeGreaterThan(1600);
  });

  it('[H7] take no single report of hard braking for a stop', () => {
    const brakes = { ...moving(1000, 0, 13), accel: (t: number) => (t > 9.9 && t < 10.2 ? -7 : 0) };
    const own = play(motorway(8000), [moving(0, 0, 33), brakes], 30, 10).filter(
      (event) => event.slot === 0 && event.stage === 1,
    );
    expect(own.length).toBeGreaterThan(0);
    for (const event of own) expect(Math.abs(plane.x(event.lon) - (33 * 995) / 20)).toBeLessThan(200);
  });

  it('[A4] are silent about what rolls beyond what stands', () => {
    const bodies = [moving(0, 0, 30), standing(900, 3.5), moving(1300, 0, 13)];
    const own = play(motorway(8000), bodies, 25, 1).filter((event) => event.slot === 0);
    expect(new Set(own.map((event) => event.class))).toEqual(new Set(['stationary-vehicle']));
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

  it('[A5] stay while the driver stands beside the wreck he was told of', () => {
    // Comes up in the next lane, stops just past the wreck's rear for half a minute, creeps on.
    const v = (t: number): number => (t < 58 ? 20 : Math.max(0, 20 - 2.5 * (t - 58)));
    const driver: Body = {
      x: (t) => 1800 + (t < 58 ? 20 * t : 1160 + 20 * Math.min(8, t - 58) - 1.25 * Math.min(8, t - 58) ** 2),
      y: () => 3.5,
      speed: v,
      accel: (t) => (t > 58 && t < 66 ? -2.5 : 0),
    };
    const own = play(motorway(), [driver, standing(3042, 0)], 100, 1).filter((event) => event.slot === 0);
    expect(own[0]?.stage).toBe(1);
    expect(own.filter((event) => event.alertId === own[0]?.alertId && event.stage === 0)).toEqual([]);
  });

  it('[A3] name a queue only to a driver who is there within a minute, a vehicle that stands alone earlier', () => {
    const told = (bodies: readonly Body[]) =>
      play(motorway(), [moving(2000, 0, 12), ...bodies], 90, 1).find((event) => event.slot === 0)?.eta ?? Number.NaN;
    const queue = Array.from({ length: 9 }, (_, i) => standing(3300 - 12 * i, (i % 3) * 3.5 - 3.5));
    expect(told(queue)).toBeLessThanOrEqual(60);
    expect(told([standing(3300, 0)])).toBeGreaterThan(75);
  });

  it('[A4] name each of two vehicles that stand alone 200 m apart', () => {
    const bodies = [moving(100, -3.5, 30), standing(2500, 0), standing(2700, 3.5)];
    const own = play(motorway(), bodies, 80, 1).filter((event) => event.slot === 0 && event.prevStage === 0);
    expect(own.map((event) => Math.round(plane.x(event.lon) / 50) * 50)).toEqual([2500, 2700]);
    for (const event of own) expect(event.distance).toBeGreaterThan(1000);
  });

  it('[A3] are news as long as the danger is there, not while it dissolves', () => {
    const leaves = 20;
    const slow: Body = {
      x: (t) => 1500 + 13 * t + Math.max(0, t - leaves) ** 2,
      y: () => 0,
      speed: (t) => 13 + 2 * Math.max(0, t - leaves),
      accel: (t) => (t > leaves ? 2 : 0),
    };
    const row = Array.from({ length: 20 }, (_, i) => moving(300 + 25 * i, i % 2 === 0 ? 3.5 : -3.5, 33));
    const told = play(motorway(8000), [slow, ...row], 30, 10)
      .filter((event) => event.class === 'slow-vehicle' && event.slot > 0 && event.prevStage === 0)
      .map((event) => event.at);
    expect(told.length).toBeGreaterThan(0);
    expect(Math.max(...told)).toBeLessThan(leaves + 0.8);
  });

  it('[A4] tell of a long queue aloud once at most, of its parts by places farther apart than one place is wide', () => {
    const queue = Array.from({ length: 60 }, (_, i) => standing(3500 - 12 * i, (i % 3) * 3.5 - 3.5));
    const own = play(motorway(), [moving(100, 0, 30), ...queue], 75, 1).filter((event) => event.slot === 0);
    const begun = own.filter((event) => event.prevStage === 0 && event.stage === 1);
    expect(own.filter((event) => event.audible).length).toBeLessThanOrEqual(1);
    const places = begun.map((event) => plane.x(event.lon));
    expect(Math.abs((places[0] ?? 0) - (3500 - 12 * 59))).toBeLessThan(120);
    for (let i = 1; i < places.length; i += 1) expect((places[i] ?? 0) - (places[i - 1] ?? 0)).toBeGreaterThan(140);
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
