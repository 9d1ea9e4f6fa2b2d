import { describe, expect, it } from 'vitest';
import { evidenceOfGoing, insists, violation } from '../../collision/compliance.ts';
import { bodyKey, ContactTables } from '../../collision/contact-tables.ts';
import { Joins } from '../../collision/joins.ts';
import { boxesOverlap } from '../../collision/measures/swept-boxes.ts';
import { type Going, Meeting } from '../../collision/meeting.ts';
import { goingTime, Way } from '../../collision/way.ts';
import { Zones } from '../../collision/zones.ts';
import { EdgeFlag, type RoadGraph, TurnKind } from '../../roads/graph/index.ts';
import { crossroads } from '../oracles/ncap-roads.ts';

const graph = crossroads();
const joins = new Joins(graph);

/** Movement whose first point is nearest to (x, y), of the kind given. */
function movementAt(road: RoadGraph, x: number, y: number, kind: number): number {
  let best = -1;
  let least = Number.POSITIVE_INFINITY;
  for (let e = 0; e < road.numEdges; e += 1) {
    if ((road.edgeFlags[e] & EdgeFlag.internal) === 0 || road.edgeTurn[e] !== kind) continue;
    const p = road.edgeShape[e];
    const far = Math.hypot(road.shapeX[p] - x, road.shapeY[p] - y);
    if (far < least) {
      least = far;
      best = e;
    }
  }
  return best;
}

const fromWest = movementAt(graph, -11.5, -1.75, TurnKind.straight);
const fromSouth = movementAt(graph, 1.75, -11.5, TurnKind.straight);

const zones = new Zones(graph);
const tables = new ContactTables(graph, joins, zones);
const body = bodyKey(4.5, 1.8, 0, 0.2);

/** A driver `at` metres along his movement at 10 m/s. */
const driver = (at: number, v = 10): Going => ({ at, v, a: 0, slowest: 20 });

function zoneOf(own: number, foe: number): number {
  for (let z = zones.first[own]; z < zones.first[own + 1]; z += 1) if (zones.foe[z] === foe) return z;
  throw new Error('no such zone');
}

function meet(own: number, a: Going, foe: number, b: Going): Meeting {
  const meeting = new Meeting();
  tables.find(zoneOf(own, foe), own, body, foe, body);
  meeting.cross(tables, a, b);
  return meeting;
}

describe('bodies on their ways (X1, X6, X10)', () => {
  it('[X1] two straight ways meet where their bodies first touch', () => {
    const meeting = meet(fromWest, driver(-20), fromSouth, driver(-20));
    // The other's side is 12.35 m into the way from the west and 8.85 m into that from the south, places a metre apart, 0.3 m of room.
    expect(Math.abs(meeting.nearA - 32.5)).toBeLessThan(0.8);
    expect(Math.abs(meeting.nearB - 29)).toBeLessThan(0.8);
  });

  it('[X1] seen from the other party it is the same meeting', () => {
    for (const [v, w, at] of [
      [10, 10, -24],
      [7, 13, -30],
      [12, 4, 3],
    ]) {
      const own = meet(fromWest, driver(-20, v), fromSouth, driver(at, w));
      const foe = meet(fromSouth, driver(at, w), fromWest, driver(-20, v));
      expect([foe.nearA, foe.nearB, foe.timeA, foe.timeB]).toEqual([own.nearB, own.nearA, own.timeB, own.timeA]);
      expect([foe.early, foe.late]).toEqual([-own.late, -own.early]);
    }
  });

  it('[X1] the table says what laying out both bodies metre by metre says', () => {
    const all = [...Array(graph.numEdges).keys()].flatMap((own) =>
      [...zones.foe.slice(zones.first[own], zones.first[own + 1])].map((foe) => [own, foe] as const),
    );
    expect(all.length).toBeGreaterThan(20);
    const truck = bodyKey(12, 2.5, -0.4, 0.2);
    const [a, b] = [new Way(graph, joins), new Way(graph, joins)];
    for (const [own, foe] of all) {
      const z = zoneOf(own, foe);
      tables.find(z, own, truck, foe, body);
      // Fewer than all: the frame of a merge is that of one of both.
      if (zones.frame[z] !== z) continue;
      a.lay(own, -0.4, 12, tables.ownFrom, tables.ownFrom, tables.ownFrom + 60);
      b.lay(foe, 0, 4.5, tables.foeFrom, tables.foeFrom, tables.foeFrom + 60);
      let begin = Infinity;
      for (let k = 0; k < a.count; k += 1)
        for (let l = 0; l < b.count; l += 1)
          if (
            boxesOverlap(a.x[k], a.y[k], a.hx[k], a.hy[k], 12.3, 2.8, b.x[l], b.y[l], b.hx[l], b.hy[l], 4.8, 2.1) &&
            a.u[k] < begin
          )
            begin = a.u[k];
      if (tables.touch) expect(tables.beginA).toBeCloseTo(begin, 4);
    }
  });

  it('[X1] who is past the place meets nobody any more', () => {
    expect(meet(fromWest, driver(30), fromSouth, driver(-5)).nearA).toBe(Infinity);
  });

  it('[X1] tables forgotten for want of room are made again, the same', () => {
    const before = meet(fromWest, driver(-20), fromSouth, driver(-24));
    for (let n = 0; n < 40_000; n += 1)
      tables.find(zoneOf(fromWest, fromSouth), fromWest, bodyKey(1 + (n % 150) / 4, 2, n % 50, 0), fromSouth, body);
    expect(meet(fromWest, driver(-20), fromSouth, driver(-24))).toEqual(before);
  });

  it('[X6] who comes at the same time touches for sure, who comes 3 s later does not', () => {
    expect(meet(fromWest, driver(-20), fromSouth, driver(-24)).overlap(0.2, 0)).toBeGreaterThan(0.95);
    expect(meet(fromWest, driver(-20), fromSouth, driver(-54)).overlap(0.2, 0)).toBeLessThan(0.01);
  });

  it('[X6] a wider gap is more likely to be infringed, more doubt makes the sure thing less sure', () => {
    const meeting = meet(fromWest, driver(-20), fromSouth, driver(-34));
    expect(meeting.overlap(0.5, 1.5)).toBeGreaterThan(meeting.overlap(0.5, 0));
    const sure = meet(fromWest, driver(-20), fromSouth, driver(-24));
    expect(sure.overlap(2, 0)).toBeLessThan(sure.overlap(0.2, 0));
  });

  it('[X10] one who stands in the way is met by whoever comes, one who stands short of it by nobody', () => {
    const way = new Way(graph, joins);
    way.lay(fromWest, 0, 4.5, -20, -20, 30);
    way.time(10, 0, 20);
    const standing = new Way(graph, joins);
    const meeting = new Meeting();
    standing.stand(1.75, 0, 0, 1, 4.5);
    meeting.stand(way, standing, 4.5, 1.8, 4.5, 1.8, 0.1);
    expect(meeting.overlap(0.5, 0)).toBeGreaterThan(0.99);
    standing.stand(1.75, -4, 0, 1, 4.5);
    meeting.stand(way, standing, 4.5, 1.8, 4.5, 1.8, 0.1);
    expect(meeting.nearA).toBe(Infinity);
  });

  it('[X6] who goes on brakes down to the speed of his turn only, and accelerates for 2 s', () => {
    expect(goingTime(-1, 10, 0, 5)).toBe(0);
    expect(goingTime(20, 10, 0, 5)).toBeCloseTo(2);
    // From 10 to 5 m/s at 2.5: 15 m in 2 s; the other 10 m at 5 m/s.
    expect(goingTime(25, 10, -2.5, 5)).toBeCloseTo(4);
    expect(goingTime(20, 0, 2, 5)).toBeCloseTo(2 + 16 / 4);
    expect(goingTime(5, 0, 0, 5)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('who goes on (X12)', () => {
  it('[X12] braking for the stop speaks against it, driving on for it, the more so when too late', () => {
    const brakes = evidenceOfGoing(30, 12, -2.5, 14, false, 0);
    const drives = evidenceOfGoing(30, 12, 0.5, 14, false, 0);
    expect(brakes).toBeLessThan(-2);
    expect(drives).toBeGreaterThan(2);
    expect(evidenceOfGoing(30, 12, 0.5, 14, true, 0)).toBeGreaterThan(drives + 5);
  });

  it('[X12] slowing for a turn says little, creeping is no sign, far away nothing is', () => {
    expect(Math.abs(evidenceOfGoing(25, 10, -1.4, 6, false, 0))).toBeLessThan(2);
    expect(evidenceOfGoing(6, 3, -0.6, 14, true, 0)).toBeLessThan(0);
    expect(evidenceOfGoing(200, 14, 0, 14, false, 0)).toBe(0);
  });

  it('[X12] where drivers begin to brake late, not braking yet is no sign of going on (L18)', () => {
    expect(evidenceOfGoing(30, 12, 0.5, 14, false, 0)).toBeGreaterThan(2);
    expect(evidenceOfGoing(30, 12, 0.5, 14, true, 4)).toBe(0);
    expect(evidenceOfGoing(30, 12, -2.5, 14, false, 4)).toBeLessThan(-2);
    expect(evidenceOfGoing(15, 12, 0.5, 14, true, 4)).toBeGreaterThan(5);
  });

  it('[X12] who drives on mostly knows that nothing conflicts: it takes a sure conflict to see a violator', () => {
    expect(violation(1, 8, false, false)).toBeGreaterThan(0.95);
    expect(violation(0.8, 8, false, false)).toBeLessThan(0.7);
    expect(violation(1, -3, false, false)).toBeLessThan(0.05);
    for (const conflict of [0, 0.2, 0.5, 0.9, 1])
      for (const evidence of [-4, 0, 4, 10]) {
        const p = violation(conflict, evidence, true, true);
        expect(p).toBeGreaterThanOrEqual(0);
        expect(p).toBeLessThanOrEqual(1);
        expect(violation(conflict, evidence, false, true)).toBeGreaterThanOrEqual(p);
      }
  });

  it('[X12] fewer take it where the map says who must give way', () => {
    for (const conflict of [0.2, 0.6, 0.9])
      for (const evidence of [0, 4, 10])
        expect(violation(conflict, evidence, false, true)).toBeLessThan(violation(conflict, evidence, false, false));
    expect(violation(1, 10, false, true)).toBeGreaterThan(0.95);
  });

  it('[X12] who has right of way uses it unless he is seen to stop', () => {
    expect(insists(0)).toBeGreaterThan(0.9);
    expect(insists(-4)).toBeLessThan(0.5);
    expect(insists(Number.POSITIVE_INFINITY)).toBe(1);
  });
});
