/** Values of a Prometheus text by name with labels as written, e.g. `rahban_ingest_dropped_total{reason="too-old"}`. */
export type MetricsReading = ReadonlyMap<string, number>;

export function parseMetrics(text: string): MetricsReading {
  const values = new Map<string, number>();
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const cut = line.lastIndexOf(' ');
    values.set(line.slice(0, cut), Number(line.slice(cut + 1)));
  }
  return values;
}

/** @throws Error when the platform does not answer. */
export async function readMetrics(httpUrl: string): Promise<MetricsReading> {
  const response = await fetch(new URL('metrics', httpUrl));
  if (!response.ok) throw new Error(`${response.url}: ${response.status}`);
  return parseMetrics(await response.text());
}

/** Growth of one value between two readings. */
export function growth(before: MetricsReading, after: MetricsReading, name: string): number {
  return (after.get(name) ?? 0) - (before.get(name) ?? 0);
}

/** Growth of every series of a name by the value of its only label, without those that did not grow. */
export function growthByLabel(before: MetricsReading, after: MetricsReading, name: string): Record<string, number> {
  const grown: Record<string, number> = {};
  for (const key of after.keys()) {
    const label = key.startsWith(`${name}{`) ? /="([^"]*)"/.exec(key)?.[1] : undefined;
    const by = label === undefined ? 0 : growth(before, after, key);
    if (label !== undefined && by > 0) grown[label] = by;
  }
  return grown;
}

/**
 * Quantile of a histogram's growth, in its unit, linear within a bucket; NaN when it did not grow, the largest finite bound when
 * the quantile lies beyond it.
 */
export function histogramQuantile(before: MetricsReading, after: MetricsReading, name: string, q: number): number {
  const buckets: [bound: number, count: number][] = [];
  for (const key of after.keys()) {
    const bound = key.startsWith(`${name}_bucket{`) ? /le="([^"]*)"/.exec(key)?.[1] : undefined;
    if (bound !== undefined) buckets.push([bound === '+Inf' ? Infinity : Number(bound), growth(before, after, key)]);
  }
  buckets.sort((a, b) => a[0] - b[0]);
  const total = buckets.at(-1)?.[1] ?? 0;
  if (total === 0) return Number.NaN;
  let low = 0;
  let below = 0;
  for (const [bound, count] of buckets) {
    if (count >= q * total) {
      if (bound === Infinity) return low;
      return low + ((q * total - below) / Math.max(1e-9, count - below)) * (bound - low);
    }
    low = bound;
    below = count;
  }
  return low;
}
