import { describe, expect, it } from 'vitest';
import type { LoggedAlert } from '../../evaluation/alert-log.ts';
import { foresee } from '../../evaluation/foreseen.ts';
import { HazardPresence } from '../../evaluation/hazard-presence.ts';
import type { Issue } from '../../evaluation/issues.ts';
import { issuesOf } from '../../evaluation/issues.ts';
import { RoadLimit } from '../../evaluation/road-limit.ts';
import { RouteShares } from '../../evaluation/route-shares.ts';
import { severityOf } from '../../evaluation/severity.ts';
import { TrueMotion } from '../../evaluation/true-motion.ts';
import { type TrueCollision, type TrueHazard, type Truth, truthOf } from '../../evaluation/truth.ts';
import { Judge } from '../../evaluation/verdict.ts';
import { straightRoad } from '../oracles/ncap-roads.ts';
import { cruising, type Driver, plane, record, road } from './small-world.ts';

const limits = new RoadLimit(road);

/** Driver 0 at 20 m/s towards driver 1, who stands with his rear at 1,195.5 m: contact after 59.775 s. */
const standing = record([cruising('fast', 0, 20, 0, 59.7), cruising('still', 1200, 0)]);
const motion = new TrueMotion(standing);
const routes = new RouteShares(standing);
const crash: TrueCollision = {
  id: 'fast>still',
  time: 59.8,
  x: 1195.5,
  y: -1.75,
  class: 'stationary_hazard',
  collider: 0,
  victim: 1,
  onset: 0,
  hazardKind: 'injected_stop',
  possible1km: true,
};

const issue = (over: Partial<Issue>): Issue => ({
  alertId: 1,
  vehicle: 0,
  other: -1,
  stage: 1,
  class: 'stationary-vehicle',
  time: 5,
  received: 5.15,
  until: Number.POSITIVE_INFINITY,
  x: 1196,
  y: -1.75,
  distance: 1096,
  eta: 55,
  probability: 0.9,
  audible: true,
  why: '',
  ...over,
});

describe('How a collision was foreseen', () => {
  it('the lead distance is what the driver still had to drive at reception', () => {
    const seen = foresee(motion, limits, routes, crash, [issue({})], []);
    expect(seen.possibleAt1km).toBe(true);
    expect(seen.leadDistance).toBeCloseTo((59.7 - 5.15) * 20, 0);
    expect(seen.predictedClass).toBe('stationary-vehicle');
  });

  it('a warning of another place, one taken back and one to somebody else foretell nothing', () => {
    expect(foresee(motion, limits, routes, crash, [issue({ x: 700 })], []).leadDistance).toBe(0);
    expect(foresee(motion, limits, routes, crash, [issue({ until: 20 })], []).leadDistance).toBe(0);
    expect(foresee(motion, limits, routes, crash, [issue({ vehicle: 1 })], []).leadDistance).toBe(0);
  });

  it('stage 2 has to come before braking at 3.4 m/s² after 1.5 s no longer suffices', () => {
    // 20 · 1.5 + 20² / 6.8 = 88.8 m, that is 4.44 s before contact.
    const seen = foresee(motion, limits, routes, crash, [], []);
    expect(seen.warnByLead).toBeGreaterThan(4.3);
    expect(seen.warnByLead).toBeLessThan(4.6);
    const inTime = foresee(
      motion,
      limits,
      routes,
      crash,
      [issue({ stage: 2, time: 54.9, received: 55.05, other: 1 })],
      [],
    );
    expect(inTime.warningLead).toBeCloseTo(4.75, 6);
    expect(inTime.warningLead).toBeGreaterThan(inTime.warnByLead);
    expect(inTime.imminentLead).toBeNaN();
  });

  it('without a hazard known before there is nothing to be possible at 1 km', () => {
    const seen = foresee(
      motion,
      limits,
      routes,
      { ...crash, onset: Number.NaN, possible1km: undefined },
      [issue({})],
      [],
    );
    expect(seen.possibleAt1km).toBe(false);
    expect(seen.possibleDistance).toBe(0);
  });
});

describe('A vehicle that had stopped dead before it was struck', () => {
  // Driver 1 comes to rest within a tenth of a second at 10 s and is struck at 45 s.
  const stopped: Driver = {
    ...cruising('still', 1200, 0),
    x: (t) => (t < 10 ? 1100 + 10 * t : 1200),
    v: (t) => (t < 10 ? 10 : 0),
  };
  const late = new TrueMotion(record([cruising('fast', 0, 20, 0, 59.7), stopped]));
  const struck = { ...crash, time: 45, collider: 2 };
  const presence = (collisions: readonly TrueCollision[]): HazardPresence =>
    new HazardPresence(late, truthOf(collisions, [], [], []), new RoadLimit(straightRoad(1, 13.9)));

  it('is a wreck since that stop, not since the later contact', () => {
    expect(presence([struck]).at(issue({ time: 25 }), 59)).toBe('hazard');
    expect(presence([]).at(issue({ time: 25 }), 59)).toBe('hazard');
    expect(presence([struck]).at(issue({ time: 5, eta: 3 }), 8)).not.toBe('hazard');
  });
});

describe('A wreck that drove on before it was struck', () => {
  const wreck: TrueCollision = { ...crash, hazardKind: 'crashed_vehicle', onset: 10 };
  const listed = (from: number, to: number) => ({
    kind: 'crashed',
    vehicle: 1,
    from,
    to,
    x: 1100,
    y: -1.75,
    hardNegative: false,
  });
  const street = new RoadLimit(straightRoad(1, 13.9));
  const ordinary = (where: RoadLimit, ...hazards: ReturnType<typeof listed>[]): boolean =>
    foresee(motion, where, routes, wreck, [], hazards).everydayStop;

  it('stands in an ordinary queue in a street, not on a fast road', () => {
    expect(ordinary(street, listed(10, 40))).toBe(true);
    expect(ordinary(limits, listed(10, 40))).toBe(false);
  });

  it('is a wreck while one of its times is not over, and where nothing is known of it', () => {
    expect(ordinary(street, listed(10, 70))).toBe(false);
    expect(ordinary(street, listed(10, 40), listed(20, 80))).toBe(false);
    expect(ordinary(street, listed(59.8, 80))).toBe(false);
  });
});

describe('A collision with a legitimate stop', () => {
  const parked: TrueCollision = { ...crash, hazardKind: 'double_parking' };
  const stop = { kind: 'double_parking', vehicle: 1, from: 0, to: 80, x: 1100, y: -1.75, hardNegative: true };
  const everyday = (hazard: TrueHazard): boolean => foresee(motion, limits, routes, parked, [], [hazard]).everydayStop;

  it('asks for no advisory from afar, as one would be judged false', () => {
    expect(everyday(stop)).toBe(true);
  });

  it('does where the stop is none, another vehicle stands, or it had ended', () => {
    expect(everyday({ ...stop, hardNegative: false })).toBe(false);
    expect(everyday({ ...stop, vehicle: 0 })).toBe(false);
    expect(everyday({ ...stop, to: 50 })).toBe(false);
  });
});

describe('What a warning was worth', () => {
  const judgeOf = (recording: typeof standing, truth: Truth, foretold: readonly number[] = []): Judge => {
    const seen = new TrueMotion(recording);
    return new Judge(seen, truth, new HazardPresence(seen, truth, limits), new Set(foretold));
  };
  const nothing = truthOf([], [], [], []);

  it('true when a collision it foretold follows; after his own crash a driver is no longer judged', () => {
    const judge = judgeOf(standing, truthOf([crash], [], [], []), [1]);
    expect(judge.judge(issue({})).verdict).toBe('true');
    expect(judge.judge(issue({ alertId: 2, time: 59.9 })).verdict).toBe('ignored');
  });

  it('an early rise to stage 2 of an alert that foretold the collision later has not foretold it', () => {
    const judge = judgeOf(standing, truthOf([crash], [], [], []), [1]);
    expect(judge.judge(issue({ stage: 2, time: 5, eta: 5, other: 1 })).verdict).toBe('false');
    expect(judge.judge(issue({ stage: 2, time: 50, other: 1 })).verdict).toBe('true');
  });

  // He goes round the standing one: 20 m/s on a road of 80 km/h.
  const passing = record([cruising('fast', 0, 20, 0, 80, -1.75), cruising('still', 1200, 0, 0, 80, -3.6)]);

  it('an advisory is justified by a vehicle that stands there when the driver comes, on a fast road', () => {
    expect(judgeOf(passing, nothing).judge(issue({})).verdict).toBe('justified');
  });

  it('an advisory of a place where nothing is, or of a legitimate stop, is false', () => {
    expect(judgeOf(passing, nothing).judge(issue({ x: 600, distance: 500, eta: 25 })).verdict).toBe('false');
    const stop = { kind: 'double_parking', vehicle: 1, from: 0, to: 80, x: 1200, y: -3.6, hardNegative: true };
    const judged = judgeOf(passing, truthOf([], [], [stop], [])).judge(issue({}));
    expect(judged.verdict).toBe('false');
    expect(judged.finding).toContain('ordinary stop');
  });

  it('an advisory of a listed hazard is justified, and a nuisance for a driver who already slows', () => {
    const listed = { kind: 'stationary', vehicle: 1, from: 0, to: 80, x: 1200, y: -3.6, hardNegative: false };
    expect(judgeOf(passing, truthOf([], [], [listed], [])).judge(issue({})).verdict).toBe('justified');
    const slowing = record([
      { ...cruising('fast', 0, 20, 0, 80), a: (t: number) => (t > 4 && t < 6 ? -2 : 0) },
      cruising('still', 1200, 0, 0, 80, -3.6),
    ]);
    expect(judgeOf(slowing, truthOf([], [], [listed], [])).judge(issue({})).verdict).toBe('nuisance');
  });

  it('a warning of a pair is justified by a severe conflict and false where both pass well apart', () => {
    const near = record([cruising('fast', 0, 20, 0, 29.4), cruising('slow', 300, 10, 0, 29.4)]);
    const pair = issue({
      stage: 2,
      class: 'rear-end',
      other: 1,
      time: 26,
      received: 26.1,
      eta: 3.5,
      x: 560,
      distance: 40,
    });
    expect(severityOf(new TrueMotion(near), 0, 1, 25, 29.4).ttc).toBeLessThan(1.5);
    expect(judgeOf(near, nothing).judge(pair).verdict).toBe('justified');
    const apart = record([cruising('fast', 0, 20, 0, 40), cruising('slow', 300, 10, 0, 40, -5.25)]);
    expect(judgeOf(apart, nothing).judge(pair).verdict).toBe('false');
    const overlapping = truthOf([], [], [], ['0 1']);
    expect(judgeOf(apart, overlapping).judge(pair).verdict).toBe('ignored');
  });

  it('a warning is not judged when a track ends, driving, before the foretold moment', () => {
    const pair = issue({
      stage: 2,
      class: 'rear-end',
      other: 1,
      time: 26,
      received: 26.1,
      eta: 3.5,
      x: 560,
      distance: 40,
    });
    const ending = record([cruising('fast', 0, 20, 0, 40), cruising('slow', 300, 10, 0, 28, -5.25)]);
    expect(judgeOf(ending, nothing).judge(pair).verdict).toBe('ignored');
    const parked = record([cruising('fast', 0, 20, 0, 40), cruising('slow', 580, 0, 0, 28, -5.25)]);
    expect(judgeOf(parked, nothing).judge(pair).verdict).toBe('false');
    const later = record([cruising('fast', 0, 20, 0, 40), cruising('slow', 300, 10, 0, 31, -5.25)]);
    expect(judgeOf(later, nothing).judge(pair).verdict).toBe('false');
  });
});

describe('A warning of one who is himself a known hazard', () => {
  const listed = { kind: 'stationary', vehicle: 1, from: 10, to: 80, x: 1200, y: -1.75, hardNegative: false };
  // He drives up, stops at 1,200 m and stands; the other comes by in the next lane or changes over to it 150 m before.
  const stopping = {
    id: 'still',
    from: 0,
    to: 80,
    x: (t: number) => (t < 60 ? 600 + 10 * t : 1200),
    y: -1.75,
    v: (t: number) => (t < 60 ? 10 : 0),
  };
  const judged = (y: number) => {
    const seen = new TrueMotion(record([cruising('fast', -300, 20, 0, 80, y), stopping]));
    const truth = truthOf([], [], [listed], []);
    const judge = new Judge(seen, truth, new HazardPresence(seen, truth, limits), new Set());
    const warning = { stage: 2 as const, class: 'rear-end' as const, other: 1, time: 66, received: 66.1, eta: 9 };
    return judge.judge(issue({ ...warning, x: 1200, distance: 175 })).verdict;
  };

  it('is no false alarm for a driver in his lane and one for a driver beside it', () => {
    expect(judged(-5.25)).toBe('false');
    expect(judged(-0.4)).not.toBe('false');
  });

  it('nor is one of a wreck for whom it stands before, though it had come against the direction', () => {
    // Stands at 1,370 m with his front towards those who come; the other stops 43 m short of him.
    const wrongWay = {
      id: 'wrong',
      from: 0,
      to: 80,
      x: (t: number) => (t < 60 ? 1970 - 10 * t : 1370),
      y: -1.75,
      v: (t: number) => (t < 60 ? 10 : 0),
      west: true,
    };
    const of = (y: number, came: string) => {
      const braking = (t: number) => Math.min(Math.max(t - 63, 0), 20 / 3);
      const stops: Driver = {
        ...cruising('fast', 0, 20, 0, 80, y),
        x: (t) => 20 * Math.min(t, 63) + 20 * braking(t) - 1.5 * braking(t) ** 2,
        v: (t) => 20 - 3 * braking(t),
      };
      const seen = new TrueMotion(record([stops, wrongWay]));
      const from = { vehicle: 1, x: 1370, y: -1.75, hardNegative: false };
      const hazards = [
        { ...from, kind: came, from: 0, to: 60 },
        { ...from, kind: 'crashed', from: 60, to: 80 },
      ];
      const truth = truthOf([], [], hazards, []);
      const judge = new Judge(seen, truth, new HazardPresence(seen, truth, limits), new Set());
      const warning = { stage: 3 as const, class: 'rear-end' as const, other: 1, time: 62, received: 62.1, eta: 3 };
      return judge.judge(issue({ ...warning, x: 1370, distance: 130 })).finding;
    };
    expect(of(-1.75, 'wrong_way')).toContain('a known hazard stood in his lane');
    expect(of(-5.25, 'wrong_way')).not.toContain('a known hazard stood in his lane');
    expect(of(-1.75, 'slow')).not.toContain('a known hazard stood in his lane');
  });
});

describe('Reading the alert log', () => {
  const line = (over: Partial<LoggedAlert>): LoggedAlert => ({
    time: 10,
    alertId: 7,
    vehicle: 'fast',
    other: 'still',
    hazardId: -1,
    stage: 1,
    prevStage: 0,
    class: 'rear-end',
    lat: plane.lat(-1.75),
    lon: plane.lon(500),
    distance: 300,
    eta: 15,
    requiredDeceleration: 1,
    probability: 0.5,
    adviceSpeed: 0,
    why: '',
    audible: true,
    validUntil: 12,
    cause: 10,
    ...over,
  });

  it('counts every rise of an alert, knows when it ended, and tells repetitions from changes', () => {
    const { issues, repeated, counts } = issuesOf(
      [
        line({}),
        line({ time: 12, prevStage: 1 }),
        line({ time: 13, stage: 2, prevStage: 1 }),
        line({ time: 15, stage: 1, prevStage: 2 }),
        line({ time: 16, stage: 2, prevStage: 1 }),
        line({ time: 20, stage: 0, prevStage: 2 }),
      ],
      standing,
      plane,
      () => 0.2,
    );
    expect(issues.map(({ stage, time, until }) => ({ stage, time, until }))).toEqual([
      { stage: 1, time: 10, until: 20 },
      { stage: 2, time: 13, until: 15 },
      { stage: 2, time: 16, until: 20 },
    ]);
    expect(issues[0].received).toBeCloseTo(10.2, 9);
    expect(repeated.map(({ stage, time, until }) => ({ stage, time, until }))).toEqual([
      { stage: 1, time: 12, until: 20 },
    ]);
    expect(counts).toEqual({ alerts: 1, transitions: 4, renotifications: 1, cancelled: 1 });
  });

  it('refuses a log of other traffic', () => {
    expect(() => issuesOf([line({ vehicle: 'nobody' })], standing, plane, () => 0)).toThrow(/nobody/);
  });
});
