import { describe, expect, it } from 'vitest';
import { type AlertEvent, createEngine } from '../../collision/index.ts';
import { TrackFlag } from '../../collision/vehicle-flags.ts';
import { EdgeFlag, planeOf, type RoadGraph } from '../../roads/graph/index.ts';
import { crossroads, straightRoad } from '../oracles/ncap-roads.ts';
import { type Body, motorway, moving, play as playAt, standing, startMs } from './straight-road.ts';

type Told = AlertEvent & { readonly at: number };

const road = motorway();
const crossing = crossroads();
const country = straightRoad(1);
const lane = 3.5;
const overtaking = straightRoad(1, 22.3, EdgeFlag.oppositeOvertaking);

/** Everybody reports ten times a second; every event with its second. */
function play(graph: RoadGraph, bodies: readonly Body[], seconds: number): Told[] {
  const engine = createEngine(graph, { capacity: 16 });
  const plane = planeOf(graph);
  const told: Told[] = [];
  for (let k = 0; k <= 10 * seconds; k += 1) {
    const t = k / 10;
    bodies.forEach((body, slot) => {
      engine.update(
        slot,
        1,
        startMs + 100 * k,
        plane.lat(body.y(t)),
        plane.lon(body.x(t)),
        body.speed(t),
        body.heading?.(t) ?? body.headingDeg ?? 90,
        body.accel?.(t) ?? Number.NaN,
        Number.NaN,
        Number.NaN,
        body.length ?? 4.5,
        body.width ?? 1.8,
        body.stationType ?? 5,
        body.flagsAt?.(t) ?? body.flags ?? 0,
      );
    });
    engine.tick(startMs + 100 * k);
    for (const event of engine.drainAlerts()) told.push({ ...event, at: t });
  }
  return told;
}

/** Straight on at `speed` from (x0, y0) towards `headingDeg`. */
function driving(x0: number, y0: number, speed: number, headingDeg: number, flags = 0): Body {
  const hx = Math.sin((headingDeg * Math.PI) / 180);
  const hy = Math.cos((headingDeg * Math.PI) / 180);
  return {
    x: (t) => x0 + hx * speed * t,
    y: (t) => y0 + hy * speed * t,
    speed: () => speed,
    accel: () => 0,
    headingDeg,
    flags,
  };
}

/** At `speed` until `begin`, then braking with `decel` to rest. */
function braking(x0: number, y: number, speed: number, begin: number, decel: number): Body {
  const time = (t: number): number => Math.min(Math.max(0, t - begin), speed / decel);
  return {
    x: (t) => x0 + speed * (Math.min(t, begin) + time(t)) - 0.5 * decel * time(t) ** 2,
    y: () => y,
    speed: (t) => speed - decel * time(t),
    accel: (t) => (t > begin && time(t) < speed / decel ? -decel : 0),
  };
}

const to = (told: readonly Told[], slot: number, name: string): Told[] =>
  told.filter((event) => event.slot === slot && event.class === name && event.stage > 0);

describe('V2V applications and their DENM causes', () => {
  it('[S2] [S3] FCW: somebody stands in the lane; warning, then alarm, cause 97/1', () => {
    const told = to(play(road, [moving(100, 0, 25), standing(500, 0)], 15), 0, 'rear-end');
    expect(told.map((event) => event.stage)).toEqual(expect.arrayContaining([2, 3]));
    expect(told[0]).toMatchObject({ causeCode: 97, subCauseCode: 1 });
  });

  describe('EEBL: a driver brakes hard out of sight of those behind', () => {
    const begin = 8;
    const first = braking(400, 0, 30, begin, 6);
    const between = braking(360, 0, 30, begin + 1.5, 6);
    const hidden = moving(310, 0, 30);
    const farther = moving(255, 0, 30);
    const told = play(
      road,
      [first, between, hidden, farther, moving(310, lane, 30), moving(470, 0, 30), moving(20, 0, 30)],
      begin + 2,
    );

    it('[L14] those whom another vehicle hides it from are told within half a second, cause 99/1', () => {
      for (const slot of [2, 3]) {
        const [news] = to(told, slot, 'hard-braking');
        expect(news).toMatchObject({ stage: 1, causeCode: 99, subCauseCode: 1, otherSlot: 0 });
        expect((news?.at ?? Infinity) - begin).toBeLessThanOrEqual(0.5);
      }
    });

    it('[L14] one driver hears of it once, though two brake', () => {
      expect(to(told, 2, 'hard-braking').length).toBe(1);
      expect(to(told, 3, 'hard-braking').length).toBe(1);
    });

    it('[L14] nobody else: who sees it himself, who drives in another lane, ahead, or too far back', () => {
      for (const slot of [0, 1, 4, 5, 6]) expect(to(told, slot, 'hard-braking')).toEqual([]);
    });

    it('[L14] hard braking at the end of a queue that waits for its line is no news, at the end of one in the open road it is', () => {
      const north = (y: (t: number) => number, speed: (t: number) => number, accel: (t: number) => number): Body => ({
        x: () => 1.75,
        y,
        speed,
        accel,
        headingDeg: 0,
      });
      const late = braking(0, 0, 14, 2, 5.2);
      const rest = late.x(100);
      const queueTo = (head: number): Body[] => {
        const waiting = Array.from({ length: 8 }, (_, i) => standing(1.75, head - 6.5 * i));
        const tail = head - 6.5 * 8;
        const brakes = north(
          (t) => tail - rest + late.x(t),
          late.speed,
          (t) => late.accel?.(t) ?? 0,
        );
        const after = [25, 48].map((d) =>
          north(
            (t) => tail - rest + 14 * t - d,
            () => 14,
            () => 0,
          ),
        );
        return [...waiting.map((body) => ({ ...body, headingDeg: 0 })), brakes, ...after];
      };
      const news = (head: number): Told[] =>
        play(crossing, queueTo(head), 3).filter((event) => event.class === 'hard-braking' && event.stage > 0);
      expect(news(-12)).toEqual([]);
      expect(news(-90).map((event) => event.slot)).toContain(10);
    });

    it('[L14] gentle braking is no news, nor is hard braking for those far enough behind', () => {
      const gentle = [braking(400, 0, 30, begin, 2.5), moving(360, 0, 30), moving(310, 0, 30)];
      const relaxed = [braking(400, 0, 14, begin, 5), moving(370, 0, 14), moving(180, 0, 14)];
      for (const bodies of [gentle, relaxed])
        expect(play(road, bodies, begin + 1.5).filter((event) => event.class === 'hard-braking')).toEqual([]);
    });
  });

  it('[X7] IMA: two cross at right angles and neither slows; cause 97/2', () => {
    const told = play(crossing, [driving(-100, -1.75, 13, 90), driving(1.75, -100, 13, 0)], 7.5);
    for (const slot of [0, 1])
      expect(to(told, slot, 'crossing').at(-1)).toMatchObject({ stage: 3, causeCode: 97, subCauseCode: 2 });
  });

  describe('LTA: a left turn across the path of one who comes the other way', () => {
    /** From the west at 7 m/s, then left on a quarter circle into the road north. */
    const radius = 9;
    const arc = (radius * Math.PI) / 2;
    const turning: Body = {
      x: (t) => {
        const s = 7 * t - 90;
        return s < 0 ? -7.25 + s : s < arc ? -7.25 + radius * Math.sin(s / radius) : 1.75;
      },
      y: (t) => {
        const s = 7 * t - 90;
        return s < 0 ? -1.75 : s < arc ? -1.75 + radius * (1 - Math.cos(s / radius)) : -1.75 + radius + s - arc;
      },
      heading: (t) => 90 - (Math.min(Math.max(0, (7 * t - 90) / arc), 1) * 180) / 2,
      speed: () => 7,
      accel: () => 0,
      flags: TrackFlag.leftIndicator,
    };
    const meet = (90 + 7) / 7;

    it('[X7] both are told, cause 97/2', () => {
      const told = play(crossing, [turning, driving(0.5 + 13 * meet, 1.75, 13, 270)], meet);
      for (const slot of [0, 1]) {
        const news = to(told, slot, 'turn-across');
        expect(news[0]).toMatchObject({ causeCode: 97, subCauseCode: 2 });
        expect(news.some((event) => event.stage === 3)).toBe(true);
        expect(meet - (news[0]?.at ?? Infinity)).toBeGreaterThan(0.6);
      }
    });

    it('[X6] who turns well before the oncoming one comes alarms nobody', () => {
      const told = play(crossing, [turning, driving(0.5 + 13 * (meet + 5), 1.75, 13, 270)], meet + 3);
      expect(told.filter((event) => event.stage >= 2)).toEqual([]);
    });
  });

  it('[N2] BSW/LCW: a drift into the next lane, where somebody drives in the blind spot; cause 97/3', () => {
    const share = (t: number): number => Math.min(1, Math.max(0, (t - 8) / 4));
    const changing: Body = {
      ...moving(100, 0, 30),
      y: (t) => lane * share(t) ** 2 * (3 - 2 * share(t)),
      flags: TrackFlag.leftIndicator,
    };
    const told = play(road, [changing, moving(97, lane, 30)], 11);
    for (const slot of [0, 1])
      expect(to(told, slot, 'lane-change')[0]).toMatchObject({ causeCode: 97, subCauseCode: 3 });
  });

  describe('DNPW: an overtaker shows that he will pull out, and somebody comes towards him', () => {
    const indicating = (speed: number, x0: number, flags: number): Body => ({
      ...moving(x0, -1.75, speed),
      flagsAt: (t) => (t >= 5 ? flags : 0),
    });
    const slow = moving(60, -1.75, 14);
    const oncoming = (x0: number): Body => driving(x0, 1.75, 22, 270);
    const run = (bodies: readonly Body[]): Told[] => to(play(overtaking, bodies, 7), 0, 'head-on');

    it('[W7] he is told before he does, cause 97/1', () => {
      const [news] = run([indicating(18, 0, TrackFlag.leftIndicator), slow, oncoming(500)]);
      expect(news).toMatchObject({ stage: 1, causeCode: 97, subCauseCode: 1, otherSlot: 2 });
      expect(news?.at).toBeLessThan(5.4);
    });

    it('[W7] not where nobody comes, or so far away that there is time, nor without the indicator', () => {
      expect(run([indicating(18, 0, TrackFlag.leftIndicator), slow])).toEqual([]);
      expect(run([indicating(18, 0, TrackFlag.leftIndicator), slow, oncoming(1600)])).toEqual([]);
      expect(run([indicating(18, 0, 0), slow, oncoming(500)])).toEqual([]);
    });

    it('[W4] when he is out already he and the one who comes are warned and alarmed', () => {
      const out: Body = { ...moving(0, -1.75, 18), y: (t) => -1.75 + 3.5 * Math.min(1, Math.max(0, (t - 5) / 2)) };
      const told = play(overtaking, [out, slow, oncoming(370)], 9);
      for (const slot of [0, 2])
        expect(to(told, slot, 'head-on').at(-1)).toMatchObject({ stage: 3, causeCode: 97, subCauseCode: 1 });
    });
  });

  it('[U1] EVA: an emergency vehicle comes up from behind; cause 95/1', () => {
    const ambulance = { ...moving(100, 0, 33), stationType: 10, flags: TrackFlag.siren };
    expect(to(play(road, [ambulance, moving(300, 0, 20)], 8), 1, 'emergency-vehicle')[0]).toMatchObject({
      causeCode: 95,
      subCauseCode: 1,
    });
  });

  describe('CLW: a vehicle loses its grip', () => {
    it.each([
      ['the anti-lock brakes', TrackFlag.absActive],
      ['stability control', TrackFlag.stabilityActive],
    ])(
      '[K1] [K2] by the statement of %s: told to those behind in any lane, not to those ahead; cause 99/4',
      (_, flag) => {
        const skids: Body = { ...braking(400, 0, 30, 6, 5), flagsAt: (t) => (t >= 6 ? flag : 0) };
        const told = play(road, [skids, moving(320, 0, 30), moving(290, lane, 30), moving(460, 0, 30)], 8);
        for (const slot of [1, 2]) {
          const [news] = to(told, slot, 'control-loss');
          expect(news).toMatchObject({ causeCode: 99, subCauseCode: 4, otherSlot: 0 });
          expect(news?.at).toBeLessThanOrEqual(6.3);
        }
        expect(to(told, 3, 'control-loss')).toEqual([]);
      },
    );

    it('[K1] by a body that turns across its own motion', () => {
      const spins: Body = { ...braking(400, 0, 28, 6, 4), heading: (t) => 90 + Math.max(0, t - 6) * 60 };
      const [news] = to(play(road, [spins, moving(340, lane, 28)], 9), 1, 'control-loss');
      expect(news?.at).toBeLessThan(8.5);
    });

    it('[K1] but not from one report a second, between which anybody may have driven round a bend', () => {
      const spins: Body = { ...braking(400, 0, 28, 6, 4), heading: (t) => 90 + Math.max(0, t - 6) * 60 };
      const told = (hz: number) =>
        playAt(road, [spins, moving(340, lane, 28)], 9, hz).some((event) => event.class === 'control-loss');
      expect(told(10)).toBe(true);
      expect(told(1)).toBe(false);
    });

    it('[K2] told to those who come towards it on the other half of the road, later than to those behind', () => {
      const skids: Body = { ...driving(0, -1.75, 18, 90), flagsAt: (t) => (t >= 4 ? TrackFlag.stabilityActive : 0) };
      const told = play(country, [skids, driving(350, 1.75, 18, 270), driving(900, 1.75, 18, 270)], 8);
      expect(to(told, 1, 'control-loss')[0]).toMatchObject({ otherSlot: 0 });
      expect(to(told, 2, 'control-loss')).toEqual([]);
    });

    it('[K1] a change of lane and a bend are no loss of control', () => {
      const share = (t: number): number => Math.min(1, Math.max(0, (t - 5) / 2.5));
      const swerves: Body = {
        ...moving(100, 0, 30),
        y: (t) => lane * share(t) ** 2 * (3 - 2 * share(t)),
        heading: (t) => 90 - (Math.atan2((lane / 2.5) * 6 * share(t) * (1 - share(t)), 30) * 180) / Math.PI,
      };
      const told = play(road, [swerves, moving(40, 0, 30)], 9);
      expect(told.filter((event) => event.class === 'control-loss')).toEqual([]);
    });
  });
});
