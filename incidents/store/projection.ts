import type { IncidentSummary } from '../../messages/index.ts';
import { mergeEvidence, reportEvidence, stateOf, sumLogOdds } from '../fusion/evidence.ts';
import type { EventTrace } from '../fusion/same-event.ts';
import { severityOfDeltaV, severityOfReport, worse } from '../fusion/severity.ts';
import type { AlertNote, ChainEntry, IncidentRecord } from '../types.ts';
import type { EntryBody } from './entry-body.ts';

type Link = Pick<ChainEntry, 'sequence' | 'incidentId' | 'hash' | 'previousHash'>;
type Opening = Extract<EntryBody, { kind: 'reported' | 'observed' }>;

/** Lists of one record stay small however often somebody reports. */
const mostReports = 64;
const mostAlerts = 128;
const mostVehicles = 64;

const kindRank: readonly IncidentSummary['kind'][] = ['near-miss', 'breakdown', 'ecall', 'single-vehicle', 'crash'];

/**
 * The record after one more entry of its incident: pure, so that the table of records can be rebuilt from the entries.
 * Undefined when the first entry does not open an incident (a broken chain).
 */
export function project(before: IncidentRecord | undefined, link: Link, body: EntryBody): IncidentRecord | undefined {
  const hashes = { previousHash: link.previousHash, hash: link.hash };
  if (body.kind === 'reported' || body.kind === 'observed')
    return before === undefined
      ? { ...withEvidence(open(link, body), body), ...hashes }
      : { ...withEvidence(before, body), ...hashes };
  if (before === undefined) return undefined;
  switch (body.kind) {
    case 'blackbox':
      return { ...before, ...hashes, rawMessages: before.rawMessages + body.rawMessages.length };
    case 'derived': {
      const deltaV = body.result.maxDeltaV;
      const severity = worse(before.severity, severityOfDeltaV(typeof deltaV === 'number' ? deltaV : 0));
      return { ...before, ...hashes, severity, derived: { ...before.derived, [body.name]: body.result } };
    }
    case 'state-change':
      return { ...before, ...hashes, state: body.state, stateSetBy: body.actor };
    case 'access':
      return { ...before, ...hashes };
  }
}

/** What fusion compares. */
export function traceOf(body: Opening): EventTrace {
  if (body.kind === 'reported') {
    const { occurredAtMs, lat, lon, vehicleId } = body.report;
    return { kind: kindOf(body), vehicleIds: [vehicleId], occurredAtMs, lat, lon };
  }
  const { occurredAtMs, lat, lon, vehicleIds } = body.observation;
  return { kind: kindOf(body), vehicleIds, occurredAtMs, lat, lon };
}

/** The public part of a record: nothing personal. */
export function summaryOf(record: IncidentRecord): IncidentSummary {
  const { trackingCode, kind, state, severity, place, occurredAt, recordedAt, vehicles } = record;
  return { trackingCode, kind, state, severity, place, occurredAt, recordedAt, vehicles };
}

function kindOf(body: Opening): IncidentSummary['kind'] {
  if (body.kind === 'observed') return body.observation.vehicleIds.length > 1 ? 'crash' : 'single-vehicle';
  if (body.report.kind === 'breakdown') return 'breakdown';
  return body.report.kind === 'crash' ? 'crash' : 'ecall';
}

function open(link: Link, body: Opening): IncidentRecord {
  const trace = traceOf(body);
  return {
    id: link.incidentId,
    sequence: link.sequence,
    trackingCode: body.trackingCode,
    otherCodes: [],
    kind: trace.kind,
    state: 'suspected',
    severity: 'unknown',
    place: placeOf(body),
    occurredAt: new Date(trace.occurredAtMs).toISOString(),
    recordedAt: new Date(body.recordedMs).toISOString(),
    vehicles: 0,
    vehicleIds: [],
    logOdds: 0,
    evidence: [],
    reports: [],
    observations: 0,
    alerts: [],
    rawMessages: 0,
    derived: {},
    previousHash: link.previousHash,
    hash: link.hash,
  };
}

function withEvidence(before: IncidentRecord, body: Opening): IncidentRecord {
  const trace = traceOf(body);
  const reports = body.kind === 'reported' ? [...before.reports, body.report].slice(0, mostReports) : before.reports;
  const observations = before.observations + (body.kind === 'observed' ? 1 : 0);
  const vehicleIds = [...new Set([...before.vehicleIds, ...trace.vehicleIds])].slice(0, mostVehicles);
  const evidence = mergeEvidence(
    before.evidence,
    body.kind === 'reported' ? reportEvidence(body.report) : body.observation.evidence,
  );
  const logOdds = sumLogOdds(evidence);
  const speakers = new Set(reports.filter((report) => report.kind !== 'breakdown').map((report) => report.vehicleId));
  const sources = speakers.size + (observations > 0 ? 1 : 0);
  const severity = body.kind === 'reported' ? severityOfReport(body.report) : 'unknown';
  const kind = kindRank.indexOf(trace.kind) > kindRank.indexOf(before.kind) ? trace.kind : before.kind;
  const earlier = trace.occurredAtMs < Date.parse(before.occurredAt);
  return {
    ...before,
    otherCodes:
      before.trackingCode === body.trackingCode
        ? before.otherCodes
        : [...before.otherCodes, body.trackingCode].slice(0, mostReports),
    kind: kind === 'single-vehicle' && vehicleIds.length > 1 ? 'crash' : kind,
    state: before.stateSetBy === undefined ? stateOf(evidence, logOdds, sources) : before.state,
    severity: worse(before.severity, severity),
    place: earlier ? placeOf(body) : before.place,
    occurredAt: earlier ? new Date(trace.occurredAtMs).toISOString() : before.occurredAt,
    vehicles: vehicleIds.length,
    vehicleIds,
    evidence,
    logOdds,
    reports,
    observations,
    alerts: mergeAlerts(before.alerts, body.alerts),
    rawMessages: before.rawMessages + body.rawMessages.length,
  };
}

function placeOf(body: Opening): IncidentSummary['place'] {
  const { lat, lon } = body.kind === 'reported' ? body.report : body.observation;
  return { lat, lon, ...(body.street === undefined ? {} : { street: body.street }) };
}

function mergeAlerts(a: readonly AlertNote[], b: readonly AlertNote[]): readonly AlertNote[] {
  const byIdentity = new Map<string, AlertNote>();
  for (const alert of [...a, ...b])
    byIdentity.set(`${alert.vehicleId} ${alert.issuedMs} ${alert.stage} ${alert.class}`, alert);
  return [...byIdentity.values()].sort((x, y) => x.issuedMs - y.issuedMs).slice(-mostAlerts);
}
