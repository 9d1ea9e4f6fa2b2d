/**
 * The core's private state of every vehicle, structure of arrays, index = slot.
 * `s` is metres along `edge` of the middle of the front bumper; off the map (`edge` = -1) only x, y, hx, hy, v hold.
 */
export class Tracks {
  readonly capacity: number;
  /** 0 = slot empty. */
  readonly timeMs: Float64Array;
  readonly s: Float64Array;
  /** Plane metres (x east, y north) of the newest accepted position. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Speed along the path and its rate. */
  readonly v: Float32Array;
  readonly a: Float32Array;
  /** Velocity in the plane, kept only off the map (F11). */
  readonly vx: Float32Array;
  readonly vy: Float32Array;
  /** Covariance of (s, v); off the map that of each axis. */
  readonly p00: Float32Array;
  readonly p01: Float32Array;
  readonly p11: Float32Array;
  /** Probability of the manoeuvre mode (F4). */
  readonly manoeuvre: Float32Array;
  /** Mean acceleration of the last second by the speeds, and by how much braking was overstated in it, m/s² (L5, L6). */
  readonly meanAccel: Float32Array;
  readonly overstated: Float32Array;
  /** Lateral offset from the centre line, left positive, its rate and 1-sigma. */
  readonly d: Float32Array;
  readonly dRate: Float32Array;
  readonly dSigma: Float32Array;
  /** 1-sigma of the receiver's slow error along the road, m (F9). */
  readonly sSigma: Float32Array;
  /** 1 when the receiver states its accuracy itself (F7). */
  readonly stated: Uint8Array;
  /** Change of the lateral rate, smoothed over half a second, m/s². */
  readonly dPush: Float32Array;
  /** Lateral noise seen in the innovations, m (F6). */
  readonly dNoise: Float32Array;
  /** Unit vector of the body's heading, x east, y north. */
  readonly hx: Float32Array;
  readonly hy: Float32Array;
  readonly yawRate: Float32Array;
  readonly length: Float32Array;
  readonly width: Float32Array;
  /** Smoothed time between accepted states, s. */
  readonly period: Float32Array;
  readonly edge: Int32Array;
  readonly previousEdge: Int32Array;
  /** In a junction or just out of it: how likely the vehicle makes the movement it is matched to and no other of its approach (X3); elsewhere 1. */
  readonly onMovement: Float32Array;
  readonly generation: Uint32Array;
  readonly flags: Uint32Array;
  /** States accepted since the slot was taken. */
  readonly fixes: Uint32Array;
  /** Evaluations of this vehicle as the subject of alerts (C1). */
  readonly evaluations: Uint32Array;
  readonly rejections: Uint8Array;
  readonly stationType: Uint8Array;
  readonly confidence: Float32Array;
  /** 1 while the vehicle drives against the direction of its edge: then `s` falls. */
  readonly against: Uint8Array;
  /** The other device of the same vehicle, -1 none (D1). */
  readonly companion: Int32Array;
  /** Not 0 while the track takes no part in the traffic: `secondDevice`, `notCredible` (D2, D3). */
  readonly hidden: Uint8Array;
  /** UTC ms since when the vehicle stands (v < 1.4 m/s), is slower than 0.35 and than 0.58 of what the road allows; 0 = it is not. */
  readonly stoppedSinceMs: Float64Array;
  readonly slowSinceMs: Float64Array;
  readonly crawlSinceMs: Float64Array;
  /** When its speed last fell faster than any brake can, until that is explained, and when it was last known to be a wreck (H3); 0 = never. */
  readonly suddenMs: Float64Array;
  readonly crashMs: Float64Array;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.timeMs = new Float64Array(capacity);
    this.s = new Float64Array(capacity);
    this.x = new Float64Array(capacity);
    this.y = new Float64Array(capacity);
    this.v = new Float32Array(capacity);
    this.a = new Float32Array(capacity);
    this.vx = new Float32Array(capacity);
    this.vy = new Float32Array(capacity);
    this.p00 = new Float32Array(capacity);
    this.p01 = new Float32Array(capacity);
    this.p11 = new Float32Array(capacity);
    this.manoeuvre = new Float32Array(capacity);
    this.meanAccel = new Float32Array(capacity);
    this.overstated = new Float32Array(capacity);
    this.d = new Float32Array(capacity);
    this.dRate = new Float32Array(capacity);
    this.dSigma = new Float32Array(capacity);
    this.sSigma = new Float32Array(capacity);
    this.dPush = new Float32Array(capacity);
    this.dNoise = new Float32Array(capacity);
    this.stated = new Uint8Array(capacity);
    this.hx = new Float32Array(capacity);
    this.hy = new Float32Array(capacity);
    this.yawRate = new Float32Array(capacity);
    this.length = new Float32Array(capacity);
    this.width = new Float32Array(capacity);
    this.period = new Float32Array(capacity);
    this.edge = new Int32Array(capacity).fill(-1);
    this.previousEdge = new Int32Array(capacity).fill(-1);
    this.onMovement = new Float32Array(capacity).fill(1);
    this.generation = new Uint32Array(capacity);
    this.flags = new Uint32Array(capacity);
    this.fixes = new Uint32Array(capacity);
    this.evaluations = new Uint32Array(capacity);
    this.rejections = new Uint8Array(capacity);
    this.stationType = new Uint8Array(capacity);
    this.confidence = new Float32Array(capacity);
    this.against = new Uint8Array(capacity);
    this.companion = new Int32Array(capacity).fill(-1);
    this.hidden = new Uint8Array(capacity);
    this.slowSinceMs = new Float64Array(capacity);
    this.crawlSinceMs = new Float64Array(capacity);
    this.suddenMs = new Float64Array(capacity);
    this.crashMs = new Float64Array(capacity);
    this.stoppedSinceMs = new Float64Array(capacity);
  }

  /** Forgets the slot's vehicle. */
  clear(slot: number): void {
    this.timeMs[slot] = 0;
    this.edge[slot] = -1;
    this.previousEdge[slot] = -1;
    this.onMovement[slot] = 1;
    this.fixes[slot] = 0;
    this.rejections[slot] = 0;
    this.flags[slot] = 0;
    this.stoppedSinceMs[slot] = 0;
    this.slowSinceMs[slot] = 0;
    this.crawlSinceMs[slot] = 0;
    this.suddenMs[slot] = 0;
    this.crashMs[slot] = 0;
    this.against[slot] = 0;
    this.hidden[slot] = 0;
  }

  /** Of the place along the path, m²: the filter's own and the receiver's slow error, which no filter takes out (F9). */
  positionVariance(slot: number): number {
    const slow = this.sSigma[slot];
    return this.p00[slot] + slow * slow;
  }

  /** Age of the newest state at `nowMs`, s, clamped to [0, 3]: farther nothing is extrapolated (P2). */
  age(slot: number, nowMs: number): number {
    const age = (nowMs - this.timeMs[slot]) / 1000;
    return age < 0 ? 0 : Math.min(age, 3);
  }

  /** Metres travelled in `dt` s at the present speed and acceleration, never backwards; acceleration is trusted for 1.5 s. */
  advance(slot: number, dt: number): number {
    const v = this.v[slot];
    let a = this.a[slot];
    if (a > 2) a = 2;
    const t = Math.min(dt, 1.5);
    if (a < 0 && v + a * t < 0) return (v * v) / (-2 * a);
    return v * dt + a * t * (dt - 0.5 * t);
  }

  /** Speed after `dt` s, >= 0. */
  speedAfter(slot: number, dt: number): number {
    let a = this.a[slot];
    if (a > 2) a = 2;
    const v = this.v[slot] + a * Math.min(dt, 1.5);
    return Math.max(v, 0);
  }
}
