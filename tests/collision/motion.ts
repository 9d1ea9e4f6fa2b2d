/** Seeded draws: uniform in (0, 1) and standard normal. */
export function draws(seed: number): { uniform: () => number; normal: () => number } {
  let state = seed | 0;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (((t ^ (t >>> 14)) >>> 0) + 0.5) / 4294967296;
  };
  return { uniform, normal: () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()) };
}

/** Singer motion: acceleration forgotten with `tau` s, `sigma` m/s², about 20 m/s; steps of 0.05 s, exact to that. */
export class SingerMotion {
  s = 0;
  v = 20;
  a = 0;
  private readonly _sigma: number;
  private readonly _normal: () => number;
  private readonly _memory: number;

  constructor(sigma: number, tau: number, normal: () => number) {
    this._sigma = sigma;
    this._normal = normal;
    this._memory = Math.exp(-0.05 / tau);
  }

  /** Goes on for `dt` s, a multiple of 0.05. */
  go(dt: number): void {
    const h = 0.05;
    const fresh = this._sigma * Math.sqrt(1 - this._memory * this._memory);
    for (let k = Math.round(dt / h); k > 0; k -= 1) {
      this.a = this._memory * this.a + fresh * this._normal();
      const a = this.a - 0.02 * (this.v - 20);
      this.s += this.v * h + 0.5 * a * h * h;
      this.v = Math.max(3, this.v + a * h);
    }
  }
}

/** Squared error over its covariance of two values, per dimension. */
export function nees(e0: number, e1: number, p00: number, p01: number, p11: number): number {
  return (p11 * e0 * e0 - 2 * p01 * e0 * e1 + p00 * e1 * e1) / (p00 * p11 - p01 * p01) / 2;
}
