import type { Tracks } from './tracks.ts';

/**
 * White acceleration left over in the two modes, (m/s²)² (F4): in the cruise mode it grows with the time since the last report, and is
 * less where the vehicle sends its acceleration. Set so that the filter is consistent on Singer motion (F10).
 */
const cruiseNoise = 0.2;
const cruiseGrowth = 0.2;
const cruiseNoiseSent = 0.06;
const cruiseGrowthSent = 0.17;
const manoeuvreNoise = 1.8 * 1.8;
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
  given[0] = dt;
  given[1] = moved;
  given[2] = positionVariance;
  given[3] = speed;
  given[4] = accel;
  return pathStep(t, slot);
}

/** Arguments of a step: numbers handed from function to function would be objects on the heap. */
const given = new Float64Array(5);

function pathStep(t: Tracks, slot: number): boolean {
  const dt = given[0];
  const moved = given[1];
  const positionVariance = given[2];
  const speed = given[3];
  const accel = given[4];
  const v0 = t.v[slot];
  const faded = dt * (1 / accelTime);
  const decay = dt > 6 ? 0 : 1 - faded + 0.5 * faded * faded;
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

  const dt2 = dt * dt;
  const cruisePower = Number.isNaN(accel) ? cruiseNoise + cruiseGrowth * dt : cruiseNoiseSent + cruiseGrowthSent * dt;
  correct(out0, cruisePower * dt2, dt, b00, b01, b11, speed - v, moved - s, positionVariance);
  // The wider of the two modes decides whether the position is believed.
  const accepted = correct(out1, manoeuvreNoise * dt2, dt, b00, b01, b11, speed - v, moved - s, positionVariance);
  // Only the ratio of the two likelihoods counts: one exponential and one root.
  const between = Math.max(-60, Math.min(60, out1[exponent] - out0[exponent]));
  const cruise = (1 - m1) * Math.exp(0.5 * between) * Math.sqrt(out1[norm] / out0[norm]);
  const w1 = m1 / (m1 + cruise);
  const w0 = 1 - w1;
  const ds = w0 * out0[shiftS] + w1 * out1[shiftS];
  const dv = w0 * out0[shiftV] + w1 * out1[shiftV];
  const es = out0[shiftS] - out1[shiftS];
  const ev = out0[shiftV] - out1[shiftV];
  const spread = w0 * w1;
  t.p00[slot] = w0 * out0[c00] + w1 * out1[c00] + spread * es * es;
  t.p01[slot] = w0 * out0[c01] + w1 * out1[c01] + spread * es * ev;
  t.p11[slot] = w0 * out0[c11] + w1 * out1[c11] + spread * ev * ev;
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

/** Places of the corrected mode in its scratch array: covariance, shift of s and v, squared innovations in sigmas, product of variances. */
const c00 = 0;
const c01 = 1;
const c11 = 2;
const shiftS = 3;
const shiftV = 4;
const exponent = 5;
const norm = 6;
const out0 = new Float64Array(7);
const out1 = new Float64Array(7);

/**
 * One mode's prediction with `power` (noise times dt²) and its correction by speed and position, given as innovations (speed NaN = not sent).
 * False when the position fell outside the gate and was left out.
 */
function correct(
  out: Float64Array,
  power: number,
  dt: number,
  b00: number,
  b01: number,
  b11: number,
  nuV: number,
  nuS: number,
  positionVariance: number,
): boolean {
  let p00 = b00 + power * dt * dt * 0.25;
  let p01 = b01 + power * dt * 0.5;
  let p11 = b11 + power;
  let ds = 0;
  let dv = 0;
  let sum = 0;
  let product = 1;
  if (!Number.isNaN(nuV)) {
    product = p11 + speedVariance;
    const inverse = 1 / product;
    const k0 = p01 * inverse;
    const k1 = p11 * inverse;
    ds = k0 * nuV;
    dv = k1 * nuV;
    sum = nuV * nuV * inverse;
    p00 -= k0 * p01;
    p01 -= k0 * p11;
    p11 -= k1 * p11;
  }
  const rest = nuS - ds;
  const variance = p00 + positionVariance;
  const believed = rest * rest <= positionGate * variance * 4;
  if (believed) {
    const inverse = 1 / variance;
    const k0 = p00 * inverse;
    const k1 = p01 * inverse;
    ds += k0 * rest;
    dv += k1 * rest;
    sum += rest * rest * inverse;
    product *= variance;
    p11 -= k1 * p01;
    p01 -= k1 * p00;
    p00 -= k0 * p00;
  }
  out[c00] = p00;
  out[c01] = p01;
  out[c11] = p11;
  out[shiftS] = ds;
  out[shiftV] = dv;
  out[exponent] = sum;
  out[norm] = product;
  return believed;
}

/** The lateral acceleration is smoothed over this time, s. */
const pushTime = 0.4;
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
  given[0] = dt;
  given[1] = measured;
  given[2] = sigma;
  smoothLateral(t, slot);
}

function smoothLateral(t: Tracks, slot: number): void {
  const dt = given[0];
  const measured = given[1];
  const sigma = given[2];
  const predicted = t.d[slot] + t.dRate[slot] * dt;
  const innovation = measured - predicted;
  const noise = t.dNoise[slot] + Math.min(1, dt / 2) * (Math.abs(innovation) - t.dNoise[slot]);
  t.dNoise[slot] = noise < 0.03 ? 0.03 : Math.min(noise, sigma);
  const index = (lateralAcceleration * dt * dt) / t.dNoise[slot];
  const r = (4 + index - Math.sqrt(8 * index + index * index)) / 4;
  const alpha = 1 - r * r;
  const beta = 2 * (2 - alpha) - 4 * Math.sqrt(1 - alpha);
  const change = (beta / dt) * innovation;
  t.d[slot] = predicted + alpha * innovation;
  t.dRate[slot] += change;
  t.dPush[slot] += (change - dt * t.dPush[slot]) / (pushTime + dt);
}
