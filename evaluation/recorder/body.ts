import type { Traffic } from './traffic.ts';

/** A body seen from above: middle of its front edge (m), unit heading, size (m). */
export interface Body {
  readonly x: number;
  readonly y: number;
  readonly hx: number;
  readonly hy: number;
  readonly length: number;
  readonly width: number;
}

export function bodyAt(traffic: Traffic, row: number): Body {
  const vehicle = traffic.vehicle[row];
  const heading = (traffic.headingDeg[row] * Math.PI) / 180;
  return {
    x: traffic.x[row],
    y: traffic.y[row],
    hx: Math.sin(heading),
    hy: Math.cos(heading),
    length: traffic.lengths[vehicle],
    width: traffic.widths[vehicle],
  };
}

type Point = readonly [x: number, y: number];

function cornersOf({ x, y, hx, hy, length, width }: Body): readonly Point[] {
  const w = width / 2;
  return [
    [x + hy * w, y - hx * w],
    [x - hy * w, y + hx * w],
    [x - hy * w - hx * length, y + hx * w - hy * length],
    [x + hy * w - hx * length, y - hx * w - hy * length],
  ];
}

/** How deep the two bodies lie in each other along the axis of least depth, m; <= 0 when they do not touch (separating axes). */
export function overlapDepth(a: Body, b: Body): number {
  const dx = a.x - (a.hx * a.length) / 2 - b.x + (b.hx * b.length) / 2;
  const dy = a.y - (a.hy * a.length) / 2 - b.y + (b.hy * b.length) / 2;
  const cos = Math.abs(a.hx * b.hx + a.hy * b.hy);
  const sin = Math.abs(a.hx * b.hy - a.hy * b.hx);
  const along = (body: Body, other: Body): number =>
    (body.length + other.length * cos + other.width * sin) / 2 - Math.abs(dx * body.hx + dy * body.hy);
  const across = (body: Body, other: Body): number =>
    (body.width + other.length * sin + other.width * cos) / 2 - Math.abs(dx * body.hy - dy * body.hx);
  return Math.min(along(a, b), across(a, b), along(b, a), across(b, a));
}

/** Middle of the common area of two overlapping bodies: mean of its corners (Sutherland-Hodgman clipping). */
export function middleOfOverlap(a: Body, b: Body): Point {
  let area: readonly Point[] = cornersOf(a);
  const clip = cornersOf(b);
  for (let i = 0; i < 4; i += 1) area = clipped(area, clip[i], clip[(i + 1) % 4]);
  if (area.length === 0) return [(a.x + b.x) / 2, (a.y + b.y) / 2];
  return [area.reduce((sum, [x]) => sum + x, 0) / area.length, area.reduce((sum, [, y]) => sum + y, 0) / area.length];
}

/** What of the area lies left of the line from p to q. */
function clipped(area: readonly Point[], [px, py]: Point, [qx, qy]: Point): readonly Point[] {
  const side = ([x, y]: Point): number => (qx - px) * (y - py) - (qy - py) * (x - px);
  return area.flatMap((from, i) => {
    const to = area[(i + 1) % area.length];
    const [s, t] = [side(from), side(to)];
    const kept: Point[] = s >= 0 ? [from] : [];
    if (s >= 0 !== t >= 0) {
      const u = s / (s - t);
      kept.push([from[0] + u * (to[0] - from[0]), from[1] + u * (to[1] - from[1])]);
    }
    return kept;
  });
}

/** Angle between two headings, degrees in [0, 180]. */
export function angleBetween(a: number, b: number): number {
  const d = Math.abs(a - b) % 360;
  return d > 180 ? 360 - d : d;
}
