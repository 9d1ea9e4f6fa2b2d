import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alertClasses, createEngine } from '../../collision/index.ts';
import { warningClasses } from '../../messages/index.ts';
import { motorway, moving, plane, play, send, standing, startMs } from './straight-road.ts';

const road = motorway();

describe('rear-end ladder (L, S)', () => {
  for (const hz of [1, 2, 5, 10])
    it(`[S2] [S3] warns, then alarms a second before contact with a standing vehicle at ${hz} Hz`, () => {
      const events = play(road, [moving(100, 0, 20), standing(700, 0)], 29, hz);
      // Front meets rear at 700 - 4.5 m.
      const contact = (700 - 4.5 - 100) / 20;
      const own = events.filter((event) => event.slot === 0);
      const warning = own.find((event) => event.stage >= 2);
      const imminent = own.find((event) => event.stage === 3);
      expect(warning?.otherSlot).toBe(1);
      expect(contact - (warning?.at ?? Infinity)).toBeGreaterThan(1.5);
      expect(contact - (imminent?.at ?? Infinity)).toBeGreaterThanOrEqual(1);
      expect(warning?.at).toBeLessThanOrEqual(imminent?.at ?? -Infinity);
    });

  it('[L3] stays silent when the standing vehicle is in the next lane', () => {
    const events = play(road, [moving(100, 0, 20), standing(700, 3.5)], 32, 10);
    expect(events.filter((event) => event.slot === 0 && event.stage >= 2)).toEqual([]);
  });

  it('[L6] stays silent for a driver who brakes comfortably to a stop behind the other', () => {
    const stop = 680;
    const decel = 2;
    const v0 = 20;
    const begin = (stop - (v0 * v0) / (2 * decel) - 100) / v0;
    const v = (t: number): number => (t < begin ? v0 : Math.max(0, v0 - decel * (t - begin)));
    const x = (t: number): number => {
      if (t < begin) return 100 + v0 * t;
      const u = Math.min(t - begin, v0 / decel);
      return 100 + v0 * begin + v0 * u - 0.5 * decel * u * u;
    };
    const driver = { x, y: () => 0, speed: v, accel: (t: number) => (t > begin && v(t) > 0 ? -decel : 0) };
    const events = play(road, [driver, standing(700, 0)], 40, 10);
    expect(events.filter((event) => event.slot === 0 && event.stage >= 2)).toEqual([]);
  });

  it('[L8] takes two devices in one vehicle for no danger', () => {
    const events = play(road, [moving(100, 0, 25), moving(101, 0.3, 25)], 30, 10);
    expect(events.filter((event) => event.stage > 0)).toEqual([]);
  });
});

describe('advisories a kilometre ahead (H, A)', () => {
  for (const hz of [1, 10])
    it(`[A1] reach a driver who has 1,000 m or more to a vehicle that stands on a motorway, at ${hz} Hz`, () => {
      const events = play(road, [moving(100, -3.5, 30), standing(3000, 0)], 60, hz);
      const first = events.find((event) => event.slot === 0);
      expect(first?.stage).toBe(1);
      expect(first?.class).toBe('stationary-vehicle');
      const left = 3000 - 4.5 - (100 + 30 * (first?.at ?? 0));
      expect(left).toBeGreaterThanOrEqual(1000);
      expect(left).toBeLessThan(1400);
      expect(first?.distance).toBeGreaterThan(0.9 * left);
      expect(Math.abs(plane.x(first?.lon ?? 0) - 2995.5)).toBeLessThan(20);
    });

  it('[H10] follow a hazard reported from elsewhere, and are cancelled when it is cleared', () => {
    const engine = createEngine(road, { capacity: 16 });
    const car = moving(100, 0, 30);
    send(engine, 0, car, 0);
    const id = engine.raiseHazard('crashed-vehicle', plane.lat(0), plane.lon(1000), 90, 0.95, startMs, 600_000);
    expect(id).toBeGreaterThanOrEqual(0);
    const seen: number[] = [];
    for (let k = 1; k < 200; k += 1) {
      send(engine, 0, car, k / 10);
      if (k === 60) engine.clearHazard(id);
      engine.tick(startMs + k * 100);
      for (const event of engine.drainAlerts()) seen.push(event.stage);
    }
    expect(seen[0]).toBe(1);
    expect(seen.at(-1)).toBe(0);
  });

  it('[W1] [W2] tell a wrong-way driver and those he comes towards', () => {
    const wrong = {
      x: (t: number) => 4000 - 25 * t,
      y: () => 0,
      speed: () => 25,
      headingDeg: 270,
    };
    const events = play(road, [moving(100, 0, 30), wrong], 70, 10);
    expect(events.find((event) => event.slot === 1)?.class).toBe('wrong-way');
    const told = events.filter((event) => event.slot === 0);
    expect(told[0]?.class).toBe('wrong-way');
    const contact = 3900 / 55;
    const imminent = told.find((event) => event.stage === 3);
    expect(contact - (imminent?.at ?? Infinity)).toBeGreaterThanOrEqual(1);
    // Gap when first told: more than a kilometre of the driver's own way to the meeting.
    expect((contact - (told[0]?.at ?? Infinity)) * 30).toBeGreaterThan(1000);
  });
});

describe('life cycle (C)', () => {
  it('[C6] every alert ends with a cancel when the danger is over or the vehicle leaves', () => {
    const engine = createEngine(road, { capacity: 16 });
    const events = play(road, [moving(100, 0, 20), standing(700, 0)], 27, 10, engine);
    engine.retire(0, 1);
    engine.tick(startMs + 28_000);
    const all = [...events, ...engine.drainAlerts()].filter((event) => event.slot === 0);
    const open = new Set<number>();
    for (const event of all) {
      if (event.stage === 0) open.delete(event.alertId);
      else open.add(event.alertId);
    }
    expect(all.length).toBeGreaterThan(1);
    expect([...open]).toEqual([]);
  });

  it('[C8] at most one audible alert in 8 s to one vehicle, imminent ones excepted', () => {
    const bodies = [moving(100, 0, 30), standing(2500, 0), standing(2800, 3.5), standing(3100, -3.5)];
    const audible = play(road, bodies, 90, 10).filter((event) => event.slot === 0 && event.audible && event.stage < 3);
    for (let i = 1; i < audible.length; i += 1)
      expect((audible[i]?.issuedMs ?? 0) - (audible[i - 1]?.issuedMs ?? 0)).toBeGreaterThanOrEqual(8000);
  });

  it('[C10] the same calls give the same events, and the order of vehicles within a tick changes nothing', () => {
    const bodies = [moving(100, 0, 25), standing(900, 0), moving(300, 3.5, 22), standing(1500, 3.5)];
    const run = (order: readonly number[]): unknown[] => {
      const engine = createEngine(road, { capacity: 16 });
      const out: unknown[] = [];
      for (let k = 0; k < 500; k += 1) {
        for (const slot of order) send(engine, slot, bodies[slot] ?? standing(0, 0), k / 10);
        engine.tick(startMs + k * 100);
        out.push(
          ...engine
            .drainAlerts()
            .map(({ slot, stage, class: cls, distance, issuedMs }) => [slot, stage, cls, distance, issuedMs]),
        );
      }
      return out.map((event) => JSON.stringify(event)).sort();
    };
    const once = run([0, 1, 2, 3]);
    expect(once.length).toBeGreaterThan(0);
    expect(run([0, 1, 2, 3])).toEqual(once);
    expect(run([3, 1, 0, 2])).toEqual(once);
  });
});

describe('bad input (B)', () => {
  it('[B1] no number of any kind makes a NaN leave the engine or an alert against nobody', () => {
    const wild = fc.oneof(
      fc.double({ noDefaultInfinity: false, noNaN: false }),
      fc.constantFrom(Number.NaN, Infinity, -Infinity, 0, -1, 1e308, 35.7, 51.4, 359),
    );
    const call = fc.tuple(fc.integer({ min: -2, max: 9 }), fc.array(wild, { minLength: 11, maxLength: 11 }));
    fc.assert(
      fc.property(fc.array(call, { maxLength: 60 }), (calls) => {
        const engine = createEngine(road, { capacity: 8 });
        calls.forEach(([slot, n], k) => {
          const [a, b, c, d, e, f, g, h, i, j, type] = n as number[] as [
            number,
            number,
            number,
            number,
            number,
            number,
            number,
            number,
            number,
            number,
            number,
          ];
          engine.update(slot, 1, Number.isFinite(a) ? startMs + k * 100 : a, b, c, d, e, f, g, h, i, j, type & 15, 0);
          engine.tick(startMs + k * 100);
        });
        for (const array of [engine.fleet.speed, engine.fleet.headingDeg, engine.fleet.accel, engine.fleet.offset])
          for (const value of array) expect(Number.isNaN(value)).toBe(false);
        for (const event of engine.drainAlerts())
          for (const value of Object.values(event))
            expect(typeof value === 'number' && !Number.isFinite(value)).toBe(false);
      }),
      { numRuns: 60 },
    );
  });

  it('[B2] 10,000 vehicles on one point raise no storm and finish in time', () => {
    const engine = createEngine(road, { capacity: 10_000 });
    let alerts = 0;
    const began = performance.now();
    for (let k = 0; k < 3; k += 1) {
      for (let slot = 0; slot < 10_000; slot += 1) send(engine, slot, moving(2000, 0, 10), k);
      for (let n = 0; n < 10; n += 1) engine.tick(startMs + k * 1000 + n * 100);
      alerts += engine.drainAlerts().filter((event) => event.stage >= 2).length;
    }
    expect(alerts).toBe(0);
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  it('[B3] counts places and times that are no numbers, teleports, frozen clocks, foreign slots and clocks that run backwards by reason', () => {
    const engine = createEngine(road, { capacity: 4 });
    send(engine, 0, standing(100, 0), 1);
    send(engine, 0, standing(100, 0), 1);
    send(engine, 0, standing(5000, 0), 2);
    send(engine, 9, standing(100, 0), 2);
    engine.tick(startMs + 5000);
    engine.tick(startMs + 1000);
    for (const place of [Number.NaN, Infinity, 1e12]) send(engine, 1, standing(place, 0), 3);
    for (const t of [Number.NaN, Infinity, -1e12]) send(engine, 1, standing(100, 0), t);
    for (const confidence of [Number.NaN, 2]) engine.raiseHazard('obstacle', 35.7, 51.4, 90, confidence, startMs, 1000);
    expect(engine.counters()).toMatchObject({
      outOfOrder: 1,
      teleport: 1,
      badSlot: 1,
      clockBackwards: 1,
      badPosition: 3,
      badTime: 3,
      badHazard: 2,
    });
  });

  it('[B4] refuses options outside their range with the value and the range', () => {
    expect(() => createEngine(road, { capacity: 0 })).toThrow('capacity 0 must be an integer in 1..1000000');
    expect(() => createEngine(road, { capacity: 4, friction: 2 })).toThrow('friction 2 must be in [0.1, 1]');
  });

  it('[B5] an id used again by another vehicle starts with nothing of the first', () => {
    const engine = createEngine(road, { capacity: 4 });
    for (let k = 0; k < 20; k += 1) {
      send(engine, 0, moving(100, 0, 20), k / 10, 1);
      engine.tick(startMs + k * 100);
    }
    send(engine, 0, moving(4000, 0, 5), 2.5, 2);
    expect(engine.fleet.generation[0]).toBe(2);
    expect(engine.fleet.speed[0]).toBeCloseTo(5, 1);
    expect(engine.counters()).toMatchObject({ teleport: 0 });
  });
});

describe('vulnerable road users (V)', () => {
  for (const [speed, walk] of [
    [8.3, 1.4],
    [13.9, 1.4],
    [13.9, 2.2],
    [16.7, 4.2],
  ] as const)
    it(`[V3] alarms a driver at ${speed} m/s a second before a pedestrian or cyclist at ${walk} m/s is struck, and not when he is 3.5 s later`, () => {
      const contact = 12;
      const person = (late: number): Parameters<typeof play>[1][number] => ({
        x: () => 500,
        y: (t) => -(contact + late - t) * walk,
        speed: () => walk,
        headingDeg: 0,
        length: 0.5,
        width: 0.5,
        stationType: 1,
      });
      const car = moving(500 - speed * contact, 0, speed);
      const events = play(road, [car, person(0)], contact, 10).filter((event) => event.slot === 0);
      const imminent = events.find((event) => event.stage === 3);
      expect(imminent?.class).toBe('vulnerable-road-user');
      expect(contact - (imminent?.at ?? Infinity)).toBeGreaterThanOrEqual(1);
      const shifted = play(road, [car, person(3.5 + 9 / speed)], contact, 10).filter((event) => event.stage === 3);
      expect(shifted).toEqual([]);
    });
});

describe('vehicles off the map (V)', () => {
  /** A train over the road at x = 500, its front there at 12 s. */
  const train: Parameters<typeof play>[1][number] = {
    x: () => 500,
    y: (t) => 30 * (t - 12),
    speed: () => 30,
    accel: () => 0,
    headingDeg: 0,
    length: 30,
    width: 2.8,
  };

  it('[V3] a driver who goes on before a train is alarmed', () => {
    const events = play(road, [moving(500 - 14 * 12.3, 0, 14), train], 12, 10);
    expect(events.some((event) => event.slot === 0 && event.stage === 3)).toBe(true);
  });

  it('[V12] one who stands 2 m short of the rails hears nothing where ordinary receivers put him upon them', () => {
    const waits = { ...standing(500 + 1.5, 0), accuracy: 2.5 };
    const noisy = { ...train, accuracy: 2.5 };
    expect(play(road, [waits, noisy], 12, 1)).toEqual([]);
    expect(play(road, [standing(500 + 1.5, 0), train], 12, 1).some((event) => event.stage === 3)).toBe(true);
  });

  it('[V11] one who brakes for it, and the train, hear nothing', () => {
    // Stands at 490 from 13 s on.
    const left = (t: number): number => Math.max(0, 13 - t);
    const stops = {
      x: (t: number) => 490 - 0.9 * left(t) ** 2,
      y: () => 0,
      speed: (t: number) => 1.8 * left(t),
      accel: (t: number) => (t < 13 ? -1.8 : 0),
    };
    expect(play(road, [stops, train], 14, 10)).toEqual([]);
  });
});

it('[C11] names alert classes as the wire does', () => {
  expect(alertClasses).toEqual(warningClasses);
});

describe('Receivers that are better than a decimetre', () => {
  const told = (accuracy: number): readonly string[] =>
    play(
      motorway(),
      [
        { ...moving(0, 0, 25), accuracy },
        { ...standing(600, 0), accuracy },
      ],
      23,
      10,
    )
      .filter((event) => event.slot === 0 && event.stage > event.prevStage)
      .map((event) => `stage ${event.stage} at ${event.at} s`);

  it('[F7] are taken for good ones: 2 cm and 10 cm warn and alarm no later than 20 cm does', () => {
    expect(told(0.2).at(-1)).toMatch(/^stage 3/);
    expect(told(0.02)).toEqual(told(0.2));
    expect(told(0.1)).toEqual(told(0.2));
  });
});
