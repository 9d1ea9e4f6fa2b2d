/** Smallest standing gap, m; time gap, s; comfortable braking, m/s² (Treiber, Hennecke and Helbing 2000). */
export const standingGap = 2;
const timeGap = 1.7;
const comfortableBraking = 1.8;
/** Hardest braking of an attentive driver, m/s². */
export const hardestBraking = 6;

/**
 * Acceleration of the Intelligent Driver Model towards a leader, m/s², without the free-road term: what the gap allows.
 * `gap` bumper to bumper, m; speeds m/s; `acceleration` the vehicle's largest, m/s². Within [-hardestBraking, acceleration].
 */
export function followingAcceleration(gap: number, speed: number, leaderSpeed: number, acceleration: number): number {
  if (gap <= 0.1) return -hardestBraking;
  const wanted =
    standingGap +
    Math.max(0, speed * timeGap + (speed * (speed - leaderSpeed)) / (2 * Math.sqrt(acceleration * comfortableBraking)));
  const ratio = wanted / gap;
  return Math.max(-hardestBraking, acceleration * (1 - ratio * ratio));
}

/** Acceleration towards a wanted speed, m/s²: IDM's free-road term below it, smooth braking above it. */
export function freeAcceleration(speed: number, wantedSpeed: number, acceleration: number): number {
  if (speed > wantedSpeed) return Math.max(-3, (wantedSpeed - speed) / 0.7);
  const ratio = speed / Math.max(0.1, wantedSpeed);
  return Math.min(acceleration * (1 - ratio ** 4), (wantedSpeed - speed) / 0.3);
}
