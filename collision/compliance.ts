/** Spread of a driver's acceleration about what he means to do, m/s² (collision.md 3.9). */
const spread = 0.7;
/** What one look at it weighs at most, in log-odds. */
const mostSeen = 4;
/** Free acceleration of a driver, comfortable braking, m/s², and where drivers stop before a place, m. */
const freely = 1.8;
const comfortable = 3.4;
const stopShort = 2;
/** Weight of being too late for a comfortable stop: none for one who creeps and can still stop at once, full from the second speed on, m/s. */
const tooLateWeight = 6;
const creeping = 4;
const driving = 8;
/**
 * Share of drivers who go on though somebody comes to whom they must give way: where the map says that they must, where nobody knows who must (signals,
 * equal roads), and into a lane, where short gaps are taken.
 */
const signedViolators = 0.18;
const crossingViolators = 0.25;
const mergingViolators = 0.12;

/**
 * Evidence, in log-odds, that a driver goes on over a place of conflict `near` metres ahead (X12): likelihood of his acceleration `a` if he
 * goes on against that if he means to stop, and whether a comfortable stop after a reaction has become impossible (`tooLate`). `target` is the speed he would drive there, m/s.
 * Where drivers begin to brake late (`begins`, m/s², L18; 0: early) one who needs less than that to stop shows nothing by not braking.
 */
export function evidenceOfGoing(
  near: number,
  v: number,
  a: number,
  target: number,
  tooLate: boolean,
  begins: number,
): number {
  if (near <= 0) return tooLateWeight + mostSeen;
  if (near > 3 * v + (v * v) / 4 + stopShort) return 0;
  const late = tooLate ? tooLateWeight * Math.max(0, Math.min((v - creeping) / (driving - creeping), 1)) : 0;
  const ratio = v / Math.max(target, 1);
  const square = ratio * ratio;
  const going =
    ratio > 1
      ? Math.max(-comfortable, (target * target - v * v) / (2 * Math.max(near, 1)))
      : freely * (1 - square * square);
  const need = (v * v) / (2 * Math.max(near - stopShort, 1));
  const stopping = Math.min(going, Math.max(-comfortable, -need));
  const seen = Math.max(stopping, Math.min(a, going));
  const ratioOfBoth = ((seen - stopping) * (seen - stopping) - (seen - going) * (seen - going)) / (2 * spread * spread);
  if (need < begins) return Math.max(-mostSeen, Math.min(ratioOfBoth, 0));
  return late + Math.max(-mostSeen, Math.min(ratioOfBoth, mostSeen));
}

/**
 * Probability that a party that must give way takes it all the same (X12). `conflict` is the probability that there is anything to
 * give way to: drivers know where they are going and see where the other goes, so one who goes on mostly has no reason to stop.
 * `signed`: the map says who must. Posterior of "violator" against "complies" and "free to go" for the evidence of going on.
 */
export function violation(conflict: number, evidence: number, merging: boolean, signed: boolean): number {
  const violators = merging ? mergingViolators : signed ? signedViolators : crossingViolators;
  const weight = conflict * (violators + (1 - violators) * Math.exp(-evidence)) + 1 - conflict;
  return violators / Math.max(weight, violators);
}

/** Log-odds beforehand that one with right of way uses it. */
const priorPriority = 3;

/** Probability that one with right of way does not stop, from the evidence that he goes on. */
export function insists(evidence: number): number {
  return 1 / (1 + Math.exp(-priorPriority - evidence));
}
