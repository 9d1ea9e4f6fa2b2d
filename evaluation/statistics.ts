/** A share with its count and 95 % interval. */
export interface Share {
  readonly value: number | null;
  readonly hits: number;
  readonly n: number;
  readonly interval95: readonly [number, number] | null;
}

const z = 1.959964;
const digits = (value: number): number => Math.round(value * 1e4) / 1e4;

/** Wilson score interval. Null without cases. */
export function shareOf(hits: number, n: number): Share {
  if (n === 0) return { value: null, hits, n, interval95: null };
  const p = hits / n;
  const z2 = z * z;
  const middle = (p + z2 / (2 * n)) / (1 + z2 / n);
  const half = (z * Math.sqrt((p * (1 - p)) / n + z2 / (4 * n * n))) / (1 + z2 / n);
  return {
    value: digits(p),
    hits,
    n,
    interval95: [digits(Math.max(0, middle - half)), digits(Math.min(1, middle + half))],
  };
}

/** A rate per 1,000 vehicle-hours with its count and 95 % interval (Poisson, Wilson-Hilferty approximation of the exact one). */
export interface Rate {
  readonly per1000vh: number | null;
  readonly count: number;
  readonly interval95: readonly [number, number] | null;
}

export function rateOf(count: number, vehicleHours: number): Rate {
  if (vehicleHours <= 0) return { per1000vh: null, count, interval95: null };
  const scale = 1000 / vehicleHours;
  const bound = (k: number, side: number): number => k * (1 - 1 / (9 * k) + (side * z) / (3 * Math.sqrt(k))) ** 3;
  const low = count === 0 ? 0 : bound(count, -1);
  return {
    per1000vh: digits(count * scale),
    count,
    interval95: [digits(low * scale), digits(bound(count + 1, 1) * scale)],
  };
}

/** Quantile q in [0, 1] by the nearest rank; null without values. */
export function quantile(values: readonly number[], q: number): number | null {
  if (values.length === 0) return null;
  const sorted = Float64Array.from(values).sort();
  return digits(sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(q * sorted.length) - 1))]);
}

export function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : digits(values.reduce((sum, value) => sum + value, 0) / values.length);
}
