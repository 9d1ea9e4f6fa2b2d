import { describe, expect, test } from 'vitest';
import { createCrashDetector } from '../../incidents/index.ts';
import { VehicleFlag } from '../../messages/index.ts';
import { describeWithSharedData } from '../fixtures/shared-data.ts';
import { bareFleet, bareGraph, detect, readCsv, readTracks, thinned } from './traffic-tracks.ts';

interface Crash {
  readonly ms: number;
  readonly a: number;
  readonly b: number;
  /** Largest change of velocity of a party by the recording's own rule, m/s. */
  readonly deltaV: number;
  readonly cornerTouch: boolean;
}

function readCrashes(city: string): Crash[] {
  const crashes: Crash[] = [];
  const columns = [
    'time_s',
    'vehicle_a_no',
    'vehicle_b_no',
    'kind',
    'speed_a_mps',
    'speed_b_mps',
    'closing_speed_mps',
    'corner_touch',
  ];
  readCsv(`traffic/${city}/crash_collisions.csv`, columns, ([time, a, b, kind, speedA, speedB, closing, corner]) => {
    const deltaV = kind === 'junction' ? 0.6 * Math.max(Number(speedA), Number(speedB)) : Number(closing) / 2;
    crashes.push({ ms: Number(time) * 1000, a: Number(a), b: Number(b), deltaV, cornerTouch: corner === '1' });
  });
  return crashes;
}

function sizedFleet(path: string, capacity: number) {
  const fleet = bareFleet(capacity);
  readCsv(path, ['vehicle', 'length_m', 'width_m'], ([vehicle, length, width]) => {
    fleet.length[Number(vehicle)] = Number(length);
    fleet.width[Number(vehicle)] = Number(width);
  });
  return fleet;
}

const cities = ['bologna', 'porto'];

describeWithSharedData(
  'crash detector on recorded crashes',
  cities.flatMap((city) =>
    ['crash_collisions.csv', 'crash_fcd_10hz_windows.csv.gz'].map((file) => `traffic/${city}/${file}`),
  ),
  () => {
    test('finds the crashes of 15 km/h and more: at least 95 % at 10 and 5 Hz, 85 % at 1 Hz, the median within 3 s', {
      timeout: 120_000,
    }, () => {
      const score = { 10: [0, 0], 5: [0, 0], 1: [0, 0] };
      const delays: number[] = [];
      let strange = 0;
      for (const city of cities) {
        const crashes = readCrashes(city);
        const states = readTracks(`traffic/${city}/crash_fcd_10hz_windows.csv.gz`);
        for (const hertz of [10, 5, 1] as const) {
          const fleet = sizedFleet(`traffic/${city}/crash_vehicles.csv.gz`, 8000);
          const { told } = detect(thinned(states, hertz), fleet);
          for (const crash of crashes.filter((one) => one.deltaV >= 15 / 3.6 && !one.cornerTouch)) {
            const found = told.find(
              (event) =>
                (event.slots.includes(crash.a) || event.slots.includes(crash.b)) &&
                Math.abs(event.occurredAtMs - crash.ms) < 3000,
            );
            score[hertz][found === undefined ? 1 : 0]++;
            if (found !== undefined) delays.push(found.toldMs - crash.ms);
          }
          const odd = told.filter(
            (event) =>
              !crashes.some(
                (crash) =>
                  (event.slots.includes(crash.a) || event.slots.includes(crash.b)) &&
                  event.occurredAtMs > crash.ms - 3000,
              ),
          );
          strange += odd.length;
        }
      }
      const recall = (hertz: 10 | 5 | 1): number => score[hertz][0] / (score[hertz][0] + score[hertz][1]);
      delays.sort((a, b) => a - b);
      console.log('crash detector [found, missed]', score, 'p50', delays[delays.length >> 1], 'ms, strange', strange);
      expect(recall(10)).toBeGreaterThanOrEqual(0.95);
      expect(recall(5)).toBeGreaterThanOrEqual(0.95);
      expect(recall(1)).toBeGreaterThanOrEqual(0.85);
      expect(delays[delays.length >> 1]).toBeLessThanOrEqual(3000);
      // One vehicle is lifted away by the simulator (a teleport, traffic/README.md): from 0 to 50 km/h within its last second.
      expect(strange).toBeLessThanOrEqual(1);
    });
  },
);

describeWithSharedData('crash detector on ordinary traffic', ['traffic/porto/normal_fcd_1hz.csv.gz'], () => {
  test('tells no crash in 71 vehicle-hours of a city without one', { timeout: 60_000 }, () => {
    const fleet = sizedFleet('traffic/porto/normal_vehicles.csv.gz', 4000);
    const { told, vehicleHours } = detect(readTracks('traffic/porto/normal_fcd_1hz.csv.gz'), fleet);
    expect(vehicleHours).toBeGreaterThan(60);
    expect(told).toEqual([]);
  });
});

describe('crash detector by hand', () => {
  const metre = 1 / 111_195;
  /** Feeds one vehicle going north by its speeds at 10 Hz and returns what is told. */
  const drive = (speeds: readonly number[], change: (i: number) => { flags?: number; jump?: number } = () => ({})) => {
    const detector = createCrashDetector(bareGraph(45, 9), bareFleet(4));
    const events = [];
    let lat = 45;
    for (const [i, speed] of speeds.entries()) {
      const { flags = 0, jump = 0 } = change(i);
      lat += (speed * 0.1 + jump) * metre;
      detector.observe(1, 1000 + i * 100, lat, 9, speed, 0, Number.NaN, flags);
      events.push(...detector.tick(1000 + i * 100));
    }
    return events;
  };
  const hold = (speed: number, seconds: number): number[] => new Array<number>(seconds * 10).fill(speed);
  const brake = (from: number, rate: number): number[] =>
    Array.from({ length: Math.ceil((from / rate) * 10) }, (_, i) => Math.max(0, from - rate * 0.1 * i));

  test('an impact from 14 to 4 m/s in a tenth of a second is told once, where and when it was', () => {
    const events = drive([...hold(14, 3), ...hold(4, 1), ...hold(0, 20)]);
    expect(events).toHaveLength(1);
    expect(events[0].occurredAtMs).toBe(1000 + 2950);
    expect(events[0].lat).toBeCloseTo(45 + (30 * 1.4 + 0.4) * metre, 6);
    expect(events[0].evidence.map((item) => item.rule)).toEqual(['impact-acceleration', 'delta-v']);
  });

  test('full braking to a stop is no crash', () => {
    expect(drive([...hold(25, 2), ...brake(25, 9.5), ...hold(0, 25)])).toEqual([]);
  });

  test('one wrong speed value is no crash', () => {
    expect(drive([...hold(14, 2), 1, ...hold(14, 5)])).toEqual([]);
  });

  test('a jump of the position with a jump of the speed is no crash', () => {
    expect(drive([...hold(14, 2), ...hold(3, 5)], (i) => (i === 20 ? { jump: 40 } : {}))).toEqual([]);
  });

  test('an airbag flag is a crash at once, whatever the motion', () => {
    const events = drive(hold(8, 3), (i) => ({ flags: i >= 15 ? VehicleFlag.airbagDeployed : 0 }));
    expect(events.map((event) => event.evidence[0].rule)).toEqual(['vehicle-flag']);
  });

  test('wrong options are refused with the legal range', () => {
    const make = (options: object) => () => createCrashDetector(bareGraph(0, 0), bareFleet(1), options);
    expect(make({ threshold: -1 })).toThrow('0..20');
    expect(make({ candidates: 3 })).toThrow('16..65536');
  });
});
