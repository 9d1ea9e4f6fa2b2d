import { describe, expect, it } from 'vitest';
import { createEngine } from '../../collision/index.ts';
import { GraphBuilder, JunctionKind, Plane, RoadClass } from '../../roads/graph/index.ts';

const origin = { mapHash: 'c'.repeat(64), originLat: 35.7, originLon: 51.4 };
const length = 3000;
const laneCentre = 1.75;

/** A straight two-way road of one lane a direction, driven on the right, west to east. */
function twoWayRoad() {
  const builder = new GraphBuilder(origin);
  const west = builder.addNode(0, 0, JunctionKind.deadEnd);
  const east = builder.addNode(length, 0, JunctionKind.deadEnd);
  const common = { limit: 13.9, roadClass: RoadClass.secondary, lanes: 1, width: 3.5 };
  const there = builder.addEdge({ ...common, from: west, to: east, shape: [0, -laneCentre, length, -laneCentre] });
  const back = builder.addEdge({ ...common, from: east, to: west, shape: [length, laneCentre, 0, laneCentre] });
  builder.setReverse(there, back);
  return builder.finish();
}

function gaussian(seed: number): () => number {
  let state = seed;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (((t ^ (t >>> 14)) >>> 0) + 0.5) / 4294967296;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** Alerts of stages 2 and 3 per 1,000 vehicle-hours among vehicles that pass each other in their own lanes, with a receiver of 2.5 m (slow bias) and 0.5 m (white). */
function falseAlarms(hz: number, minutes: number, seed: number) {
  const vehicles = 60;
  const engine = createEngine(twoWayRoad(), { capacity: vehicles });
  const plane = new Plane(origin.originLat, origin.originLon);
  const normal = gaussian(seed);
  const bias = Array.from({ length: vehicles }, () => [2.5 * normal(), 2.5 * normal()] as [number, number]);
  const step = 1 / hz;
  const keep = Math.exp(-step / 60);
  const alerts: { stage: number; class: string; why: string }[] = [];
  const start = 1_795_000_000_000;
  for (let k = 0; k < minutes * 60 * hz; k++) {
    const t = k * step;
    for (let slot = 0; slot < vehicles; slot++) {
      const eastward = slot % 2 === 0;
      const speed = 12 + (slot % 5) * 0.2;
      const s = (slot * 97 + speed * t) % length;
      const own = bias[slot] as [number, number];
      for (const axis of [0, 1] as const) own[axis] = keep * own[axis] + Math.sqrt(1 - keep * keep) * 2.5 * normal();
      const x = (eastward ? s : length - s) + own[0] + 0.5 * normal();
      const y = (eastward ? -laneCentre : laneCentre) + own[1] + 0.5 * normal();
      const heading = ((eastward ? 90 : 270) + 2 * normal() + 360) % 360;
      // At the end of the road a vehicle begins anew as another one.
      const generation = 1 + Math.floor((slot * 97 + speed * t) / length);
      engine.update(
        slot,
        generation,
        start + t * 1000,
        plane.lat(y),
        plane.lon(x),
        Math.max(0, speed + 0.2 * normal()),
        heading,
        Number.NaN,
        Number.NaN,
        2.5,
        4.5,
        1.8,
        5,
        0,
      );
    }
    for (let tick = 0; tick < 10 / hz; tick++) engine.tick(start + t * 1000 + tick * 100);
    alerts.push(...engine.drainAlerts().filter(({ stage, prevStage }) => stage >= 2 && stage > prevStage));
  }
  return { alerts, vehicleHours: (vehicles * minutes) / 60 };
}

describe('[N] vehicles that pass each other in their own lanes, with ordinary receivers', () => {
  it.each([
    [1, 11],
    [5, 12],
  ])('are not warned of each other at %i Hz (seed %i)', (hz, seed) => {
    const { alerts, vehicleHours } = falseAlarms(hz, 4, seed);
    expect(alerts.slice(0, 5), `${alerts.length} alerts in ${vehicleHours} vehicle-hours`).toEqual([]);
  });
});
