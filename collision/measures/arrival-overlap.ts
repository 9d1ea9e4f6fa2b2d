import { quickNormalCdf } from './normal.ts';

/**
 * Probability that two vehicles are in the common area at once: a arrives at `meanA` ± `sigmaA` s and stays `occupiedA` s, b likewise;
 * normal arrivals with correlation `correlation`. P = Phi((occupiedB - mu) / s) - Phi((-occupiedA - mu) / s), mu = meanA - meanB (collision.md 3.8).
 * In [0, 1]. Allocates nothing.
 */
export function arrivalOverlap(
  meanA: number,
  sigmaA: number,
  occupiedA: number,
  meanB: number,
  sigmaB: number,
  occupiedB: number,
  correlation: number,
): number {
  const mu = meanA - meanB;
  const variance = sigmaA * sigmaA + sigmaB * sigmaB - 2 * correlation * sigmaA * sigmaB;
  if (!(variance > 1e-12)) return mu <= occupiedB && mu >= -occupiedA ? 1 : 0;
  const s = Math.sqrt(variance);
  return overlapProbability(mu, occupiedA, occupiedB, s);
}

/**
 * The same from the difference alone: `mu` = arrival of a minus arrival of b, s, with 1-sigma `sigma` > 0; `stayA`, `stayB` how long each
 * stays (X6). In [0, 1].
 */
export function overlapProbability(mu: number, stayA: number, stayB: number, sigma: number): number {
  const p = quickNormalCdf((stayB - mu) / sigma) - quickNormalCdf((-stayA - mu) / sigma);
  return Math.max(0, Math.min(p, 1));
}
