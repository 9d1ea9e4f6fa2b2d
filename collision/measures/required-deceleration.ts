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
  const dv = speed - leaderSpeed;
  if (leaderBraking > 0) {
    const leaderStops = leaderSpeed / leaderBraking;
    const restPlace = gap + (leaderSpeed * leaderStops) / 2;
    if (reaction < leaderStops) {
      const relativeDv = dv + leaderBraking * reaction;
      const relativeGap = gap - dv * reaction - 0.5 * leaderBraking * reaction * reaction;
      if (relativeGap <= 0) return Number.POSITIVE_INFINITY;
      if (relativeDv > 0) {
        // Speeds become equal while the leader still brakes: its own deceleration adds to what closes the gap.
        const needed = leaderBraking + (relativeDv * relativeDv) / (2 * relativeGap);
        if (reaction + relativeDv / (needed - leaderBraking) <= leaderStops) return needed;
      }
    }
    return requiredToStop(restPlace, speed, reaction);
  }
  if (dv <= 0) return 0;
  const left = gap - dv * reaction;
  return left > 0 ? (dv * dv) / (2 * left) : Number.POSITIVE_INFINITY;
}

/** Standing still `distance` m on: speed² / (2 (distance - speed · reaction)). */
export function requiredToStop(distance: number, speed: number, reaction: number): number {
  if (speed <= 0) return 0;
  const left = distance - speed * reaction;
  return left > 0 ? (speed * speed) / (2 * left) : Number.POSITIVE_INFINITY;
}

/** Metres to a stand: reaction way and braking way at `deceleration` > 0 m/s². */
export function stoppingDistance(speed: number, deceleration: number, reaction: number): number {
  return speed * reaction + (speed * speed) / (2 * deceleration);
}

/** Metres left before a stop at `deceleration` after `reaction` no longer suffices; negative when it does not. */
export function stoppingMargin(distance: number, speed: number, deceleration: number, reaction: number): number {
  return distance - stoppingDistance(speed, deceleration, reaction);
}
