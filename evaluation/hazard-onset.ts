import { fastRoad, type RoadLimit } from './road-limit.ts';
import type { TrueMotion } from './true-motion.ts';
import type { TrueCollision } from './truth.ts';

/** Below this share of the limit a vehicle is part of what stands in the way (collision.md 5.2). */
const slowShare = 0.35;
/** The stretch before and beyond the place of contact where it must be, m; beyond it less far on slow roads. */
const before = 30;
const beyondFast = 700;
const beyondSlow = 120;
const beside = 60;
/** One direction of travel: headings within 60 degrees. */
const along = 0.5;

/**
 * Since when, s, somebody slow was about the place of the collision without a gap until contact, the driver `except` left out:
 * `time` itself when nobody was. What stood there and drove on before cannot be what the driver struck.
 */
export function slowSince(
  motion: TrueMotion,
  limits: RoadLimit,
  collision: TrueCollision,
  except: number,
  hx: number,
  hy: number,
): number {
  const { recording } = motion;
  const { x, y, time, onset } = collision;
  const limit = limits.at(x, y);
  const beyond = limit >= fastRoad ? beyondFast : beyondSlow;
  const from = Math.floor(onset);
  const seconds = new Uint8Array(Math.max(1, Math.ceil(time) - from + 1));
  const [first, last] = motion.rowsBetween(from, time);
  for (let i = first; i < last; i += 1) {
    if (recording.vehicle[i] === except || recording.speed[i] >= slowShare * limit) continue;
    const dx = recording.x[i] - x;
    const dy = recording.y[i] - y;
    const ahead = dx * hx + dy * hy;
    if (ahead < -before || ahead > beyond || Math.abs(dx * hy - dy * hx) > beside + 0.2 * Math.abs(ahead)) continue;
    const heading = (recording.headingDeg[i] * Math.PI) / 180;
    if (recording.speed[i] > 1 && Math.sin(heading) * hx + Math.cos(heading) * hy < along) continue;
    seconds[Math.floor(recording.time[i]) - from] = 1;
  }
  let since = time;
  // The second of the contact is not over and may have no whole-second row.
  for (let second = Math.floor(time) - 1; second >= from; second -= 1) {
    if (seconds[second - from] === 0) break;
    since = Math.max(second, onset);
  }
  return since;
}
