/**
 * Closest point of approach of two points in uniform motion; x, y: position of b relative to a, m; vx, vy: velocity of b relative to a,
 * m/s. All allocate nothing.
 */

/** Seconds to the closest approach, 0 when they already draw apart or do not move relative to each other. */
export function tcpa(x: number, y: number, vx: number, vy: number): number {
  const closing = -(x * vx + y * vy);
  const w2 = vx * vx + vy * vy;
  return closing > 0 && w2 > 0 ? closing / w2 : 0;
}

/** Distance at the closest approach that is still to come, m (the present one when they draw apart). */
export function dcpa(x: number, y: number, vx: number, vy: number): number {
  const t = tcpa(x, y, vx, vy);
  const cx = x + vx * t;
  const cy = y + vy * t;
  return Math.sqrt(cx * cx + cy * cy);
}

/** Seconds until the distance first is `radius` m or less: 0 when it is, `Infinity` when it never will be. */
export function timeToCircle(x: number, y: number, vx: number, vy: number, radius: number): number {
  const c = x * x + y * y - radius * radius;
  if (c <= 0) return 0;
  const b = x * vx + y * vy;
  const a = vx * vx + vy * vy;
  const d = b * b - a * c;
  // c / (-b + root): the smaller root without cancellation.
  return b < 0 && d >= 0 ? c / (-b + Math.sqrt(d)) : Number.POSITIVE_INFINITY;
}

/** Modified tau, s (RTCA DO-365, DAIDALUS): (radius² - distance²) / (r · v) while closing outside the radius, 0 inside it, `Infinity` opening. */
export function tauMod(x: number, y: number, vx: number, vy: number, radius: number): number {
  const outside = x * x + y * y - radius * radius;
  if (outside <= 0) return 0;
  const rate = x * vx + y * vy;
  return rate < 0 ? -outside / rate : Number.POSITIVE_INFINITY;
}
