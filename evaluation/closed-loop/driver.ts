import type { AlertStage } from '../../collision/index.ts';
import type { Random } from '../random.ts';

/** How drivers answer to warnings (collision.md 5.3, M10). */
const reactionMean = 1.5;
const reactionDeviation = 0.4;
const brakingAtWarning = 3.4;
const brakingAtImminent = 6;
const advisoryCompliance = 0.7;
/** Attention stays this long after the danger, s. */
const afterglow = 5;
/** A driver who has stood this long drives on as traffic allows, s. */
const standing = 2;
const standingSpeed = 0.1;

const sigma2 = Math.log(1 + (reactionDeviation / reactionMean) ** 2);

/** Seconds from hearing to acting: log-normal with mean 1.5 and standard deviation 0.4. */
export function drawReaction(random: Random): number {
  return Math.exp(Math.log(reactionMean) - sigma2 / 2 + Math.sqrt(sigma2) * random.normal());
}

/** What a driver does at a moment because of warnings. */
export interface Conduct {
  /** m/s²; 0: does not brake because of a warning. */
  readonly braking: number;
  /** Looks at the road, whatever habits he has otherwise. */
  readonly attentive: boolean;
  /** Drives slower and keeps a longer headway, as advised. */
  readonly calm: boolean;
}

const unmoved: Conduct = { braking: 0, attentive: false, calm: false };

interface Heard {
  stage: AlertStage;
  validUntil: number;
  /** Second from which an advisory is followed; Infinity: never. */
  calmFrom: number;
}

/**
 * One warned driver. Brakes a reaction time after the first warning (stage 2 or 3) until the danger is taken back, as hard as the highest
 * stage asks for then; a driver who is braking already brakes harder at once when the stage rises. A warning taken back before the reaction
 * time is over has no effect. Follows an advisory (stage 1) or not, by draw. Times are seconds of the simulation, never decreasing.
 */
export class Driver {
  private readonly random: Random;
  private readonly heard = new Map<number, Heard>();
  private brakeFrom = Number.POSITIVE_INFINITY;
  private attentiveUntil = Number.NEGATIVE_INFINITY;
  private stoodSince = Number.POSITIVE_INFINITY;
  private drivesOn = false;

  constructor(random: Random) {
    this.random = random;
  }

  /** A transition of an alert reaches the driver at `time`; stage 0 takes it back. */
  hear(time: number, alertId: number, stage: AlertStage, validUntil: number): void {
    const known = this.heard.get(alertId);
    if (stage === 0) {
      this.heard.delete(alertId);
      return;
    }
    if (stage >= 2 && this.topStage() < 2) {
      this.brakeFrom = time + drawReaction(this.random);
      this.drivesOn = false;
    } else if (stage === 3 && this.topStage() < 3) this.drivesOn = false;
    const calmFrom = known?.calmFrom ?? (stage === 1 ? this.drawAdvice(time) : Number.POSITIVE_INFINITY);
    this.heard.set(alertId, { stage, validUntil, calmFrom });
  }

  /** Conduct at `time` with `speed`, m/s. */
  conduct(time: number, speed: number): Conduct {
    for (const [alertId, { validUntil }] of this.heard) if (validUntil < time) this.heard.delete(alertId);
    const top = this.topStage();
    if (top < 2) this.brakeFrom = Number.POSITIVE_INFINITY;
    const acts = time >= this.brakeFrom;
    if (acts) this.attentiveUntil = time + afterglow;
    this.stand(acts, time, speed);
    const calm = [...this.heard.values()].some(({ calmFrom }) => time >= calmFrom);
    if (!acts && !calm && time >= this.attentiveUntil) return unmoved;
    return {
      braking: !acts || this.drivesOn ? 0 : top === 3 ? brakingAtImminent : brakingAtWarning,
      attentive: time < this.attentiveUntil,
      calm,
    };
  }

  /** From when a new advisory is followed. */
  private drawAdvice(time: number): number {
    const follows = this.random.uniform() < advisoryCompliance;
    const reaction = drawReaction(this.random);
    return follows ? time + reaction : Number.POSITIVE_INFINITY;
  }

  private stand(acts: boolean, time: number, speed: number): void {
    if (!acts || speed > standingSpeed) this.stoodSince = Number.POSITIVE_INFINITY;
    else this.stoodSince = Math.min(this.stoodSince, time);
    if (time - this.stoodSince >= standing) this.drivesOn = true;
  }

  private topStage(): number {
    let top = 0;
    for (const { stage } of this.heard.values()) top = Math.max(top, stage);
    return top;
  }
}
