/**
 * Deceleration a driver needs, beginning after `reaction` s, not to touch what is ahead, m/s² (collision.md 3.7). 0 when none is needed,
 * `Infinity` when none suffices. All allocate nothing.
 */

/**
 * Leader `gap` m ahead at `leaderSpeed`, braking at `leaderBraking` >= 0 until it stands; follower at `speed`, m/s. Constant speed until
 * the reaction, constant deceleration after it.
 */
export function requiredBehindLeader(
  gap: number,
  speed: number,
  leaderSpeed: number,
  leaderBraking: number,
  reaction: number,
): number {
  return requiredBehindSlowing(gap, speed, 0, leaderSpeed, leaderBraking, Number.POSITIVE_INFINITY, reaction);
}

/**
 * The same when the follower goes on with `acceleration` >= 0 until his reaction and the leader brakes for `brakingTime` s at most and then keeps
 * what speed is left. Who keeps a speed he slowed down to drives as if he had it from the first, and had been farther ahead by half his
 * braking times the square of its time; the follower must match that, or, where speeds are equal sooner, one who brakes on.
 */
export function requiredBehindSlowing(
  gap: number,
  speed: number,
  acceleration: number,
  leaderSpeed: number,
  leaderBraking: number,
  brakingTime: number,
  reaction: number,
): number {
  const braking = leaderBraking > 0 ? Math.min(brakingTime, leaderSpeed / leaderBraking) : 0;
  const kept = leaderSpeed - leaderBraking * braking;
  const before = Math.min(reaction, braking);
  const after = braking - before;
  const lead = leaderSpeed * before - 0.5 * leaderBraking * before * before + kept * (reaction - before);
  const left = gap + lead - speed * reaction - 0.5 * acceleration * reaction * reaction;
  const own = speed + acceleration * reaction;
  const rest = left + 0.5 * leaderBraking * after * after;
  if (after > 0) {
    const relative = own - (kept + leaderBraking * after);
    if (left <= 0) return relative > 0 || rest <= 0 ? Number.POSITIVE_INFINITY : requiredToMatch(rest, own - kept);
    const needed = leaderBraking + (relative * relative) / (2 * left);
    // Speeds become equal while the leader still brakes: its own deceleration adds to what closes the gap.
    if (relative > 0 && relative <= (needed - leaderBraking) * after) return needed;
  }
  return requiredToMatch(rest, own - kept);
}

/** To lose `closing` within `gap` m. */
function requiredToMatch(gap: number, closing: number): number {
  if (closing <= 0) return 0;
  return gap > 0 ? (closing * closing) / (2 * gap) : Number.POSITIVE_INFINITY;
}

/** Standing still `distance` m on: speed² / (2 (distance - speed · reaction)). */
export function requiredToStop(distance: number, speed: number, reaction: number): number {
  if (speed <= 0) return 0;
  const left = distance - speed * reaction;
  return left > 0 ? (speed * speed) / (2 * left) : Number.POSITIVE_INFINITY;
}

/** The same after braking with `braking` >= 0 m/s² for the `time` s before; 0 for one who comes to rest in that time and place. */
export function requiredAfterBraking(distance: number, speed: number, braking: number, time: number): number {
  const span = braking * time > speed ? speed / braking : time;
  const then = speed - braking * span;
  const left = distance - 0.5 * (speed + then) * span;
  return left > 0 ? requiredToStop(left, then, 0) : Number.POSITIVE_INFINITY;
}

/** Metres to a stand: reaction way and braking way at `deceleration` > 0 m/s². */
export function stoppingDistance(speed: number, deceleration: number, reaction: number): number {
  return speed * reaction + (speed * speed) / (2 * deceleration);
}

/** Metres left before a stop at `deceleration` after `reaction` no longer suffices; negative when it does not. */
export function stoppingMargin(distance: number, speed: number, deceleration: number, reaction: number): number {
  return distance - stoppingDistance(speed, deceleration, reaction);
}
