/** Metres between the follower's front and the leader's rear, from their fronts' path distances and the leader's length. Allocates nothing. */
export function gapBehind(followerFront: number, leaderFront: number, leaderLength: number): number {
  return leaderFront - leaderLength - followerFront;
}

/** Time headway, s: from the leader's front passing a point to the follower's front passing it, at the follower's speed. `Infinity` standing still. */
export function timeHeadway(followerFront: number, leaderFront: number, speed: number): number {
  return speed > 0 ? (leaderFront - followerFront) / speed : Number.POSITIVE_INFINITY;
}

/** Time gap, s: from the leader's rear to the follower's front. */
export function timeGap(gap: number, speed: number): number {
  return speed > 0 ? gap / speed : Number.POSITIVE_INFINITY;
}
