import type { Pose, TrackHistory } from './track-history.ts';

const poseA: Pose = { x: 0, y: 0, hx: 0, hy: 1, speed: 0 };
const poseB: Pose = { x: 0, y: 0, hx: 0, hy: 1, speed: 0 };

/** Step of the search and how far a track is run on beyond its newest state, ms. */
const stepMs = 100;
const runMs = 250;

/**
 * Least signed distance (m, negative = overlap; largest of the four separating-axis gaps) of two bodies between two instants.
 * Poses between the states are interpolated. Infinity when their tracks have no instant in common. Allocates nothing.
 */
export function leastSeparation(
  history: TrackHistory,
  a: number,
  b: number,
  fromMs: number,
  toMs: number,
  lengthA: number,
  widthA: number,
  lengthB: number,
  widthB: number,
): number {
  let least = Number.POSITIVE_INFINITY;
  for (let atMs = fromMs; atMs <= toMs; atMs += stepMs) {
    if (!history.poseAt(a, atMs, runMs, poseA) || !history.poseAt(b, atMs, runMs, poseB)) continue;
    least = Math.min(least, separationOf(poseA, poseB, lengthA, widthA, lengthB, widthB));
  }
  return least;
}

/** Separating axis theorem; the reference point is the middle of the front bumper, the body lies behind it. */
function separationOf(a: Pose, b: Pose, lengthA: number, widthA: number, lengthB: number, widthB: number): number {
  const dx = b.x - (b.hx * lengthB) / 2 - a.x + (a.hx * lengthA) / 2;
  const dy = b.y - (b.hy * lengthB) / 2 - a.y + (a.hy * lengthA) / 2;
  const cos = Math.abs(a.hx * b.hx + a.hy * b.hy);
  const sin = Math.abs(a.hx * b.hy - a.hy * b.hx);
  return Math.max(
    Math.abs(dx * a.hx + dy * a.hy) - (lengthA + lengthB * cos + widthB * sin) / 2,
    Math.abs(dx * a.hy - dy * a.hx) - (widthA + lengthB * sin + widthB * cos) / 2,
    Math.abs(dx * b.hx + dy * b.hy) - (lengthB + lengthA * cos + widthA * sin) / 2,
    Math.abs(dx * b.hy - dy * b.hx) - (widthB + lengthA * sin + widthA * cos) / 2,
  );
}
