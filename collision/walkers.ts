import { type Crosswalks, unrelated } from './crosswalks.ts';
import { normalCdf, quickNormalCdf } from './measures/normal.ts';
import type { Tracks } from './tracks.ts';
import { isPedestrian } from './vehicle-flags.ts';

/** Directions of people on foot are smoothed over this, s; slower than `strolling`, m/s, the way they look is the way they will go (V5). */
const settles = 1;
const strolling = 0.3;
/** Who walks outside a vehicle's track comes into it only when he walks across it, not along it: sine of the angle (V5). */
export const across = 0.42;
/** Slower than this, m/s, nobody crosses: he waits. */
export const crosses = 0.5;
/** Kerbs are where the map has them to this, 1 sigma, m. */
const kerbDoubt = 0.5;
/** A telephone worse than this, m, cannot tell the pavement from the carriageway. */
const mostDoubt = 1;
/** From this probability on he is taken to be on the carriageway, below it for one who waits. */
const likely = 0.5;
/** Doubt of a place whose receiver states none, m. */
const unstated = 0.3;
/** Least probability of a warning (V3, V7). */
export const warns = 0.45;
/** How far people on foot stray from where they were going, 1 sigma, m, and m for every second (V6). */
const stray = 0.5;
const strayRate = 0.35;

/** The direction in which each one on foot walks, out of the unsteady ones his telephone tells (V5). */
export class Walkers {
  /** Smoothed direction, unit vector. */
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** Probability that he is on the carriageway, walking across it where the map has a crossing (V13); 0 for one who waits. */
  readonly crossing: Float32Array;
  /** Whether he is beside the carriageway at a crossing: there he waits (V13). */
  readonly waits: Uint8Array;
  private readonly _tracks: Tracks;
  private readonly _crosswalks: Crosswalks;

  constructor(tracks: Tracks, crosswalks: Crosswalks) {
    this._tracks = tracks;
    this._crosswalks = crosswalks;
    this.crossing = new Float32Array(tracks.capacity);
    this.waits = new Uint8Array(tracks.capacity);
    this.x = new Float32Array(tracks.capacity);
    this.y = new Float32Array(tracks.capacity);
  }

  /** After an update of one on foot or a bicycle. */
  note(slot: number): void {
    const t = this._tracks;
    const begins = t.fixes[slot] < 2 || t.v[slot] < strolling;
    const gain = begins ? 1 : 1 - Math.exp(-t.period[slot] / settles);
    const x = this.x[slot] + gain * (t.hx[slot] - this.x[slot]);
    const y = this.y[slot] + gain * (t.hy[slot] - this.y[slot]);
    const norm = Math.sqrt(x * x + y * y);
    this.x[slot] = norm > 0.01 ? x / norm : t.hx[slot];
    this.y[slot] = norm > 0.01 ? y / norm : t.hy[slot];
    this._place(slot);
  }

  private _place(slot: number): void {
    const t = this._tracks;
    const walks = isPedestrian(t.stationType[slot]);
    this.crossing[slot] = 0;
    this.waits[slot] = 0;
    // Who rides on a road crosses others as traffic does (V16).
    if (!walks && t.edge[slot] >= 0) return;
    const inside = this._crosswalks.inside(t.x[slot], t.y[slot], this.x[slot], this.y[slot]);
    if (inside === unrelated) return;
    const doubt = this.doubt(slot);
    const on = quickNormalCdf(inside / Math.max(kerbDoubt, doubt));
    if (on < likely) this.waits[slot] = walks && doubt <= mostDoubt ? 1 : 0;
    else if (t.v[slot] >= crosses && this._crosswalks.across) this.crossing[slot] = on;
  }

  /** Of the place of one on foot beside the track of `vehicle`, m²: what the receivers of both are in doubt about. */
  besideDoubt2(slot: number, vehicle: number): number {
    const own = this.doubt(slot);
    const lateral = this._tracks.dSigma[vehicle];
    return own * own + lateral * lateral;
  }

  /** Of the place of one on foot, m. */
  doubt(slot: number): number {
    const t = this._tracks;
    return t.stated[slot] !== 0 ? Math.max(unstated, t.sSigma[slot]) : unstated;
  }
}

/**
 * V6: probability that one on foot is within `reach` m of the middle of a track in `time` s, when he is on the way to `aside` m beside it; `doubt2`: of the
 * receivers of both, m².
 */
export function straysInto(aside: number, reach: number, time: number, doubt2: number): number {
  const strays = stray + strayRate * time;
  const sigma = Math.sqrt(strays * strays + doubt2);
  return normalCdf((reach - aside) / sigma) - normalCdf((-reach - aside) / sigma);
}
