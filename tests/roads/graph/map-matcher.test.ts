import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EdgeFlag, GraphBuilder, MapMatcher, SpatialIndex } from '../../../roads/graph/index.ts';
import { describeWithSharedData, sharedData } from '../../fixtures/shared-data.ts';
import { matcherFor, readRows, slotter, sumoTown, type Tally, tally } from './matched-traffic.ts';
import { seeded } from './random-graph.ts';

const RAD = Math.PI / 180;

describe('map matcher', () => {
  /** Two parallel one-way roads 14 m apart (north one westwards), a service road, and a bridge across all of them. */
  function parallelRoads() {
    const builder = new GraphBuilder({ mapHash: 'h', originLat: 35, originLon: 51 });
    const node = (x: number, y: number) => builder.addNode(x, y, 0);
    const road = (ax: number, ay: number, bx: number, by: number, level = 0) =>
      builder.addEdge({
        from: node(ax, ay),
        to: node(bx, by),
        shape: [ax, ay, bx, by],
        limit: 25,
        roadClass: 1,
        lanes: 2,
        width: 7,
        level,
        flags: EdgeFlag.oneWay,
      });
    const eastwards = road(-1000, 0, 1000, 0);
    const westwards = road(1000, 14, -1000, 14);
    const service = road(-1000, -25, 1000, -25);
    const bridge = road(0, -500, 0, 500, 1);
    const graph = builder.finish();
    const matcher = new MapMatcher(graph, new SpatialIndex(graph), { capacity: 4 });
    return { graph, matcher, eastwards, westwards, service, bridge };
  }

  it('stays on the road while it passes under a bridge, whatever the rate', () => {
    const { matcher, eastwards } = parallelRoads();
    for (const [slot, step] of [0.1, 1, 5].entries())
      for (let t = 0; t < 60; t += step)
        expect(matcher.match(slot, t * 1000, -600 + 20 * t, 1, 20, 90 * RAD, 3)).toBe(eastwards);
  });

  it('[M2] keeps one who stands on the road he came by, however far his receiver walks within its doubt', () => {
    const { matcher, eastwards } = parallelRoads();
    for (let t = 0; t < 10; t++) expect(matcher.match(0, t * 1000, -600 + 20 * t, 3, 20, 90 * RAD, 4)).toBe(eastwards);
    for (let t = 10; t < 130; t++)
      expect(matcher.match(0, t * 1000, -400, 3 + 8 * Math.sin(t / 40), 0, Number.NaN, 4)).toBe(eastwards);
  });

  it('keeps a driver who goes against the one-way road on it, and says so', () => {
    const { matcher, eastwards } = parallelRoads();
    for (let t = 0; t < 30; t++) {
      const edge = matcher.match(0, t * 1000, 400 - 20 * t, -1, 20, 270 * RAD, 2);
      if (t < 3) continue;
      expect(edge).toBe(eastwards);
      expect(matcher.headingAgainst[0]).toBe(1);
      expect(matcher.lateral[0]).toBeCloseTo(-1, 3);
    }
  });

  it('does not take a driver on the near lane of his own carriageway for a wrong-way driver on the other', () => {
    const { matcher, westwards } = parallelRoads();
    const random = seeded(3);
    for (let t = 0; t < 60; t++) {
      const noise = 8 * (random() - 0.5);
      const edge = matcher.match(0, t * 1000, 600 - 20 * t, 10 + noise, 20, 270 * RAD, 4);
      expect(edge).toBe(westwards);
      expect(matcher.headingAgainst[0]).toBe(0);
    }
  });

  it('tells a parallel service road from the main road once the evidence is there', () => {
    const { matcher, service } = parallelRoads();
    let edge = -1;
    for (let t = 0; t < 12; t++) edge = matcher.match(0, t * 1000, 10 * t, -18, 10, 90 * RAD, 5);
    expect(edge).toBe(service);
    expect(matcher.confidence[0]).toBeGreaterThan(0.5);
  });

  it('looks round seldom while one edge alone explains every fix, and at once when it no longer does', () => {
    const { graph, service, eastwards } = parallelRoads();
    const index = new SpatialIndex(graph);
    let looks = 0;
    const near = index.nearEdges.bind(index);
    index.nearEdges = (x, y, radius, out) => {
      looks += 1;
      return near(x, y, radius, out);
    };
    const matcher = new MapMatcher(graph, index, { capacity: 1 });
    for (let t = 0; t < 60; t++) expect(matcher.match(0, t * 1000, -900 + 12 * t, -25, 12, 90 * RAD, 2)).toBe(service);
    expect(looks).toBeLessThan(12);
    looks = 0;
    // Across to the other road: 25 m aside within 4 s.
    let edge = -1;
    for (let t = 0; t <= 4; t++)
      edge = matcher.match(0, (60 + t) * 1000, -180 + 10 * t, -25 + 6.25 * t, 12, 58 * RAD, 2);
    expect(looks).toBeGreaterThan(0);
    for (let t = 5; t < 10; t++) edge = matcher.match(0, (60 + t) * 1000, -140 + 12 * (t - 4), 0, 12, 90 * RAD, 2);
    expect(edge).toBe(eastwards);
  });

  it('leaves a vehicle away from every road unmatched, and takes it up again when it comes back', () => {
    const { matcher, eastwards } = parallelRoads();
    expect(matcher.match(0, 0, 300, 0, 10, 90 * RAD, 2)).toBe(eastwards);
    expect(matcher.match(0, 5000, 340, 80, 10, 90 * RAD, 2)).toBe(-1);
    expect(matcher.confidence[0]).toBe(0);
    expect(matcher.match(0, 10_000, 400, 0, 10, 90 * RAD, 2)).toBe(eastwards);
    expect(matcher.offset[0]).toBeCloseTo(1400, 0);
  });

  it('ignores fixes older than the last one, and starts anew after forget', () => {
    const { matcher, eastwards, westwards } = parallelRoads();
    matcher.match(1, 10_000, 0, 0, 10, 90 * RAD, 2);
    expect(matcher.match(1, 9000, 0, 14, 10, 270 * RAD, 2)).toBe(eastwards);
    matcher.forget(1);
    expect(matcher.edge[1]).toBe(-1);
    expect(matcher.match(1, 9000, 0, 14, 10, 270 * RAD, 2)).toBe(westwards);
  });

  it('refuses a capacity that is none', () => {
    const { graph } = parallelRoads();
    expect(() => new MapMatcher(graph, new SpatialIndex(graph), { capacity: 0 })).toThrow(/capacity 0/);
  });
});

describeWithSharedData('map matcher on the streets of Porto', ['traffic/porto/mapmatch_noisy_gps.csv.gz'], () => {
  /** Least share (near) per sampling period and noise; measured 99.1, 96.9, 91.9, 99.3, 97.7, 93.5, 98.7, 95.5, 92.1 %. */
  const least: Record<string, number> = {
    '15s 3m': 0.98,
    '15s 6m': 0.955,
    '15s 12m': 0.9,
    '1s 3m': 0.985,
    '1s 6m': 0.965,
    '1s 12m': 0.915,
    '5s 3m': 0.975,
    '5s 6m': 0.94,
    '5s 12m': 0.9,
  };

  it('finds the true edge or the movement next to it at every rate and noise', { timeout: 60_000 }, () => {
    const town = sumoTown('traffic/porto/scenario/porto.net.xml.gz');
    const matcher = matcherFor(town, 300);
    const tallies = new Map<string, Tally>();
    for (const [track, , period, sigma, t, lon, lat, speed, heading, , , edge] of readRows(
      'traffic/porto/mapmatch_noisy_gps.csv.gz',
    )) {
      const key = `${period}s ${sigma}m`;
      const into = tallies.get(key) ?? { fixes: 0, exact: 0, near: 0 };
      tallies.set(key, into);
      const got = matcher.match(
        Number(track),
        Number(t) * 1000,
        town.x(lon),
        town.y(lat),
        Number(speed),
        Number(heading) * RAD,
        Number(sigma),
      );
      tally(town.graph, got, town.edgeOf.get(edge) ?? -2, into);
    }
    expect([...tallies.keys()].sort()).toEqual(Object.keys(least).sort());
    for (const [key, { fixes, near, exact }] of tallies) {
      expect(near / fixes, key).toBeGreaterThan(least[key]);
      expect(exact / fixes, key).toBeGreaterThan(0.7);
    }
  });
});

describeWithSharedData(
  'map matcher on a motorway',
  ['worlds/W3/P1/tracks_1hz.csv.gz', 'worlds/W3/net.net.xml.gz'],
  () => {
    it('flags the wrong-way drivers all the time and hardly anybody else, under 4 m of slowly drifting noise', {
      timeout: 60_000,
    }, () => {
      const town = sumoTown('worlds/W3/net.net.xml.gz');
      const rows = readRows('worlds/W3/P1/tracks_1hz.csv.gz');
      const wrongWay = new Map(
        readFileSync(sharedData('worlds/W3/P1/hazards.csv'), 'utf8')
          .split('\n')
          .map((row) => row.split(','))
          .filter(([kind]) => kind === 'wrong_way')
          .map(([, vehicle, from, to]) => [vehicle, [Number(from), Number(to)]]),
      );
      expect(wrongWay.size).toBe(3);
      const slotOf = slotter();
      const matcher = matcherFor(town, 2000);
      const random = seeded(42);
      const gauss = () => Math.sqrt(-2 * Math.log(random() + 1e-12)) * Math.cos(2 * Math.PI * random());
      const drift = new Map<number, { x: number; y: number; t: number }>();
      const all: Tally = { fixes: 0, exact: 0, near: 0 };
      let flagged = 0;
      let missed = 0;
      let falseFlags = 0;
      for (const [time, vehicle, lon, lat, speed, , heading, lane] of rows) {
        const t = Number(time);
        const slot = slotOf(vehicle);
        const last = drift.get(slot) ?? { x: 4 * gauss(), y: 4 * gauss(), t };
        const keep = Math.exp(-(t - last.t) / 25);
        const fresh = 4 * Math.sqrt(1 - keep * keep);
        const noise = { x: last.x * keep + fresh * gauss(), y: last.y * keep + fresh * gauss(), t };
        drift.set(slot, noise);
        const got = matcher.match(
          slot,
          t * 1000,
          town.x(lon) + noise.x,
          town.y(lat) + noise.y,
          Number(speed),
          Number(heading) * RAD,
          4,
        );
        tally(town.graph, got, town.edgeOf.get(lane.slice(0, lane.lastIndexOf('_'))) ?? -2, all);
        const span = wrongWay.get(vehicle);
        const against = matcher.headingAgainst[slot] === 1;
        if (span === undefined) falseFlags += Number(against);
        else if (t > span[0] + 2 && t < span[1]) {
          flagged += Number(against);
          missed += Number(!against);
        }
      }
      expect(flagged).toBeGreaterThan(150);
      expect(missed / (flagged + missed)).toBeLessThan(0.03);
      expect(falseFlags / all.fixes).toBeLessThan(5e-4);
      expect(all.near / all.fixes).toBeGreaterThan(0.99);
    });
  },
);
