import type { IncidentReport, IncidentSummary } from '../../messages/index.ts';

export type Severity = IncidentSummary['severity'];

const order: readonly Severity[] = ['unknown', 'damage', 'injury-possible', 'injury-likely'];

export function worse(a: Severity, b: Severity): Severity {
  return order.indexOf(a) >= order.indexOf(b) ? a : b;
}

/**
 * A rough triage from the largest change of velocity (m/s) of any party: from 15 km/h up injury is possible, from 40 km/h
 * likely. A hint for the dispatcher who has no caller on the line, no finding.
 */
export function severityOfDeltaV(deltaV: number): Severity {
  if (deltaV >= 40 / 3.6) return 'injury-likely';
  if (deltaV >= 15 / 3.6) return 'injury-possible';
  return deltaV > 0 ? 'damage' : 'unknown';
}

export function severityOfReport(report: IncidentReport): Severity {
  const told: Severity = report.airbagDeployed === true || report.rollover === true ? 'injury-likely' : 'unknown';
  return worse(told, severityOfDeltaV(report.deltaV ?? 0));
}
