import { ClassIndex } from './causes.ts';

/**
 * Warnings and imminent alarms of one kind given in recorded traffic (ordinary and with injected misbehaviour, ten runs of five worlds and twenty-six made
 * with other seeds), and of how many a collision or a severe conflict came: the evidence the probabilities told are drawn from (S6).
 */
interface Told {
  readonly told: readonly [warnings: number, alarms: number];
  readonly true: readonly [warnings: number, alarms: number];
}

const behindStanding: Told = { told: [497, 471], true: [373, 458] };
const behindMoving: Told = { told: [244, 145], true: [148, 129] };
const crossing: Told = { told: [267, 196], true: [201, 196] };
const merging: Told = { told: [53, 43], true: [37, 41] };
/** Wrong-way, head-on, change of lane. */
const opposed: Told = { told: [69, 83], true: [67, 83] };
const kinds: readonly Told[] = [behindStanding, behindMoving, crossing, merging, opposed];

/** The same behind another and at junctions with ordinary receivers, where a lane is believed only and a place is known to 2.5 m. */
const behindOrdinary: Told = { told: [99, 72], true: [42, 33] };
const junctionOrdinary: Told = { told: [233, 86], true: [135, 71] };

/**
 * Worlds differ more than counts within one do: a kind's share is drawn towards that of its stage as if so many more had been told (beta prior;
 * near the weight with the smallest calibration error when each recorded world is foretold from the others).
 */
const priorWeight = 20;
/** Slower than this a leader stands, m/s. */
const atRest = 0.5;

/**
 * Probability told with an alert (S6), 0 to 1. `seen` is the detector's own: of an advisory that the driver meets a hazard that is there; of a danger
 * ahead that it is in the way (`ordinary` receivers: with their own share, since being in the way is told of only where it is near 1); elsewhere what the models of right of way and of evasion give, which recorded traffic does not bear out: there the share of
 * its kind that came true is told. What was never seen in the recordings keeps its detector's figure.
 */
export function toldProbability(
  cls: number,
  stage: number,
  seen: number,
  otherSpeed: number,
  ordinary: boolean,
): number {
  if (stage < 2) return seen;
  const imminent = stage === 3 ? 1 : 0;
  const junction = cls === ClassIndex.crossing || cls === ClassIndex.turnAcross || cls === ClassIndex.merge;
  if (ordinary && junction) return share(junctionOrdinary, imminent);
  if (cls === ClassIndex.crossing || cls === ClassIndex.turnAcross) return share(crossing, imminent);
  if (cls === ClassIndex.merge) return share(merging, imminent);
  if (cls === ClassIndex.wrongWay || cls === ClassIndex.headOn || cls === ClassIndex.laneChange)
    return share(opposed, imminent);
  if (ordinary && cls <= ClassIndex.rearEnd) return share(behindOrdinary, imminent);
  if (cls <= ClassIndex.rearEnd) return seen * share(otherSpeed < atRest ? behindStanding : behindMoving, imminent);
  return seen;
}

function share(kind: Told, imminent: number): number {
  let told = 0;
  let cameTrue = 0;
  for (const { told: n, true: k } of kinds) {
    told += n[imminent];
    cameTrue += k[imminent];
  }
  const stage = (cameTrue + 1) / (told + 2);
  return (kind.true[imminent] + priorWeight * stage) / (kind.told[imminent] + priorWeight);
}
