/**
 * Behind `other`: rule, gap m, speeds m/s, and decelerations m/s² needed now, after the reactions of stages 2 and 3, with their limits (NaN: not computed).
 */
export type RearEndLook = readonly [
  other: number,
  rule: string,
  gap: number,
  speed: number,
  otherSpeed: number,
  need: number,
  warningNeed: number,
  warningLimit: number,
  imminentNeed: number,
  imminentLimit: number,
];

/**
 * At a junction: rule, who must yield (1 the vehicle, -1 the other, 0 nobody known), s until each comes into the other's way, probability of a conflict and
 * the one a warning asks for, deceleration needed to stop short after the reaction of stage 2, and its limit.
 */
export type CrossingLook = readonly [
  other: number,
  rule: string,
  yields: number,
  time: number,
  otherTime: number,
  probability: number,
  warningProbability: number,
  warningNeed: number,
  warningLimit: number,
];

/** A hazard on the way: id, index of its class, rule, path metres, share of drivers who meet it, how sure it is, its speed m/s. */
export type HazardLook = readonly [
  hazard: number,
  cls: number,
  rule: string,
  distance: number,
  pi: number,
  confidence: number,
  speed: number,
];

/** Dangers judged by the time until two bodies meet. */
export type MeetingLayer = 'head-on' | 'sidewise' | 'free-space';

/**
 * Two who may meet: rule, s until they do (Infinity: never) and the time a warning asks for, metres between the bodies sidewise then, or now where
 * they never meet (below 0: they overlap).
 */
export type MeetingLook = readonly [
  layer: MeetingLayer,
  other: number,
  rule: string,
  time: number,
  warningTime: number,
  apart: number,
];

/** The book on what was reported: stage its switch-on thresholds call for, stage confirmed by M of N, stage told so far. */
export type ConfirmationLook = readonly [
  cls: number,
  other: number,
  hazard: number,
  called: number,
  confirmed: number,
  told: number,
];

/**
 * Listens to the rules that are looked at for one vehicle (E1), for explanations. Every figure is handed over as the core has it; strings are rules of
 * SPEC.md from a closed set; '' = the rule's danger was reported to the book. Nothing is handed over unless somebody listens.
 */
export interface DecisionTrace {
  /** A look at the vehicle begins; what follows up to the next call belongs to it. */
  look(nowMs: number): void;
  rearEnd(...look: RearEndLook): void;
  crossing(...look: CrossingLook): void;
  hazard(...look: HazardLook): void;
  meeting(...look: MeetingLook): void;
  confirmation(...look: ConfirmationLook): void;
}
