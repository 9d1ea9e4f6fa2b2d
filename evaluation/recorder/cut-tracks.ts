import { stepsPerSecond } from './traffic.ts';

/** A step longer than what the speeds allow by this much is a jump, m. Instant lane changes (3.2 m) stay below it. */
const jump = 6;
/** No vehicle drives backwards or faster than this, m/s. */
const fastest = 70;
const backwards = -1;

export interface Moved {
  readonly x: number;
  readonly y: number;
  readonly speed: number;
}

/**
 * Whether a vehicle can be so after one step from `before` (undefined: its first). SUMO can give an inattentive driver a negative speed, a jump
 * along the lane or an infinite place after a contact; its track ends there.
 */
export function isPossible(before: Moved | undefined, now: Moved): boolean {
  if (!Number.isFinite(now.x + now.y) || !(now.speed >= backwards && now.speed <= fastest)) return false;
  if (before === undefined) return true;
  const moved = Math.hypot(now.x - before.x, now.y - before.y);
  return moved <= Math.max(now.speed, before.speed) / stepsPerSecond + jump;
}
