import { expect, test } from 'vitest';
import type { VehicleState } from '../../messages/index.ts';
import { door, moved, noon, vehicle } from './fleet.ts';

/** A drive: position along a straight way by integrating `speedAt`, sampled at `hz`; `bend` changes what is sent. */
function drive(
  seconds: number,
  hz: number,
  speedAt: (t: number) => number,
  bend: (state: VehicleState, t: number, i: number) => VehicleState | undefined = (state) => state,
): VehicleState[] {
  const states: VehicleState[] = [];
  let way = 0;
  for (let i = 0; i <= seconds * hz; i += 1) {
    const t = i / hz;
    if (i > 0) way += ((speedAt(t) + speedAt(t - 1 / hz)) / 2) * (1 / hz);
    const state = bend(
      vehicle('a', noon + Math.round(t * 1_000), { ...moved(35.7, 51.4, 0, way), speed: speedAt(t) }),
      t,
      i,
    );
    if (state !== undefined) states.push(state);
  }
  return states;
}

function run(states: readonly VehicleState[]) {
  const { send, pipeline } = door();
  const accepted = states.map((state) => send(state));
  const dropped = Object.entries(pipeline.counters().dropped).filter(([, n]) => n > 0);
  return {
    accepted,
    share: accepted.filter(Boolean).length / accepted.length,
    dropped: Object.fromEntries(dropped),
    pipeline,
  };
}

const city = (t: number): number => 12 + 4 * Math.sin(t / 5);
/** Same numbers each run (Numerical Recipes' linear congruence). */
function randomFrom(seed: number): () => number {
  let value = seed;
  return () => {
    value = (Math.imul(value, 1_664_525) + 1_013_904_223) >>> 0;
    return value / 2 ** 32;
  };
}

test('a crash at full speed passes whole: from 30 m/s to nothing in one sample, at 10 Hz and at 1 Hz', () => {
  for (const hz of [1, 10]) {
    const speed = (t: number): number => (t < 10 ? 30 : 0);
    expect(run(drive(40, hz, speed)).dropped).toEqual({});
  }
});

test('a car struck from behind passes: from nothing to 12 m/s in one sample, sliding to rest, with a wild accelerometer', () => {
  const speed = (t: number): number => (t < 10 ? 0 : Math.max(0, 12 - 7 * (t - 10)));
  const shaken = (state: VehicleState, t: number): VehicleState =>
    t >= 10 && t < 10.4 ? { ...state, accel: 85 } : state;
  expect(run(drive(30, 10, speed, shaken)).dropped).toEqual({});
});

test('two impacts within a second and a spin pass', () => {
  const speed = (t: number): number => (t < 5 ? 25 : t < 5.5 ? 14 : t < 5.6 ? 18 : Math.max(0, 4 - (t - 5.6) * 3));
  const spin = (state: VehicleState, t: number): VehicleState =>
    t > 5 && t < 7 ? { ...state, headingDeg: (t * 400) % 360 } : state;
  expect(run(drive(30, 10, speed, spin)).dropped).toEqual({});
});

test('a receiver that jumps 30 m and back passes, at 10 Hz and at 1 Hz', () => {
  for (const hz of [1, 10]) {
    const jump = (state: VehicleState, t: number): VehicleState =>
      t > 20 && t < 22 ? { ...state, ...moved(state.lat, state.lon, 30, 0) } : state;
    expect(run(drive(60, hz, city, jump)).dropped).toEqual({});
  }
});

test('a tunnel passes: silent, or frozen inside (those are dropped) and heard from the first fix at the other end', () => {
  const silent = drive(120, 1, city, (state, t) => (t > 40 && t < 80 ? undefined : state));
  expect(run(silent).dropped).toEqual({});
  const frozen = drive(120, 10, city, (state, t) => (t > 40 && t < 80 ? { ...state, lat: 35.7043, lon: 51.4 } : state));
  const { accepted, dropped } = run(frozen);
  expect(Object.keys(dropped)).toEqual(['frozen']);
  expect(accepted.slice(800)).not.toContain(false);
});

test('a position that updates once a second inside messages at 10 Hz passes', () => {
  const fixes: VehicleState[] = [];
  const slow = drive(
    60,
    10,
    () => 30,
    (state, _t, i) => {
      if (i % 10 === 0) fixes.push(state);
      const fix = fixes[fixes.length - 1]!;
      return { ...state, lat: fix.lat, lon: fix.lon };
    },
  );
  expect(run(slow).dropped).toEqual({});
});

test('a standing vehicle whose position wanders by metres, with any heading, passes', () => {
  const random = randomFrom(7);
  const states = drive(
    120,
    10,
    () => 0,
    (state) => ({
      ...state,
      ...moved(35.7, 51.4, random() * 6 - 3, random() * 6 - 3),
      headingDeg: random() * 360,
    }),
  );
  expect(run(states).dropped).toEqual({});
});

test('a vehicle carried off (ferry, tow, restart) is believed at the new place after a few messages that agree', () => {
  const states = drive(60, 1, city, (state, t) =>
    t > 30 ? { ...state, ...moved(state.lat, state.lon, 3_000, 0) } : state,
  );
  const { accepted, dropped } = run(states);
  expect(dropped).toEqual({ teleport: 3 });
  expect(accepted.slice(35)).not.toContain(false);
});

test('reversing, roundabouts and hard braking pass', () => {
  const radius = 12;
  const round = Array.from({ length: 300 }, (_, i) => {
    const angle = (i / 10) * (6 / radius);
    const heading = (((360 - (angle * 180) / Math.PI) % 360) + 360) % 360;
    return vehicle('a', noon + i * 100, {
      ...moved(35.7, 51.4, radius * Math.cos(angle), radius * Math.sin(angle)),
      speed: 6,
      headingDeg: heading,
    });
  });
  expect(run(round).dropped).toEqual({});
  expect(run(drive(20, 10, (t) => Math.max(0, 30 - (t > 5 ? 9.5 * (t - 5) : 0)))).dropped).toEqual({});
  const back = drive(20, 10, () => 3).map((state) => ({ ...state, headingDeg: 180, flags: 1 << 9 }));
  expect(run(back).dropped).toEqual({});
});

test('nothing on a road is faster than 90 m/s, and nobody walks at 20 m/s', () => {
  expect(run([vehicle('a', noon, { speed: 91 })]).dropped).toEqual({ 'implausible-speed': 1 });
  expect(run([vehicle('a', noon, { speed: 20, stationType: 1 })]).dropped).toEqual({ 'implausible-speed': 1 });
});

/*
 * The attack names of F2MD, made by us on a plain drive; what a single vehicle's messages cannot give away (a constant
 * position offset, a well-played stop, a replay in one piece, many ids) is not in this list. A random speed offset of
 * ±20 m/s is caught at 10 Hz; at 1 Hz its mean is right and it hides in what braking and GNSS noise allow.
 */
const attacks: [string, number, (random: () => number) => (state: VehicleState, t: number) => VehicleState][] = [
  ['ConstPos', 0.9, () => (state) => ({ ...state, lat: 35.71, lon: 51.41 })],
  ['RandomPos', 0.95, (random) => (state) => ({ ...state, lat: 35.7 + random() * 0.05, lon: 51.4 + random() * 0.05 })],
  [
    'RandomPosOffset',
    0.6,
    (random) => (state) => ({ ...state, ...moved(state.lat, state.lon, random() * 140 - 70, random() * 140 - 70) }),
  ],
  ['ConstSpeed', 0.6, () => (state) => ({ ...state, speed: 40 })],
  ['ConstSpeedOffset', 0.6, () => (state) => ({ ...state, speed: (state.speed ?? 0) + 20 })],
  ['RandomSpeed', 0.8, (random) => (state) => ({ ...state, speed: random() * 60 })],
  [
    'RandomSpeedOffset',
    0.6,
    (random) => (state) => ({ ...state, speed: Math.abs((state.speed ?? 0) + random() * 40 - 20) }),
  ],
  ['StaleMessages', 0.95, () => (state) => ({ ...state, timestampMs: state.timestampMs - 60_000 })],
  [
    'DoSRandom',
    0.95,
    (random) => (state) => ({ ...state, lat: random() * 90, lon: random() * 90, speed: random() * 60 }),
  ],
  ['WrongHeading', 0.6, () => (state) => ({ ...state, headingDeg: 180 })],
];
for (const [name, least, attack] of attacks) {
  const rates = name === 'RandomSpeedOffset' ? [10] : [1, 10];
  test(`the attack ${name} is refused in at least ${least * 100} % of its messages in a minute, at ${rates.join(' Hz and at ')} Hz`, () => {
    for (const hz of rates) {
      for (const seed of [1, 2, 3]) {
        const bent = attack(randomFrom(seed));
        const states = drive(60, hz, city).map((state, i) => bent(state, i / hz));
        const { send } = door();
        const refused = states.filter((state, i) => !send(state, noon + (i * 1_000) / hz + 50)).length / states.length;
        expect(refused, `${hz} Hz, seed ${seed}`).toBeGreaterThanOrEqual(least);
      }
    }
  });
}

test('a vehicle that stops lying is trusted again within half a minute', () => {
  const random = randomFrom(5);
  const states = drive(120, 10, city, (state, t) => (t < 30 ? { ...state, speed: random() * 60 } : state));
  const { accepted } = run(states);
  expect(accepted.slice(250, 300)).not.toContain(true);
  expect(accepted.slice(600)).not.toContain(false);
});
