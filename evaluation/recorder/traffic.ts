import type { SumoProjection } from '../../roads/import/index.ts';
import { isPossible } from './cut-tracks.ts';

/** Steps of a recording in a second. */
export const stepsPerSecond = 10;

/** One vehicle in one step, as SUMO writes it. */
export interface Sample {
  readonly lat: number;
  readonly lon: number;
  /** m/s and m/s². */
  readonly speed: number;
  readonly accel: number;
  /** Degrees clockwise from north. */
  readonly headingDeg: number;
  /** '' = that of the step before. */
  readonly lane: string;
  /** Distance of the front bumper along the lane, m. */
  readonly pos: number;
  readonly signals: number;
}

/**
 * The exact traffic of one simulation at 10 Hz, columns by row; rows are in the order of steps. x, y: middle of the front bumper in the
 * network's plane, m, in which the headings count. A vehicle's rows follow each other step by step, from its first to its last.
 */
export interface Traffic {
  readonly ids: readonly string[];
  readonly index: ReadonlyMap<string, number>;
  readonly types: readonly string[];
  /** m. */
  readonly lengths: Float64Array;
  readonly widths: Float64Array;
  readonly count: number;
  /** Rows `stepStart[k] .. stepStart[k + 1]` are those of step k, that is of k / 10 s; `steps` + 1 entries. */
  readonly stepStart: Uint32Array;
  readonly steps: number;
  readonly vehicle: Uint32Array;
  readonly lat: Float64Array;
  readonly lon: Float64Array;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly speed: Float32Array;
  readonly accel: Float32Array;
  readonly headingDeg: Float32Array;
  /** Index into `lanes`. */
  readonly lane: Uint32Array;
  readonly lanes: readonly string[];
  readonly pos: Float32Array;
  readonly signals: Uint32Array;
  /** Per vehicle: first step, steps, and where its rows begin in `rows`. */
  readonly firstStep: Uint32Array;
  readonly rowStart: Uint32Array;
  readonly rows: Uint32Array;
  /** Vehicles whose track ends at an impossible step, and that step: they vanish with it. */
  readonly cutAt: ReadonlyMap<number, number>;
}

/** Body of a vehicle type, m. */
export interface BodySize {
  readonly length: number;
  readonly width: number;
}

/** Row of the vehicle in this step, -1 when it is not on the road. */
export function rowAt(traffic: Traffic, vehicle: number, step: number): number {
  const k = step - traffic.firstStep[vehicle];
  const start = traffic.rowStart[vehicle];
  return k >= 0 && k < traffic.rowStart[vehicle + 1] - start ? traffic.rows[start + k] : -1;
}

/** Last step in which the vehicle is on the road. */
export function lastStep(traffic: Traffic, vehicle: number): number {
  return traffic.firstStep[vehicle] + traffic.rowStart[vehicle + 1] - traffic.rowStart[vehicle] - 1;
}

export function stepOf(time: number): number {
  return Math.round(time * stepsPerSecond);
}

type Column = Float64Array | Float32Array | Uint32Array;

function longer<T extends Column>(column: T, make: (length: number) => T): T {
  const twice = make(2 * column.length);
  twice.set(column);
  return twice;
}

/** Collects samples in the order of steps. */
export class TrafficBuilder {
  private readonly projection: SumoProjection;
  private readonly sizes: ReadonlyMap<string, BodySize>;
  private readonly ids: string[] = [];
  private readonly index = new Map<string, number>();
  private readonly types: string[] = [];
  private readonly lanes: string[] = [];
  private readonly laneIndex = new Map<string, number>();
  private readonly stepStart: number[] = [0];
  private readonly rowsOf: number[] = [];
  private readonly lastRow: number[] = [];
  private readonly cutAt = new Map<number, number>();
  private count = 0;
  private vehicle = new Uint32Array(1 << 16);
  private lane = new Uint32Array(1 << 16);
  private signals = new Uint32Array(1 << 16);
  private lat = new Float64Array(1 << 16);
  private lon = new Float64Array(1 << 16);
  private x = new Float64Array(1 << 16);
  private y = new Float64Array(1 << 16);
  private speed = new Float32Array(1 << 16);
  private accel = new Float32Array(1 << 16);
  private headingDeg = new Float32Array(1 << 16);
  private pos = new Float32Array(1 << 16);

  /** `sizes`: bodies by type. */
  constructor(projection: SumoProjection, sizes: ReadonlyMap<string, BodySize>) {
    this.projection = projection;
    this.sizes = sizes;
  }

  /** Steps known so far; the next sample belongs to the last of them. */
  get steps(): number {
    return this.stepStart.length;
  }

  /** Ends the step; further samples belong to the next. */
  endStep(): void {
    this.stepStart.push(this.count);
  }

  add(id: string, type: string, sample: Sample): void {
    let vehicle = this.index.get(id);
    if (vehicle === undefined) {
      vehicle = this.ids.length;
      this.index.set(id, vehicle);
      this.ids.push(id);
      this.types.push(type);
      this.rowsOf.push(0);
      this.lastRow.push(-1);
    }
    if (this.cutAt.has(vehicle)) return;
    const [x, y] = this.projection.toNet(sample.lat, sample.lon);
    if (!isPossible(this.lastOf(vehicle), { x, y, speed: sample.speed })) {
      this.cutAt.set(vehicle, this.steps - 1);
      return;
    }
    const before = this.lastRow[vehicle];
    const lane = sample.lane === '' && before >= 0 ? this.lane[before] : this.laneOf(sample.lane);
    if (this.count === this.vehicle.length) this.grow();
    const row = this.count;
    this.count += 1;
    this.rowsOf[vehicle] += 1;
    this.lastRow[vehicle] = row;
    this.vehicle[row] = vehicle;
    this.lane[row] = lane;
    this.signals[row] = sample.signals;
    this.lat[row] = sample.lat;
    this.lon[row] = sample.lon;
    this.x[row] = x;
    this.y[row] = y;
    this.speed[row] = sample.speed;
    this.accel[row] = sample.accel;
    this.headingDeg[row] = sample.headingDeg;
    this.pos[row] = sample.pos;
  }

  private laneOf(id: string): number {
    let lane = this.laneIndex.get(id);
    if (lane === undefined) {
      lane = this.lanes.length;
      this.laneIndex.set(id, lane);
      this.lanes.push(id);
    }
    return lane;
  }

  private lastOf(vehicle: number): { x: number; y: number; speed: number } | undefined {
    const row = this.lastRow[vehicle];
    return row < 0 ? undefined : { x: this.x[row], y: this.y[row], speed: this.speed[row] };
  }

  private grow(): void {
    const whole = (length: number): Uint32Array<ArrayBuffer> => new Uint32Array(length);
    const exact = (length: number): Float64Array<ArrayBuffer> => new Float64Array(length);
    const short = (length: number): Float32Array<ArrayBuffer> => new Float32Array(length);
    this.vehicle = longer(this.vehicle, whole);
    this.lane = longer(this.lane, whole);
    this.signals = longer(this.signals, whole);
    this.lat = longer(this.lat, exact);
    this.lon = longer(this.lon, exact);
    this.x = longer(this.x, exact);
    this.y = longer(this.y, exact);
    this.speed = longer(this.speed, short);
    this.accel = longer(this.accel, short);
    this.headingDeg = longer(this.headingDeg, short);
    this.pos = longer(this.pos, short);
  }

  /** @throws Error naming a vehicle that left the road and came back. */
  finish(): Traffic {
    const { count, ids } = this;
    const rowStart = new Uint32Array(ids.length + 1);
    this.rowsOf.forEach((rows, v) => {
      rowStart[v + 1] = rowStart[v] + rows;
    });
    const next = rowStart.slice();
    const rows = new Uint32Array(count);
    const firstStep = new Uint32Array(ids.length);
    const stepStart = Uint32Array.from(this.stepStart.at(-1) === count ? this.stepStart : [...this.stepStart, count]);
    for (let step = 0; step + 1 < stepStart.length; step += 1)
      for (let row = stepStart[step]; row < stepStart[step + 1]; row += 1) {
        const v = this.vehicle[row];
        if (next[v] === rowStart[v]) firstStep[v] = step;
        else if (step - firstStep[v] !== next[v] - rowStart[v])
          throw new Error(`vehicle ${ids[v]} is missing before ${step / stepsPerSecond} s`);
        rows[next[v]] = row;
        next[v] += 1;
      }
    const sizes = this.types.map((type) => this.sizes.get(type) ?? { length: 5, width: 1.8 });
    return {
      ids,
      index: this.index,
      types: this.types,
      lengths: Float64Array.from(sizes, (size) => size.length),
      widths: Float64Array.from(sizes, (size) => size.width),
      count,
      stepStart,
      steps: stepStart.length - 1,
      vehicle: this.vehicle,
      lat: this.lat,
      lon: this.lon,
      x: this.x,
      y: this.y,
      speed: this.speed,
      accel: this.accel,
      headingDeg: this.headingDeg,
      lane: this.lane,
      lanes: this.lanes,
      pos: this.pos,
      signals: this.signals,
      firstStep,
      rowStart,
      rows,
      cutAt: this.cutAt,
    };
  }
}
