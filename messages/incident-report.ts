import { FieldReader } from './field-reader.ts';
import { earliestMs, latestMs } from './instants.ts';
import type { JsonObject } from './json-payload.ts';
import { limits } from './limits.ts';
import { accept, reject } from './outcome.ts';
import { agreedVehicleId } from './vehicle-id.ts';
import type { Decoded } from './vehicle-state.ts';

export const incidentReportKinds = ['crash', 'ecall-automatic', 'ecall-manual', 'breakdown'] as const;
export type IncidentReportKind = (typeof incidentReportKinds)[number];

/** What a vehicle says of its own crash, on `rahban/v1/incidents/{vehicleId}` with QoS 1. */
export interface IncidentReport {
  /** Idempotency key of the sender, 8..64 characters of `[A-Za-z0-9_.:-]`; a repeated id is stored once. */
  readonly reportId: string;
  readonly vehicleId: string;
  readonly kind: IncidentReportKind;
  /** UTC ms. */
  readonly occurredAtMs: number;
  readonly lat: number;
  readonly lon: number;
  readonly headingDeg?: number;
  /** Largest change of velocity during the impact, m/s. */
  readonly deltaV?: number;
  readonly airbagDeployed?: boolean;
  readonly rollover?: boolean;
  readonly occupants?: number;
  readonly note?: string;
}

export const reportIdPattern = '^[A-Za-z0-9_.:-]{8,64}$';
const reportIdGrammar = new RegExp(reportIdPattern);
export const maxNoteLength = 1000;

/** The message of `rahban/v1/incidents/{vehicleId}`; its fields are those of `IncidentReport`, `vehicleId` may be left to the topic. */
export function decodeIncidentReport(body: JsonObject, topicId: string | undefined): Decoded<IncidentReport> {
  const named = agreedVehicleId(topicId, body.vehicleId);
  if (!named.ok) return named;
  const { reportId } = body;
  if (reportId === undefined || reportId === null) return reject('missing-field', 'reportId is missing');
  if (typeof reportId !== 'string' || !reportIdGrammar.test(reportId))
    return reject(
      typeof reportId === 'string' ? 'value-out-of-range' : 'wrong-type',
      `reportId must match ${reportIdPattern}`,
    );
  const kind = incidentReportKinds.find((known) => known === body.kind);
  if (kind === undefined)
    return reject(
      body.kind === undefined ? 'missing-field' : 'value-out-of-range',
      `kind is one of ${incidentReportKinds}`,
    );
  const read = new FieldReader();
  const occurredAtMs = read.number(body.occurredAtMs, 'occurredAtMs', earliestMs, latestMs, 'timestamp-unreadable');
  const lat = read.number(body.lat, 'lat', limits.lat[0], limits.lat[1], 'position-out-of-range');
  const lon = read.number(body.lon, 'lon', limits.lon[0], limits.lon[1], 'position-out-of-range');
  const headingDeg = read.number(
    body.headingDeg,
    'headingDeg',
    limits.heading[0],
    limits.heading[1],
    'heading-out-of-range',
  );
  const deltaV = read.number(body.deltaV, 'deltaV', limits.deltaV[0], limits.deltaV[1]);
  const airbagDeployed = read.boolean(body.airbagDeployed, 'airbagDeployed');
  const rollover = read.boolean(body.rollover, 'rollover');
  const occupants = read.integer(body.occupants, 'occupants', limits.occupants[0], limits.occupants[1]);
  const note = read.string(body.note, 'note', maxNoteLength);
  if (read.failure !== undefined) return read.failure;
  if (occurredAtMs === undefined) return reject('no-timestamp', 'occurredAtMs (UTC ms) is missing');
  if (lat === undefined || lon === undefined) return reject('no-position', 'lat or lon is missing');
  return accept({
    reportId,
    vehicleId: named.id,
    kind,
    occurredAtMs,
    lat,
    lon,
    ...(headingDeg !== undefined && { headingDeg }),
    ...(deltaV !== undefined && { deltaV }),
    ...(airbagDeployed !== undefined && { airbagDeployed }),
    ...(rollover !== undefined && { rollover }),
    ...(occupants !== undefined && { occupants }),
    ...(note !== undefined && { note }),
  });
}
