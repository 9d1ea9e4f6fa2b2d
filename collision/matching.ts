/** What the engine needs of the streaming map matcher of roads/graph/, one vehicle at a time (rules M1 to M4). */
export interface Matching {
  /** Edge of the last call, -1 off the map; metres along it; lateral offset, left positive; confidence 0..1; 1 = driven against its direction. */
  edge: number;
  s: number;
  lateral: number;
  confidence: number;
  against: 0 | 1;
  /** Matches one position. Heading components and speed may be NaN; `sigma` is the 1-sigma position error, m. */
  match(slot: number, x: number, y: number, hx: number, hy: number, v: number, sigma: number, timeMs: number): void;
  /** Forgets what is known of the slot's vehicle. */
  reset(slot: number): void;
}
