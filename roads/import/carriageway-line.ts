import { type Line, lineLength } from './polyline.ts';

/**
 * The line `offset` metres to the right of another (left when negative), with mitred corners; points that a tight inner curve
 * would turn back are left out.
 */
export function offsetLine(line: Line, offset: number): number[] {
  if (offset === 0) return [...line];
  const n = line.length / 2;
  const moved: number[] = [];
  for (let i = 0; i < n; i++) {
    const before = unit(line, Math.max(0, i - 1));
    const after = unit(line, Math.min(n - 2, i));
    const bx = before[0] + after[0];
    const by = before[1] + after[1];
    const b = Math.hypot(bx, by);
    // Mitre: offset / cos(half the bend), at most twice the offset; a hairpin keeps the plain offset.
    const [ux, uy] = b > 0.1 ? [bx / b, by / b] : after;
    const mitre = b > 0.1 ? Math.min(2, 2 / b) : 1;
    moved.push(line[2 * i] + uy * offset * mitre, line[2 * i + 1] - ux * offset * mitre);
  }
  const kept = [moved[0], moved[1]];
  for (let i = 1; i < n; i++) {
    const dx = moved[2 * i] - kept[kept.length - 2];
    const dy = moved[2 * i + 1] - kept[kept.length - 1];
    const [ux, uy] = unit(line, i - 1);
    if (dx * ux + dy * uy > 0) kept.push(moved[2 * i], moved[2 * i + 1]);
  }
  return kept.length >= 4 ? kept : [...kept, moved[2 * n - 2], moved[2 * n - 1]];
}

/** The line without its first `start` and last `end` metres; what remains is at least a tenth of it. */
export function trimLine(line: Line, start: number, end: number): number[] {
  const length = lineLength(line);
  const scale = Math.min(1, (0.9 * length) / Math.max(1e-9, start + end));
  const from = start * scale;
  const to = length - end * scale;
  const cut: number[] = [];
  let s = 0;
  for (let i = 2; i < line.length; i += 2) {
    const dx = line[i] - line[i - 2];
    const dy = line[i + 1] - line[i - 1];
    const d = Math.hypot(dx, dy);
    if (d === 0) continue;
    if (s + d >= from && cut.length === 0) {
      const t = (from - s) / d;
      cut.push(line[i - 2] + t * dx, line[i - 1] + t * dy);
    }
    if (s + d >= to) {
      const t = (to - s) / d;
      cut.push(line[i - 2] + t * dx, line[i - 1] + t * dy);
      return cut;
    }
    if (s + d > from) cut.push(line[i], line[i + 1]);
    s += d;
  }
  return cut.length >= 4 ? cut : [...line];
}

/** Curve of a movement from the end of `approach` to the start of `exit`, tangent to both: a cubic Bézier, straight where it may be. */
export function turnCurve(approach: ArrayLike<number>, exit: ArrayLike<number>): number[] {
  const n = approach.length;
  const [x0, y0, x1, y1] = [approach[n - 2], approach[n - 1], exit[0], exit[1]];
  const length = Math.hypot(x1 - x0, y1 - y0);
  const [ax, ay] = endDirection(approach);
  const [ex, ey] = startDirection(exit);
  const turn = Math.abs(Math.atan2(ax * ey - ay * ex, ax * ex + ay * ey));
  const aside = Math.abs(ax * (y1 - y0) - ay * (x1 - x0));
  if (length < 0.5 || (turn < 0.15 && aside < 0.5)) return [x0, y0, x1, y1];
  // Handles of a circle's arc through the same ends: 4/3 tan(turn/4) radii, the radius being length / (2 sin(turn/2)).
  const handle = Math.min(
    length,
    turn < 0.15 ? length / 3 : ((2 / 3) * length * Math.tan(turn / 4)) / Math.sin(turn / 2),
  );
  const curve: number[] = [];
  const steps = Math.min(16, Math.max(4, Math.ceil(turn / 0.2)));
  for (let i = 0; i <= steps; i++) {
    const t = i / steps;
    const u = 1 - t;
    const [b0, b1, b2, b3] = [u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t];
    curve.push(
      b0 * x0 + b1 * (x0 + ax * handle) + b2 * (x1 - ex * handle) + b3 * x1,
      b0 * y0 + b1 * (y0 + ay * handle) + b2 * (y1 - ey * handle) + b3 * y1,
    );
  }
  return curve;
}

/** Unit vector of the last metres of a line. */
export function endDirection(line: ArrayLike<number>): [number, number] {
  for (let i = line.length - 4; i >= 0; i -= 2) {
    const dx = line[line.length - 2] - line[i];
    const dy = line[line.length - 1] - line[i + 1];
    const d = Math.hypot(dx, dy);
    if (d > 0.05) return [dx / d, dy / d];
  }
  return [1, 0];
}

/** Unit vector of the first metres of a line. */
export function startDirection(line: ArrayLike<number>): [number, number] {
  for (let i = 2; i < line.length; i += 2) {
    const dx = line[i] - line[0];
    const dy = line[i + 1] - line[1];
    const d = Math.hypot(dx, dy);
    if (d > 0.05) return [dx / d, dy / d];
  }
  return [1, 0];
}

function unit(line: Line, segment: number): [number, number] {
  const dx = line[2 * segment + 2] - line[2 * segment];
  const dy = line[2 * segment + 3] - line[2 * segment + 1];
  const d = Math.hypot(dx, dy);
  return d > 0 ? [dx / d, dy / d] : [1, 0];
}
