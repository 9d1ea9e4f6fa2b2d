/**
 * Error function to 1e-15 (absolute, below 1; beyond, erfc to 1e-15 relative or so): Taylor series about 0 below 2.5, Lentz's continued
 * fraction for erfc above. Allocates nothing.
 */
export function erf(x: number): number {
  const z = Math.abs(x);
  if (z < 2.5) {
    let term = x;
    let sum = x;
    for (let n = 1; n < 80; n += 1) {
      term *= (-x * x) / n;
      const part = term / (2 * n + 1);
      sum += part;
      if (Math.abs(part) < 1e-17 * Math.abs(sum)) break;
    }
    return (2 / Math.sqrt(Math.PI)) * sum;
  }
  const tail = erfcTail(z);
  return x > 0 ? 1 - tail : tail - 1;
}

/** 1 - erf(x) without loss of its digits for large x. */
export function erfc(x: number): number {
  return x >= 2.5 ? erfcTail(x) : 1 - erf(x);
}

function erfcTail(z: number): number {
  let fraction = 0;
  for (let n = 120; n >= 1; n -= 1) fraction = n / 2 / (z + fraction);
  return Math.exp(-z * z) / ((z + fraction) * Math.sqrt(Math.PI));
}

/** Hart's rational approximation of the tail (Computer Approximations, 1968, no. 5666): numerator and denominator, highest power first. */
const above = [
  0.0352624965998911, 0.700383064443688, 6.37396220353165, 33.912866078383, 112.079291497871, 221.213596169931,
  220.206867912376,
] as const;
const below = [
  0.0883883476483184, 1.75566716318264, 16.064177579207, 86.7807322029461, 296.564248779674, 637.333633378831,
  793.826512519948, 440.413735824752,
] as const;
/** From here on the continued fraction is as good. */
const farOut = 5 * Math.SQRT2;

/** Standard normal distribution function, error below 1e-14. Fast: the hot path calls it for every pair at a junction. */
export function normalCdf(x: number): number {
  const z = x < 0 ? -x : x;
  let tail = 0;
  if (z < farOut) {
    let a = above[0] as number;
    for (let i = 1; i < above.length; i += 1) a = a * z + above[i];
    let b = below[0] as number;
    for (let i = 1; i < below.length; i += 1) b = b * z + below[i];
    tail = (Math.exp(-0.5 * z * z) * a) / b;
  } else if (z < 38) {
    tail = Math.exp(-0.5 * z * z) / ((z + 1 / (z + 2 / (z + 3 / (z + 4 / (z + 0.65))))) * Math.sqrt(2 * Math.PI));
  }
  return x > 0 ? 1 - tail : tail;
}
