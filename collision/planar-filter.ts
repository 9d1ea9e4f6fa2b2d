import { speedVariance } from './filter.ts';
import type { Tracks } from './tracks.ts';

/** White acceleration off the map, (m/s²)² (collision.md 3.2). */
export const planarNoise = 2;
/** 1 sigma of a heading, rad: turns a speed into a doubt across it. */
const headingDoubt = 0.035;
/** 99 % of chi-square with two degrees of freedom, widened as on the map (F5). */
const gate = 9.21 * 4;
/** Slower than this the direction of motion is noise and the body keeps its heading, m/s. */
const steady = 0.5;

/** Of each component of a velocity sent as speed and heading, (m/s)². */
export function velocityVariance(speed: number): number {
  const across = headingDoubt * speed;
  return speedVariance + across * across;
}

/** Starts the planar filter (F11); without speed or heading the velocity is 0 with 15 m/s of doubt. */
export function planarStart(
  t: Tracks,
  slot: number,
  x: number,
  y: number,
  vx: number,
  vy: number,
  positionVariance: number,
): void {
  const known = !Number.isNaN(vx);
  const speed = known ? Math.sqrt(vx * vx + vy * vy) : 0;
  t.x[slot] = x;
  t.y[slot] = y;
  t.vx[slot] = known ? vx : 0;
  t.vy[slot] = known ? vy : 0;
  t.v[slot] = speed;
  t.p00[slot] = positionVariance;
  t.p01[slot] = 0;
  t.p11[slot] = known ? velocityVariance(speed) : 225;
}

/**
 * One step of the filter off the map (F11): two constant-velocity filters, east and north, that share one covariance because their noises are
 * equal. Measured are the place, m, and the velocity, m/s (NaN = not sent). Writes x, y, velocity and speed of the track; false
 * when the place fell outside the gate and only the velocity was used. Allocates nothing.
 */
export function planarStep(
  t: Tracks,
  slot: number,
  dt: number,
  x: number,
  y: number,
  vx: number,
  vy: number,
  positionVariance: number,
): boolean {
  const power = planarNoise * dt * dt;
  let p00 = t.p00[slot] + 2 * dt * t.p01[slot] + dt * dt * t.p11[slot] + power * dt * dt * 0.25;
  let p01 = t.p01[slot] + dt * t.p11[slot] + power * dt * 0.5;
  let p11 = t.p11[slot] + power;
  let ex = t.x[slot] + dt * t.vx[slot];
  let ey = t.y[slot] + dt * t.vy[slot];
  let eu = t.vx[slot];
  let ev = t.vy[slot];
  if (!Number.isNaN(vx)) {
    const inverse = 1 / (p11 + velocityVariance(Math.sqrt(vx * vx + vy * vy)));
    const k0 = p01 * inverse;
    const k1 = p11 * inverse;
    const nx = vx - eu;
    const ny = vy - ev;
    ex += k0 * nx;
    ey += k0 * ny;
    eu += k1 * nx;
    ev += k1 * ny;
    p00 -= k0 * p01;
    p01 -= k0 * p11;
    p11 -= k1 * p11;
  }
  const nx = x - ex;
  const ny = y - ey;
  const variance = p00 + positionVariance;
  const believed = nx * nx + ny * ny <= gate * variance;
  if (believed) {
    const k0 = p00 / variance;
    const k1 = p01 / variance;
    ex += k0 * nx;
    ey += k0 * ny;
    eu += k1 * nx;
    ev += k1 * ny;
    p11 -= k1 * p01;
    p01 -= k1 * p00;
    p00 -= k0 * p00;
  }
  t.x[slot] = ex;
  t.y[slot] = ey;
  t.vx[slot] = eu;
  t.vy[slot] = ev;
  t.p00[slot] = p00;
  t.p01[slot] = p01;
  t.p11[slot] = p11;
  const speed = Math.sqrt(eu * eu + ev * ev);
  t.v[slot] = speed;
  // Who sends no heading faces where he goes.
  if (Number.isNaN(vx) && speed > steady) {
    t.hx[slot] = eu / speed;
    t.hy[slot] = ev / speed;
  }
  return believed;
}
