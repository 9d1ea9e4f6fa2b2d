import { newPose, type TrueMotion } from './true-motion.ts';

/** The line a vehicle drove, from which others' places along it are read. Metres count from the vehicle's first row. */
export class DrivenPath {
  /** Points of the line, m in the plane, and their metres along it. */
  readonly px: number[] = [];
  readonly py: number[] = [];
  readonly ps: number[] = [];

  /** Points each metre or so between t0 and t1; the line goes straight on for `beyond` metres beyond its end. */
  constructor(motion: TrueMotion, vehicle: number, t0: number, t1: number, beyond = 300) {
    const pose = newPose();
    let hx = 0;
    let hy = 1;
    for (let t = t0; t <= t1; t += 0.1) {
      if (!motion.at(vehicle, t, pose)) continue;
      const s = motion.drivenAt(vehicle, t);
      if (this.ps.length > 0 && s - this.ps[this.ps.length - 1] < 0.5) continue;
      this.px.push(pose.x);
      this.py.push(pose.y);
      this.ps.push(s);
      hx = pose.hx;
      hy = pose.hy;
    }
    const last = this.ps.length - 1;
    if (last < 0 || beyond === 0) return;
    this.px.push(this.px[last] + beyond * hx);
    this.py.push(this.py[last] + beyond * hy);
    this.ps.push(this.ps[last] + beyond);
  }

  /** Metres along the line of the point nearest to (x, y), NaN when that is farther than `within` metres beside it. */
  project(x: number, y: number, within: number): number {
    let best = within * within;
    let found = Number.NaN;
    for (let i = 0; i + 1 < this.ps.length; i += 1) {
      const dx = this.px[i + 1] - this.px[i];
      const dy = this.py[i + 1] - this.py[i];
      const length2 = dx * dx + dy * dy;
      if (length2 === 0) continue;
      const u = Math.min(1, Math.max(0, ((x - this.px[i]) * dx + (y - this.py[i]) * dy) / length2));
      const ex = x - this.px[i] - u * dx;
      const ey = y - this.py[i] - u * dy;
      const e2 = ex * ex + ey * ey;
      if (e2 > best) continue;
      best = e2;
      found = this.ps[i] + u * (this.ps[i + 1] - this.ps[i]);
    }
    return found;
  }
}
