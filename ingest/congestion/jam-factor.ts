/** Share of free-flow speed from which a road counts as free: vehicles differ by that much without any jam. */
const freeShare = 0.9;
/** The highest measured value; 10 is kept for roads known to be closed. */
const highest = 9.9;

/** Jam factor 0 (free) .. 9.9 (standing), linear in the share of free-flow speed; both speeds m/s, freeFlow > 0. */
export function jamFactor(speed: number, freeFlow: number): number {
  const factor = 10 * (1 - speed / (freeFlow * freeShare));
  return Math.min(highest, Math.max(0, factor));
}

/** How well a speed is known, 0..1: from distinct vehicles and from minutes since the data ended. */
export function confidence(vehicles: number, ageMinutes: number): number {
  return (1 - Math.exp(-vehicles / 6)) * Math.exp(-Math.max(0, ageMinutes) / 5);
}
