import { writeFileSync } from 'node:fs';
import type { AlertClass, AlertEvent, AlertStage } from '../collision/index.ts';

/** One line of the alert log: an `AlertEvent` with names for slots and the recording's clock. */
export interface LoggedAlert {
  /** Seconds of the recording. */
  readonly time: number;
  readonly alertId: number;
  readonly vehicle: string;
  /** '' when the danger is a place. */
  readonly other: string;
  readonly hazardId: number;
  readonly stage: AlertStage;
  readonly prevStage: AlertStage;
  readonly class: AlertClass;
  readonly lat: number;
  readonly lon: number;
  readonly distance: number;
  readonly eta: number;
  readonly requiredDeceleration: number;
  readonly probability: number;
  readonly adviceSpeed: number;
  readonly why: string;
  readonly audible: boolean;
  readonly validUntil: number;
  /** Recording time of the newest state that entered the decision, s. */
  readonly cause: number;
}

const rounded = (value: number, digits: number): number => {
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale;
};

/** `epochMs` is the recording's second 0 on the engine's clock. */
export function loggedAlert(event: AlertEvent, vehicle: string, other: string, epochMs: number): LoggedAlert {
  return {
    time: (event.issuedMs - epochMs) / 1000,
    alertId: event.alertId,
    vehicle,
    other,
    hazardId: event.hazardId,
    stage: event.stage,
    prevStage: event.prevStage,
    class: event.class,
    lat: rounded(event.lat, 7),
    lon: rounded(event.lon, 7),
    distance: rounded(event.distance, 2),
    eta: rounded(event.eta, 3),
    requiredDeceleration: rounded(event.requiredDeceleration, 3),
    probability: rounded(event.probability, 5),
    adviceSpeed: rounded(event.adviceSpeed, 2),
    why: event.why,
    audible: event.audible,
    validUntil: (event.validUntilMs - epochMs) / 1000,
    cause: (event.causeTimestampMs - epochMs) / 1000,
  };
}

/** JSON lines, one alert transition each, in the order of issue. */
export function writeAlertLog(file: string, alerts: readonly LoggedAlert[]): void {
  writeFileSync(file, alerts.map((alert) => `${JSON.stringify(alert)}\n`).join(''));
}
