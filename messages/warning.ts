/** Stage of an alert. 0 cancel, 1 advisory (about 1 km), 2 warning, 3 imminent. ETSI priorities 2, 1, 0. */
export type Stage = 0 | 1 | 2 | 3;

/** What is wrong on the road ahead; the vocabulary of screens, records and metrics. */
export const warningClasses = [
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
export type WarningClass = (typeof warningClasses)[number];

/** One message to one driver on `rahban/v1/warnings/{vehicleId}`; a cancel is the same `alertId` with stage 0. */
export interface Warning {
  readonly v: 1;
  readonly alertId: string;
  readonly vehicleId: string;
  readonly stage: Stage;
  readonly prevStage: Stage;
  readonly class: WarningClass;
  /** ETSI DENM cause and sub-cause, e.g. 97/1. */
  readonly causeCode: number;
  readonly subCauseCode: number;
  /** The predicted place; `street` when the map knows it. */
  readonly place: { readonly lat: number; readonly lon: number; readonly street?: string };
  /** Metres along the driver's path to the place, at issue. */
  readonly distance: number;
  /** Seconds to the place, at issue. */
  readonly eta: number;
  /** Deceleration the driver needs to comply, m/s². */
  readonly requiredDeceleration: number;
  /** [0, 1]. */
  readonly probability: number;
  /** Advised speed, m/s. */
  readonly adviceSpeed?: number;
  /** Short machine-made reason, English: which rule fired on which facts. */
  readonly why: string;
  readonly issuedMs: number;
  readonly validUntilMs: number;
  readonly hazardId?: string;
  /** When the vehicle's own message that triggered this was generated, for latency measurement. */
  readonly causeTimestampMs?: number;
}
