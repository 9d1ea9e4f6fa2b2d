import { EdgeFlag, type RoadGraph } from './road-graph.ts';

/**
 * Log-likelihoods of the map matcher, a hidden Markov model after Newson and Krumm, "Hidden Markov map matching through noise
 * and sparseness" (ACM GIS 2009): emission by distance and heading, transition by route length against distance travelled.
 * All values are natural logarithms up to a constant, <= 0.
 */

/** Map and reality differ by this much, m. */
const MAP_ERROR = 4;
/** m. */
const HALF_LANE = 1.5;
/** Heading deviation of an ordinary drive along an edge, radians: lane changes, curves, compass. */
const HEADING_SIGMA = 0.35;
/** A heading can cost a candidate at most this much per second of evidence: a wrong-way driver is rare, not impossible. */
const HEADING_FLOOR = -5;

/** Time in which a fix at a new instant is worth a whole independent one: GNSS errors last for a minute, so within the memory below one error may vote two or three times. */
export const LATERAL_EVIDENCE_TIME = 12;
export const HEADING_EVIDENCE_TIME = 1;

/** Evidence older than this has faded to 1/e, s: an old error must not outvote what is seen now. */
export const MEMORY = 30;

/** Cost of a hypothesis that no way leads to: a gap in the map, or a start. */
export const BIRTH = -9;
/** Cost of beginning to drive against a one-way road. */
export const AGAINST = -8;
/**
 * What the past says fades to these, not to 0: an unexplained start, driving against the direction where a way led into it, and
 * most of all both at once stay unlikely for as long as they last, so that only evidence that goes on (place, way taken)
 * overcomes them.
 */
export const BORN_REMAINS = -9;
export const AGAINST_REMAINS = -3;
export const BORN_AGAINST_REMAINS = -17;
/** Hypotheses this much worse than the best are dropped. */
export const HOPELESS = -18;
/** Slower than this a vehicle rather waits before a junction than in it, m/s, and how much rather. */
const WAITING_SPEED = 1;
const WAITING_INSIDE = -0.7;
/** Cost of turning round on the spot. */
export const FLIP = -6;

/**
 * Distance of a fix from a carriageway's middle. Vehicles drive anywhere between the middles of the outer lanes with equal
 * likelihood; beyond, the error is normal.
 */
export function lateralLog(distance: number, width: number, sigma: number): number {
  const outside = (distance - Math.max(0, width / 2 - HALF_LANE)) / sigma;
  return outside > 0 ? -0.5 * outside * outside : 0;
}

/** Cosine of the angle between heading and edge; 2 (1 - cos) stands for the squared angle. */
export function headingLog(cos: number): number {
  return Math.max(HEADING_FLOOR, (cos - 1) / (HEADING_SIGMA * HEADING_SIGMA));
}

/**
 * Route of `route` metres (negative: backwards on the same edge) between two fixes `dt` seconds and `straight` metres apart,
 * while the speedometer says `driven` metres (NaN: unknown). Between the two measures every route length is equally good, with
 * room that grows with time; beyond, the cost is linear.
 */
export function transitionLog(route: number, straight: number, driven: number, dt: number, sigma: number): number {
  let low = straight;
  let high = straight;
  if (!Number.isNaN(driven)) {
    if (dt <= 2) {
      low = driven;
      high = driven;
    } else {
      low = Math.min(straight, driven);
      high = Math.max(straight, driven);
    }
  }
  const beyond = route < low ? low - route : route > high ? route - high : 0;
  return -beyond / (2 + 0.5 * dt + 0.2 * high + 0.5 * sigma * Math.min(1, dt / 5));
}

/** Farther than this from its middle a vehicle is not on a carriageway, m. */
export function gate(sigma: number, width: number): number {
  return 3 * sigma + width / 2 + MAP_ERROR;
}

/** What it costs to be on the edge at this speed. */
export function waitingLog(graph: RoadGraph, edge: number, speed: number): number {
  return speed < WAITING_SPEED && (graph.edgeFlags[edge] & EdgeFlag.internal) !== 0 ? WAITING_INSIDE : 0;
}

/** Slower than this a heading says little, m/s. */
const CREEP = 1.5;

/** Whether there is a heading to go by: a standing vehicle's may be anything its receiver makes up. */
export function headingCounts(heading: number, speed: number): boolean {
  return !Number.isNaN(heading) && !(speed < CREEP);
}
