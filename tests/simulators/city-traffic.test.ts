import { beforeAll, describe, expect, it } from 'vitest';
import { EdgeFlag, type RoadGraph } from '../../roads/graph/index.ts';
import { importMapFile } from '../../roads/import/index.ts';
import { createRandom } from '../../simulators/random.ts';
import { type Outline, separation } from '../../simulators/scenarios/rectangles.ts';
import { CityTraffic } from '../../simulators/traffic/city-traffic.ts';
import { poseOf } from '../../simulators/traffic/pose.ts';
import type { Vehicle } from '../../simulators/traffic/vehicle.ts';
import { describeWithSharedData, sharedData } from '../fixtures/shared-data.ts';
import { monaco } from './test-map.ts';

const trafficOn = (graph: RoadGraph, vehicles: number, seed: number): CityTraffic =>
  new CityTraffic({ graph, vehicles, random: createRandom(seed), idPrefix: 't-' });

function outlineOf(graph: RoadGraph, vehicle: Vehicle): Outline {
  const pose = { x: 0, y: 0, hx: 0, hy: 1 };
  poseOf(graph, vehicle, pose);
  return { ...pose, length: vehicle.length, width: vehicle.kind.width };
}

/** Pairs of vehicles whose outlines overlap on one level. */
function overlaps(graph: RoadGraph, vehicles: readonly Vehicle[]): string[] {
  const found: string[] = [];
  const outlines = vehicles.map((vehicle) => outlineOf(graph, vehicle));
  for (let a = 0; a < outlines.length; a++)
    for (let b = a + 1; b < outlines.length; b++) {
      if (Math.abs(outlines[a].x - outlines[b].x) > 20 || Math.abs(outlines[a].y - outlines[b].y) > 20) continue;
      const levels = [vehicles[a], vehicles[b]].map(({ route, leg }) => graph.edgeLevel[route[leg]]);
      if (levels[0] === levels[1] && separation(outlines[a], outlines[b]) < 0)
        found.push(`${vehicles[a].id} ${vehicles[b].id}`);
    }
  return found;
}

describe('city traffic on the demo map', () => {
  let graph: RoadGraph;
  beforeAll(async () => {
    graph = await monaco();
  });

  it('is the same for the same seed and another for another', () => {
    const course = (seed: number): string => {
      const traffic = trafficOn(graph, 40, seed);
      for (let i = 0; i < 300; i++) traffic.step();
      return traffic.vehicles.map(({ id, route, leg, s, speed }) => `${id} ${route[leg]} ${s} ${speed}`).join('\n');
    };
    const first = course(7);
    expect(course(7)).toBe(first);
    expect(course(8)).not.toBe(first);
  });

  it('drives connected ways in their own direction, keeps the limits and brakes smoothly for ten minutes', () => {
    const traffic = trafficOn(graph, 150, 1);
    const kinds = new Set(traffic.vehicles.map(({ kind }) => kind.name));
    expect([...kinds].sort()).toEqual(['ambulance', 'bus', 'car', 'motorcycle', 'police', 'truck', 'van']);
    const touching = new Set<string>();
    const before = new Map<Vehicle, number>();
    const faults = new Set<string>();
    let hard = 0;
    let moving = 0;
    let seen = 0;
    for (let i = 0; i < 6000; i++) {
      traffic.step();
      for (const vehicle of traffic.vehicles) {
        const { route, leg, speed, odometer, acceleration } = vehicle;
        const edge = route[leg];
        if (leg > 0) {
          const from = route[leg - 1];
          if (!graph.turnTo.subarray(graph.turnStart[from], graph.turnStart[from + 1]).includes(edge))
            faults.add('jump');
        }
        if ((graph.edgeFlags[edge] & EdgeFlag.noMotor) !== 0) faults.add('closed street');
        if (odometer < (before.get(vehicle) ?? 0)) faults.add('backwards');
        before.set(vehicle, odometer);
        // A limit that drops at a junction is reached some metres behind it.
        if (vehicle.s > 30 && speed > graph.edgeLimit[edge] * 1.05 + 0.5) faults.add('too fast');
        if (acceleration < -5) hard++;
        if (speed > 0.5) moving++;
        seen++;
      }
      if (i % 10 === 0) for (const pair of overlaps(graph, traffic.vehicles)) touching.add(pair);
    }
    expect([...faults]).toEqual([]);
    expect(traffic.linesOverrun).toBe(0);
    expect(traffic.gaveUp).toBe(0);
    expect(hard / seen).toBeLessThan(1e-4);
    expect(moving / seen).toBeGreaterThan(0.8);
    // Where the map draws two carriageways into each other bodies brush; out of some 150 vehicles in ten minutes few do.
    expect(touching.size).toBeLessThanOrEqual(8);
  }, 60_000);

  it.each([-1, 1.5, 20_001, Number.NaN])('refuses %s vehicles', (vehicles) => {
    expect(() => trafficOn(graph, vehicles, 1)).toThrow(/expected an integer in \[0, 20000\]/);
  });
});

describeWithSharedData('city traffic on a signal grid', ['worlds/W1/net.net.xml.gz'], () => {
  it('never has two bodies in one place in ten minutes, and nobody waits for ever', async () => {
    const { graph } = await importMapFile(sharedData('worlds/W1/net.net.xml.gz'));
    const traffic = trafficOn(graph, 150, 1);
    const touching = new Set<string>();
    for (let i = 0; i < 6000; i++) {
      traffic.step();
      if (i % 5 === 0) for (const pair of overlaps(graph, traffic.vehicles)) touching.add(pair);
    }
    expect([...touching]).toEqual([]);
    expect(traffic.linesOverrun).toBe(0);
    expect(traffic.gaveUp).toBe(0);
    expect(traffic.vehicles).toHaveLength(150);
  }, 60_000);
});
