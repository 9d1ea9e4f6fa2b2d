import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEngine } from '../../collision/index.ts';
import { Joins } from '../../collision/joins.ts';
import {
  LaneBelief,
  reportDt,
  reportLateral,
  reportNoise,
  reportS,
  reportSigma,
  reportSpeed,
} from '../../collision/lane-belief.ts';
import { EdgeFlag, GraphBuilder, JunctionKind, RoadClass, type RoadGraph, TurnKind } from '../../roads/graph/index.ts';
import { motorway, plane, startMs } from './straight-road.ts';

const origin = { mapHash: 'f'.repeat(64), originLat: 35.7, originLon: 51.4 };

/** A ramp of one lane that runs on as the kerb lane of a road of three, 3.5 m each, from west to east. */
function rampOntoRoad(): RoadGraph {
  const builder = new GraphBuilder(origin);
  const [a, b, c] = [0, 300, 2000].map((x) => builder.addNode(x, 0, JunctionKind.plain));
  const common = { limit: 25, roadClass: RoadClass.primary };
  const ramp = builder.addEdge({ from: a, to: b, shape: [0, -3.5, 290, -3.5], lanes: 1, width: 3.5, ...common });
  const road = builder.addEdge({ from: b, to: c, shape: [300, 0, 2000, 0], lanes: 3, width: 10.5, ...common });
  const shape = [290, -3.5, 300, -3.5];
  builder.addMovement(ramp, road, { from: b, to: b, shape, turn: TurnKind.straight, lanes: 1, width: 3.5, ...common });
  return builder.finish();
}

/** Reports once a second from `from` to `to` s on `edge`, m beside its middle as `lateral` says; a receiver that states `sigma` m. */
function drive(
  belief: LaneBelief,
  edge: number,
  before: number,
  from: number,
  to: number,
  sigma: number,
  lateral: (t: number) => number,
): void {
  for (let t = from; t < to; t += 1) {
    belief.report[reportDt] = 1;
    belief.report[reportS] = 5 + 20 * (t - from);
    belief.report[reportLateral] = lateral(t);
    belief.report[reportSpeed] = 20;
    belief.report[reportSigma] = sigma;
    belief.report[reportNoise] = 0.3;
    belief.note(0, t === from ? before : edge, edge, 0);
  }
}

function beliefOn(graph: RoadGraph): LaneBelief {
  return new LaneBelief(graph, new Joins(graph), 2);
}

describe('the lane of an ordinary receiver', () => {
  it('[R1] is any at first, likelier where the place says so', () => {
    const belief = beliefOn(motorway());
    drive(belief, 0, -1, 0, 1, 2.5, () => 3.5);
    expect(belief.share(0, 2)).toBeGreaterThan(belief.share(0, 1));
    expect(belief.share(0, 1)).toBeGreaterThan(belief.share(0, 0));
    expect(belief.share(0, 2)).toBeLessThan(0.8);
  });

  it('[R3] is known after a ramp, where the error showed', () => {
    const belief = beliefOn(rampOntoRoad());
    // 3 m off to the left: by its place alone it would be in the middle lane.
    drive(belief, 0, -1, 0, 14, 2.5, () => 3);
    expect(belief.error[0]).toBeGreaterThan(2);
    drive(belief, 1, 0, 14, 20, 2.5, () => -0.5);
    expect(belief.share(0, 0)).toBeGreaterThan(0.8);
    expect(belief.error[0]).toBeGreaterThan(1.5);
  });

  it('[R3] is open again where the one lane widens into two', () => {
    const builder = new GraphBuilder(origin);
    const [a, b, c] = [0, 300, 2000].map((x) => builder.addNode(x, 0, JunctionKind.plain));
    const common = { limit: 25, roadClass: RoadClass.primary };
    const narrow = builder.addEdge({ from: a, to: b, shape: [0, 0, 290, 0], lanes: 1, width: 3.5, ...common });
    const wide = builder.addEdge({ from: b, to: c, shape: [300, 0, 2000, 0], lanes: 2, width: 7, ...common });
    const shape = [290, 0, 300, 0];
    builder.addMovement(narrow, wide, {
      from: b,
      to: b,
      shape,
      turn: TurnKind.straight,
      lanes: 1,
      width: 3.5,
      ...common,
    });
    const belief = beliefOn(builder.finish());
    drive(belief, narrow, -1, 0, 14, 2.5, () => 0);
    drive(belief, wide, narrow, 14, 15, 2.5, () => 0);
    expect(belief.share(0, 0)).toBeGreaterThan(0.3);
    expect(belief.share(0, 1)).toBeGreaterThan(0.3);
    drive(belief, wide, wide, 15, 25, 2.5, () => 1.75);
    expect(belief.share(0, 1)).toBeGreaterThan(0.7);
  });

  it('[R2] changes when the place moves by a lane in three seconds, and not when it creeps', () => {
    const belief = beliefOn(motorway());
    drive(belief, 0, -1, 0, 60, 1, () => -3.5);
    expect(belief.share(0, 0)).toBeGreaterThan(0.95);
    drive(belief, 0, 0, 60, 70, 1, (t) => -3.5 + Math.min(3.5, (t - 60) * 1.17));
    expect(belief.share(0, 1)).toBeGreaterThan(0.8);
    const slow = beliefOn(motorway());
    drive(slow, 0, -1, 0, 60, 2.5, () => -4.5);
    drive(slow, 0, 0, 60, 120, 2.5, (t) => -4.5 + (t - 60) / 40);
    expect(slow.share(0, 0)).toBeGreaterThan(0.6);
  });

  it('[R5] may be that of oncoming traffic where the road is overtaken on', () => {
    const builder = new GraphBuilder(origin);
    const [a, b] = [0, 2000].map((x) => builder.addNode(x, 0, JunctionKind.deadEnd));
    const flags = EdgeFlag.oppositeOvertaking;
    const common = { limit: 25, roadClass: RoadClass.secondary, lanes: 1, width: 3.5, flags };
    builder.addEdge({ from: a, to: b, shape: [0, 0, 2000, 0], ...common });
    const belief = beliefOn(builder.finish());
    drive(belief, 0, -1, 0, 20, 1, () => 0);
    expect(belief.lanes(0)).toBe(2);
    expect(belief.share(0, 1)).toBeLessThan(0.1);
    drive(belief, 0, 0, 20, 26, 1, (t) => Math.min(3.5, (t - 20) * 1.75));
    expect(belief.share(0, 1)).toBeGreaterThan(0.8);
    drive(belief, 0, 0, 26, 36, 1, (t) => 3.5 - Math.min(3.5, (t - 26) * 1.75));
    expect(belief.share(0, 1)).toBeLessThan(0.2);
  });

  it('[R2] is a probability whatever is reported', () => {
    const lateral = fc.double({ min: -40, max: 40, noNaN: true });
    const sigma = fc.double({ min: 0.4, max: 200, noNaN: true });
    fc.assert(
      fc.property(fc.array(lateral, { minLength: 1, maxLength: 40 }), sigma, (places, stated) => {
        const belief = beliefOn(rampOntoRoad());
        drive(belief, 0, -1, 0, 3, stated, (t) => places[t % places.length] as number);
        drive(belief, 1, 0, 3, 3 + places.length, stated, (t) => places[t - 3] as number);
        const shares = [0, 1, 2].map((lane) => belief.share(0, lane));
        for (const share of shares) expect(share).toBeGreaterThan(0);
        expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 3);
        expect(Number.isFinite(belief.error[0])).toBe(true);
        expect(belief.error[1]).toBeGreaterThan(0);
      }),
    );
  });
});

interface Car {
  readonly x: (t: number) => number;
  readonly y: number;
  readonly speed: number;
}

/** Stages told to the first at 1 Hz, `phase` s after the others; every receiver states `sigma` (NaN: nothing). */
function toldBehind(cars: readonly Car[], sigma: number, phase = 0): { stage: number; t: number }[] {
  const engine = createEngine(motorway(), { capacity: 16 });
  const told: { stage: number; t: number }[] = [];
  for (let tick = 0; tick < 300; tick += 1) {
    cars.forEach((car, slot) => {
      const t = tick / 10 - (slot === 0 ? phase : 0);
      if (Math.abs(t - Math.round(t)) > 0.01 || t < 0) return;
      const [lat, lon] = [plane.lat(car.y), plane.lon(car.x(tick / 10))];
      const at = startMs + 100 * tick;
      engine.update(slot, 1, at, lat, lon, car.speed, 90, 0, Number.NaN, sigma, 4.5, 1.8, 5, 0);
    });
    engine.tick(startMs + 100 * tick);
    for (const event of engine.drainAlerts())
      if (event.slot === 0 && event.stage > 1) told.push({ stage: event.stage, t: tick / 10 });
  }
  return told;
}

describe('rear-end danger where lanes are believed only', () => {
  const driver: Car = { x: (t) => 100 + 20 * t, y: 0, speed: 20 };
  const stands = (y: number, x = 500): Car => ({ x: () => x, y, speed: 0 });
  const contact = (500 - 4.5 - 100) / 20;

  it('[R6] a queue across the carriageway is told of though nobody knows his lane', () => {
    const queue = [stands(-3.5), stands(0), stands(3.5), stands(-3.5, 507), stands(0, 507), stands(3.5, 507)];
    const told = toldBehind([driver, ...queue, stands(0, 514), stands(3.5, 514)], 2.5);
    expect(contact - (told.find(({ stage }) => stage >= 2)?.t ?? Infinity)).toBeGreaterThan(2);
  });

  it('[R7] one who may stand in any of three lanes is not', () => {
    expect(toldBehind([driver, stands(0)], 2.5)).toEqual([]);
  });
});

describe('reports a second apart', () => {
  it.each([0, 0.1, 0.3, 0.5, 0.7, 0.9])(
    '[T6] the alarm comes more than two seconds before contact whenever the driver reports, %f s',
    (phase) => {
      const driver: Car = { x: (t) => 100 + 20 * t, y: 0, speed: 20 };
      const told = toldBehind([driver, { x: () => 500, y: 0, speed: 0 }], Number.NaN, phase);
      const contact = (500 - 4.5 - 100) / 20;
      const alarm = told.find(({ stage }) => stage === 3);
      expect(contact - (alarm?.t ?? Infinity)).toBeGreaterThan(2.2);
    },
  );
});
