import type { RoadGraph } from '../roads/graph/index.ts';
import type { DecisionTrace } from './trace.ts';

/** Alert stages: 0 none/cancelled, 1 advisory (about 1 km), 2 warning, 3 imminent. */
export type AlertStage = 0 | 1 | 2 | 3;

/** Order is the wire code of `AlertEvent.class`; the names equal those of messages/warning.ts (checked by a test). */
export const alertClasses = [
  'stationary-vehicle',
  'crashed-vehicle',
  'queue-tail',
  'slow-vehicle',
  'wrong-way',
  'obstacle',
  'hard-braking',
  'rear-end',
  'crossing',
  'turn-across',
  'merge',
  'head-on',
  'vulnerable-road-user',
  'lane-change',
  'control-loss',
  'emergency-vehicle',
] as const;
export type AlertClass = (typeof alertClasses)[number];

/** One transition of one alert: issued, escalated, re-notified, cancelled (stage 0). Plain data: it crosses threads by structured clone. */
export interface AlertEvent {
  /** Unique per engine run and alert, increasing; the same through escalation and cancel. */
  readonly alertId: number;
  /** Vehicle to be told. */
  readonly slot: number;
  readonly generation: number;
  /** The other party, or -1 when the danger is a place. */
  readonly otherSlot: number;
  readonly otherGeneration: number;
  /** Hazard object, or -1. */
  readonly hazardId: number;
  readonly stage: AlertStage;
  readonly prevStage: AlertStage;
  readonly class: AlertClass;
  readonly causeCode: number;
  readonly subCauseCode: number;
  readonly lat: number;
  readonly lon: number;
  /** Edge of the place, or -1 off the map. */
  readonly edge: number;
  /** Path metres and seconds to the place at issue. */
  readonly distance: number;
  readonly eta: number;
  readonly requiredDeceleration: number;
  readonly probability: number;
  /** m/s, or 0 when no advice applies. */
  readonly adviceSpeed: number;
  readonly why: string;
  /** Whether the driver may be told by sound: at most one in 8 s per vehicle, imminent ones always. */
  readonly audible: boolean;
  readonly issuedMs: number;
  readonly validUntilMs: number;
  /** Generation time of the newest state that entered the decision. */
  readonly causeTimestampMs: number;
}

/**
 * The fleet as the core sees it, one entry per slot, for readers in other threads (live map, congestion, crash detector).
 * `sequence[slot]` is odd while the slot is being written (seqlock): read it before and after.
 */
export interface FleetView {
  readonly capacity: number;
  readonly buffer: SharedArrayBuffer | ArrayBuffer;
  readonly sequence: Int32Array;
  readonly generation: Uint32Array;
  /** UTC ms of the newest accepted state; 0 = slot empty. */
  readonly timestampMs: Float64Array;
  readonly lat: Float64Array;
  readonly lon: Float64Array;
  readonly speed: Float32Array;
  readonly headingDeg: Float32Array;
  /** Longitudinal acceleration, measured where sent, else estimated, m/s². */
  readonly accel: Float32Array;
  /** Matched edge or -1, metres along it, lateral offset (left positive), and confidence 0..1. */
  readonly edge: Int32Array;
  readonly offset: Float32Array;
  readonly lateral: Float32Array;
  readonly matchConfidence: Float32Array;
  readonly length: Float32Array;
  readonly width: Float32Array;
  readonly stationType: Uint8Array;
  readonly flags: Uint32Array;
  /** Highest active stage of an alert to this vehicle. */
  readonly stage: Uint8Array;
}

export interface EngineOptions {
  /** Vehicles held at once, 1..1_000_000. */
  readonly capacity: number;
  /** A SharedArrayBuffer for `FleetView`, made by `allocateFleet(capacity)`; private memory when absent. */
  readonly fleetBuffer?: SharedArrayBuffer;
  /** [0.1, 1]: 1 dry, 0.7 wet, 0.35 ice; scales every assumed deceleration. */
  readonly friction?: number;
  /** What an earlier run over the same map learned (`learned.bytes()`); refused and counted when it is not that. */
  readonly learned?: Uint8Array;
}

/** Counters by name (closed set documented in SPEC.md); read by /metrics. */
export type EngineCounters = Readonly<Record<string, number>>;

/**
 * Pure: no clock, no randomness, no I/O. The same calls in the same order give the same events.
 * `update` may come in any order of vehicles at any rate; `tick` ten times a second of the caller's clock or more often: the sooner after a
 * state the sooner its warning. A tick looks at a bounded number of vehicles; while `pending` is not 0 another one is due at once.
 */
export interface CollisionEngine {
  readonly graph: RoadGraph;
  readonly fleet: FleetView;
  /** What this run and those before it learned of the city's drivers (P9), as bytes to keep; a copy. */
  readonly learned: { bytes(): Uint8Array };
  /** Units as in messages/VehicleState; NaN means unavailable for speed, heading, accel, yawRate, accuracy, length, width. */
  update(
    slot: number,
    generation: number,
    timestampMs: number,
    lat: number,
    lon: number,
    speed: number,
    headingDeg: number,
    accel: number,
    yawRate: number,
    accuracy: number,
    length: number,
    width: number,
    stationType: number,
    flags: number,
  ): void;
  /** The vehicle is gone; its alerts are cancelled at the next tick. */
  retire(slot: number, generation: number): void;
  /** A hazard known from elsewhere (crash record, operator, report); returns the hazard id. */
  raiseHazard(
    kind: AlertClass,
    lat: number,
    lon: number,
    headingDeg: number,
    confidence: number,
    nowMs: number,
    validMs: number,
  ): number;
  clearHazard(hazardId: number): void;
  /**
   * Where the vehicle will be on the road `edges[0 .. count)` (the first is the one it is on) after `seconds` (P6): fills `out` with metres driven
   * from its newest state, 1 sigma of a steady driver and of a shaken one, and the share of the latter. False when something is
   * known that will change its pace (then `out` says little), or the road given is too short.
   */
  foresee(slot: number, seconds: number, edges: Int32Array, count: number, out: Float64Array): boolean;
  /** Lets `sink` listen to what is decided about one vehicle, in place of whoever listened before; null: nobody (E1). */
  trace(slot: number, sink: DecisionTrace | null): void;
  tick(nowMs: number): void;
  /** Vehicles for whom something presses, or whose turn has come, and whom the last tick did not get to. */
  readonly pending: number;
  /** Events since the last call, in order; the array is the caller's. */
  drainAlerts(): AlertEvent[];
  counters(): EngineCounters;
}
