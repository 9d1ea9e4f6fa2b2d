import type { Plane } from '../roads/graph/index.ts';
import { Random } from './random.ts';
import type { Recording } from './recording.ts';

export interface SensorOptions {
  /** Reports per second at most; undefined: every recorded row. */
  readonly hz?: number | undefined;
  /** Standard deviation of the slow position error, m; 0: exact positions, no latency, no loss. */
  readonly noise: number;
  /** Share of vehicles that report, (0, 1]. */
  readonly penetration: number;
  readonly seed: number;
}

/** What the platform receives, in the order of reception. `row` is the recorded row the report was made from. */
export interface Observations {
  readonly count: number;
  readonly row: Uint32Array;
  /** Seconds of the recording. */
  readonly received: Float64Array;
  readonly lat: Float64Array;
  readonly lon: Float64Array;
  readonly speed: Float32Array;
  readonly headingDeg: Float32Array;
  /** m, 1 sigma; NaN: not sent. */
  readonly accuracy: number;
}

/** Correlation time of the slow error, s, and the figures of collision.md 5.1. */
const biasTime = 60;
const whitePosition = 0.5;
const speedError = 0.2;
const headingErrorDeg = 2;
const steadyHeadingSpeed = 2;
const loss = 0.01;
const latencyMedian = 0.08;
/** 99th percentile 0.6 s: ln(0.6 / 0.08) / 2.326. */
const latencySpread = 0.866;
const latencyLimit = 3;

/** One draw of the delivery delay, s: log-normal, median 80 ms, 99 % below 600 ms. */
export function drawLatency(random: Random): number {
  return Math.min(latencyLimit, latencyMedian * Math.exp(latencySpread * random.normal()));
}

/** The tracks as devices would report them: thinned, with errors, late, partly lost, from a share of the vehicles. Seeded. */
export function observe(recording: Recording, plane: Plane, options: SensorOptions): Observations {
  const { hz, noise, penetration, seed } = options;
  const { count, ids, rowStart, rows, time, x, y, speed, headingDeg } = recording;
  const kept: number[] = [];
  const received = new Float64Array(count);
  const lat = Float64Array.from(recording.lat);
  const lon = Float64Array.from(recording.lon);
  const seenSpeed = Float32Array.from(speed);
  const seenHeading = Float32Array.from(headingDeg);
  const step = hz === undefined ? 0 : 1 / hz - 0.05;
  for (let vehicle = 0; vehicle < ids.length; vehicle += 1) {
    const random = Random.of(seed, ids[vehicle]);
    if (random.uniform() >= penetration) continue;
    let last = Number.NEGATIVE_INFINITY;
    let east = noise * random.normal();
    let north = noise * random.normal();
    for (let k = rowStart[vehicle]; k < rowStart[vehicle + 1]; k += 1) {
      const i = rows[k];
      if (time[i] - last < step) continue;
      const memory = last === Number.NEGATIVE_INFINITY ? 1 : Math.exp((last - time[i]) / biasTime);
      last = time[i];
      received[i] = time[i];
      if (noise === 0) {
        kept.push(i);
        continue;
      }
      const fresh = noise * Math.sqrt(1 - memory * memory);
      east = memory * east + fresh * random.normal();
      north = memory * north + fresh * random.normal();
      lon[i] = plane.lon(x[i] + east + whitePosition * random.normal());
      lat[i] = plane.lat(y[i] + north + whitePosition * random.normal());
      seenSpeed[i] = Math.max(0, speed[i] + speedError * random.normal());
      const turn = headingErrorDeg * random.normal();
      if (speed[i] > steadyHeadingSpeed) seenHeading[i] = (headingDeg[i] + turn + 360) % 360;
      received[i] = time[i] + drawLatency(random);
      if (random.uniform() >= loss) kept.push(i);
    }
  }
  const row = Uint32Array.from(kept).sort((a, b) => received[a] - received[b] || a - b);
  return {
    count: row.length,
    row,
    received: Float64Array.from(row, (i) => received[i]),
    lat: Float64Array.from(row, (i) => lat[i]),
    lon: Float64Array.from(row, (i) => lon[i]),
    speed: Float32Array.from(row, (i) => seenSpeed[i]),
    headingDeg: Float32Array.from(row, (i) => seenHeading[i]),
    accuracy: noise === 0 ? Number.NaN : Math.sqrt(noise * noise + whitePosition * whitePosition),
  };
}
