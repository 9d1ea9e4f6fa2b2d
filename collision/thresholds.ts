import { isHeavy } from './vehicle-flags.ts';

/** Budget from a vehicle's fix to the driver's eye and ear, s (collision.md 3.10). */
export const latency = 0.3;
/** Comfortable and hard braking on a dry road, m/s²: switch-on of stage 2 and 3. */
const comfortable = 3.4;
const hard = 5;
/** The same for buses and trucks. */
const comfortableHeavy = 2.5;
const hardHeavy = 4;
/** Reaction times of the two stages, s. */
export const warningReaction = 2.5 + latency;
export const imminentReaction = 1 + latency;
/** Reaction behind a leader that brakes itself: its brake lights warn as well. */
export const alertReaction = 1.5 + latency;

/** Deceleration whose need switches stage 2 on, m/s² (S2). */
export function warningDeceleration(stationType: number, friction: number): number {
  return (isHeavy(stationType) ? comfortableHeavy : comfortable) * friction;
}

/** Deceleration whose need switches stage 3 on, m/s² (S3). */
export function imminentDeceleration(stationType: number, friction: number): number {
  return (isHeavy(stationType) ? hardHeavy : hard) * friction;
}
