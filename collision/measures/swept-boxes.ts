/**
 * Oriented boxes in the plane. A box is its middle (x, y), unit heading (hx, hy), length along the heading and width, m; in the
 * swept form it keeps its heading and moves at (vx, vy), m/s. Separating axes (the four face normals); exact for such motion.
 * Everything here allocates nothing.
 */

/** Times during which two intervals on one axis overlap: written to `from` and `to` below. */
let from = 0;
let to = 0;

/**
 * Narrows [from, to] to the times when two intervals of half widths summing to `reach`, `apart` m apart and closing at -`rate` m/s,
 * overlap. False when they never do.
 */
function narrow(apart: number, rate: number, reach: number): boolean {
  if (rate === 0) return Math.abs(apart) <= reach;
  const a = (-reach - apart) / rate;
  const b = (reach - apart) / rate;
  if (a < b) {
    if (a > from) from = a;
    if (b < to) to = b;
  } else {
    if (b > from) from = b;
    if (a < to) to = a;
  }
  return from <= to;
}

/**
 * Seconds until two moving boxes first touch: 0 when they overlap now, `Infinity` when they never will.
 * Arguments: box a, then box b, each x, y, hx, hy, length, width, vx, vy.
 */
export function boxContactTime(
  ax: number,
  ay: number,
  ahx: number,
  ahy: number,
  aLength: number,
  aWidth: number,
  avx: number,
  avy: number,
  bx: number,
  by: number,
  bhx: number,
  bhy: number,
  bLength: number,
  bWidth: number,
  bvx: number,
  bvy: number,
): number {
  const x = bx - ax;
  const y = by - ay;
  const vx = bvx - avx;
  const vy = bvy - avy;
  // Cosine and sine of the angle between the headings: how far one box reaches along the axes of the other.
  const c = Math.abs(ahx * bhx + ahy * bhy);
  const s = Math.abs(ahx * bhy - ahy * bhx);
  const al = aLength / 2;
  const aw = aWidth / 2;
  const bl = bLength / 2;
  const bw = bWidth / 2;
  from = 0;
  to = Infinity;
  if (!narrow(x * ahx + y * ahy, vx * ahx + vy * ahy, al + bl * c + bw * s)) return Infinity;
  if (!narrow(y * ahx - x * ahy, vy * ahx - vx * ahy, aw + bl * s + bw * c)) return Infinity;
  if (!narrow(x * bhx + y * bhy, vx * bhx + vy * bhy, bl + al * c + aw * s)) return Infinity;
  if (!narrow(y * bhx - x * bhy, vy * bhx - vx * bhy, bw + al * s + aw * c)) return Infinity;
  return from;
}

/** Seconds at which the overlap that `boxContactTime` found last in this thread ends; meaningless after `Infinity`. */
export function lastContactEnd(): number {
  return to;
}

/** Whether two boxes overlap or touch. Arguments: box a, then box b, each x, y, hx, hy, length, width. */
export function boxesOverlap(
  ax: number,
  ay: number,
  ahx: number,
  ahy: number,
  aLength: number,
  aWidth: number,
  bx: number,
  by: number,
  bhx: number,
  bhy: number,
  bLength: number,
  bWidth: number,
): boolean {
  const x = bx - ax;
  const y = by - ay;
  const c = Math.abs(ahx * bhx + ahy * bhy);
  const s = Math.abs(ahx * bhy - ahy * bhx);
  const al = aLength / 2;
  const aw = aWidth / 2;
  const bl = bLength / 2;
  const bw = bWidth / 2;
  return (
    Math.abs(x * ahx + y * ahy) <= al + bl * c + bw * s &&
    Math.abs(y * ahx - x * ahy) <= aw + bl * s + bw * c &&
    Math.abs(x * bhx + y * bhy) <= bl + al * c + aw * s &&
    Math.abs(y * bhx - x * bhy) <= bw + al * s + aw * c
  );
}
