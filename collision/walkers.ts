import { normalCdf } from './measures/normal.ts';
import type { Tracks } from './tracks.ts';

/** Directions of people on foot are smoothed over this, s; slower than `strolling`, m/s, the way they look is the way they will go (V5). */
const settles = 1;
const strolling = 0.3;
/** Who walks outside a vehicle's track comes into it only when he walks across it, not along it: sine of the angle (V5). */
export const across = 0.42;
/** How far people on foot stray from where they were going, 1 sigma, m, and m for every second (V6). */
const stray = 0.5;
const strayRate = 0.35;

/** The direction in which each one on foot walks, out of the unsteady ones his telephone tells (V5). */
export class Walkers {
  /** Smoothed direction, unit vector. */
  readonly x: Float32Array;
  readonly y: Float32Array;
  private readonly _tracks: Tracks;

  constructor(tracks: Tracks) {
    this._tracks = tracks;
    this.x = new Float32Array(tracks.capacity);
    this.y = new Float32Array(tracks.capacity);
  }

  /** After an update of one on foot. */
  note(slot: number): void {
    const t = this._tracks;
    const begins = t.fixes[slot] < 2 || t.v[slot] < strolling;
    const gain = begins ? 1 : 1 - Math.exp(-t.period[slot] / settles);
    const x = this.x[slot] + gain * (t.hx[slot] - this.x[slot]);
    const y = this.y[slot] + gain * (t.hy[slot] - this.y[slot]);
    const norm = Math.sqrt(x * x + y * y);
    this.x[slot] = norm > 0.01 ? x / norm : t.hx[slot];
    this.y[slot] = norm > 0.01 ? y / norm : t.hy[slot];
  }
}

/** V6: probability that one on foot is within `reach` m of the middle of a track in `time` s, when he is on the way to `aside` m beside it. */
export function straysInto(aside: number, reach: number, time: number): number {
  const sigma = stray + strayRate * time;
  return normalCdf((reach - aside) / sigma) - normalCdf((-reach - aside) / sigma);
}
