import type { IncidentRecord } from '../incidents/index.ts';
import type { IncidentSummary } from '../messages/index.ts';

/** What anybody may know. Picks field by field, so that a field added to the record later does not leak. */
export function publicView(incident: IncidentSummary): IncidentSummary {
  const { trackingCode, kind, state, severity, place, occurredAt, recordedAt, vehicles } = incident;
  const { lat, lon, street } = place;
  return {
    trackingCode,
    kind,
    state,
    severity,
    place: { lat, lon, ...(street === undefined ? {} : { street }) },
    occurredAt,
    recordedAt,
    vehicles,
  };
}

/** For insurers: the facts of the accident with letters instead of vehicle ids, and without the free text of a report. */
export function redactedView(record: IncidentRecord): Readonly<Record<string, unknown>> {
  const letters = new Map(record.vehicleIds.map((id, index) => [id, `vehicle-${letterOf(index)}`]));
  const { evidence, alerts, derived, logOdds, hash, sequence } = record;
  const reports = record.reports.map(({ note: _note, reportId: _reportId, ...facts }) => facts);
  const vehicleIds = [...letters.values()];
  return {
    ...publicView(record),
    ...(replaceIds({ evidence, alerts, derived, reports }, letters) as object),
    vehicleIds,
    logOdds,
    sequence,
    hash,
  };
}

const letterOf = (index: number): string =>
  index < 26 ? String.fromCharCode(65 + index) : `${letterOf(Math.trunc(index / 26) - 1)}${letterOf(index % 26)}`;

/** Replaces every id in every text and key, however deep. Longer ids first: one may begin with another. */
function replaceIds(value: unknown, letters: ReadonlyMap<string, string>): unknown {
  const ids = [...letters.keys()].sort((a, b) => b.length - a.length);
  const inText = (text: string): string =>
    ids.reduce((changed, id) => changed.replaceAll(id, letters.get(id) ?? ''), text);
  const walk = (part: unknown): unknown => {
    if (typeof part === 'string') return inText(part);
    if (Array.isArray(part)) return part.map(walk);
    if (part === null || typeof part !== 'object') return part;
    return Object.fromEntries(Object.entries(part).map(([key, inner]) => [inText(key), walk(inner)]));
  };
  return walk(value);
}
