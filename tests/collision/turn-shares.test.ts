import { describe, expect, it } from 'vitest';
import { Approaches } from '../../collision/approaches.ts';
import { bodiesMeet } from '../../collision/bodies-meet.ts';
import { boundElsewhere } from '../../collision/bound-elsewhere.ts';
import { DrivenMovements } from '../../collision/driven-movements.ts';
import { Joins } from '../../collision/joins.ts';
import { Path } from '../../collision/path.ts';
import { Tracks } from '../../collision/tracks.ts';
import { likelihood, TurnShares } from '../../collision/turn-shares.ts';
import { TrackFlag } from '../../collision/vehicle-flags.ts';
import { TurnKind } from '../../roads/graph/index.ts';
import { crossroads } from '../oracles/ncap-roads.ts';

const graph = crossroads();
const joins = new Joins(graph);
const approach = [...Array(graph.numEdges).keys()].find((e) => graph.turnStart[e + 1] - graph.turnStart[e] === 3) ?? -1;
const turnsOf = [...Array(3).keys()].map((k) => graph.turnStart[approach] + k);
const turnOf = (kind: number): number => turnsOf.find((k) => graph.edgeTurn[graph.turnTo[k]] === kind) ?? -1;
const straight = turnOf(TurnKind.straight);
const left = turnOf(TurnKind.left);

interface Town {
  tracks: Tracks;
  driven: DrivenMovements;
  shares: TurnShares;
  path: Path;
}

function town(): Town {
  const tracks = new Tracks(4);
  const { startX, startY, endX, endY } = joins;
  const driven = new DrivenMovements(graph, tracks, startX, startY, endX, endY);
  const shares = new TurnShares(graph, tracks, driven, endX, endY);
  return { tracks, driven, shares, path: new Path(graph, tracks, joins, shares) };
}

/** The vehicle is seen on `edge`, `toEnd` metres before its end. */
function put({ tracks: t, driven }: Town, slot: number, edge: number, toEnd: number, v: number): void {
  t.edge[slot] = edge;
  t.s[slot] = graph.edgeLength[edge] - toEnd;
  t.v[slot] = v;
  t.length[slot] = 4.5;
  t.dSigma[slot] = 0.15;
  t.hx[slot] = joins.endX[edge];
  t.hy[slot] = joins.endY[edge];
  t.timeMs[slot] += 1000;
  driven.note(slot);
}

/** Drives from the approach over turn `k` to its exit, inside with `v`. */
function drive(place: Town, slot: number, k: number, v: number): void {
  const movement = graph.turnTo[k];
  put(place, slot, approach, 100, 12);
  put(place, slot, approach, 15, 9);
  put(place, slot, movement, 5, v);
  put(place, slot, graph.turnTo[graph.turnStart[movement]], 200, 10);
  place.driven.forget(slot);
}

function shareOf(place: Town, slot: number, k: number): number {
  place.path.build(slot);
  return place.path.share[k - graph.turnStart[approach]];
}

describe('which movement a driver makes (P4, P8)', () => {
  it('[P4] who has been over a junction counts for the movement that led him to his exit', () => {
    const place = town();
    const before = place.driven.learned(approach, left);
    for (let n = 0; n < 10; n += 1) drive(place, 0, left, 6);
    expect(before).toBeCloseTo(1 / 6);
    expect(place.driven.learned(approach, left)).toBeCloseTo(11 / 16);
  });

  it('[P4] one matched to another movement for a moment counts only for the one he made', () => {
    const place = town();
    put(place, 0, approach, 10, 8);
    put(place, 0, graph.turnTo[straight], 15, 8);
    put(place, 0, graph.turnTo[left], 10, 8);
    put(place, 0, graph.turnTo[graph.turnStart[graph.turnTo[left]]], 200, 8);
    expect(place.driven.weight[left]).toBeCloseTo(2);
    expect(place.driven.weight[straight]).toBeCloseTo(4);
  });

  it('[P4] what drivers of the same lane did weighs more than what the whole approach did', () => {
    const place = town();
    expect(place.driven.ofLane(approach, left, 0, 0.2)).toBeCloseTo(0.2);
    for (let n = 0; n < 4; n += 1) drive(place, 0, left, 6);
    expect(place.driven.ofLane(approach, left, 0, 0.2)).toBeCloseTo((4 * 0.2 + 4) / 8);
    expect(place.driven.ofLane(approach, left, 1, 0.2)).toBeCloseTo(0.2);
  });

  it('[P4] the counts are bounded and follow the day', () => {
    const place = town();
    for (let n = 0; n < 5000; n += 1) drive(place, 0, straight, 12);
    for (let n = 0; n < 4000; n += 1) drive(place, 0, left, 6);
    expect(Math.max(...turnsOf.map((k) => place.driven.weight[k]))).toBeLessThan(4001);
    expect(place.driven.learned(approach, left)).toBeGreaterThan(0.5);
  });

  it('[P8] the pace of a movement becomes that of the drivers who make it, those held up left out', () => {
    const place = town();
    const movement = graph.turnTo[left];
    const prior = place.driven.pace[movement];
    expect(prior).toBeLessThan(0.8 * graph.edgeLimit[movement]);
    drive(place, 0, left, 1);
    expect(place.driven.pace[movement]).toBe(prior);
    for (let n = 0; n < 60; n += 1) drive(place, 0, left, 4);
    expect(Math.abs(place.driven.pace[movement] - 4)).toBeLessThan(0.3);
  });

  it('[P8] who slows down on a free road is rather going to turn, who does not is not', () => {
    const place = town();
    put(place, 0, approach, 100, 14);
    const far = shareOf(place, 0, left);
    put(place, 0, approach, 15, 8.5);
    expect(shareOf(place, 0, left)).toBeGreaterThan(1.4 * far);
    put(place, 1, approach, 100, 14);
    put(place, 1, approach, 15, 14);
    expect(shareOf(place, 1, left)).toBeLessThan(0.2 * far);
  });

  it('[P8] who has driven slowly all the time shows nothing by it', () => {
    const slow = likelihood(6, 13, 15, 6);
    expect(likelihood(6, 7, 15, 6) / slow).toBeCloseTo(1, 1);
    for (const v of [0, 5, 20]) for (const toEnd of [0, 50]) expect(likelihood(v, 7, toEnd, 14)).toBeGreaterThan(0);
  });

  it('[P4] an indicator speaks for its turn, and near the line for hardly anything else', () => {
    const place = town();
    put(place, 0, approach, 60, 14);
    const without = shareOf(place, 0, left);
    place.tracks.flags[0] = TrackFlag.leftIndicator;
    const odds = (share: number): number => share / (1 - share);
    expect(odds(shareOf(place, 0, left)) / odds(without)).toBeCloseTo(10, 1);
    put(place, 0, approach, 30, 11);
    const shown = odds(shareOf(place, 0, left));
    place.tracks.flags[0] = 0;
    expect(shown / odds(shareOf(place, 0, left))).toBeCloseTo(30, 0);
  });

  it('[P4] a body turned out of its road shows the turn begun', () => {
    const place = town();
    put(place, 0, approach, 5, 9);
    const along = shareOf(place, 0, left);
    const { tracks: t } = place;
    const [x, y] = [t.hx[0], t.hy[0]];
    t.hx[0] = x * Math.cos(0.2) - y * Math.sin(0.2);
    t.hy[0] = x * Math.sin(0.2) + y * Math.cos(0.2);
    expect(shareOf(place, 0, left)).toBeGreaterThan(2 * along);
  });
});

describe('bodies themselves (X15)', () => {
  /** Two vehicles at 6 m/s: one eastwards with its front at the origin, one from (x, y) with heading (hx, hy). */
  function two(x: number, y: number, hx: number, hy: number, v = 6): Tracks {
    const t = new Tracks(2);
    for (const slot of [0, 1]) {
      t.timeMs[slot] = 1000;
      t.length[slot] = 4.5;
      t.width[slot] = 1.8;
      t.sSigma[slot] = 0.15;
      t.v[slot] = 6;
    }
    t.hx[0] = 1;
    t.x[1] = x;
    t.y[1] = y;
    t.hx[1] = hx;
    t.hy[1] = hy;
    t.v[1] = v;
    return t;
  }

  it('[X15] those on crossing courses meet, those who pass beside each other or have passed do not', () => {
    expect(bodiesMeet(two(6, -6, 0, 1), 0, 1, 1000)).toBe(true);
    expect(bodiesMeet(two(8, 6, -1, 0), 0, 1, 1000)).toBe(false);
    expect(bodiesMeet(two(-8, 8, 0, 1), 0, 1, 1000)).toBe(false);
  });

  it('[X15] a turn is taken into account, and nothing is said of one who creeps', () => {
    const turning = two(10, 6, -1, 0);
    turning.yawRate[1] = 1;
    expect(bodiesMeet(turning, 0, 1, 1000)).toBe(true);
    expect(bodiesMeet(two(8, 6, -1, 0, 1), 0, 1, 1000)).toBe(true);
  });
});

describe('which movement a driver has begun (X3, L15)', () => {
  it('[L15] who turns away inside the junction is not bound for one who stands at the end of the movement he is matched to', () => {
    const bound = (turned: number): boolean => {
      const place = town();
      const { tracks: t, path } = place;
      const movement = graph.turnTo[straight];
      const exit = graph.turnTo[graph.turnStart[movement]];
      put(place, 1, exit, graph.edgeLength[exit] - 6, 0);
      t.previousEdge[1] = movement;
      put(place, 0, movement, graph.edgeLength[movement] - 8, 8);
      t.hx[0] = joins.startX[movement] * Math.cos(turned) - joins.startY[movement] * Math.sin(turned);
      t.hy[0] = joins.startX[movement] * Math.sin(turned) + joins.startY[movement] * Math.cos(turned);
      path.build(0);
      new Approaches(graph, joins, 4).update(0, path, t, place.shares, joins);
      return !boundElsewhere({ tracks: t, graph, path }, 0, 1, graph.edgeLength[movement] - 8 + 1.5, 0);
    };
    expect(bound(0)).toBe(true);
    expect(bound(0.5)).toBe(false);
  });
});
