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

/** One report as the platform receives it; filled by `Device.report`. */
export interface Report {
  /** Seconds. */
  received: number;
  lat: number;
  lon: number;
  speed: number;
  headingDeg: number;
}

/** 1 sigma of the position as a device tells it, m; NaN when it reports without errors: not sent. */
export function toldAccuracy(noise: number): number {
  return noise === 0 ? Number.NaN : Math.sqrt(noise * noise + whitePosition * whitePosition);
}

/** The device of one vehicle: its errors depend on the seed and its own name only. To be asked in the order of time. */
export class Device {
  /** Whether the vehicle has one at all. */
  readonly present: boolean;
  private readonly random: Random;
  private readonly plane: Plane;
  private readonly noise: number;
  private readonly step: number;
  private last = Number.NEGATIVE_INFINITY;
  private east = 0;
  private north = 0;

  constructor(id: string, plane: Plane, { hz, noise, penetration, seed }: SensorOptions) {
    this.random = Random.of(seed, id);
    this.plane = plane;
    this.noise = noise;
    this.step = hz === undefined ? 0 : 1 / hz - 0.05;
    this.present = this.random.uniform() < penetration;
    if (!this.present) return;
    this.east = noise * this.random.normal();
    this.north = noise * this.random.normal();
  }

  /**
   * What it reports of its true state at `time`, s; x, y in the plane, m. Fills `out` (without noise only the time of reception: the
   * caller has put the state there). False: too soon after the report before, or lost on the way.
   */
  report(time: number, x: number, y: number, speed: number, headingDeg: number, out: Report): boolean {
    const { random, noise, plane } = this;
    if (time - this.last < this.step) return false;
    const memory = this.last === Number.NEGATIVE_INFINITY ? 1 : Math.exp((this.last - time) / biasTime);
    this.last = time;
    out.received = time;
    if (noise === 0) return true;
    const fresh = noise * Math.sqrt(1 - memory * memory);
    this.east = memory * this.east + fresh * random.normal();
    this.north = memory * this.north + fresh * random.normal();
    out.lon = plane.lon(x + this.east + whitePosition * random.normal());
    out.lat = plane.lat(y + this.north + whitePosition * random.normal());
    out.speed = Math.max(0, speed + speedError * random.normal());
    const turn = headingErrorDeg * random.normal();
    if (speed > steadyHeadingSpeed) out.headingDeg = (headingDeg + turn + 360) % 360;
    out.received = time + drawLatency(random);
    return random.uniform() >= loss;
  }
}

/** The tracks as devices would report them: thinned, with errors, late, partly lost, from a share of the vehicles. Seeded. */
export function observe(recording: Recording, plane: Plane, options: SensorOptions): Observations {
  const { count, ids, rowStart, rows, time, x, y, speed, headingDeg } = recording;
  const kept: number[] = [];
  const received = new Float64Array(count);
  const lat = Float64Array.from(recording.lat);
  const lon = Float64Array.from(recording.lon);
  const seenSpeed = Float32Array.from(speed);
  const seenHeading = Float32Array.from(headingDeg);
  const report: Report = { received: 0, lat: 0, lon: 0, speed: 0, headingDeg: 0 };
  for (let vehicle = 0; vehicle < ids.length; vehicle += 1) {
    const device = new Device(ids[vehicle], plane, options);
    if (!device.present) continue;
    for (let k = rowStart[vehicle]; k < rowStart[vehicle + 1]; k += 1) {
      const i = rows[k];
      report.lat = lat[i];
      report.lon = lon[i];
      report.speed = speed[i];
      report.headingDeg = headingDeg[i];
      if (!device.report(time[i], x[i], y[i], speed[i], headingDeg[i], report)) continue;
      kept.push(i);
      received[i] = report.received;
      lat[i] = report.lat;
      lon[i] = report.lon;
      seenSpeed[i] = report.speed;
      seenHeading[i] = report.headingDeg;
    }
  }
  // Rows are in the order of time: only latency changes the order of reception.
  const row = Uint32Array.from(kept).sort();
  if (options.noise > 0) row.sort((a, b) => received[a] - received[b] || a - b);
  return {
    count: row.length,
    row,
    received: Float64Array.from(row, (i) => received[i]),
    lat: Float64Array.from(row, (i) => lat[i]),
    lon: Float64Array.from(row, (i) => lon[i]),
    speed: Float32Array.from(row, (i) => seenSpeed[i]),
    headingDeg: Float32Array.from(row, (i) => seenHeading[i]),
    accuracy: toldAccuracy(options.noise),
  };
}
