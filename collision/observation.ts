/**
 * What one detector saw for one subject at one evaluation; a single reused object per engine, so nothing is allocated.
 * `onStage` is the stage its switch-on thresholds call for, `holdStage` (>= onStage) the stage its switch-off thresholds still support (3.10).
 */
export class Observation {
  cls = 0;
  other = -1;
  hazard = -1;
  onStage = 0;
  holdStage = 0;
  x = 0;
  y = 0;
  edge = -1;
  distance = 0;
  eta = 0;
  requiredDeceleration = 0;
  probability = 0;
  adviceSpeed = 0;
  /** Rule of SPEC.md that fired. */
  rule = '';
  /** m/s of subject and of the danger, for the explanation. */
  ownSpeed = 0;
  otherSpeed = 0;
  causeTimestampMs = 0;
  /** Whether an advisory may sound (A6); warnings always may. */
  sounds = true;
  /** Needs no confirmation (C3): the danger leaves no time for a second look. */
  urgent = false;
  /** Two signs that do not depend on each other say so: one look is enough at any rate (C3). */
  certain = false;

  reset(cls: number, rule: string): void {
    this.cls = cls;
    this.rule = rule;
    this.other = -1;
    this.hazard = -1;
    this.onStage = 0;
    this.holdStage = 0;
    this.edge = -1;
    this.distance = 0;
    this.eta = 0;
    this.requiredDeceleration = 0;
    this.probability = 0;
    this.adviceSpeed = 0;
    this.ownSpeed = 0;
    this.otherSpeed = 0;
    this.causeTimestampMs = 0;
    this.sounds = true;
    this.urgent = false;
    this.certain = false;
  }
}
