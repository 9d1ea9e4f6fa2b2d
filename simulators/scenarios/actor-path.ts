import { pointAt, type RoadGraph } from '../../roads/graph/index.ts';
import { bendBraking, type SpeedProfiles } from '../traffic/speed-profile.ts';

const spacing = 2;
const dense = 6;
const p = new Float64Array(2);

/** A way of its own for a scripted vehicle: points of the plane with the way so far and the speed a careless driver has there. */
export interface ActorPath {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly s: Float64Array;
  readonly speed: Float64Array;
  readonly length: number;
}

/** One piece of a path: an edge from `from` to `to` metres along it (backwards when `to` < `from`), `right` metres beside its line. */
export interface Piece {
  readonly edge: number;
  readonly from: number;
  readonly to: number;
  /** Lateral offset at the piece's beginning and end, m, right of the edge's own direction positive. */
  readonly right: readonly [number, number];
}

/** Joins pieces. `pace` is the share of what limit and bends allow. */
export function actorPath(
  graph: RoadGraph,
  profiles: SpeedProfiles,
  pieces: readonly Piece[],
  pace: number,
): ActorPath {
  const xs: number[] = [];
  const ys: number[] = [];
  const speeds: number[] = [];
  const d = new Float64Array(2);
  for (const { edge, from, to, right } of pieces) {
    const steps = Math.max(1, Math.round(Math.abs(to - from) / spacing));
    for (let i = xs.length === 0 ? 0 : 1; i <= steps; i++) {
      const t = i / steps;
      const s = from + t * (to - from);
      smoothDirection(graph, edge, s, d);
      pointAt(graph, edge, s, p);
      const offset = right[0] + (right[1] - right[0]) * t * t * (3 - 2 * t);
      xs.push(p[0] + d[1] * offset);
      ys.push(p[1] - d[0] * offset);
      speeds.push(Math.min(graph.edgeLimit[edge], profiles.speedAt(edge, s)) * pace);
    }
  }
  const s = new Float64Array(xs.length);
  for (let i = 1; i < s.length; i++) s[i] = s[i - 1] + Math.hypot(xs[i] - xs[i - 1], ys[i] - ys[i - 1]);
  for (let i = s.length - 2; i >= 0; i--)
    speeds[i] = Math.min(speeds[i], Math.sqrt(speeds[i + 1] ** 2 + 2 * bendBraking * (s[i + 1] - s[i])));
  for (let i = 1; i < s.length; i++)
    speeds[i] = Math.min(speeds[i], Math.sqrt(speeds[i - 1] ** 2 + 2 * 1.5 * (s[i] - s[i - 1])));
  return {
    x: Float64Array.from(xs),
    y: Float64Array.from(ys),
    s,
    speed: Float64Array.from(speeds),
    length: s[s.length - 1],
  };
}

/** Direction over some metres about `s`, so that offset lines do not jump at the corners of the shape. */
function smoothDirection(graph: RoadGraph, edge: number, s: number, out: Float64Array): void {
  const length = graph.edgeLength[edge];
  const a = Math.max(0, Math.min(s - dense / 2, length - dense));
  pointAt(graph, edge, a, p);
  const ax = p[0];
  const ay = p[1];
  pointAt(graph, edge, Math.min(length, a + dense), p);
  const norm = Math.hypot(p[0] - ax, p[1] - ay);
  out[0] = (p[0] - ax) / norm;
  out[1] = (p[1] - ay) / norm;
}

/** Index of the segment that holds `s`. */
function segmentOf(path: ActorPath, s: number): number {
  let low = 0;
  let high = path.s.length - 2;
  while (low < high) {
    const mid = (low + high + 1) >> 1;
    if (path.s[mid] <= s) low = mid;
    else high = mid - 1;
  }
  return low;
}

/** Writes x, y at `s` (beyond the ends: straight on) to out[0], out[1]. */
export function pathPoint(path: ActorPath, s: number, out: Float64Array): void {
  const i = segmentOf(path, s);
  const t = (s - path.s[i]) / (path.s[i + 1] - path.s[i]);
  out[0] = path.x[i] + t * (path.x[i + 1] - path.x[i]);
  out[1] = path.y[i] + t * (path.y[i + 1] - path.y[i]);
}

/** m/s wanted at `s`. */
export function pathSpeed(path: ActorPath, s: number): number {
  const i = segmentOf(path, s);
  const t = Math.min(1, Math.max(0, (s - path.s[i]) / (path.s[i + 1] - path.s[i])));
  return path.speed[i] + t * (path.speed[i + 1] - path.speed[i]);
}

/** Seconds from `from` to `to` at the path's own speeds. */
export function pathSeconds(path: ActorPath, from: number, to: number): number {
  const step = 1;
  let seconds = 0;
  for (let s = from; s < to; s += step) seconds += Math.min(step, to - s) / Math.max(0.5, pathSpeed(path, s));
  return seconds;
}

/** Where one must be `seconds` before passing `to`; not before the path's beginning. */
export function placeBefore(path: ActorPath, to: number, seconds: number): number {
  let left = seconds;
  let s = to;
  while (s > 0 && left > 0) {
    left -= 1 / Math.max(0.5, pathSpeed(path, s));
    s -= 1;
  }
  return Math.max(0, s);
}
