import { describe, expect, it } from 'vitest';
import { middleOfOverlap, overlapDepth } from '../../evaluation/recorder/body.ts';
import { bodyOverlaps } from '../../evaluation/recorder/body-overlaps.ts';
import { firstOverlap } from '../../evaluation/recorder/first-overlap.ts';
import { hazardsOf } from '../../evaluation/recorder/hazard-list.ts';
import { queueOnset, stretchBeyond } from '../../evaluation/recorder/queue-onset.ts';
import { firstContacts, type SumoRecord } from '../../evaluation/recorder/sumo-records.ts';
import { tenHertzRows } from '../../evaluation/recorder/ten-hertz-rows.ts';
import { contactsOf, type Scene } from '../../evaluation/recorder/truth-rows.ts';
import { type Actor, madeUpNetwork, madeUpTraffic } from './recorder-scene.ts';

/** Drives north at this speed (m/s) from y0. */
const northward = (speed: number, y0: number) => (step: number) => ({ y: y0 + (speed * step) / 10, speed });
const standsAt = (y: number) => () => ({ y, speed: 0 });
const record = (time: number, collider: string, victim: string, type = 'lane'): SumoRecord => ({
  time,
  type,
  collider,
  victim,
});
function sceneOf(steps: number, actors: readonly Actor[], stops: Scene['stops'] = []): Scene {
  return { traffic: madeUpTraffic(steps, actors), network: madeUpNetwork(), stops, wrongWay: [], queueReach: 120 };
}
const northBody = (x: number, y: number) => ({ x, y, hx: 0, hy: 1, length: 5, width: 2 });

describe('Truth of a recorded run: bodies', () => {
  it('two bodies overlap by the least depth of the separating axes, and the middle of the common area is the place', () => {
    expect(overlapDepth(northBody(0, 0), northBody(1.5, 4))).toBeCloseTo(0.5);
    expect(overlapDepth(northBody(0, 0), northBody(0, 5.1))).toBeLessThan(0);
    const [x, y] = middleOfOverlap(northBody(0, 0), northBody(1.5, 4));
    expect(x).toBeCloseTo(0.75);
    expect(y).toBeCloseTo(-0.5);
  });

  it('the contact is the first overlap, though SUMO notes it later; an overlap more than 3 s away is another matter', () => {
    const { traffic } = sceneOf(200, [
      { id: 'a', at: northward(10, 0) },
      { id: 'b', at: standsAt(105) },
    ]);
    // The front of a is at the rear of b (y = 100) after 10.0 s, in it one step later.
    expect(firstOverlap(traffic, 0, 1, 103)).toBe(101);
    expect(firstOverlap(traffic, 0, 1, 60)).toBe(-1);
  });

  it('an impossible step ends a track: negative speed, jump or infinite place', () => {
    const at = (step: number) => (step === 50 ? { y: 500, speed: 10 } : northward(10, 0)(step));
    const { traffic } = sceneOf(100, [
      { id: 'jumps', at },
      { id: 'backs', at: (step) => ({ x: 50, speed: step < 20 ? 0 : -50 }) },
      { id: 'lost', at: (step) => ({ x: 90, y: step < 30 ? 0 : Number.POSITIVE_INFINITY }) },
      { id: 'fine', at: northward(10, 900) },
    ]);
    expect([...traffic.cutAt]).toEqual(
      expect.arrayContaining([
        [0, 50],
        [1, 20],
        [2, 30],
      ]),
    );
    expect(traffic.cutAt.size).toBe(3);
  });

  it('plan-view overlaps are listed from sample to sample, without parties of a coming contact', () => {
    const over =
      (at: (step: number) => number): Actor['at'] =>
      (step) => ({ x: at(step), y: 0, speed: 10, heading: 90, lane: 'bridge_0' });
    const { traffic } = sceneOf(200, [
      { id: 'below', at: (step) => ({ y: -50 + step / 2, speed: 5 }) },
      { id: 'above', at: over((step) => -50 + step / 2) },
    ]);
    const found = bodyOverlaps(traffic, madeUpNetwork(), new Map());
    expect(found).toHaveLength(1);
    expect(found[0].from).toBeGreaterThanOrEqual(96);
    expect(found[0].to).toBeGreaterThan(found[0].from);
    expect(bodyOverlaps(traffic, madeUpNetwork(), new Map([['above', 12.5]]))).toEqual([]);
  });
});

describe('Truth of a recorded run: contacts', () => {
  it('only first contacts count: neither had collided before, or a new one strikes a wreck', () => {
    const records = [
      record(5, 'a', 'b'),
      record(5.1, 'a', 'b'),
      record(9, 'c', 'b'),
      record(12, 'a', 'd'),
      record(14, 'e', 'd'),
    ];
    const { candidates, crashedAt } = firstContacts(records, () => false);
    expect(candidates.map(({ collider, victimCrashedAt }) => [collider, victimCrashedAt])).toEqual([
      ['a', Number.NaN],
      ['c', 5],
      ['e', 12],
    ]);
    expect(crashedAt.get('d')).toBe(12);
  });

  it('a record with a party whose track has ended says nothing, not even of the other', () => {
    const { candidates, afterCut } = firstContacts(
      [record(5, 'cut', 'b'), record(6, 'c', 'b')],
      (id, time) => id === 'cut' && time > 4,
    );
    expect(afterCut).toBe(1);
    expect(candidates.map((one) => one.victimCrashedAt)).toEqual([Number.NaN]);
  });

  it('rear-end on a queue: onset is the second from which somebody was slow there, distance what the collider drove since', () => {
    const scene = sceneOf(300, [
      { id: 'a', type: 'inatt', at: northward(10, 0) },
      { id: 'b', at: (step) => (step < 50 ? { y: 150 + step, speed: 10 } : { y: 200, speed: 0 }) },
    ]);
    const { rows } = contactsOf(scene, [record(19.6, 'a', 'b')]);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      step: 196,
      class: 'rear_end',
      cause: 'inattentive_follower',
      hazardKind: 'queue',
      onset: 5,
    });
    expect(rows[0].threatened).toBeCloseTo(146);
    expect(rows[0].colliderSpeed).toBe(10);
  });

  it('a struck injected stop is a stationary hazard since it became slower than 0.35 of the limit', () => {
    const stop = { vehicle: 'h1', kind: 'stationary', lane: 'road_0', endPos: 200 } as const;
    const braking = (step: number) => ({ y: 200 - Math.max(0, 100 - step) / 5, speed: Math.max(0, 10 - step / 10) });
    const actors = [
      { id: 'a', at: northward(10, -5) },
      { id: 'h1', type: 'ccar', at: braking },
    ];
    const { rows } = contactsOf(sceneOf(300, actors, [stop]), [record(20.1, 'a', 'h1')]);
    expect(rows[0]).toMatchObject({ class: 'stationary_hazard', hazardKind: 'injected_stop', cause: 'none' });
    // 0.35 of 20 m/s is 7 m/s: slower than that from step 31 on.
    expect(rows[0].onset).toBeCloseTo(3.1);
  });

  it('who strikes a wreck has a crashed vehicle before him since its first record', () => {
    const { rows } = contactsOf(
      sceneOf(400, [
        { id: 'a', at: (step) => ({ y: Math.min(200, 10 * step) / 2, speed: step < 40 ? 10 : 0 }) },
        { id: 'b', at: standsAt(104) },
        { id: 'c', at: northward(5, -60) },
      ]),
      [record(4, 'a', 'b'), record(31.1, 'c', 'a')],
    );
    expect(rows.map((row) => [row.class, row.hazardKind, row.onset, row.secondary])).toEqual([
      ['rear_end', 'queue', 0, false],
      ['stationary_hazard', 'crashed_vehicle', 4, true],
    ]);
  });

  it('classes follow the approaches: crossing, turning across, head-on, side', () => {
    const inJunction = (step: number, approach: number, now: number) => ({
      heading: step < 50 ? approach : now,
      lane: step < 50 || step >= 80 ? 'road_0' : ':node_0_0',
    });
    const classOf = (a: Actor['at'], b: Actor['at'], type = 'junction'): string | undefined =>
      contactsOf(
        sceneOf(100, [
          { id: 'a', at: a },
          { id: 'b', at: b },
        ]),
        [record(6, 'a', 'b', type)],
      ).rows[0]?.class;
    const straight = (step: number) => ({ ...inJunction(step, 0, 0), y: step < 55 ? -5 : 1, speed: 10 });
    expect(classOf(straight, (step) => inJunction(step, 90, 90))).toBe('crossing');
    expect(classOf(straight, (step) => inJunction(step, 180, 120))).toBe('turn_across');
    expect(classOf(straight, (step) => inJunction(step, 180, 180))).toBe('head_on');
    expect(classOf(straight, (step) => inJunction(step, 0, 20))).toBe('side');
    expect(classOf(straight, (step) => inJunction(step, 0, 5))).toBe('rear_end');
    expect(classOf((step) => ({ x: step < 55 ? 3 : 1 }), standsAt(1), 'lane')).toBe('side');
    expect(classOf(straight, (step) => inJunction(step, 0, 0), 'frontal')).toBe('head_on');
  });
});

describe('Truth of a recorded run: hazards and windows', () => {
  it('the queue is looked for straight on through junctions, as far as the reach', () => {
    const network = madeUpNetwork();
    const stretch = stretchBeyond(network, 'road_0', 950, 120);
    expect([...stretch.keys()].sort()).toEqual([':node_0', 'beyond', 'road']);
    expect(stretch.get('beyond')?.[1]).toBeCloseTo(60);
    const { traffic } = sceneOf(100, [
      { id: 'a', at: standsAt(940) },
      { id: 'near', at: () => ({ x: 10, lane: 'beyond_0', pos: 50 }) },
      { id: 'far', at: () => ({ x: 10, lane: 'beyond_0', pos: 70 }) },
    ]);
    expect(queueOnset(traffic, network, stretch, 0, 95)).toBe(0);
    expect(queueOnset(traffic, network, stretchBeyond(network, 'road_0', 950, 100), 0, 95)).toBeNaN();
  });

  it('lists stops where they were ordered, slow vehicles and wrecks until both have driven on', () => {
    const stop = { vehicle: 'd1', kind: 'double_parking', lane: 'road_0', endPos: 301 } as const;
    const scene = sceneOf(
      900,
      [
        { id: 'd1', type: 'ccar', at: (step) => (step < 600 ? { y: 300 } : { y: 300 + (step - 600) / 2, speed: 5 }) },
        { id: 's1', type: 'slow', at: northward(4, 400) },
        { id: 'a', at: (step) => (step < 500 ? { y: 100 } : { y: 100 + (step - 500) / 2, speed: 5 }) },
        { id: 'b', at: (step) => (step < 700 ? { y: 104 } : { y: 104 + step - 700, speed: 10 }) },
      ],
      [stop],
    );
    const { rows } = contactsOf(scene, [record(2, 'a', 'b')]);
    const found = hazardsOf(scene, rows).map(({ kind, from, to, hardNegative }) => [kind, from, to, hardNegative]);
    expect(found).toEqual(
      expect.arrayContaining([
        ['double_parking', 0, 599, true],
        ['slow', 0, 899, false],
        ['crashed', rows[0].step, 700, false],
      ]),
    );
    expect(found).toHaveLength(3);
  });

  it('keeps 10 Hz rows of the slice and of what is near a contact, the parties wherever they are', () => {
    const scene = sceneOf(1500, [
      { id: 'a', at: northward(10, -900) },
      { id: 'b', at: standsAt(105) },
      { id: 'near', at: () => ({ x: 200 }) },
      { id: 'far', at: () => ({ x: 900 }) },
    ]);
    const { traffic } = scene;
    const { rows } = contactsOf(scene, [record(100.1, 'a', 'b')]);
    const kept = tenHertzRows(traffic, rows, 0);
    const keptOf = (id: string, step: number): number => kept[traffic.stepStart[step] + (traffic.index.get(id) ?? -1)];
    const ids = ['a', 'b', 'near', 'far'];
    expect(ids.map((id) => keptOf(id, 450))).toEqual([1, 1, 1, 1]);
    expect(ids.map((id) => keptOf(id, 650))).toEqual([1, 1, 1, 0]);
    expect(ids.map((id) => keptOf(id, 1149))).toEqual([1, 1, 1, 0]);
    expect(ids.map((id) => keptOf(id, 1200))).toEqual([0, 0, 0, 0]);
  });
});
