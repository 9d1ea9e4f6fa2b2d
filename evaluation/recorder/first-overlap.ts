import { bodyAt, overlapDepth } from './body.ts';
import { rowAt, stepsPerSecond, type Traffic } from './traffic.ts';

/** SUMO notes a contact up to this long before or after the bodies first overlap, s. */
const recordReach = 3;

/** First step within 3 s of SUMO's record in which the two bodies overlap, -1 when they never do. */
export function firstOverlap(traffic: Traffic, a: number, b: number, recordStep: number): number {
  const reach = recordReach * stepsPerSecond;
  for (let step = Math.max(0, recordStep - reach); step <= recordStep + reach; step += 1) {
    const rowA = rowAt(traffic, a, step);
    const rowB = rowAt(traffic, b, step);
    if (rowA >= 0 && rowB >= 0 && overlapDepth(bodyAt(traffic, rowA), bodyAt(traffic, rowB)) > 0) return step;
  }
  return -1;
}
