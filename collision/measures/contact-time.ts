/**
 * Seconds until `gap` m is used up when the follower at `speed` goes on at `acceleration` and the leader at `leaderSpeed` brakes with
 * `leaderBraking` >= 0 to rest, m/s and m/s²; Infinity when it never is. Allocates nothing.
 */
export function contactTime(
  gap: number,
  speed: number,
  acceleration: number,
  leaderSpeed: number,
  leaderBraking: number,
): number {
  const own = Math.max(-9, Math.min(acceleration, 3));
  if (leaderSpeed > 0 && leaderBraking > 0) {
    // Most contacts behind one who brakes come after he stands.
    const whole = gap + (leaderSpeed * leaderSpeed) / (2 * leaderBraking);
    const left = speed * speed + 2 * own * whole;
    const then = left < 0 ? Number.POSITIVE_INFINITY : (2 * whole) / (speed + Math.sqrt(left));
    if (then * leaderBraking > leaderSpeed) return then;
  }
  const closing = speed - leaderSpeed;
  const change = own + (leaderSpeed > 0 ? leaderBraking : 0);
  const root = closing * closing + 2 * change * gap;
  if (root < 0) return Number.POSITIVE_INFINITY;
  const sum = closing + Math.sqrt(root);
  return sum > 0 ? (2 * gap) / sum : Number.POSITIVE_INFINITY;
}
