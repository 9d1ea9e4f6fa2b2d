import { rowAt, type Traffic } from './traffic.ts';

/** Metres the vehicle drives from `from` (or its first step) to `to`, by the displacement of its front bumper. */
export function drivenDistance(traffic: Traffic, vehicle: number, from: number, to: number): number {
  let driven = 0;
  for (let step = Math.max(from, traffic.firstStep[vehicle]) + 1; step <= to; step += 1) {
    const a = rowAt(traffic, vehicle, step - 1);
    const b = rowAt(traffic, vehicle, step);
    if (a >= 0 && b >= 0) driven += Math.hypot(traffic.x[b] - traffic.x[a], traffic.y[b] - traffic.y[a]);
  }
  return driven;
}
