/** What a check found wrong, and what it costs. Costs add up over messages; clean messages earn a little back. */
export const trustCost = {
  teleport: 0.15,
  'implausible-speed': 0.2,
  'implausible-acceleration': 0.12,
  'inconsistent-speed': 0.12,
  'inconsistent-heading': 0.12,
} as const;
export type Suspicion = keyof typeof trustCost;

/** Earned per second in which nothing is wrong: by time, so that 10 Hz is not ten times as forgiving as 1 Hz. */
const earnedPerSecond = 0.03;
const distrustBelow = 0.4;
const trustAgainAbove = 0.7;

/**
 * Trust score per slot, 0..1, 1 at first. Below 0.4 the vehicle is distrusted: its messages are dropped until the score is
 * above 0.7 again. A crash costs two or three suspicions, a GNSS jump one or two: both stay above 0.4; a lying vehicle pays
 * with nearly every message.
 */
export class TrustScores {
  readonly #score: Float32Array;
  readonly #distrusted: Uint8Array;

  constructor(capacity: number) {
    this.#score = new Float32Array(capacity).fill(1);
    this.#distrusted = new Uint8Array(capacity);
  }

  reset(slot: number): void {
    this.#score[slot] = 1;
    this.#distrusted[slot] = 0;
  }

  suspect(slot: number, suspicion: Suspicion): void {
    this.#score[slot] = Math.max(0, this.#score[slot] - trustCost[suspicion]);
    if (this.#score[slot] < distrustBelow) this.#distrusted[slot] = 1;
  }

  /** Nothing was wrong for `seconds` (time since the last message, counted up to 1 s). */
  earn(slot: number, seconds: number): void {
    const score = Math.min(1, this.#score[slot] + earnedPerSecond * Math.min(1, seconds));
    this.#score[slot] = score;
    if (score > trustAgainAbove) this.#distrusted[slot] = 0;
  }

  score(slot: number): number {
    return this.#score[slot];
  }

  trusted(slot: number): boolean {
    return this.#distrusted[slot] === 0;
  }
}
