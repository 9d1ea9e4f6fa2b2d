/**
 * Modified time to collision (Ozbay et al. 2008): the accelerations last too. Smallest t >= 0 with gap = closingSpeed t +
 * closingAcceleration t² / 2, s; gap m, closing speed m/s and closing acceleration m/s² (follower minus leader). `Infinity` without
 * such a t, 0 when the gap is gone. Allocates nothing.
 */
export function mttc(gap: number, closingSpeed: number, closingAcceleration: number): number {
  if (gap <= 0) return 0;
  if (closingAcceleration === 0) return closingSpeed > 0 ? gap / closingSpeed : Number.POSITIVE_INFINITY;
  const d = closingSpeed * closingSpeed + 2 * closingAcceleration * gap;
  if (d < 0) return Number.POSITIVE_INFINITY;
  // Written with the sum of like signs below the line, so that nothing cancels.
  const root = Math.sqrt(d);
  const near = closingSpeed + root;
  if (near > 0) return (2 * gap) / near;
  return Number.POSITIVE_INFINITY;
}
