/**
 * Time to collision (Hayward 1972; Minderhoud and Bovy 2001): seconds until contact if both go on as they are. `Infinity` when they
 * do not close in. Everything here allocates nothing.
 */

/** Follower and leader in one lane: `gap` m from bumper to bumper, `closingSpeed` m/s (follower minus leader). 0 when the gap is gone. */
export function ttcFollow(gap: number, closingSpeed: number): number {
  if (gap <= 0) return 0;
  return closingSpeed > 0 ? gap / closingSpeed : Number.POSITIVE_INFINITY;
}

/** Two points: relative position (b minus a) m and relative velocity m/s, by the closing speed along the line that joins them. */
export function ttcPoint(x: number, y: number, vx: number, vy: number): number {
  const d2 = x * x + y * y;
  const closing = -(x * vx + y * vy);
  if (d2 === 0) return 0;
  return closing > 0 ? d2 / closing : Number.POSITIVE_INFINITY;
}

/**
 * Crossing paths: a enters the common area after aIn s and leaves it after aOut, b likewise. Both meet in it when the one that comes
 * later enters before the earlier has left: then that later entry, else `Infinity` (as SUMO's SSM device defines it).
 */
export function ttcCross(aIn: number, aOut: number, bIn: number, bOut: number): number {
  if (aIn > bIn) return aIn < bOut ? aIn : Number.POSITIVE_INFINITY;
  return bIn < aOut ? bIn : Number.POSITIVE_INFINITY;
}
