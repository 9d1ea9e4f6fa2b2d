/** A vehicle's body in the plane (x east, y north, m): the reference point is the middle of the front bumper, the body reaches backwards. */
export interface Body {
  readonly x: number;
  readonly y: number;
  /** Unit vector of the body's direction. */
  readonly hx: number;
  readonly hy: number;
  readonly length: number;
  readonly width: number;
}

export type Point = readonly [x: number, y: number];

/** Direction of a heading (degrees clockwise from north) as a unit vector east, north. */
export function directionOf(headingDeg: number): Point {
  const radians = (headingDeg * Math.PI) / 180;
  return [Math.sin(radians), Math.cos(radians)];
}

/** Corners: front left, rear left, rear right, front right (counter-clockwise). */
export function cornersOf(body: Body): readonly Point[] {
  const { x, y, hx, hy, length, width } = body;
  const side = width / 2;
  return [
    [x - hy * side, y + hx * side],
    [x - hy * side - hx * length, y + hx * side - hy * length],
    [x + hy * side - hx * length, y - hx * side - hy * length],
    [x + hy * side, y - hx * side],
  ];
}

/**
 * Signed distance of two rectangles along the best separating axis, m: positive = a lower bound of the gap, negative = depth of overlap.
 * Separating axis theorem on the four edge normals.
 */
export function separation(a: Body, b: Body): number {
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

/** Corners of the overlap of two rectangles (Sutherland-Hodgman clipping); empty when they do not touch. */
export function overlapOf(a: Body, b: Body): readonly Point[] {
  let polygon: readonly Point[] = cornersOf(a);
  const clip = cornersOf(b);
  for (let i = 0; i < 4 && polygon.length > 0; i++) polygon = clipBy(polygon, clip[i], clip[(i + 1) % 4]);
  return polygon;
}

function clipBy(polygon: readonly Point[], from: Point, to: Point): readonly Point[] {
  const inside = (p: Point): number => (to[0] - from[0]) * (p[1] - from[1]) - (to[1] - from[1]) * (p[0] - from[0]);
  const kept: Point[] = [];
  for (let i = 0; i < polygon.length; i++) {
    const current = polygon[i];
    const next = polygon[(i + 1) % polygon.length];
    const a = inside(current);
    const b = inside(next);
    if (a >= 0) kept.push(current);
    if (a >= 0 !== b >= 0) {
      const t = a / (a - b);
      kept.push([current[0] + t * (next[0] - current[0]), current[1] + t * (next[1] - current[1])]);
    }
  }
  return kept;
}

/** Centre of gravity of the points' polygon; of the points when it has no area. Undefined when empty. */
export function centroidOf(polygon: readonly Point[]): Point | undefined {
  if (polygon.length === 0) return undefined;
  let area = 0;
  let cx = 0;
  let cy = 0;
  const [ox, oy] = polygon[0];
  for (let i = 0; i < polygon.length; i++) {
    const [ax, ay] = [polygon[i][0] - ox, polygon[i][1] - oy];
    const next = polygon[(i + 1) % polygon.length];
    const [bx, by] = [next[0] - ox, next[1] - oy];
    const cross = ax * by - bx * ay;
    area += cross / 2;
    cx += ((ax + bx) * cross) / 6;
    cy += ((ay + by) * cross) / 6;
  }
  if (Math.abs(area) > 1e-9) return [ox + cx / area, oy + cy / area];
  return [
    polygon.reduce((sum, point) => sum + point[0], 0) / polygon.length,
    polygon.reduce((sum, point) => sum + point[1], 0) / polygon.length,
  ];
}
