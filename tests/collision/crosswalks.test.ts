import { describe, expect, it } from 'vitest';
import { createEngine } from '../../collision/index.ts';
import {
  FeatureKind,
  GraphBuilder,
  JunctionKind,
  planeOf,
  RoadClass,
  type RoadGraph,
} from '../../roads/graph/index.ts';
import { startMs } from './straight-road.ts';

const lane = 3.5;

/** A two-way street along x, `lanes` to each side of y = 0, with or without a crossing at x = 0. */
function street(lanes: number, crossing: boolean): RoadGraph {
  const builder = new GraphBuilder({ mapHash: 'c'.repeat(64), originLat: 48.1, originLon: 11.5 });
  const west = builder.addNode(-700, 0, JunctionKind.deadEnd);
  const east = builder.addNode(700, 0, JunctionKind.deadEnd);
  const common = { limit: 13.9, roadClass: RoadClass.secondary, lanes, width: lane * lanes };
  const y = (lane * lanes) / 2;
  const there = builder.addEdge({ from: west, to: east, shape: [-700, -y, 700, -y], ...common });
  const back = builder.addEdge({ from: east, to: west, shape: [700, y, -700, y], ...common });
  builder.setReverse(there, back);
  if (crossing) for (const edge of [there, back]) builder.addFeature(edge, FeatureKind.crossing, 700);
  return builder.finish();
}

interface Walker {
  /** Metres north of the middle of the road, and pace, at t seconds. */
  readonly y: (t: number) => number;
  readonly x?: (t: number) => number;
  /** Error his telephone states, m. */
  readonly accuracy?: number;
  readonly type?: number;
}
interface Driver {
  /** Front bumper and speed at t seconds; towards the east in the middle of `lane` (0 = kerb side). */
  readonly x: (t: number) => number;
  readonly speed: (t: number) => number;
  readonly accel?: (t: number) => number;
  readonly lane: number;
}
interface Told {
  readonly slot: number;
  readonly stage: number;
  readonly at: number;
  readonly rule: string;
  readonly alert: number;
  readonly class: string;
}

/** Everything of stage 2 and more told to the driver (slot 0) and the walker (slot 1) within `seconds`. */
function told(graph: RoadGraph, driver: Driver, walker: Walker, seconds: number, hz = 10): readonly Told[] {
  const plane = planeOf(graph);
  const lanes = graph.edgeLanes[0];
  const engine = createEngine(graph, { capacity: 4 });
  const out: Told[] = [];
  for (let k = 0; k <= 10 * seconds; k += 1) {
    const t = k / 10;
    const report = (
      slot: number,
      x: number,
      y: number,
      v: number,
      heading: number,
      accel: number,
      accuracy: number,
      length: number,
      width: number,
      type: number,
    ): void =>
      engine.update(
        slot,
        1,
        startMs + 100 * k,
        plane.lat(y),
        plane.lon(x),
        v,
        heading,
        accel,
        Number.NaN,
        accuracy,
        length,
        width,
        type,
        0,
      );
    if (k % Math.round(10 / hz) === 0) {
      report(
        0,
        driver.x(t),
        -lane * (lanes - 0.5 - driver.lane),
        driver.speed(t),
        90,
        driver.accel?.(t) ?? Number.NaN,
        0.2,
        4.5,
        1.8,
        5,
      );
      const x = walker.x ?? (() => 0);
      const [dx, dy] = [(x(t + 0.05) - x(t - 0.05)) / 0.1, (walker.y(t + 0.05) - walker.y(t - 0.05)) / 0.1];
      const heading = dx === 0 && dy === 0 ? 0 : ((Math.atan2(dx, dy) * 180) / Math.PI + 360) % 360;
      report(
        1,
        x(t),
        walker.y(t),
        Math.hypot(dx, dy),
        heading,
        Number.NaN,
        walker.accuracy ?? 0.2,
        0.5,
        0.5,
        walker.type ?? 1,
      );
    }
    engine.tick(startMs + 100 * k);
    for (const event of engine.drainAlerts())
      if (event.stage >= 2)
        out.push({
          slot: event.slot,
          stage: event.stage,
          at: t,
          rule: event.why.slice(0, 4),
          alert: event.alertId,
          class: event.class,
        });
  }
  return out;
}

const v = 13.9;
/** Drives on at 50 km/h; its front is where the walker crosses after 12 s. */
const drivesOn = (inLane: number): Driver => ({ x: (t) => v * (t - 12), speed: () => v, lane: inLane });
/** Walks south at 1.4 m/s from the north side; in the middle of the driver's lane after `meets` s. */
const southward =
  (y: number, meets: number, pace = 1.4) =>
  (t: number): number =>
    y - pace * (t - meets);
const firstTo = (events: readonly Told[], slot: number, stage: number): number =>
  12 - (events.find((event) => event.slot === slot && event.stage >= stage)?.at ?? Number.POSITIVE_INFINITY);

describe('people who walk over a crossing of the map (V13 to V15)', () => {
  const wide = street(2, true);
  const plain = street(2, false);
  // Middle of the kerb-side lane of those who drive east.
  const kerbSide = -lane * 1.5;

  it.each([10, 1])(
    '[V14] a driver who does not slow down is warned of one who comes over the other half of the road more than a second before free prediction does (%i Hz)',
    (hz) => {
      const walker = { y: southward(kerbSide, 12) };
      const onCrossing = firstTo(told(wide, drivesOn(0), walker, 12, hz), 0, 2);
      const anywhere = firstTo(told(plain, drivesOn(0), walker, 12, hz), 0, 2);
      expect(onCrossing).toBeGreaterThan(anywhere + 0.9);
      // Stopping at 3.4 after 1.8 s takes 3.8 s of the way.
      if (hz === 10) expect(onCrossing).toBeGreaterThan(3.8);
    },
  );

  it('[V14] he is alarmed in time as well, both hear of it, and it is one alert of one kind from the first warning on', () => {
    const events = told(wide, drivesOn(0), { y: southward(kerbSide, 12) }, 12);
    expect(firstTo(events, 0, 3)).toBeGreaterThan(1.5);
    expect(firstTo(events, 1, 2)).toBeGreaterThan(3.5);
    expect(new Set(events.map((event) => event.class))).toEqual(new Set(['vulnerable-road-user']));
    expect(new Set(events.map((event) => event.alert)).size).toBe(2);
  });

  it('[V13] who crosses farther off than a crossing is wide is met by free prediction as anywhere else', () => {
    const walker = { y: southward(kerbSide, 12), x: () => -20 };
    const before = { ...drivesOn(0), x: (t: number) => v * (t - 12) - 20 };
    expect(told(wide, before, walker, 12)).toEqual(told(plain, before, walker, 12));
  });

  it('[V13] who waits at the kerb, walks up to it and stops, or goes along the pavement past the crossing is no danger', () => {
    const kerb = -2 * lane;
    const waits = { y: () => kerb - 0.6 };
    const stops = { y: (t: number) => Math.min(kerb - 0.6, kerb - 0.6 + 1.4 * (t - 7)) };
    const along = { y: () => kerb - 1, x: (t: number) => 1.4 * (t - 11) };
    const against = { y: () => kerb - 1, x: (t: number) => -1.4 * (t - 11) };
    const away = { y: (t: number) => Math.min(kerb - 1.2 - 1.4 * (t - 5), kerb - 1.2) };
    for (const inLane of [0, 1])
      for (const accuracy of [0.2, 4])
        for (const walker of [waits, along, against, away])
          expect(told(wide, drivesOn(inLane), { ...walker, accuracy }, 13)).toEqual([]);
    for (const inLane of [0, 1]) expect(told(wide, drivesOn(inLane), stops, 13)).toEqual([]);
  });

  it('[V13] who walks on over the kerb before a car on the near side is alarmed as soon as anywhere else, but not warned of before', () => {
    const walker = { y: (t: number) => kerbSide + 1.4 * (t - 12) };
    const [here, elsewhere] = [wide, plain].map((graph) => told(graph, drivesOn(0), walker, 12));
    expect(firstTo(here, 0, 3)).toBeGreaterThanOrEqual(firstTo(elsewhere, 0, 3));
    expect(firstTo(here, 0, 3)).toBeGreaterThan(1);
    expect(firstTo(here, 0, 2)).toBe(firstTo(here, 0, 3));
  });

  it('[V14] who is across well before the car comes, or comes well after it, is no danger', () => {
    for (const inLane of [0, 1]) {
      const middle = -lane * (1.5 - inLane);
      for (const apart of [-4, 4])
        for (const hz of [10, 1])
          expect(told(wide, drivesOn(inLane), { y: southward(middle, 12 + apart) }, 14, hz)).toEqual([]);
    }
  });

  it('[V15] a driver who is giving way is left alone, from the moment on at which he brakes as he must', () => {
    for (const braking of [1.6, 2.5]) {
      const stopsAt = -3;
      const begins = 12 - v / braking;
      const driver: Driver = {
        x: (t) => {
          const u = Math.max(0, t - begins);
          return stopsAt - (v * v) / (2 * braking) + v * Math.min(t - begins, 0) + v * u - 0.5 * braking * u * u;
        },
        speed: (t) => v - braking * Math.max(0, t - begins),
        accel: (t) => (t < begins ? 0 : -braking),
        lane: 0,
      };
      for (const meets of [11, 12, 13])
        expect(
          told(wide, driver, { y: southward(kerbSide, meets) }, 11.9).filter(({ at }) => at > begins + 0.3),
        ).toEqual([]);
    }
  });

  it('[V13] of one whose telephone cannot tell kerb from carriageway nobody is warned because of the crossing', () => {
    const walker = { y: (t: number) => Math.min(2 * lane + 0.5, 2 * lane + 0.5 - 1.4 * (t - 11)), accuracy: 5 };
    expect(told(wide, drivesOn(0), walker, 12)).toEqual([]);
  });

  it.each([10, 1])(
    '[V16] one who rides over the crossing, off the road, is met like one on foot, at his own pace (%i Hz)',
    (hz) => {
      const rides = { y: southward(kerbSide, 12, 4), type: 2 };
      expect(firstTo(told(wide, drivesOn(0), rides, 12, hz), 0, 3)).toBeGreaterThanOrEqual(1);
    },
  );
});
