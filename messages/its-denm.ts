import type { ClockOffsets } from './clock-offsets.ts';
import { etsi } from './etsi-codes.ts';
import { FieldReader } from './field-reader.ts';
import { wrapLongitude } from './front-bumper.ts';
import type { Hazard } from './hazard.ts';
import type { ItsEnvelope } from './its-envelope.ts';
import { itsInstant } from './its-time.ts';
import { isJsonObject, type JsonObject } from './json-payload.ts';
import { accept, reject } from './outcome.ts';
import type { Decoded } from './vehicle-state.ts';

const bare = (field: unknown): unknown => (isJsonObject(field) ? field.value : field);

/** Upper bounds of awareness_distance 0..7, m; "over 10 km" is unbounded. */
const awarenessMetres = [50, 100, 200, 500, 1000, 5000, 10_000, Number.POSITIVE_INFINITY];
const directions = ['all', 'upstream', 'downstream', 'opposite'] as const;
/** Seconds, when validity_duration is left out (ETSI default). */
const defaultValidity = 600;
/** How far a sender's clock may run ahead of ours, ms. */
const maxLeadMs = 60_000;

/**
 * A DENM in Orange's JSON. Its life is reference_time + validity_duration (0 means already over): one that ended before
 * `receivedMs` is refused as `too-old`, which is what a replayed message gets.
 */
export function decodeDenm(
  envelope: ItsEnvelope,
  receivedMs: number,
  clock: ClockOffsets | undefined,
): Decoded<Hazard> {
  const read = new FieldReader();
  const management = read.object(envelope.message.management, 'management');
  const action = read.object(management?.action_id, 'action_id');
  const place = read.object(management?.event_position, 'event_position');
  if (read.failure !== undefined) return read.failure;
  if (management === undefined || action === undefined || place === undefined)
    return reject('missing-field', 'management.action_id and management.event_position are needed');
  const station = read.integer(
    action.originating_station_id ?? action.originating_station,
    'originating_station_id',
    0,
    4_294_967_295,
  );
  const sequence = read.integer(action.sequence_number, 'sequence_number', 0, 65_535);
  const lat = read.coded(place.latitude, 'latitude', etsi.latitude, 'position-out-of-range');
  const lon = read.coded(place.longitude, 'longitude', etsi.longitude, 'position-out-of-range');
  const altitude = read.coded(bare(place.altitude), 'altitude', etsi.altitude);
  const detection = read.coded(management.detection_time, 'detection_time', etsi.timestampIts);
  const reference = read.coded(management.reference_time, 'reference_time', etsi.timestampIts);
  const validity = read.integer(management.validity_duration, 'validity_duration', 0, 86_400) ?? defaultValidity;
  const termination = read.integer(management.termination, 'termination', 0, 1);
  const awareness = read.integer(
    management.awareness_distance ?? management.relevance_distance,
    'awareness_distance',
    0,
    7,
  );
  const direction = read.integer(
    management.traffic_direction ?? management.relevance_traffic_direction,
    'traffic_direction',
    0,
    3,
  );
  const stationType = read.integer(management.station_type, 'station_type', 0, 255) ?? 0;
  const situation = readSituation(read, envelope.message);
  const location = readLocation(read, envelope.message);
  if (read.failure !== undefined) return read.failure;
  if (station === undefined || sequence === undefined) return reject('missing-field', 'action_id is incomplete');
  if (lat === undefined || lon === undefined) return reject('no-position', 'event_position unavailable');
  const anchor = envelope.timestampMs ?? receivedMs;
  const referenceMs =
    reference === undefined ? envelope.timestampMs : itsInstant(envelope.sourceId, reference, anchor, clock);
  if (referenceMs === undefined) return reject('no-timestamp', 'reference_time and timestamp are both unavailable');
  if (referenceMs > receivedMs + maxLeadMs)
    return reject('in-the-future', `reference_time ${new Date(referenceMs).toISOString()}`);
  // Detection is in the time base of the reference: the two are never corrected apart.
  const detectedMs =
    reference === undefined || detection === undefined ? referenceMs : referenceMs + (detection - reference);
  const validUntilMs = referenceMs + validity * 1000;
  if (validUntilMs <= receivedMs && termination === undefined)
    return reject('too-old', `over since ${new Date(validUntilMs).toISOString()}`);
  return accept({
    hazardId: `${station}:${sequence}`,
    sourceId: envelope.sourceId,
    stationType,
    ...situation,
    lat,
    lon: wrapLongitude(lon),
    ...(altitude !== undefined && { altitude }),
    detectedMs,
    referenceMs,
    validUntilMs,
    ...(termination !== undefined && { termination: termination === 0 ? 'cancelled' : 'negated' }),
    ...(awareness !== undefined && awarenessMetres[awareness] !== Number.POSITIVE_INFINITY
      ? { awarenessDistance: awarenessMetres[awareness] ?? 0 }
      : {}),
    ...(direction !== undefined && { trafficDirection: directions[direction] ?? 'all' }),
    ...location,
  });
}

function readSituation(read: FieldReader, message: JsonObject): Pick<Hazard, 'causeCode' | 'subCauseCode' | 'quality'> {
  const situation = read.object(message.situation, 'situation');
  const event = read.object(situation?.event_type, 'event_type');
  const quality = read.integer(situation?.information_quality, 'information_quality', 0, 7);
  return {
    causeCode: read.integer(event?.cause, 'cause', 0, 255) ?? 0,
    subCauseCode: read.integer(event?.subcause, 'subcause', 0, 255) ?? 0,
    // 0 is "unavailable".
    ...(quality !== undefined && quality > 0 && { quality: quality / 7 }),
  };
}

function readLocation(read: FieldReader, message: JsonObject): Pick<Hazard, 'headingDeg' | 'speed'> {
  const location = read.object(message.location, 'location');
  const heading = read.coded(
    bare(location?.event_position_heading),
    'event_position_heading',
    etsi.heading,
    'heading-out-of-range',
  );
  const speed = read.coded(bare(location?.event_speed), 'event_speed', etsi.speed, 'speed-out-of-range');
  return {
    ...(heading !== undefined && { headingDeg: heading % 360 }),
    ...(speed !== undefined && { speed }),
  };
}
