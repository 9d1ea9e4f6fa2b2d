import { DrivenPath } from './driven-path.ts';
import { pairHorizon } from './foreseen.ts';
import type { HazardPresence } from './hazard-presence.ts';
import type { Issue } from './issues.ts';
import { isConflict, isSevere, type Severity, severityOf } from './severity.ts';
import { newPose, type TrueMotion } from './true-motion.ts';
import { pairKey, type Truth } from './truth.ts';

/**
 * true: a collision followed. justified: none, but a severe conflict, or the hazard was really there. nuisance: something real, but
 * the driver was already slowing or not concerned. false: nothing there. ignored: cannot be judged (after a crash, level crossings of bodies,
 * a recording that ends before the foretold moment).
 */
export type Verdict = 'true' | 'justified' | 'nuisance' | 'false' | 'ignored';

export interface Judged {
  readonly issue: Issue;
  readonly verdict: Verdict;
  /** What the tracks say, in words, for the list of examples. */
  readonly finding: string;
}

/** Vehicles about the place of an alert that names no other party, m. */
const placeReach = 40;
const slowing = -1;
/** A track that ends within this of the foretold moment, s, at more than walking pace ends too early to judge by. */
const momentDoubt = 1;
const walkingPace = 1.5;
/** Seconds before contact from which an advisory, and a warning, speak of it. */
const advisoryHorizon = 300;
/** A lane is told by the line the other had come along in this time, s, within this of it, m. */
const cameAlong = 120;
const sameLane = 1.8;
/** The line of one who had come against the direction is carried on straight for this long, m. */
const straightOn = 200;
/** Nobody is warned of a party silent for longer than this, s. */
const engineMemory = 2.5;
/** Half the width of a carriageway, m, and the radius of its sharpest curve on a fast road, m. */
const carriageway = 8;
const curveRadius = 600;

export class Judge {
  private readonly motion: TrueMotion;
  private readonly truth: Truth;
  private readonly presence: HazardPresence;
  /** Alerts that foretold a collision. */
  private readonly foretold: ReadonlySet<number>;

  constructor(motion: TrueMotion, truth: Truth, presence: HazardPresence, foretold: ReadonlySet<number>) {
    this.motion = motion;
    this.truth = truth;
    this.presence = presence;
    this.foretold = foretold;
  }

  judge(issue: Issue): Judged {
    const contact = this.truth.firstContact.get(issue.vehicle) ?? Number.POSITIVE_INFINITY;
    if (issue.time >= contact) return { issue, verdict: 'ignored', finding: 'after its own collision' };
    if (issue.other >= 0 && this.truth.overlaps.has(pairKey(issue.vehicle, issue.other)))
      return { issue, verdict: 'ignored', finding: 'bodies overlap in plan view without a collision' };
    // An alert may fall and rise again: an early rise of one that foretold the collision has not foretold it itself.
    if (this.foretold.has(issue.alertId) && issue.time > contact - (issue.stage === 1 ? advisoryHorizon : pairHorizon))
      return { issue, verdict: 'true', finding: `collided at ${contact} s` };
    if (issue.stage > 1 && contact - issue.time < 15)
      return { issue, verdict: 'true', finding: `collided at ${contact} s, with another` };
    return issue.stage === 1 ? this.advisory(issue) : this.pair(issue);
  }

  private advisory(issue: Issue): Judged {
    const { time, passed } = this.presence.passing(issue);
    const presence = this.presence.at(issue, time);
    const pose = newPose();
    const concerned = passed && this.motion.at(issue.vehicle, issue.time, pose) && pose.accel > slowing;
    if (presence === 'hazard')
      return {
        issue,
        verdict: concerned ? 'justified' : 'nuisance',
        finding: concerned
          ? 'hazard there'
          : passed
            ? 'hazard there, driver already slowing'
            : 'hazard there, driver never came',
      };
    const was = this.presence.at(issue, issue.time) === 'hazard';
    if (issue.until < time - 2 && was)
      return {
        issue,
        verdict: 'nuisance',
        finding: 'hazard there when told, gone and taken back before the driver came',
      };
    if (time > this.motion.endTime && (was || this.endsOnTheWay(issue)))
      return {
        issue,
        verdict: 'ignored',
        finding: 'the recording ends before the driver comes',
      };
    return {
      issue,
      verdict: 'false',
      finding: `${presence === 'nothing' ? 'nothing there' : 'ordinary stop'}${passed ? '' : ', driver never came'}`,
    };
  }

  private pair(issue: Issue): Judged {
    const t1 = issue.time + Math.min(15, Math.max(5, (Number.isFinite(issue.eta) ? issue.eta : 5) + 3));
    const others = issue.other >= 0 ? [issue.other] : this.about(issue);
    let worst: Severity = { ttc: Number.POSITIVE_INFINITY, pet: Number.POSITIVE_INFINITY, drac: 0 };
    for (const other of others) {
      const s = severityOf(this.motion, issue.vehicle, other, issue.time - 0.5, t1);
      worst = { ttc: Math.min(worst.ttc, s.ttc), pet: Math.min(worst.pet, s.pet), drac: Math.max(worst.drac, s.drac) };
    }
    const finding = `ttc ${worst.ttc.toFixed(2)} pet ${worst.pet.toFixed(1)} drac ${worst.drac.toFixed(2)}`;
    if (isSevere(worst)) return { issue, verdict: 'justified', finding };
    if (this.endsOnTheWay(issue)) return { issue, verdict: 'ignored', finding: 'a track ends on the way there' };
    // A wrong-way driver is told at once, whoever comes.
    if (
      this.truth.hazards.some(
        (h) => h.kind === 'wrong_way' && h.vehicle === issue.vehicle && issue.time >= h.from && issue.time <= h.to,
      )
    )
      return { issue, verdict: 'justified', finding: 'drives the wrong way' };
    // Whom a wrong-way driver strikes first is not for those to know towards whom he comes.
    if (this.isApproachedAgainst(issue))
      return { issue, verdict: 'justified', finding: 'approached by a wrong-way driver' };
    if (this.isHazardAhead(issue))
      return { issue, verdict: 'nuisance', finding: `${finding}; a known hazard stood in his lane` };
    const real =
      isConflict(worst) || (issue.other < 0 && this.presence.at(issue, this.presence.passing(issue).time) === 'hazard');
    return { issue, verdict: real && this.slows(issue) ? 'nuisance' : 'false', finding };
  }

  /** Whether one of the two was on the way to the foretold moment when its recording ended: nobody knows how it went on. */
  private endsOnTheWay({ vehicle, other, time, eta }: Issue): boolean {
    const moment = time + (Number.isFinite(eta) ? eta : 5) + momentDoubt;
    const pose = newPose();
    return [vehicle, other].some((party) => {
      if (party < 0) return false;
      const last = this.motion.lastTime(party);
      return (
        last < moment && last > time - engineMemory && this.motion.at(party, last, pose) && pose.speed > walkingPace
      );
    });
  }

  /**
   * Whether the other party is itself a known hazard (injected stop, slow vehicle, wreck) in whose lane the driver was: on the line it came along, or, where
   * it had come against the direction, on that line carried on.
   */
  private isHazardAhead({ vehicle, other, time }: Issue): boolean {
    if (other < 0 || !this.presence.isHazard(other, time)) return false;
    const pose = newPose();
    if (!this.motion.at(vehicle, time, pose)) return false;
    const against = this.truth.hazards.some((h) => h.kind === 'wrong_way' && h.vehicle === other && h.from <= time);
    const line = new DrivenPath(this.motion, other, time - cameAlong, time, against ? straightOn : 0);
    return !Number.isNaN(line.project(pose.x, pose.y, sameLane));
  }

  /** Whether the other party is a known wrong-way driver who comes towards this one on its carriageway, ten seconds away or less. */
  private isApproachedAgainst({ vehicle, other, time }: Issue): boolean {
    if (
      !this.truth.hazards.some((h) => h.kind === 'wrong_way' && h.vehicle === other && time >= h.from && time <= h.to)
    )
      return false;
    const a = newPose();
    const b = newPose();
    if (!this.motion.at(vehicle, time, a) || !this.motion.at(other, time, b)) return false;
    const dx = b.x - a.x;
    const dy = b.y - a.y;
    const ahead = dx * a.hx + dy * a.hy;
    const aside = Math.abs(dy * a.hx - dx * a.hy);
    const opposed = a.hx * b.hx + a.hy * b.hy < -0.5;
    return (
      opposed &&
      ahead > 0 &&
      ahead < 10 * (a.speed + b.speed) &&
      aside < carriageway + (ahead * ahead) / (2 * curveRadius)
    );
  }

  /** Braking within a second of the alert: too soon to be an answer to it, and drivers in the recordings hear none. */
  private slows(issue: Issue): boolean {
    const pose = newPose();
    for (let t = issue.time - 0.5; t <= issue.time + 1; t += 0.25)
      if (this.motion.at(issue.vehicle, t, pose) && pose.accel < slowing) return true;
    return false;
  }

  private about(issue: Issue): readonly number[] {
    const { recording } = this.motion;
    const found = new Set<number>();
    for (const t of [issue.time, issue.time + Math.min(15, Number.isFinite(issue.eta) ? issue.eta : 5)]) {
      const [first, last] = this.motion.rowsBetween(t - 0.5, t + 0.5);
      for (let i = first; i < last; i += 1)
        if (Math.hypot(recording.x[i] - issue.x, recording.y[i] - issue.y) <= placeReach)
          found.add(recording.vehicle[i]);
    }
    found.delete(issue.vehicle);
    return [...found].filter((other) => !this.truth.overlaps.has(pairKey(issue.vehicle, other)));
  }
}
