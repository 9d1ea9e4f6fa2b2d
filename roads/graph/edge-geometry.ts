import type { RoadGraph } from './road-graph.ts';

/**
 * Segment of an edge that holds `s`: index of its first shape point. Binary search; `s` beyond the ends gives the first or last.
 * Allocates nothing.
 */
export function segmentAt(graph: RoadGraph, edge: number, s: number): number {
  const { shapeS, edgeShape } = graph;
  let low = edgeShape[edge];
  let high = edgeShape[edge + 1] - 2;
  while (low < high) {
    const mid = (low + high + 1) >> 1;
    if (shapeS[mid] <= s) low = mid;
    else high = mid - 1;
  }
  return low;
}

/** Writes x, y of the point `s` metres along the edge (clamped to it) to out[0], out[1]. Allocates nothing. */
export function pointAt(graph: RoadGraph, edge: number, s: number, out: Float64Array): void {
  const { shapeX, shapeY, shapeS } = graph;
  const i = segmentAt(graph, edge, s);
  const t = Math.min(1, Math.max(0, (s - shapeS[i]) / (shapeS[i + 1] - shapeS[i])));
  out[0] = shapeX[i] + t * (shapeX[i + 1] - shapeX[i]);
  out[1] = shapeY[i] + t * (shapeY[i + 1] - shapeY[i]);
}

/** Writes the unit vector of travel at `s` to out[0] (east), out[1] (north). Allocates nothing. */
export function directionAt(graph: RoadGraph, edge: number, s: number, out: Float64Array): void {
  const { shapeX, shapeY } = graph;
  const i = segmentAt(graph, edge, s);
  const dx = shapeX[i + 1] - shapeX[i];
  const dy = shapeY[i + 1] - shapeY[i];
  const d = Math.sqrt(dx * dx + dy * dy);
  out[0] = dx / d;
  out[1] = dy / d;
}

/** Both at once: x, y of the point to out[0], out[1] as `pointAt`, the unit vector of travel to out[2], out[3]. Allocates nothing. */
export function poseAt(graph: RoadGraph, edge: number, s: number, out: Float64Array): void {
  const { shapeX, shapeY, shapeS } = graph;
  const i = segmentAt(graph, edge, s);
  const dx = shapeX[i + 1] - shapeX[i];
  const dy = shapeY[i + 1] - shapeY[i];
  const d = Math.sqrt(dx * dx + dy * dy);
  const t = Math.min(1, Math.max(0, (s - shapeS[i]) / (shapeS[i + 1] - shapeS[i])));
  out[0] = shapeX[i] + t * dx;
  out[1] = shapeY[i] + t * dy;
  out[2] = dx / d;
  out[3] = dy / d;
}

/** Cosine of the angle between the unit vector (hx, hy) and the direction of travel at `s`. Allocates nothing. */
export function cosAlong(graph: RoadGraph, edge: number, s: number, hx: number, hy: number): number {
  const { shapeX, shapeY } = graph;
  const i = segmentAt(graph, edge, s);
  const dx = shapeX[i + 1] - shapeX[i];
  const dy = shapeY[i + 1] - shapeY[i];
  return (dx * hx + dy * hy) / Math.sqrt(dx * dx + dy * dy);
}

/** Direction of travel at `s`, radians clockwise from north, 0 <= result < 2 pi. Allocates nothing. */
export function headingAt(graph: RoadGraph, edge: number, s: number): number {
  const { shapeX, shapeY } = graph;
  const i = segmentAt(graph, edge, s);
  const heading = Math.atan2(shapeX[i + 1] - shapeX[i], shapeY[i + 1] - shapeY[i]);
  return heading < 0 ? heading + 2 * Math.PI : heading;
}

/** Positions in the array that `projectOnEdge` fills. */
export const ON_EDGE_S = 0;
export const ON_EDGE_LATERAL = 1;
export const ON_EDGE_DISTANCE = 2;

/**
 * The point of an edge nearest to x, y. Writes out[0] = s, m along the edge; out[1] = lateral offset, m, left of the direction of
 * travel positive; out[2] = distance, m. Beyond the ends `s` is 0 or the length, and |lateral| is less than the distance.
 * Allocates nothing; `out` has at least three entries.
 */
export function projectOnEdge(graph: RoadGraph, edge: number, x: number, y: number, out: Float64Array): void {
  sought[0] = x;
  sought[1] = y;
  projectOnRange(graph, graph.edgeShape[edge], graph.edgeShape[edge + 1] - 1, out);
}

/** The same, looking only at the part of the edge within `reach` metres of `s`: for following a vehicle along a long edge. */
export function projectNear(
  graph: RoadGraph,
  edge: number,
  s: number,
  reach: number,
  x: number,
  y: number,
  out: Float64Array,
): void {
  sought[0] = x;
  sought[1] = y;
  sought[2] = s - reach;
  sought[3] = s + reach;
  projectSought(graph, edge, out);
}

/**
 * What `projectSought` looks for: x, y, and the part of the edge from one to the other place along it, m. Numbers handed from function to
 * function would be objects on the heap.
 */
export const sought = new Float64Array(4);

/** `projectOnEdge` for what stands in `sought`. */
export function projectSought(graph: RoadGraph, edge: number, out: Float64Array): void {
  const first = graph.edgeShape[edge];
  const last = graph.edgeShape[edge + 1] - 1;
  // Most edges are one straight line.
  if (last - first === 1) projectOnRange(graph, first, last, out);
  else projectOnRange(graph, segmentAt(graph, edge, sought[2]), segmentAt(graph, edge, sought[3]) + 1, out);
}

function projectOnRange(graph: RoadGraph, first: number, last: number, out: Float64Array): void {
  const { shapeX, shapeY, shapeS } = graph;
  const x = sought[0];
  const y = sought[1];
  let best = Infinity;
  let s = 0;
  let lateral = 0;
  for (let i = first; i < last; i++) {
    const ax = shapeX[i];
    const ay = shapeY[i];
    const dx = shapeX[i + 1] - ax;
    const dy = shapeY[i + 1] - ay;
    const d2 = dx * dx + dy * dy;
    let t = ((x - ax) * dx + (y - ay) * dy) / d2;
    t = Math.min(1, Math.max(0, t));
    const ex = x - ax - t * dx;
    const ey = y - ay - t * dy;
    const e2 = ex * ex + ey * ey;
    if (e2 < best) {
      best = e2;
      s = shapeS[i] + t * (shapeS[i + 1] - shapeS[i]);
      lateral = (dx * (y - ay) - dy * (x - ax)) / Math.sqrt(d2);
    }
  }
  const distance = Math.sqrt(best);
  out[ON_EDGE_S] = s;
  // Beside an outer corner the offset from the segment's line is less than the distance; beyond the ends of the edge it is what counts.
  const inside = s > shapeS[first] && s < shapeS[last];
  out[ON_EDGE_LATERAL] = inside ? (lateral < 0 ? -distance : distance) : lateral;
  out[ON_EDGE_DISTANCE] = distance;
}
