import type { Tracks } from './tracks.ts';

/** White acceleration of the two modes, (m/s²)²: cruise 0.4, manoeuvre 3.0 m/s² (collision.md 3.2). */
const cruiseNoise = 0.4 * 0.4;
const manoeuvreNoise = 3 * 3;
/** Mean stay in a mode, s. */
const modeTime = 20;
/** Acceleration forgotten with this time constant when nothing new is known (Singer), s. */
const accelTime = 3;
/** Doppler speed, 1 sigma 0.2 m/s. */
export const speedVariance = 0.2 * 0.2;
/** 99 % of chi-square with one degree of freedom: gate of the path position (F5). */
const positionGate = 6.63;

/**
 * One step of the path-coordinate filter (F3, F4): state (s, v), two modes merged after every update (generalised pseudo-Bayes of
 * first order), acceleration as a slowly forgotten input.
 *
 * `moved` is the measured path distance since the last state, m; `positionVariance` its m²; `speed` and `accel` may be NaN
 * (not sent). Returns false when the position fell outside the gate: then speed alone was used. Allocates nothing.
 */
export function filterStep(
  t: Tracks,
  slot: number,
  dt: number,
  moved: number,
  positionVariance: number,
  speed: number,
  accel: number,
): boolean {
  const v0 = t.v[slot];
  const decay = dt > 6 ? 0 : 1 - dt / accelTime + (dt * dt) / (2 * accelTime * accelTime);
  const a0 = decay <= 0 ? 0 : t.a[slot];
  let v = v0 + a0 * dt;
  let s = v0 * dt + 0.5 * a0 * dt * dt;
  if (v < 0) {
    s = a0 < 0 ? (v0 * v0) / (-2 * a0) : 0;
    v = 0;
  }
  // Prediction of covariance without process noise, shared by both modes.
  const b00 = t.p00[slot] + 2 * dt * t.p01[slot] + dt * dt * t.p11[slot];
  const b01 = t.p01[slot] + dt * t.p11[slot];
  const b11 = t.p11[slot];
  const leave = 0.5 * (1 - 1 / (1 + (2 * dt) / modeTime));
  const m1 = t.manoeuvre[slot] * (1 - 2 * leave) + leave;

  // Scalar innovations are the same for both modes because their states are merged.
  const hasSpeed = !Number.isNaN(speed);
  const dt2 = dt * dt;
  const nuV = hasSpeed ? speed - v : 0;
  let exponent0 = 0;
  let exponent1 = 0;
  let norm0 = 1;
  let norm1 = 1;
  let p00 = 0;
  let p01 = 0;
  let p11 = 0;
  let ds0 = 0;
  let dv0 = 0;
  let ds1 = 0;
  let dv1 = 0;
  let q00 = 0;
  let q01 = 0;
  let q11 = 0;
  let accepted = true;
  for (let mode = 0; mode < 2; mode += 1) {
    const noise = mode === 0 ? cruiseNoise : manoeuvreNoise;
    let c00 = b00 + noise * dt2 * dt2 * 0.25;
    let c01 = b01 + noise * dt2 * dt * 0.5;
    let c11 = b11 + noise * dt2;
    let ds = 0;
    let dv = 0;
    let exponent = 0;
    let norm = 1;
    if (hasSpeed) {
      const variance = c11 + speedVariance;
      const k0 = c01 / variance;
      const k1 = c11 / variance;
      ds = k0 * nuV;
      dv = k1 * nuV;
      exponent = (nuV * nuV) / variance;
      norm = variance;
      c00 -= k0 * c01;
      c01 -= k0 * c11;
      c11 -= k1 * c11;
    }
    const nuS = moved - s - ds;
    const variance = c00 + positionVariance;
    if (mode === 1 && nuS * nuS > positionGate * variance * 4) accepted = false;
    else if (nuS * nuS <= positionGate * variance * 4) {
      const k0 = c00 / variance;
      const k1 = c01 / variance;
      ds += k0 * nuS;
      dv += k1 * nuS;
      exponent += (nuS * nuS) / variance;
      norm *= variance;
      c11 -= k1 * c01;
      c01 -= k1 * c00;
      c00 -= k0 * c00;
    }
    if (mode === 0) {
      exponent0 = exponent;
      norm0 = norm;
      ds0 = ds;
      dv0 = dv;
      p00 = c00;
      p01 = c01;
      p11 = c11;
    } else {
      exponent1 = exponent;
      norm1 = norm;
      ds1 = ds;
      dv1 = dv;
      q00 = c00;
      q01 = c01;
      q11 = c11;
    }
  }
  // Only the ratio of the two likelihoods counts: one exponential and one root.
  const between = Math.max(-60, Math.min(60, exponent1 - exponent0));
  const odds = ((1 - m1) / m1) * Math.exp(0.5 * between) * Math.sqrt(norm1 / norm0);
  const w1 = 1 / (1 + odds);
  const w0 = 1 - w1;
  const ds = w0 * ds0 + w1 * ds1;
  const dv = w0 * dv0 + w1 * dv1;
  const es = ds0 - ds1;
  const ev = dv0 - dv1;
  const spread = w0 * w1;
  t.p00[slot] = w0 * p00 + w1 * q00 + spread * es * es;
  t.p01[slot] = w0 * p01 + w1 * q01 + spread * es * ev;
  t.p11[slot] = w0 * p11 + w1 * q11 + spread * ev * ev;
  t.manoeuvre[slot] = w1;
  v += dv;
  if (v < 0) v = 0;
  t.v[slot] = v;
  t.s[slot] = t.s[slot] + s + ds;
  if (!Number.isNaN(accel)) t.a[slot] = accel;
  else {
    // Without an accelerometer the change of speed is the measurement; its noise falls with dt, so does the gain.
    const raw = (v - v0) / dt;
    const gain = dt2 / (dt2 + 0.06);
    t.a[slot] = a0 * decay + gain * (raw - a0 * decay);
  }
  return accepted;
}

/** Lateral acceleration of a lane change, m/s². */
const lateralAcceleration = 4;

/** Starts the filter at a first position or after the gate failed three times (F5). `speed` NaN counts as 0 with 15 m/s of doubt. */
export function filterStart(
  t: Tracks,
  slot: number,
  s: number,
  positionVariance: number,
  speed: number,
  accel: number,
): void {
  t.s[slot] = s;
  t.v[slot] = !Number.isNaN(speed) ? speed : 0;
  t.a[slot] = !Number.isNaN(accel) ? accel : 0;
  t.p00[slot] = positionVariance;
  t.p01[slot] = 0;
  t.p11[slot] = !Number.isNaN(speed) ? speedVariance : 225;
  t.manoeuvre[slot] = 0.1;
}

/**
 * Lateral constant-velocity smoothing (F6): steady-state alpha-beta gains for the position noise actually seen, so that a clean
 * receiver shows a drift within half a second and a noisy one does not invent any. `sigma` is the noise at most to be assumed, m.
 */
export function lateralStep(t: Tracks, slot: number, dt: number, measured: number, sigma: number): void {
  const predicted = t.d[slot] + t.dRate[slot] * dt;
  const innovation = measured - predicted;
  const noise = t.dNoise[slot] + Math.min(1, dt / 2) * (Math.abs(innovation) - t.dNoise[slot]);
  t.dNoise[slot] = noise < 0.03 ? 0.03 : Math.min(noise, sigma);
  const index = (lateralAcceleration * dt * dt) / t.dNoise[slot];
  const r = (4 + index - Math.sqrt(8 * index + index * index)) / 4;
  const alpha = 1 - r * r;
  const beta = 2 * (2 - alpha) - 4 * Math.sqrt(1 - alpha);
  t.d[slot] = predicted + alpha * innovation;
  t.dRate[slot] += (beta / dt) * innovation;
}
