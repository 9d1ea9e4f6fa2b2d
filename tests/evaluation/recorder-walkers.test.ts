import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { recordRun } from '../../evaluation/index.ts';
import { keepCrossings } from '../../evaluation/recorder/crossing-rows.ts';
import { FcdStream } from '../../evaluation/recorder/fcd-stream.ts';
import type { LaneEdge, LaneNetwork } from '../../evaluation/recorder/lane-network.ts';
import { rowAt, TrafficBuilder } from '../../evaluation/recorder/traffic.ts';
import { contactsOf } from '../../evaluation/recorder/truth-rows.ts';
import {
  pavementsOf,
  walkersDemand,
  withHeedlessDrivers,
  withPavements,
} from '../../evaluation/recorder/walkers-demand.ts';
import { describeWithSharedData, sharedData } from '../fixtures/shared-data.ts';
import { findTool } from '../fixtures/tools.ts';
import { flatProjection, madeUpNetwork, madeUpTraffic } from './recorder-scene.ts';

/** Two streets that meet at `middle`, with so many lanes. */
function streets(lanes: number): LaneNetwork {
  const edge = (id: string, from: string, to: string): [string, LaneEdge] => [
    id,
    { id, from, to, length: 100, speed: 13.9, lanes, internal: false, next: [] },
  ];
  const edges = new Map([edge('first', 'west', 'middle'), edge('second', 'middle', 'east')]);
  return { edges, limit: () => 13.9, shape: () => [], edgeOf: () => undefined };
}

describe('People on foot in recorded runs', () => {
  const pavements = pavementsOf(streets(1), streets(2));

  it('lanes are counted from the pavement, on the streets that got one', () => {
    expect([...pavements]).toEqual(['first', 'second']);
    expect(pavementsOf(streets(2), streets(2)).size).toBe(0);
    expect(withPavements('<stop lane="first_0"/><busStop lane="far_1_2"/>', pavements)).toBe(
      '<stop lane="first_1"/><busStop lane="far_1_2"/>',
    );
  });

  it('every sixth of the ordinary drivers does not heed them', () => {
    const trips = Array.from({ length: 12 }, () => '<trip type="mix"/>').join('');
    expect(withHeedlessDrivers(trips).split('heedless').length - 1).toBe(2);
  });

  it('they set out over the run and walk about the junctions, the same with the same seed; where all behave nobody is careless', () => {
    const demand = (seed: number, behave: boolean): string =>
      walkersDemand(streets(2), pavements, 50, 100, seed, behave);
    expect(demand(1, false)).toBe(demand(1, false));
    expect(demand(1, false)).not.toBe(demand(2, false));
    expect(demand(1, false).match(/<person [^>]*type="careless"/g)?.length).toBeGreaterThan(3);
    expect(demand(1, true)).not.toMatch(/<person [^>]*type="careless"/);
    const walks = [...demand(1, true).matchAll(/departPos="([\d.]+)"><walk from="(\w+)"/g)];
    expect(walks).toHaveLength(50);
    for (const [, place, street] of walks)
      if (street === 'first' && Number(place) < 60) expect(Number(place)).toBeLessThanOrEqual(40);
  });

  it('SUMO writes them without a type and with an edge', () => {
    const builder = new TrafficBuilder(flatProjection, new Map([['walker', { length: 0.5, width: 0.5 }]]));
    const stream = new FcdStream(builder);
    stream.push('<timestep time="0.00">\n');
    stream.push('<person id="a" x="0.001" y="0.002" angle="90" speed="1.4" pos="3" edge=":j_c0" slope="0"/>\n');
    stream.push('</timestep>\n');
    const traffic = builder.finish();
    expect([traffic.types[0], traffic.lanes[traffic.lane[0]], traffic.lengths[0]]).toEqual(['walker', ':j_c0_0', 0.5]);
  });

  /** A car that drives north from y0 at `speed`, and one who walks east over the road at y = 100, in the car's way at 10 s. */
  const crossing = (speed: number) =>
    madeUpTraffic(200, [
      { id: 'car', at: (step) => ({ y: 100 + (speed * (step - 100)) / 10, speed }) },
      { id: 'far', at: () => ({ x: 500, y: 500 }) },
      {
        id: 'a',
        at: (step) => ({
          x: 0.14 * (step - 100),
          y: 102,
          speed: 1.4,
          heading: 90,
          lane: Math.abs(step - 100) < 30 ? ':j_c0_0' : ':j_w0_0',
        }),
      },
    ]);
  const sceneOf = (speed: number) => ({
    traffic: crossing(speed),
    network: madeUpNetwork(),
    stops: [],
    wrongWay: [],
    queueReach: 120,
  });
  const struck = { time: 10, type: 'crossing', collider: 'car', victim: 'a' };

  it('who is struck on a crossing is a crossing collision, once; who walks into a vehicle that stands was not struck', () => {
    const { rows } = contactsOf(sceneOf(10), [struck, { ...struck, time: 10.5, collider: 'far' }]);
    expect(rows.map((row) => [row.class, row.secondary])).toEqual([['crossing', false]]);
    expect(contactsOf(sceneOf(0.1), [struck]).rows).toEqual([]);
  });

  it('whoever crosses is kept at 10 Hz from 8 s before to 2 s after, with those about him', () => {
    const traffic = crossing(10);
    const kept = new Uint8Array(traffic.count);
    keepCrossings(traffic, kept);
    const keptSteps = (vehicle: number): readonly number[] =>
      Array.from({ length: 200 }, (_, step) => step).filter((step) => kept[rowAt(traffic, vehicle, step)] === 1);
    const [car, far, walker] = [keptSteps(0), keptSteps(1), keptSteps(2)];
    expect([walker[0], walker.at(-1)]).toEqual([0, 149]);
    expect(car[0]).toBeGreaterThan(0);
    expect(car.at(-1)).toBe(149);
    expect(far).toEqual([]);
  });
});

const sumo = findTool('sumo');
const netconvert = findTool('netconvert');

describeWithSharedData('Recording people on foot (W1)', ['worlds/W1/net.net.xml.gz', 'worlds/W1/P1/run.json'], () => {
  it.skipIf(sumo === undefined || netconvert === undefined)(
    'gives the world pavements and crossings, and writes those who walk there as vehicles half a metre long [needs sumo]',
    async () => {
      const out = mkdtempSync(join(tmpdir(), 'recorder-'));
      try {
        const summary = await recordRun({
          sumo: sumo ?? '',
          netconvert: netconvert ?? '',
          world: sharedData('worlds/W1'),
          run: 'P1',
          seed: 7,
          out,
          end: 30,
          scripted: false,
          walkers: 40,
          progress: () => {},
        });
        expect(summary.name).toBe('W1F/P7');
        const read = (name: string): string => gunzipSync(readFileSync(join(out, 'W1F', name))).toString('utf8');
        expect(read('net.net.xml.gz')).toContain('function="crossing"');
        expect(read('P7/vehicles.csv.gz')).toMatch(/^walker\d+,walker,0\.50,0\.50$/m);
        expect(read('P7/tracks_10hz.csv.gz')).toMatch(/,walker\d+,/);
      } finally {
        rmSync(out, { recursive: true, force: true });
      }
    },
    120_000,
  );
});
