/** Flat x0, y0, x1, y1 … lines in the plane, metres. */
export type Line = readonly number[];

export function lineLength(line: Line): number {
  let length = 0;
  for (let i = 2; i < line.length; i += 2) length += Math.hypot(line[i] - line[i - 2], line[i + 1] - line[i - 1]);
  return length;
}

/** Point at `s` metres along the line, clamped to its ends. */
export function pointOnLine(line: Line, s: number): [x: number, y: number] {
  let rest = s;
  if (rest <= 0) return [line[0], line[1]];
  for (let i = 2; i < line.length; i += 2) {
    const dx = line[i] - line[i - 2];
    const dy = line[i + 1] - line[i - 1];
    const d = Math.hypot(dx, dy);
    if (rest <= d && d > 0) return [line[i - 2] + (dx * rest) / d, line[i - 1] + (dy * rest) / d];
    rest -= d;
  }
  return [line[line.length - 2], line[line.length - 1]];
}

/** Metres along the line of its point nearest to x, y, and its distance. */
export function placeOnLine(line: ArrayLike<number>, x: number, y: number): { s: number; distance: number } {
  let best = Infinity;
  let place = 0;
  let s = 0;
  for (let i = 2; i < line.length; i += 2) {
    const dx = line[i] - line[i - 2];
    const dy = line[i + 1] - line[i - 1];
    const d = Math.hypot(dx, dy);
    const t = d === 0 ? 0 : ((x - line[i - 2]) * dx + (y - line[i - 1]) * dy) / (d * d);
    const c = Math.min(1, Math.max(0, t));
    const distance = Math.hypot(line[i - 2] + c * dx - x, line[i - 1] + c * dy - y);
    if (distance < best) {
      best = distance;
      place = s + c * d;
    }
    s += d;
  }
  return { s: place, distance: best };
}

/** The line halfway between two lines that run side by side, with the points of the one that has more. */
export function midLine(a: Line, b: Line): number[] {
  const [fine, coarse] = a.length >= b.length ? [a, b] : [b, a];
  const coarseLength = lineLength(coarse);
  const fineLength = lineLength(fine);
  const mid: number[] = [];
  let s = 0;
  for (let i = 0; i < fine.length; i += 2) {
    if (i > 0) s += Math.hypot(fine[i] - fine[i - 2], fine[i + 1] - fine[i - 1]);
    const same = fine.length === coarse.length;
    const [x, y] = same
      ? [coarse[i], coarse[i + 1]]
      : pointOnLine(coarse, fineLength > 0 ? (s / fineLength) * coarseLength : 0);
    mid.push((fine[i] + x) / 2, (fine[i + 1] + y) / 2);
  }
  return mid;
}

/** Where segments a-b and c-d cross strictly inside both: parameter along a-b, 0..1, or -1. */
export function segmentCrossing(
  ax: number,
  ay: number,
  bx: number,
  by: number,
  cx: number,
  cy: number,
  dx: number,
  dy: number,
): number {
  const det = (bx - ax) * (dy - cy) - (by - ay) * (dx - cx);
  if (Math.abs(det) < 1e-9) return -1;
  const t = ((cx - ax) * (dy - cy) - (cy - ay) * (dx - cx)) / det;
  const u = ((cx - ax) * (by - ay) - (cy - ay) * (bx - ax)) / det;
  return t > 0 && t < 1 && u > 0 && u < 1 ? t : -1;
}
