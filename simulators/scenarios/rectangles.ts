/** A vehicle's outline: middle of the front bumper, unit vector of its direction, size, m. */
export interface Outline {
  readonly x: number;
  readonly y: number;
  readonly hx: number;
  readonly hy: number;
  readonly length: number;
  readonly width: number;
}

/** Signed distance of two outlines by the separating axis theorem, m: negative where they overlap, never more than the true distance. */
export function separation(a: Outline, b: Outline): number {
  const dx = b.x - (b.hx * b.length) / 2 - a.x + (a.hx * a.length) / 2;
  const dy = b.y - (b.hy * b.length) / 2 - a.y + (a.hy * a.length) / 2;
  const cos = Math.abs(a.hx * b.hx + a.hy * b.hy);
  const sin = Math.abs(a.hx * b.hy - a.hy * b.hx);
  return Math.max(
    Math.abs(dx * a.hx + dy * a.hy) - (a.length + b.length * cos + b.width * sin) / 2,
    Math.abs(dx * a.hy - dy * a.hx) - (a.width + b.length * sin + b.width * cos) / 2,
    Math.abs(dx * b.hx + dy * b.hy) - (b.length + a.length * cos + a.width * sin) / 2,
    Math.abs(dx * b.hy - dy * b.hx) - (b.width + a.length * sin + a.width * cos) / 2,
  );
}
