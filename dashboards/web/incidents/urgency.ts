import type { IncidentSummary } from '../../../messages/index.ts';

const severityRank: Readonly<Record<IncidentSummary['severity'], number>> = {
  'injury-likely': 3,
  'injury-possible': 2,
  unknown: 1,
  damage: 0,
};

const isOver = (incident: IncidentSummary): boolean => incident.state === 'cleared' || incident.state === 'rejected';

/** Order of the list: what is still open first, then the graver, then the newer. */
export function byUrgency(a: IncidentSummary, b: IncidentSummary): number {
  return (
    Number(isOver(a)) - Number(isOver(b)) ||
    severityRank[b.severity] - severityRank[a.severity] ||
    b.occurredAt.localeCompare(a.occurredAt)
  );
}
