import { angleBetween, bodyAt } from './body.ts';
import { isInternal } from './lane-network.ts';
import { lastStep, rowAt, type Traffic } from './traffic.ts';

export type CollisionClass =
  | 'rear_end'
  | 'stationary_hazard'
  | 'crossing'
  | 'turn_across'
  | 'side'
  | 'head_on'
  | 'wrong_way';

/** Approaches closer than this are one direction; further apart than its supplement they are opposed, degrees. */
const sameDirection = 45;
/** In one direction, at a greater angle than this one of them is merging or changing lane, degrees. */
const merging = 10.5;
/** How far the bodies may already lie beside each other in what still is a rear-end contact, m. */
const touching = 1;
/** A way through a junction that changes the heading by more than this is a turn, degrees. */
const turn = 20;

/** Heading on the last lane before the junction in which the vehicle is in this step; outside junctions its heading now. Degrees. */
export function approachHeading(traffic: Traffic, vehicle: number, step: number): number {
  let at = step;
  while (at > traffic.firstStep[vehicle] && isInternal(laneAt(traffic, vehicle, at))) at -= 1;
  return traffic.headingDeg[rowAt(traffic, vehicle, at)];
}

function laneAt(traffic: Traffic, vehicle: number, step: number): string {
  return traffic.lanes[traffic.lane[rowAt(traffic, vehicle, step)]];
}

/** Whether the vehicle is on a turn through a junction in this step: its heading after the junction differs from that before. */
function turns(traffic: Traffic, vehicle: number, step: number): boolean {
  let at = step;
  const last = lastStep(traffic, vehicle);
  while (at < last && isInternal(laneAt(traffic, vehicle, at))) at += 1;
  const after = traffic.headingDeg[rowAt(traffic, vehicle, at)];
  return angleBetween(approachHeading(traffic, vehicle, step), after) > turn;
}

/** Whether b lies before a in a's direction: its rear end not further back than a's front bumper, seen one step before the contact. */
function isAhead(traffic: Traffic, rowA: number, rowB: number): boolean {
  const a = bodyAt(traffic, rowA);
  const b = bodyAt(traffic, rowB);
  const rear = (b.x - b.hx * b.length - a.x) * a.hx + (b.y - b.hy * b.length - a.y) * a.hy;
  return rear > -touching;
}

/** SUMO's kind of a contact with one on foot on a crossing. */
export const onFoot = 'crossing';

export interface Classified {
  readonly class: CollisionClass;
  readonly angle: number;
  readonly approachAngle: number;
  /** The one behind is SUMO's victim. */
  readonly swapped: boolean;
}

/** Class of a scripted driver's contact by its type; undefined for SUMO's own types. */
export function scriptedClass(type: string): 'wrong_way' | 'side' | undefined {
  return type === 'lane_wrong_way' ? 'wrong_way' : type === 'lane_side' ? 'side' : undefined;
}

/**
 * Class of a contact by geometry. `type`: SUMO's or the script's. `standing`: the victim was an injected stop, double-parked,
 * or a standing wreck.
 */
export function classify(
  traffic: Traffic,
  collider: number,
  victim: number,
  step: number,
  facts: { readonly type: string; readonly standing: boolean },
): Classified {
  const now = (vehicle: number): number => rowAt(traffic, vehicle, step);
  const before = (vehicle: number): number => {
    const row = rowAt(traffic, vehicle, step - 1);
    return row >= 0 ? row : now(vehicle);
  };
  const angle = angleBetween(traffic.headingDeg[now(collider)], traffic.headingDeg[now(victim)]);
  const approachAngle = angleBetween(approachHeading(traffic, collider, step), approachHeading(traffic, victim, step));
  const found = (name: CollisionClass, swapped = false): Classified => ({ class: name, angle, approachAngle, swapped });
  const scripted = scriptedClass(facts.type);
  if (scripted !== undefined) return found(scripted);
  if (facts.type === onFoot) return found('crossing');
  if (facts.standing) return found('stationary_hazard');
  if (facts.type === 'frontal') return found('head_on');
  if (approachAngle >= sameDirection && approachAngle <= 180 - sameDirection) return found('crossing');
  if (approachAngle > 180 - sameDirection)
    return found(turns(traffic, collider, step) || turns(traffic, victim, step) ? 'turn_across' : 'head_on');
  if (angle > merging) return found('side');
  const [rowA, rowB] = [before(collider), before(victim)];
  if (isAhead(traffic, rowA, rowB)) return found('rear_end');
  if (isAhead(traffic, rowB, rowA)) return found('rear_end', true);
  return found('side');
}
