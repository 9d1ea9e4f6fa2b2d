import { normalCdf } from './measures/normal.ts';

/** How far drivers keep from the middle of their lane, 1 sigma of two of them, m. */
const wander = 0.5;
const wanderVariance = wander * wander;

/**
 * Probability that two vehicles on the same carriageway are in each other's way sidewise (L3), when their tracks were measured `apart` m from
 * each other with 1-sigma `doubt` and bodies meet within `reach` m. Both are in one of `lanes` lanes of `laneWidth` m, any as likely, and
 * wander about its middle: what is measured well decides by itself, what is measured badly leaves the lanes' own shares. In [0, 1].
 */
export function sameTrackProbability(
  apart: number,
  doubt: number,
  reach: number,
  lanes: number,
  laneWidth: number,
): number {
  const variance = doubt * doubt;
  const spread = variance + wanderVariance;
  const sigma = Math.sqrt((variance * wanderVariance) / spread);
  const keep = wanderVariance / spread;
  let weights = 0;
  let within = 0;
  let nearest = Infinity;
  for (let k = 1 - lanes; k < lanes; k += 1) nearest = Math.min(nearest, Math.abs(apart - k * laneWidth));
  for (let k = 1 - lanes; k < lanes; k += 1) {
    const off = apart - k * laneWidth;
    // Relative to the best fit, so that a position off every lane still has one.
    const weight = (lanes - Math.abs(k)) * Math.exp((nearest * nearest - off * off) / (2 * spread));
    if (weight < 1e-4) continue;
    const mean = k * laneWidth + keep * off;
    weights += weight;
    within += weight * (normalCdf((reach - mean) / sigma) - normalCdf((-reach - mean) / sigma));
  }
  return weights > 0 ? within / weights : 0;
}
