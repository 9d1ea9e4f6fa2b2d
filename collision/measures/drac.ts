/**
 * Deceleration rate to avoid a crash, m/s² (Cooper and Ferguson 1976; Almqvist 1991). All allocate nothing.
 */

/** Follower and leader: closingSpeed² / (2 gap). 0 when not closing, `Infinity` when the gap is gone. */
export function dracFollow(gap: number, closingSpeed: number): number {
  if (closingSpeed <= 0) return 0;
  return gap > 0 ? (closingSpeed * closingSpeed) / (2 * gap) : Number.POSITIVE_INFINITY;
}

/**
 * Crossing paths, the one that comes later at v m/s, `distance` m before the common area, while the earlier one leaves it after
 * `cleared` s: the constant deceleration with which it arrives just then, 2 (v - distance / cleared) / cleared. 0 when no braking is
 * needed. As SUMO's SSM device has it, the vehicle may still roll when the area is free.
 */
export function dracCross(v: number, distance: number, cleared: number): number {
  if (cleared <= 0) return 0;
  return Math.max(0, (2 * (v - distance / cleared)) / cleared);
}

/**
 * Modified DRAC (Saunier et al., after Fu and Sayed 2021): the driver reacts after `reaction` s. closingSpeed / (2 (TTC - reaction)); 0 when not closing,
 * `Infinity` when the collision comes before the reaction.
 */
export function mdrac(gap: number, closingSpeed: number, reaction: number): number {
  if (closingSpeed <= 0) return 0;
  const left = gap / closingSpeed - reaction;
  return left > 0 ? closingSpeed / (2 * left) : Number.POSITIVE_INFINITY;
}

/**
 * Deceleration to keep a safety time (Hupfer 1997; Schubert et al. 2010, eq. 17): 3 dv² / (2 (gap - leaderSpeed · safetyTime)), m/s².
 * Negative when the safety time is already violated, as in its source; callers treat that as too late.
 */
export function decelerationToSafetyTime(gap: number, v: number, leaderSpeed: number, safetyTime: number): number {
  const dv = v - leaderSpeed;
  return (3 * dv * dv) / (2 * (gap - leaderSpeed * safetyTime));
}
