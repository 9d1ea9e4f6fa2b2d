/** Standard normal distribution function, absolute error below 7.5e-8 (Abramowitz and Stegun 26.2.17). */
export function phi(x: number): number {
  if (x > 8) return 1;
  if (x < -8) return 0;
  const z = x < 0 ? -x : x;
  const k = 1 / (1 + 0.2316419 * z);
  const tail =
    0.3989422804014327 *
    Math.exp(-0.5 * z * z) *
    k *
    (0.31938153 + k * (-0.356563782 + k * (1.781477937 + k * (-1.821255978 + k * 1.330274429))));
  return x < 0 ? tail : 1 - tail;
}

/**
 * Probability that the stays of two vehicles in one place overlap (X6): `mu` = arrival of a minus arrival of b, s; `stayA`, `stayB` how long each stays;
 * `sigma` of the difference. In [0, 1].
 */
export function overlapProbability(mu: number, stayA: number, stayB: number, sigma: number): number {
  const p = phi((stayB - mu) / sigma) - phi((-stayA - mu) / sigma);
  return Math.max(p, 0);
}
