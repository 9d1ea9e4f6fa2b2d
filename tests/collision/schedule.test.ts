import { describe, expect, it } from 'vitest';
import { EdgeOrder } from '../../collision/edge-order.ts';
import { lookWork, mostPerTick, mostWork, Schedule, type Traffic } from '../../collision/schedule.ts';
import { Tracks } from '../../collision/tracks.ts';

const startMs = 1_800_000_000_000;

/** Vehicles 30 m apart on one edge at 15 m/s, tracks of some age, looked at once and found calm. */
function calmFleet(count: number): {
  schedule: Schedule;
  tracks: Tracks;
  order: EdgeOrder;
  report: (tick: number) => void;
} {
  const tracks = new Tracks(count);
  const order = new EdgeOrder(2, count, tracks.s);
  const scene: Traffic = { tracks, order, hazardOf: new Int32Array(count).fill(-1) };
  const schedule = new Schedule(scene);
  for (let slot = 0; slot < count; slot += 1) {
    tracks.edge[slot] = 0;
    tracks.s[slot] = 30 * slot;
    tracks.v[slot] = 15;
    tracks.length[slot] = 4.5;
    tracks.stationType[slot] = 5;
    tracks.fixes[slot] = 20;
    order.place(slot, 0);
  }
  const report = (tick: number): void => {
    for (let slot = 0; slot < count; slot += 1) {
      tracks.timeMs[slot] = startMs + 100 * tick;
      schedule.note(slot);
    }
  };
  report(0);
  schedule.choose(startMs);
  for (let i = 0; i < schedule.numWork; i += 1) {
    const slot = schedule.work[i];
    schedule.looked(slot, slot + 1 < count ? slot + 1 : -1, 25.5, false, false);
  }
  return { schedule, tracks, order, report };
}

function chosen(schedule: Schedule): number[] {
  return [...schedule.work.subarray(0, schedule.numWork)];
}

describe('schedule of the looks', () => {
  it('[T3] looks at every new vehicle at once', () => {
    const { schedule } = calmFleet(1000);
    expect(schedule.numWork).toBe(1000);
  });

  it('[T2] gives a thousand calm vehicles that report together one look each within eight ticks, an eighth per tick', () => {
    const { schedule, report } = calmFleet(1000);
    report(1);
    const seen = new Map<number, number>();
    for (let tick = 1; tick <= 8; tick += 1) {
      schedule.choose(startMs + 100 * tick);
      expect(schedule.numWork).toBe(125);
      for (const slot of chosen(schedule)) {
        seen.set(slot, (seen.get(slot) ?? 0) + 1);
        schedule.looked(slot, -1, Infinity, false, false);
      }
    }
    expect(seen.size).toBe(1000);
    expect([...seen.values()].every((looks) => looks === 1)).toBe(true);
    schedule.choose(startMs + 900);
    expect(schedule.numWork).toBe(0);
  });

  it('[T1] looks at each of a calm fleet that reports ten times a second more than once, less than twice a second', () => {
    const { schedule, report } = calmFleet(1000);
    const looks = new Int32Array(1000);
    for (let tick = 1; tick <= 40; tick += 1) {
      report(tick);
      schedule.choose(startMs + 100 * tick);
      for (const slot of chosen(schedule)) {
        looks[slot] += 1;
        schedule.looked(slot, -1, Infinity, false, false);
      }
    }
    expect(Math.min(...looks)).toBeGreaterThanOrEqual(4);
    expect(Math.max(...looks)).toBeLessThan(8);
  });

  it.each<[string, (tracks: Tracks) => void]>([
    ['its speed has changed', (t) => t.v.fill(17, 900, 901)],
    ['it came onto another edge', (t) => t.edge.fill(1, 900, 901)],
    ['its flags changed', (t) => t.flags.fill(4, 900, 901)],
    ['it moves sidewise', (t) => t.dRate.fill(0.5, 900, 901)],
    ['it drives the wrong way', (t) => t.against.fill(1, 900, 901)],
    ['its leader brakes', (t) => t.a.fill(-3, 901, 902)],
    ['its leader is much slower', (t) => t.v.fill(10, 901, 902)],
  ])('[T3] a vehicle does not wait for its turn when %s', (_why, change) => {
    const { schedule, tracks, report } = calmFleet(1000);
    change(tracks);
    report(1);
    schedule.choose(startMs + 100);
    expect(chosen(schedule)).toContain(900);
  });

  it('[T3] a watched vehicle is looked at with every message, until a look finds it calm', () => {
    const { schedule, report } = calmFleet(1000);
    schedule.looked(900, -1, Infinity, true, false);
    for (let tick = 1; tick <= 3; tick += 1) {
      report(tick);
      schedule.choose(startMs + 100 * tick);
      expect(chosen(schedule)[0]).toBe(900);
      schedule.looked(900, -1, Infinity, tick < 3, false);
    }
    report(4);
    schedule.choose(startMs + 400);
    expect(chosen(schedule)).not.toContain(900);
  });

  it('[T4] who moves sidewise makes the vehicles behind and ahead watchful', () => {
    const { schedule, tracks, report } = calmFleet(1000);
    tracks.dRate[900] = 0.5;
    schedule.stir(900);
    tracks.dRate[900] = 0;
    report(1);
    schedule.choose(startMs + 100);
    expect(chosen(schedule).slice(0, 2)).toEqual([899, 901]);
  });

  it('[T2] ticks that follow each other faster take smaller shares of the calm', () => {
    const { schedule, report } = calmFleet(1000);
    report(1);
    let looks = 0;
    for (let ms = 40; ms <= 800; ms += 40) {
      schedule.choose(startMs + ms);
      expect(schedule.numWork).toBe(50);
      looks += schedule.numWork;
    }
    expect(looks).toBe(1000);
  });

  it('[T5] a tick looks at no more than it may however many press, the rest keep their order, and the calm are not forgotten', () => {
    const { schedule, report } = calmFleet(5000);
    expect(schedule.numWork).toBe(mostPerTick);
    expect(schedule.pending).toBe(5000 - mostPerTick);
    const seen = chosen(schedule);
    while (schedule.pending > 0) {
      schedule.choose(startMs);
      expect(schedule.numWork).toBeLessThanOrEqual(mostPerTick);
      seen.push(...chosen(schedule));
    }
    expect(seen).toEqual(Array.from({ length: 5000 }, (_, slot) => slot));
    for (let slot = 0; slot < 5000; slot += 1) schedule.looked(slot, -1, Infinity, slot >= 100, false);
    report(1);
    schedule.choose(startMs + 100);
    expect(chosen(schedule).filter((slot) => slot < 100)).toHaveLength(100);
  });

  it('[T5] a tick stops when the looks it has chosen cost enough, judged by what they cost last time', () => {
    const { schedule, report } = calmFleet(1000);
    for (let slot = 0; slot < 1000; slot += 1) {
      schedule.looked(slot, -1, Infinity, true, false);
      schedule.weigh(slot, 15);
    }
    report(1);
    schedule.choose(startMs + 100);
    const most = Math.ceil(mostWork / (lookWork + 15));
    expect(schedule.numWork).toBe(most);
    expect(schedule.pending).toBe(1000 - most);
    for (let slot = 0; slot < 1000; slot += 1) schedule.weigh(slot, 0);
    schedule.choose(startMs + 100);
    expect(schedule.numWork).toBe(1000 - most);
  });

  it('[T2] where so many wait that one tick cannot see their share, the rest of it is pending', () => {
    const { schedule, tracks, report } = calmFleet(20_000);
    while (schedule.pending > 0) schedule.choose(startMs);
    for (let slot = 0; slot < 20_000; slot += 1) {
      tracks.fixes[slot] = 20;
      schedule.looked(slot, -1, Infinity, false, false);
    }
    report(1);
    let looks = 0;
    let ticks = 0;
    do {
      schedule.choose(startMs + 100);
      looks += schedule.numWork;
      ticks += 1;
    } while (schedule.pending > 0);
    expect(ticks).toBe(3);
    // An eighth of the fleet, and the least share of the ticks that followed at once.
    expect(looks).toBe(2500 + 2 * 32);
  });

  it('[B5] a slot that passed to another vehicle is looked at anew', () => {
    const { schedule, tracks, report } = calmFleet(1000);
    schedule.forget(900);
    tracks.fixes[900] = 20;
    report(1);
    schedule.choose(startMs + 100);
    expect(chosen(schedule)[0]).toBe(900);
  });
});
