import type { RoadTags } from './osm-road-tags.ts';

/** What stands at the end of an approach: a signal, a stop or give-way sign, or nothing the map knows of. */
export type ApproachSign = 'signal' | 'stop' | 'giveWay' | undefined;

/** One road at a junction. */
export interface Arm {
  /** Unit vector away from the junction. */
  readonly dx: number;
  readonly dy: number;
  /** Half of the width of all its lanes, m. */
  readonly halfWidth: number;
  readonly road: RoadTags;
  /** OSM way next to the junction. */
  readonly way: number;
  /** Edge arriving here and edge leaving from here, or -1. */
  inEdge: number;
  outEdge: number;
  /** Lanes of the arriving edge, and what is painted on them. */
  readonly lanes: number;
  readonly turnLanes: readonly (readonly string[])[] | undefined;
  readonly sign: ApproachSign;
}

/** Angle between two arms, radians, 0..pi: pi = straight on. */
export function angleBetween(a: Arm, b: Arm): number {
  return Math.acos(Math.min(1, Math.max(-1, a.dx * b.dx + a.dy * b.dy)));
}

const SETBACK = 1;
const MAX_RADIUS = 15;

/**
 * How far from the junction's middle the edge of an arm ends, m: where its outline meets that of the neighbouring arms, plus a
 * metre. Arms that go on straight do not matter to each other.
 */
export function armRadius(arm: Arm, arms: readonly Arm[]): number {
  let radius = 0;
  for (const other of arms) {
    if (other === arm) continue;
    const angle = angleBetween(arm, other);
    if (angle > 2.7) continue;
    const sin = Math.max(0.35, Math.sin(angle));
    radius = Math.max(radius, (other.halfWidth + arm.halfWidth * Math.cos(angle)) / sin);
  }
  return Math.min(MAX_RADIUS, radius) + SETBACK;
}
