import { describe, expect, it } from 'vitest';
import { type AlertEvent, createEngine } from '../../collision/index.ts';
import { Party } from '../../collision/party.ts';
import { crossroads, ncapPlane } from '../oracles/ncap-roads.ts';

const startMs = 1_800_000_000_000;
const graph = crossroads();

/** One who drives straight on at `v`, his front at (x, y) at the end, unless he brakes with `braking` m/s² from `from` s before it, or moves off then with `gain`. */
interface Straight {
  x: number;
  y: number;
  hx: number;
  hy: number;
  v: number;
  stationType?: number;
  braking?: number;
  gain?: number;
  from?: number;
}

/** Plays parties that drive straight on, ten reports a second that state `accuracy`, until they meet; seconds before that of what was told. */
function told(
  parties: readonly Straight[],
  seconds: number,
  accuracy = Number.NaN,
): { before: number; event: AlertEvent }[] {
  const engine = createEngine(graph, { capacity: 4 });
  const events: { before: number; event: AlertEvent }[] = [];
  for (let k = 0; k <= seconds * 10; k += 1) {
    const left = seconds - k / 10;
    for (const [slot, p] of parties.entries()) {
      const { braking = 0, from = 0, gain = 0 } = p;
      const off = gain > 0 ? Math.max(0, from - left) : 0;
      const brakes = braking > 0 ? Math.max(0, Math.min(from - left, p.v / braking)) : 0;
      const v = p.v - braking * brakes + gain * off;
      const still = 0.5 * gain * (from * from - off * off);
      const way =
        still + p.v * Math.max(left, from) - 0.5 * (p.v + v) * brakes - v * (Math.max(0, from - left) - brakes);
      engine.update(
        slot,
        1,
        startMs + 100 * k,
        ncapPlane.lat(p.y - p.hy * way),
        ncapPlane.lon(p.x - p.hx * way),
        v,
        ((Math.atan2(p.hx, p.hy) * 180) / Math.PI + 360) % 360,
        0,
        Number.NaN,
        accuracy,
        4.5,
        1.8,
        p.stationType ?? 5,
        0,
      );
    }
    engine.tick(startMs + 100 * k + 50);
    for (const event of engine.drainAlerts()) if (event.stage > 0) events.push({ before: left, event });
  }
  return events;
}

/** From the west, with right of way, and from the south: both in the middle of the crossing at the same time. */
const west = (v: number): Straight => ({ x: 1, y: -1.75, hx: 1, hy: 0, v });
const south = (v: number): Straight => ({ x: 1.75, y: -1, hx: 0, hy: 1, v });

/** Pairs judged in one tick when the one from the west and the one from the south, both at 10 m/s, are so many metres from the middle. */
function judged(fromWest: number, fromSouth: number): number {
  const engine = createEngine(graph, { capacity: 2 });
  let before = 0;
  for (let k = 0; k < 10; k += 1) {
    before = engine.counters().crossingPairs ?? 0;
    for (const [slot, p] of [west(10), south(10)].entries()) {
      const way = (slot === 0 ? fromWest : fromSouth) + 9 - k;
      const lat = ncapPlane.lat(p.y - p.hy * way);
      const lon = ncapPlane.lon(p.x - p.hx * way);
      engine.update(slot, 1, startMs + 100 * k, lat, lon, 10, p.hx > 0 ? 90 : 0, 0, NaN, NaN, 4.5, 1.8, 5, 0);
    }
    engine.tick(startMs + 100 * k + 50);
  }
  return (engine.counters().crossingPairs ?? 0) - before;
}

describe('who is warned at a crossing (X11, X13, X14, X16, X17, X18)', () => {
  it('[X13] who is farther from the zone than a second more than warning and stopping take is not asked, however near the other is', () => {
    const both = judged(45, 45);
    expect(judged(72, 72)).toBe(0);
    expect(judged(72, 45)).toBeGreaterThan(0);
    expect(judged(72, 45)).toBeLessThan(both);
  });

  it('[X14] two who creep sort themselves out; faster ones, and a cyclist, are told', () => {
    expect(told([west(3), south(3)], 8)).toEqual([]);
    expect(told([west(9), south(9)], 8).length).toBeGreaterThan(0);
    expect(told([west(3), { ...south(3), stationType: 2 }], 8).length).toBeGreaterThan(0);
  });

  it('[X14] two who move off towards each other are alarmed while both are still slow, and not warned before', () => {
    const events = told(
      [
        { ...west(0), gain: 1.8, from: 3.4 },
        { ...south(0), gain: 1.8, from: 3 },
      ],
      8,
    );
    const [first] = events;
    expect(first?.event.stage).toBe(3);
    expect(first?.before ?? 0).toBeGreaterThanOrEqual(1);
  });

  it('[X11] nobody is warned before the room to stop in comfort after a reaction comes to its end', () => {
    for (const v of [9, 12, 16]) {
      const events = told([west(v), south(v)], 12);
      expect(events.length).toBeGreaterThan(0);
      // Half a second before what 3.4 m/s² after 1.8 s ask for.
      for (const { before } of events) expect(before).toBeLessThan(1.8 + v / 6.8 + 1.5);
      expect(Math.max(...events.map(({ before }) => before))).toBeGreaterThan(2);
    }
  });

  it('[X16] one who rolls across the way is met whatever movement he may have begun', () => {
    const events = told([west(12), { ...south(1), y: 1 }], 8);
    const first = events.find(({ event }) => event.slot === 0 && event.stage >= 2);
    expect(first?.before ?? 0).toBeGreaterThan(2);
  });

  it('[X16] poor receivers do not tell that he is in the way: ordinary oncoming traffic alarms nobody', () => {
    for (const v of [4, 6, 9, 12])
      for (const off of [2, 3, 4])
        for (const x of [-4, 0, 4, 8]) {
          // He drives in his own half; his receiver puts him `off` too far to the middle.
          const oncoming = { x, y: 1.75 - off, hx: -1, hy: 0, v };
          expect(told([west(v), oncoming], 8, 2.5)).toEqual([]);
        }
  });

  it('[X18] who has right of way is warned when the other drives on, not while he brakes for it', () => {
    const first = (parties: readonly Straight[]) => told(parties, 12).filter(({ event }) => event.slot === 0).length;
    const braking = { ...south(14), braking: 1.6, from: 4.6 };
    expect(first([west(14), south(14)])).toBeGreaterThan(0);
    expect(first([west(14), braking])).toBe(0);
  });
});

describe('how sure a single look must be (X8, C3)', () => {
  it('[X8] below 3 Hz a first look alarms from a probability of 0.8 on; what is less sure is warned of first', () => {
    const alarmed: number[] = [];
    const warned: number[] = [];
    for (let v = 6; v <= 16; v += 1)
      for (let starts = 2.2; starts <= 4.2; starts += 0.2)
        for (let phase = 0; phase < 10; phase += 5) {
          const engine = createEngine(graph, { capacity: 4 });
          let probability = Number.NaN;
          let looks = 0;
          const deaf = (): void => {};
          engine.trace(0, {
            look: deaf,
            rearEnd: deaf,
            hazard: deaf,
            meeting: deaf,
            confirmation: deaf,
            crossing: (...look) => {
              probability = look[5];
              looks += probability >= 0.15 ? 1 : 0;
            },
          });
          let first = true;
          for (let k = phase; k <= 90; k += 10) {
            const left = 9 - k / 10;
            const at = startMs + 100 * k;
            const put = (slot: number, x: number, y: number, speed: number, heading: number): void =>
              engine.update(
                slot,
                1,
                at,
                ncapPlane.lat(y),
                ncapPlane.lon(x),
                speed,
                heading,
                NaN,
                NaN,
                NaN,
                4.5,
                1.8,
                5,
                0,
              );
            put(0, 1 - v * left, -1.75, v, 90);
            // Stands at his line, then moves off.
            const driven = Math.max(0, starts - left);
            put(1, 1.75, -10 + 1.2 * driven * driven, 2.4 * driven, 0);
            engine.tick(at + 50);
            for (const event of engine.drainAlerts()) {
              if (event.slot !== 0 || event.stage < 2 || !first || looks !== 1) continue;
              first = false;
              (event.stage === 3 ? alarmed : warned).push(probability);
            }
          }
        }
    expect(alarmed.length).toBeGreaterThan(10);
    expect(Math.min(...alarmed)).toBeGreaterThanOrEqual(0.8);
    expect(warned.filter((one) => one >= 0.6 && one < 0.8).length).toBeGreaterThan(0);
  });
});

describe('what a party needs (X17, X18, X19)', () => {
  const needs = (v: number, a: number, near: number, onward: boolean): Party => {
    const party = new Party();
    party.v = v;
    party.a = a;
    party.needs(near, onward);
    return party;
  };

  it('[X17] one who drives off towards a body is counted to go on speeding up until he reacts', () => {
    expect(needs(1.5, 1.8, 4.8, false).need3).toBeLessThan(1);
    // 3.47 m in 1.3 s, then 3.84 m/s and 1.03 m left.
    expect(needs(1.5, 1.8, 4.8, true).need3).toBeCloseTo(7.16, 1);
    expect(needs(1.5, 1.8, 4.8, true).need2).toBe(Number.POSITIVE_INFINITY);
  });

  it('[X17] nothing is made of the acceleration of faster drivers, nor of one that is noise', () => {
    expect(needs(5, 1.8, 20, true).need3).toBe(needs(5, 0, 20, true).need3);
    expect(needs(1.5, 0.5, 4.8, true).need3).toBe(needs(1.5, 0, 4.8, true).need3);
  });

  it('[X18] who brakes until he would react to a warning needs the less after it', () => {
    expect(needs(10, 0, 30.3, false).needLater).toBe(needs(10, 0, 30.3, false).need2);
    // 14.76 m in 1.8 s, then 6.4 m/s and 15.24 m left.
    expect(needs(10, -2, 30.3, false).needLater).toBeCloseTo(1.34, 2);
    // At rest after 1 s and 2 m, or at the place before that.
    expect(needs(4, -4, 5, false).needLater).toBe(0);
    expect(needs(4, -4, 2, false).needLater).toBe(Number.POSITIVE_INFINITY);
  });

  it('[X19] merging behind another asks for no more than to follow him', () => {
    const first = needs(8, 0, 5, false);
    expect(needs(8, 0, 20, false).needBehind(first, 2)).toBe(0);
    // 5.4 of 10 m closed in the reaction, 3 m/s to lose on the rest.
    expect(needs(11, 0, 20, false).needBehind(first, 10)).toBeCloseTo(0.98, 2);
    expect(needs(8, 0, 20, false).needBehind(first, -1)).toBe(Number.POSITIVE_INFINITY);
  });
});
