import { isHeavy } from './vehicle-flags.ts';

/** Budget from a vehicle's fix to the driver's eye and ear, s (collision.md 3.10). */
export const latency = 0.3;
/** Comfortable and hard braking on a dry road, m/s²: switch-on of stage 2 and 3. */
const comfortable = 3.4;
const hard = 5;
/** The same for buses and trucks. */
const comfortableHeavy = 2.5;
const hardHeavy = 4;
/** Reaction times the stages are built on (collision.md 3.10): to a warning, to an imminent alarm, s. */
export const warningReaction = 1.5 + latency;
export const imminentReaction = 1 + latency;

/** The same behind one who brakes, s: a look or two must have been had at it by then (S2). */
export const brakingReaction = warningReaction + 0.2;

/**
 * Reaction time of stage 2 behind a leader that does not brake, s (S2): 2.8 s at high closing speed, less in slow traffic, where attentive
 * drivers begin to brake later (intelligent driver model, comfortable 2.2 m/s², headway 1.3 s); never so late that the next update
 * would come after the margin of 1.5 s is gone.
 */
export function leaderReaction(closing: number, period: number): number {
  const attentive = 1.1 + 0.104 * closing + 2 / Math.max(closing, 2);
  const floor = 1.6 + 0.7 * Math.min(period, 1);
  const reaction = Math.max(attentive, floor);
  return Math.min(reaction, 2.5 + latency);
}

/**
 * Gap below which an attentive driver at `v` closing in with `closing` would not do what one at `acceleration` >= 0 does, m (S2): desired gap of the
 * intelligent driver model (standstill 2 m, headway 1.3 s, 1.8 and 2.2 m/s²), less what differs by no more than 0.8 m/s² from his braking or his
 * own speeding up: that cannot be told from none.
 */
export function attentiveGap(v: number, closing: number, acceleration: number): number {
  const free = 1 + (0.8 - acceleration) / 1.8;
  return free > 0 ? (2 + 1.3 * v + (v * closing) / 4) / Math.sqrt(free) : Number.POSITIVE_INFINITY;
}

/** Deceleration whose need switches stage 2 on, m/s² (S2). */
export function warningDeceleration(stationType: number, friction: number): number {
  return (isHeavy(stationType) ? comfortableHeavy : comfortable) * friction;
}

/** Deceleration whose need switches stage 3 on, m/s² (S3). */
export function imminentDeceleration(stationType: number, friction: number): number {
  return (isHeavy(stationType) ? hardHeavy : hard) * friction;
}
