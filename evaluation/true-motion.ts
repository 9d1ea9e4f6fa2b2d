import type { Recording } from './recording.ts';

/** Longest gap between two rows over which a vehicle's motion is taken as known, s. */
const longestGap = 2.5;
/** Body assumed where the recording has no size, m. */
const usualLength = 4.5;
const usualWidth = 1.8;

/** Where a vehicle was at an instant; filled by `TrueMotion.at`. x, y is the middle of the front bumper. */
export interface Pose {
  x: number;
  y: number;
  /** Velocity, m/s, from the displacement. */
  vx: number;
  vy: number;
  /** Unit heading of the body. */
  hx: number;
  hy: number;
  speed: number;
  accel: number;
}

export function newPose(): Pose {
  return { x: 0, y: 0, vx: 0, vy: 0, hx: 0, hy: 1, speed: 0, accel: 0 };
}

/** The recorded motion between the rows: cubic in position, linear in speed and heading. */
export class TrueMotion {
  readonly recording: Recording;
  /** Metres driven since the vehicle's first row, per entry of `recording.rows`. */
  private readonly driven: Float64Array;

  constructor(recording: Recording) {
    this.recording = recording;
    const { rows, rowStart, x, y, time, speed } = recording;
    this.driven = new Float64Array(recording.count);
    for (let v = 0; v < recording.ids.length; v += 1)
      for (let k = rowStart[v] + 1; k < rowStart[v + 1]; k += 1) {
        const a = rows[k - 1];
        const b = rows[k];
        const dt = time[b] - time[a];
        const chord = Math.hypot(x[b] - x[a], y[b] - y[a]);
        // Inside a curve the chord is short, over a gap the speeds say little: the longer of the two, the chord over gaps.
        const bySpeed = dt <= longestGap ? ((speed[a] + speed[b]) / 2) * dt : 0;
        this.driven[k] = this.driven[k - 1] + (chord > 1 ? Math.max(chord, Math.min(bySpeed, 1.1 * chord)) : chord);
      }
  }

  length(vehicle: number): number {
    return this.recording.lengths[vehicle] || usualLength;
  }

  width(vehicle: number): number {
    return this.recording.widths[vehicle] || usualWidth;
  }

  firstTime(vehicle: number): number {
    return this.recording.time[this.recording.rows[this.recording.rowStart[vehicle]]];
  }

  /** Time of the n-th row (from 1), Infinity when there are fewer. */
  timeOfRow(vehicle: number, n: number): number {
    const { rowStart, rows, time } = this.recording;
    const k = rowStart[vehicle] + n - 1;
    return k < rowStart[vehicle + 1] ? time[rows[k]] : Number.POSITIVE_INFINITY;
  }

  /** Of the whole recording, s. */
  get endTime(): number {
    const { time, count } = this.recording;
    return count === 0 ? Number.NEGATIVE_INFINITY : time[count - 1];
  }

  lastTime(vehicle: number): number {
    return this.recording.time[this.recording.rows[this.recording.rowStart[vehicle + 1] - 1]];
  }

  /** Entry of `rows` of the last row at or before t; before the first row that of the first. */
  private entryAt(vehicle: number, t: number): number {
    const { rowStart, rows, time } = this.recording;
    let low = rowStart[vehicle];
    let high = rowStart[vehicle + 1] - 1;
    while (low < high) {
      const mid = (low + high + 1) >> 1;
      if (time[rows[mid]] <= t + 1e-6) low = mid;
      else high = mid - 1;
    }
    return low;
  }

  /** Fills `out`; false where the recording does not say (before, after, or in a gap longer than 2.5 s). */
  at(vehicle: number, t: number, out: Pose): boolean {
    const { rowStart, rows, time, x, y, speed, accel, headingDeg } = this.recording;
    const k = this.entryAt(vehicle, t);
    const a = rows[k];
    const late = t - time[a];
    if (late < -1e-6) return false;
    const ha = (headingDeg[a] * Math.PI) / 180;
    const hax = Math.sin(ha);
    const hay = Math.cos(ha);
    if (k + 1 === rowStart[vehicle + 1] || late < 1e-6) {
      if (late > 0.05) return false;
      out.x = x[a];
      out.y = y[a];
      out.hx = hax;
      out.hy = hay;
      out.speed = speed[a];
      out.accel = accel[a];
      const from = k > rowStart[vehicle] ? rows[k - 1] : a;
      const dt = time[a] - time[from];
      const known = dt > 0 && dt <= longestGap;
      out.vx = known ? (x[a] - x[from]) / dt : speed[a] * hax;
      out.vy = known ? (y[a] - y[from]) / dt : speed[a] * hay;
      return true;
    }
    const b = rows[k + 1];
    const dt = time[b] - time[a];
    if (dt > longestGap) return false;
    const u = late / dt;
    const hb = (headingDeg[b] * Math.PI) / 180;
    const hbx = Math.sin(hb);
    const hby = Math.cos(hb);
    const h00 = (1 + 2 * u) * (1 - u) * (1 - u);
    const h10 = u * (1 - u) * (1 - u) * dt;
    const h01 = u * u * (3 - 2 * u);
    const h11 = u * u * (u - 1) * dt;
    out.x = h00 * x[a] + h10 * speed[a] * hax + h01 * x[b] + h11 * speed[b] * hbx;
    out.y = h00 * y[a] + h10 * speed[a] * hay + h01 * y[b] + h11 * speed[b] * hby;
    const hx = (1 - u) * hax + u * hbx;
    const hy = (1 - u) * hay + u * hby;
    const norm = Math.hypot(hx, hy) || 1;
    out.hx = hx / norm;
    out.hy = hy / norm;
    out.speed = (1 - u) * speed[a] + u * speed[b];
    out.accel = !Number.isNaN(accel[a]) ? accel[a] : (speed[b] - speed[a]) / dt;
    out.vx = (x[b] - x[a]) / dt;
    out.vy = (y[b] - y[a]) / dt;
    return true;
  }

  /** Metres driven since the first row, at t (held at the ends). */
  drivenAt(vehicle: number, t: number): number {
    const { rowStart, rows, time } = this.recording;
    const k = this.entryAt(vehicle, t);
    const late = t - time[rows[k]];
    if (late <= 0 || k + 1 === rowStart[vehicle + 1]) return this.driven[k];
    const dt = time[rows[k + 1]] - time[rows[k]];
    return this.driven[k] + (this.driven[k + 1] - this.driven[k]) * Math.min(1, late / dt);
  }

  /** Metres the vehicle drives from t0 to t1 >= t0. */
  distance(vehicle: number, t0: number, t1: number): number {
    return this.drivenAt(vehicle, t1) - this.drivenAt(vehicle, t0);
  }

  /** Rows of the whole recording with t0 <= time < t1, as [first, last). */
  rowsBetween(t0: number, t1: number): [number, number] {
    const { time, count } = this.recording;
    const lowerBound = (t: number): number => {
      let low = 0;
      let high = count;
      while (low < high) {
        const mid = (low + high) >> 1;
        if (time[mid] < t) low = mid + 1;
        else high = mid;
      }
      return low;
    };
    return [lowerBound(t0), lowerBound(t1)];
  }
}
