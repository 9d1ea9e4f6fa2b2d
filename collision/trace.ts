/**
 * Listens to the rules that are looked at for one vehicle (E1), for explanations. Every figure is handed over as the core has it; strings are rules of
 * SPEC.md from a closed set; '' = the rule's danger was reported to the book. Nothing is handed over unless somebody listens.
 */
export interface DecisionTrace {
  /** A look at the vehicle begins; what follows up to the next call belongs to it. */
  look(nowMs: number): void;
  /** Behind `other`: gap m, speeds m/s, and decelerations m/s² needed now, after the reactions of stages 2 and 3, with their limits. */
  rearEnd(
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
  ): void;
  /**
   * At a junction: who must yield (1 the vehicle, -1 the other, 0 nobody known), s until each comes into the other's way, probability of a conflict and
   * the one a warning asks for, deceleration needed to stop short after the reaction of stage 2, and its limit.
   */
  crossing(
    other: number,
    rule: string,
    yields: number,
    time: number,
    otherTime: number,
    probability: number,
    warningProbability: number,
    warningNeed: number,
    warningLimit: number,
  ): void;
  /** A hazard on the way: index of its class, path metres, share of drivers who meet it, how sure it is, its speed m/s. */
  hazard(
    hazard: number,
    cls: number,
    rule: string,
    distance: number,
    pi: number,
    confidence: number,
    speed: number,
  ): void;
  /** The book on what was reported: stage its switch-on thresholds call for, stage confirmed by M of N, stage told so far. */
  confirmation(cls: number, other: number, hazard: number, called: number, confirmed: number, told: number): void;
}
