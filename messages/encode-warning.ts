import type { Warning } from './warning.ts';

/**
 * A warning as it goes to its driver on `warningTopic(vehicleId)`: JSON with the keys of `Warning`, numbers rounded to
 * what a driver's device can use (position 1e-7 deg, metres and seconds to 0.1, ratios to 0.001). Schema: `warningSchema`.
 * Throws RangeError when a number is not finite: a warning made of NaN is a defect of the core, never sent.
 */
export function encodeWarning(warning: Warning): string {
  const { place } = warning;
  const message: Warning = {
    v: 1,
    alertId: warning.alertId,
    vehicleId: warning.vehicleId,
    stage: warning.stage,
    prevStage: warning.prevStage,
    class: warning.class,
    causeCode: warning.causeCode,
    subCauseCode: warning.subCauseCode,
    place: {
      lat: round('place.lat', place.lat, 1e7),
      lon: round('place.lon', place.lon, 1e7),
      ...(place.street !== undefined && { street: place.street }),
    },
    distance: round('distance', warning.distance, 10),
    eta: round('eta', warning.eta, 10),
    requiredDeceleration: round('requiredDeceleration', warning.requiredDeceleration, 100),
    probability: round('probability', warning.probability, 1000),
    ...(warning.adviceSpeed !== undefined && { adviceSpeed: round('adviceSpeed', warning.adviceSpeed, 100) }),
    why: warning.why,
    issuedMs: round('issuedMs', warning.issuedMs, 1),
    validUntilMs: round('validUntilMs', warning.validUntilMs, 1),
    ...(warning.hazardId !== undefined && { hazardId: warning.hazardId }),
    ...(warning.causeTimestampMs !== undefined && {
      causeTimestampMs: round('causeTimestampMs', warning.causeTimestampMs, 1),
    }),
  };
  return JSON.stringify(message);
}

function round(name: string, value: number, perUnit: number): number {
  if (!Number.isFinite(value)) throw new RangeError(`warning ${name} is ${value}: a finite number is needed`);
  return Math.round(value * perUnit) / perUnit;
}
