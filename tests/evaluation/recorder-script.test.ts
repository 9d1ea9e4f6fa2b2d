import { describe, expect, it } from 'vitest';
import type { SumoVehicle } from '../../evaluation/closed-loop/sumo-traffic.ts';
import { afterContact, headCrash } from '../../evaluation/recorder/crash-motion.ts';
import type { LaneEdge, LaneNetwork } from '../../evaluation/recorder/lane-network.ts';
import { ScriptedDrivers } from '../../evaluation/recorder/scripted-drivers.ts';
import { contactsOf } from '../../evaluation/recorder/truth-rows.ts';
import { exitRamps, wrongWayPath } from '../../evaluation/recorder/wrong-way-path.ts';
import { madeUpNetwork, madeUpTraffic } from './recorder-scene.ts';

function car(id: string, x: number, y: number, speed: number): SumoVehicle {
  const last = { lastX: x, lastY: y, lastSpeed: speed, lastHeadingDeg: 0 };
  return { id, x, y, speed, headingDeg: 0, accel: 0, signals: 0, length: 4.6, width: 1.8, step: 0, ...last };
}

/** A motorway of 3000 m to the north, its last 300 m with a fourth lane to a ramp. */
function motorway(): LaneNetwork {
  const edge = (id: string, speed: number, lanes: number, next: string[]): [string, LaneEdge] => [
    id,
    {
      id,
      from: '',
      to: '',
      length: 0,
      speed,
      lanes,
      internal: false,
      next: next.map((e) => ({ edge: e, via: '', straight: true })),
    },
  ];
  const edges = new Map([
    edge('main', 33, 3, ['exit']),
    edge('exit', 33, 4, ['on', 'ramp']),
    edge('on', 33, 3, []),
    edge('ramp', 19, 1, []),
  ]);
  const lanes: Record<string, readonly (readonly [number, number])[]> = {
    main_2: [
      [0, 0],
      [0, 1000],
      [0, 2700],
    ],
    main_1: [
      [3.2, 0],
      [3.2, 1000],
      [3.2, 2700],
    ],
    exit_3: [
      [0, 2700],
      [0, 2800],
      [0, 2900],
      [0, 3000],
    ],
    exit_2: [
      [3.2, 2700],
      [3.2, 2800],
      [3.2, 2900],
      [3.2, 3000],
    ],
    ramp_0: [
      [9.6, 3000],
      [9.6, 3200],
    ],
  };
  return { edges, limit: () => 33, edgeOf: () => undefined, shape: (lane) => lanes[lane] ?? [] };
}

describe('Scripted drivers of a recorded run', () => {
  it('a wreck keeps 15 % of its speed and brakes with 6 m/s² to rest', () => {
    const contact = { x: 0, y: 0, speed: 30, accel: 0, headingDeg: 90 };
    expect(afterContact(contact, headCrash, 1).speed).toBeCloseTo(4.5);
    expect(afterContact(contact, headCrash, 4).speed).toBeCloseTo(2.7);
    const rest = afterContact(contact, headCrash, 200);
    expect(rest).toMatchObject({ speed: 0, accel: 0 });
    // Mean of 30 and 4.5 m/s for 0.1 s, then 4.5² / (2 · 6) m.
    expect(rest.x).toBeCloseTo(1.725 + 1.6875);
  });

  it('the way down an exit ramp joins the fast road without a sharp turn and goes on against the traffic', () => {
    const network = motorway();
    expect(exitRamps(network)).toEqual(['ramp']);
    const path = wrongWayPath(network, 'ramp', 0);
    expect(path.at(0)).toMatchObject({ x: 9.6, y: 3200, headingDeg: 180, lane: 'ramp_0' });
    expect(path.at(1500)).toMatchObject({ x: 0, headingDeg: 180, lane: 'main_2' });
    for (let s = 0; s < path.length; s += 10) expect(Math.abs(path.at(s).headingDeg - 180)).toBeLessThan(8);
    expect(wrongWayPath(network, 'ramp', 1).at(1500)).toMatchObject({ x: 3.2, lane: 'main_1' });
  });

  it('a wrong-way driver meets one who comes towards him; both are wrecks for 70 s', () => {
    const drivers = new ScriptedDrivers(motorway(), 1, 5000);
    const oncoming = [car('0', 0, 500, 0), car('1', 3.2, 500, 0)];
    let removed: readonly string[] = [];
    let step = 2200;
    for (; step < 5000 && removed.length === 0; step += 1)
      removed = drivers.observe(step, new Map(oncoming.map((vehicle) => [vehicle.id, vehicle])));
    const [contact] = drivers.records;
    expect(contact).toMatchObject({ type: 'lane_wrong_way', collider: 'x0', victim: removed[0] });
    for (; step < 5000; step += 1) drivers.observe(step, new Map());
    const at = Math.round(contact.time * 10);
    expect(drivers.samples.get(2300)?.map((row) => row.id)).toEqual(['x0']);
    expect(drivers.samples.get(at + 700)?.map((row) => row.id)).toEqual(['x0', removed[0]]);
    expect(drivers.samples.get(at + 701)?.some((row) => row.id === removed[0]) ?? false).toBe(false);
  });

  it('one of two cars beside each other drifts into the other within some two seconds', () => {
    const drivers = new ScriptedDrivers(motorway(), 1, 2000);
    const pairAt = (step: number) =>
      new Map([car('5', 0, 3 * step, 30), car('6', 3.2, 3 * step + 1, 30)].map((vehicle) => [vehicle.id, vehicle]));
    let gone: readonly string[] = [];
    for (let step = 3000; step < 3060 && drivers.records.length === 0; step += 1) {
      const removed = drivers.observe(step, new Map([...pairAt(step)].filter(([id]) => !gone.includes(id))));
      gone = [...gone, ...removed];
    }
    const [contact] = drivers.records.filter((one) => one.type === 'lane_side');
    expect(contact.time).toBeGreaterThan(301.5);
    expect(contact.time).toBeLessThan(302.5);
    expect([...gone].sort()).toEqual(['5', '6']);
  });

  it('the truth names scripted contacts by what the script did', () => {
    const traffic = madeUpTraffic(300, [
      { id: 'x0', at: (step) => (step < 50 ? undefined : { y: 1500 - 2 * (step - 50), speed: 20, heading: 180 }) },
      { id: 'b', at: (step) => ({ y: 4 * step, speed: 40 }) },
    ]);
    const scene = { traffic, network: madeUpNetwork(), stops: [], wrongWay: [0], queueReach: 120 };
    const { rows } = contactsOf(scene, [{ time: 26.7, type: 'lane_wrong_way', collider: 'x0', victim: 'b' }]);
    expect(rows[0]).toMatchObject({
      class: 'wrong_way',
      cause: 'scripted_wrong_way',
      hazardKind: 'wrong_way',
      onset: 5,
    });
    // The struck driver is the one who was threatened.
    expect(rows[0].threatened).toBeCloseTo(4 * (rows[0].step - 50));
  });
});
