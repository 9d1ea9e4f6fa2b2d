import type { Recording } from './recording.ts';

/** What warning by closest approach of straight lines would have done on the same traffic. */
export interface Baseline {
  /** Pairs alerted in two seconds running, counted once per uninterrupted alert. */
  readonly episodes: number;
  /** Vehicle-hours looked at: the whole counted time, or its first part when there are very many vehicles. */
  readonly hours: number;
}

const missDistance = 4;
const horizonMetres = 1000;
/** Pair evaluations after which the rest of the recording is left out: about half a minute of one core. */
const mostPairs = 4e8;

/**
 * Every whole second from `from` on (s): all pairs, alert when the lines come within 4 m and both vehicles are at most 1,000 m from
 * that point and moving. `hours` are the vehicle-hours so covered.
 */
export function straightLineBaseline(recording: Recording, from: number): Baseline {
  const { count, time, vehicle, x, y, speed, headingDeg, ids } = recording;
  const size = ids.length;
  const px = new Float64Array(size);
  const py = new Float64Array(size);
  const vx = new Float64Array(size);
  const vy = new Float64Array(size);
  const who = new Uint32Array(size);
  let last = new Set<number>();
  let open = new Set<number>();
  let episodes = 0;
  let seconds = 0;
  let pairs = 0;
  for (let i = 0; i < count && pairs < mostPairs; ) {
    const second = time[i];
    let n = 0;
    const whole = Math.abs(second - Math.round(second)) < 1e-3 && second >= from;
    for (; i < count && time[i] - second < 1e-3; i += 1) {
      if (!whole) continue;
      const h = (headingDeg[i] * Math.PI) / 180;
      px[n] = x[i];
      py[n] = y[i];
      vx[n] = speed[i] * Math.sin(h);
      vy[n] = speed[i] * Math.cos(h);
      who[n] = vehicle[i];
      n += 1;
    }
    if (!whole) continue;
    seconds += n;
    pairs += (n * n) / 2;
    const alerted = new Set<number>();
    const nextOpen = new Set<number>();
    for (let a = 0; a < n; a += 1)
      for (let b = a + 1; b < n; b += 1) {
        const rx = px[b] - px[a];
        const ry = py[b] - py[a];
        const wx = vx[b] - vx[a];
        const wy = vy[b] - vy[a];
        const closing = rx * wx + ry * wy;
        if (closing >= 0) continue;
        const w2 = wx * wx + wy * wy;
        const t = -closing / w2;
        const cx = rx + wx * t;
        const cy = ry + wy * t;
        if (cx * cx + cy * cy > missDistance * missDistance) continue;
        const far = Math.max(vx[a] * vx[a] + vy[a] * vy[a], vx[b] * vx[b] + vy[b] * vy[b]) * t * t;
        if (far > horizonMetres * horizonMetres) continue;
        const key = who[a] < who[b] ? who[a] * size + who[b] : who[b] * size + who[a];
        alerted.add(key);
        if (!last.has(key)) continue;
        if (!open.has(key)) episodes += 1;
        nextOpen.add(key);
      }
    last = alerted;
    open = nextOpen;
  }
  return { episodes, hours: seconds / 3600 };
}
