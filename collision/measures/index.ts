export { arrivalOverlap } from './arrival-overlap.ts';
export { collisionProbability } from './collision-probability.ts';
export { dcpa, tauMod, tcpa, timeToCircle } from './cpa.ts';
export { decelerationToSafetyTime, dracCross, dracFollow, mdrac } from './drac.ts';
export { gapBehind, timeGap, timeHeadway } from './headway.ts';
export { mttc } from './mttc.ts';
export { erf, erfc, normalCdf, quickNormalCdf } from './normal.ts';
export { encroachmentTime, pet, predictedPetSigma } from './pet.ts';
export {
  requiredBehindLeader,
  requiredBehindSlowing,
  requiredToStop,
  stoppingDistance,
  stoppingMargin,
} from './required-deceleration.ts';
export { boxContactTime, boxesOverlap, lastContactEnd } from './swept-boxes.ts';
export { ttcCross, ttcFollow, ttcPoint } from './ttc.ts';
