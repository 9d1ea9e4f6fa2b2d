import type { VehicleKind } from '../traffic/vehicle-kinds.ts';
import type { ActorPath } from './actor-path.ts';

export const scenarioKinds = ['wrong-way', 'crossing', 'rear-end', 'head-on'] as const;
export type ScenarioKind = (typeof scenarioKinds)[number];

/** One of the two of an encounter, and where on its path it meets the other. */
export interface Party {
  readonly kind: VehicleKind;
  readonly path: ActorPath;
  /** Where its front is at the contact, m along the path. */
  readonly contactS: number;
  /** It breaks down and stands at `contactS` before the other comes. */
  readonly breaksDown: boolean;
  /** Share of its speed that the impact leaves it. */
  readonly speedKept: number;
  /** Movements through junctions on its path, with the place where each begins, m. */
  readonly movements: readonly { readonly edge: number; readonly s: number }[];
}

/** A place of the map where two vehicles on these paths meet, when neither reacts. */
export interface Site {
  readonly scenario: ScenarioKind;
  /** Contact in the plane, m. */
  readonly x: number;
  readonly y: number;
  readonly edge: number;
  /** The one that drives into the other first. */
  readonly parties: readonly [Party, Party];
  /** All edges the paths use: kept free of ordinary traffic until the contact. */
  readonly edges: readonly number[];
}
