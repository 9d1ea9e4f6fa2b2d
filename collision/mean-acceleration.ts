import { Message } from './message.ts';
import type { Tracks } from './tracks.ts';

/** Accelerations are averaged with this time constant, s: a pedal touched for a moment counts as little as it slows down. */
const memory = 0.5;
/** After a longer silence than this, s, the average begins anew. */
const longest = 3;

/**
 * After each update: the acceleration of the last second by the speeds, and by how much the vehicle's own statements overstated its braking (L5, L6).
 * `message` holds the numbers of the update (`Message`); `fresh` = nothing before it counts.
 */
export function noteAcceleration(t: Tracks, slot: number, fresh: boolean, message: Float64Array): void {
  const dt = message[Message.dt];
  if (fresh || dt > longest) {
    t.meanAccel[slot] = t.a[slot];
    t.overstated[slot] = 0;
    return;
  }
  const gain = dt / (dt + memory);
  const measured = (t.v[slot] - message[Message.speedBefore]) / dt;
  t.meanAccel[slot] += gain * (measured - t.meanAccel[slot]);
  t.overstated[slot] += gain * (measured - (t.a[slot] + message[Message.accelBefore]) / 2 - t.overstated[slot]);
}
