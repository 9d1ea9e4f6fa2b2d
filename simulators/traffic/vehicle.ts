import type { Body } from './occupancy.ts';
import type { VehicleKind } from './vehicle-kinds.ts';

/** A place to stop at on the way, e.g. of a bus. */
export interface PlannedStop {
  readonly leg: number;
  readonly s: number;
  readonly seconds: number;
}

/** One vehicle of the ordinary traffic. Its front is `s` metres along `route[leg]`; edges before `leg` lie behind it. */
export interface Vehicle extends Body {
  readonly id: string;
  readonly kind: VehicleKind;
  readonly length: number;
  /** Share of the limit this driver wants. */
  readonly pace: number;
  /** Alternating normal edges and movements. */
  route: number[];
  leg: number;
  s: number;
  odometer: number;
  speed: number;
  /** m/s², of the last step. */
  acceleration: number;
  /** Lateral offsets from the centre line at the beginning and the end of each leg, m, right positive. */
  offsets: readonly (readonly [number, number])[];
  /** Last leg the right of way has been taken for. */
  freeLeg: number;
  /** Edges its body is on, with the odometer at their start; the last is `route[leg]`. */
  readonly covers: { readonly edge: number; readonly entry: number }[];
  stops: PlannedStop[];
  /** Simulated second until which it stays at a stop. */
  stoppedUntil: number;
  /** Second since which it stands, or Infinity. */
  standsSince: number;
  siren: boolean;
}
