import type { TrueMotion } from './true-motion.ts';

/** Braking reaches 1 g at most: a harder stop is a crash, listed or not (collision.md 6.1), m/s². */
const hardest = 10.5;
const stopped = 0.5;
/** It has to stand this long after, s. */
const rest = 10;

/** Vehicles the recording shows coming to rest harder than any brake and staying there: vehicle to the time of the stop, s. */
export function suddenStops({ recording }: TrueMotion): ReadonlyMap<number, number> {
  const { ids, rowStart, rows, time, speed } = recording;
  const found = new Map<number, number>();
  for (let vehicle = 0; vehicle < ids.length; vehicle += 1)
    for (let k = rowStart[vehicle] + 1; k < rowStart[vehicle + 1]; k += 1) {
      const dt = time[rows[k]] - time[rows[k - 1]];
      if (dt <= 0 || dt > 1.5 || speed[rows[k]] > stopped) continue;
      if ((speed[rows[k - 1]] - speed[rows[k]]) / dt < hardest) continue;
      let last = k;
      while (last + 1 < rowStart[vehicle + 1] && speed[rows[last + 1]] <= stopped) last += 1;
      if (time[rows[last]] - time[rows[k]] >= rest) {
        found.set(vehicle, time[rows[k - 1]]);
        break;
      }
    }
  return found;
}
