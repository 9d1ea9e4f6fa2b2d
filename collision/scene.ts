import type { Plane, RoadGraph } from '../roads/graph/index.ts';
import type { AlertBook } from './alert-book.ts';
import type { BrakingHabit } from './braking-habit.ts';
import type { EdgeOrder } from './edge-order.ts';
import type { Joins } from './joins.ts';
import type { LaneBelief } from './lane-belief.ts';
import type { Observation } from './observation.ts';
import type { Path } from './path.ts';
import type { DecisionTrace } from './trace.ts';
import type { Tracks } from './tracks.ts';
import type { TurnShares } from './turn-shares.ts';

/** What every detector reads, made once by the engine: no detector holds vehicles or alerts of its own. */
export interface Scene {
  readonly graph: RoadGraph;
  readonly plane: Plane;
  readonly tracks: Tracks;
  readonly order: EdgeOrder;
  readonly joins: Joins;
  /** Lanes of vehicles with ordinary receivers. */
  readonly laneBelief: LaneBelief;
  readonly turns: TurnShares;
  /** Path of the vehicle under evaluation. */
  readonly path: Path;
  readonly book: AlertBook;
  /** Reused by every detector: fill, hand to the book, forget. */
  readonly seen: Observation;
  readonly friction: number;
  /** How late drivers here begin to brake (L18). */
  readonly habit: BrakingHabit;
  /** Hazard a vehicle is part of, -1 none. */
  readonly hazardOf: Int32Array;
  /** Whether the vehicle under evaluation has not reported since its last look: where it will be by now is looked at (T6). */
  between: boolean;
  /** Set only while the vehicle under evaluation is listened to (E1). */
  trace: DecisionTrace | null;
}
