import { erfc } from './normal.ts';

/** Nodes and weights of 16-point Gauss-Legendre quadrature on [-1, 1], positive half. */
const nodes = [
  0.09501250983763744, 0.2816035507792589, 0.45801677765722737, 0.6178762444026438, 0.755404408355003,
  0.8656312023878318, 0.9445750230732326, 0.9894009349916499,
];
const weights = [
  0.1894506104550685, 0.18260341504492358, 0.16915651939500254, 0.14959598881657674, 0.12462897125553388,
  0.09515851168249279, 0.062253523938647894, 0.027152459411754096,
];
/** The chord is cut into pieces no longer than this many standard deviations. */
const piece = 1;
const leastPieces = 6;
const mostPieces = 64;

/**
 * Probability that a point with Gaussian position (mean mx, my; covariance cxx, cxy, cyy, m²) lies within `radius` m of the origin
 * (Foster and Estes 1992; Chan 2008). Along the principal axis with the larger deviation by quadrature, across it in closed form.
 * Only for encounters that pass quickly: never for vehicles in one lane. In [0, 1]. Allocates nothing.
 */
export function collisionProbability(
  mx: number,
  my: number,
  cxx: number,
  cxy: number,
  cyy: number,
  radius: number,
): number {
  if (!(radius > 0)) return 0;
  // Principal axes of the covariance.
  const half = (cxx + cyy) / 2;
  const difference = (cxx - cyy) / 2;
  const root = Math.sqrt(difference * difference + cxy * cxy);
  const large = half + root;
  // The small eigenvalue from the determinant: half - root would lose its digits.
  const small = large > 0 ? Math.max(0, (cxx * cyy - cxy * cxy) / large) : 0;
  const angle = 0.5 * Math.atan2(2 * cxy, cxx - cyy);
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  const m1 = mx * cos + my * sin;
  const m2 = my * cos - mx * sin;
  const s1 = Math.sqrt(large);
  const s2 = Math.sqrt(small);
  if (!(s1 > 0)) return mx * mx + my * my <= radius * radius ? 1 : 0;
  const low = Math.max(-radius, m1 - 12 * s1);
  const high = Math.min(radius, m1 + 12 * s1);
  if (low >= high) return 0;
  // The integrand bends where the circle's edge passes the mean across (s2 small): the joints of the pieces lie there.
  const bend = Math.abs(m2) < radius ? Math.sqrt(radius * radius - m2 * m2) : 0;
  const left = Math.max(low, Math.min(high, -bend));
  const right = Math.max(low, Math.min(high, bend));
  return Math.min(
    1,
    integrate(low, left, m1, m2, s1, s2, radius) +
      integrate(left, right, m1, m2, s1, s2, radius) +
      integrate(right, high, m1, m2, s1, s2, radius),
  );
}

/** Over u from `low` to `high`, in the angle whose sine is u / radius: in it the circle has no steep ends. */
function integrate(low: number, high: number, m1: number, m2: number, s1: number, s2: number, radius: number): number {
  if (!(high > low)) return 0;
  const pieces = Math.min(mostPieces, Math.max(leastPieces, Math.ceil((high - low) / (piece * s1))));
  const begin = Math.asin(Math.max(-1, low / radius));
  const width = (Math.asin(Math.min(1, high / radius)) - begin) / pieces / 2;
  let sum = 0;
  for (let p = 0; p < pieces; p += 1) {
    const middle = begin + (2 * p + 1) * width;
    for (let k = 0; k < nodes.length; k += 1)
      sum +=
        weights[k] *
        (strip(middle + width * nodes[k], m1, m2, s1, s2, radius) +
          strip(middle - width * nodes[k], m1, m2, s1, s2, radius));
  }
  return sum * width;
}

/** Density along the first axis at radius · sin(angle) times the mass across it within the circle, per radian. */
function strip(angle: number, m1: number, m2: number, s1: number, s2: number, radius: number): number {
  const h = radius * Math.cos(angle);
  const z = (radius * Math.sin(angle) - m1) / s1;
  const density = (h * Math.exp(-0.5 * z * z)) / (s1 * Math.sqrt(2 * Math.PI));
  if (!(s2 > 0)) return Math.abs(m2) <= h ? density : 0;
  const scale = 1 / (s2 * Math.SQRT2);
  return density * 0.5 * (erfc((Math.abs(m2) - h) * scale) - erfc((Math.abs(m2) + h) * scale));
}
