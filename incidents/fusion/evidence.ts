import type { IncidentReport, IncidentSummary } from '../../messages/index.ts';
import type { CrashObservation } from '../types.ts';

export type Evidence = CrashObservation['evidence'];

/** Log-odds from which a crash counts as probable (99 %), and from which it is kept for review (collision reference 6.1). */
export const probableLogOdds = 4.6;
export const reviewLogOdds = 2.2;

/** What a vehicle's own report is worth: the airbag controller knows; a person who pressed a button means a need, not surely a crash. */
export function reportEvidence(report: IncidentReport): Evidence {
  if (report.kind === 'breakdown') return [];
  const of = (rule: string, weight: number): Evidence => [
    { rule, weight, detail: `${report.kind} reported by ${report.vehicleId}` },
  ];
  if (report.airbagDeployed === true || report.kind === 'ecall-automatic') return of('vehicle-flag', 8);
  return report.kind === 'crash' ? of('vehicle-report', 5) : of('manual-call', 2.5);
}

/** Union of two lists: a rule counts once, with its heavier weight, so that the same fact told twice is not two facts. */
export function mergeEvidence(a: Evidence, b: Evidence): Evidence {
  const merged = new Map(a.map((item) => [item.rule, item]));
  for (const item of b) {
    const known = merged.get(item.rule);
    if (known === undefined || Math.abs(item.weight) > Math.abs(known.weight)) merged.set(item.rule, item);
  }
  return [...merged.values()].sort((x, y) => (x.rule < y.rule ? -1 : x.rule > y.rule ? 1 : 0));
}

export function sumLogOdds(evidence: Evidence): number {
  return evidence.reduce((sum, item) => sum + item.weight, 0);
}

/** Confirmed by the vehicle's own sensors or by two independent sources; else by the log-odds. */
export function stateOf(
  evidence: Evidence,
  logOdds: number,
  independentSources: number,
): Extract<IncidentSummary['state'], 'suspected' | 'probable' | 'confirmed'> {
  if (independentSources >= 2 || evidence.some((item) => item.rule === 'vehicle-flag')) return 'confirmed';
  return logOdds >= probableLogOdds ? 'probable' : 'suspected';
}
