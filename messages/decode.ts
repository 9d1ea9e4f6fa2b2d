import type { ClockOffsets } from './clock-offsets.ts';
import { decodeCompact } from './compact-telemetry.ts';
import type { Hazard } from './hazard.ts';
import { decodeHfp } from './hsl-hfp.ts';
import { decodeIncidentReport, type IncidentReport } from './incident-report.ts';
import { decodeCam } from './its-cam.ts';
import { decodeDenm } from './its-denm.ts';
import { looksLikeIts, openItsEnvelope } from './its-envelope.ts';
import { type JsonObject, parseJsonObject } from './json-payload.ts';
import { decodeOdeBsm, looksLikeOde } from './ode-bsm.ts';
import { reject } from './outcome.ts';
import { decodeOwnTracks } from './owntracks.ts';
import { parseTopic } from './parse-topic.ts';
import { decodePhoneBody, looksLikePhoneJson } from './phone-json.ts';
import { telemetryPrefix } from './topics.ts';
import { decodeVanetzaCam } from './vanetza-cam.ts';
import type { Decoded, VehicleState } from './vehicle-state.ts';

export const dialects = [
  'compact',
  'its-cam',
  'ode-bsm',
  'phone-json',
  'osmand',
  'owntracks',
  'vanetza-cam',
  'hsl-hfp',
] as const;
export type Dialect = (typeof dialects)[number];

export type DecodedMessage =
  | { readonly kind: 'state'; readonly state: VehicleState; readonly dialect: Dialect }
  | { readonly kind: 'hazard'; readonly hazard: Hazard }
  | { readonly kind: 'incident'; readonly report: IncidentReport };

/**
 * One MQTT message to what it says, in SI. Total: any bytes on any topic give a value or a reason of `rejectReasons`,
 * never an exception and never a NaN.
 *
 * The topic chooses the dialect; on a vehicle's telemetry topic (and with an empty topic, for files) the payload does.
 * @param receivedMs when the message arrived, UTC ms: what wrapped clocks are unwrapped against
 * @param clock remembers per source whether it counts leap seconds; without it every message is judged alone
 */
export function decode(
  topic: string,
  payload: Uint8Array,
  receivedMs: number,
  clock?: ClockOffsets,
): Decoded<DecodedMessage> {
  const parsed = parseJsonObject(payload);
  if (!parsed.ok) return parsed;
  const body = parsed.value;
  // The hot path: 9 of 10 messages need no regular expression to find their dialect.
  if (topic.startsWith(telemetryPrefix))
    return decodeSniffed(body, topic.slice(telemetryPrefix.length), receivedMs, clock);
  if (topic === '') return decodeSniffed(body, undefined, receivedMs, clock);
  const at = parseTopic(topic);
  switch (at.kind) {
    case 'telemetry':
      return decodeSniffed(body, at.vehicleId, receivedMs, clock);
    case 'incident':
      return incident(decodeIncidentReport(body, at.vehicleId));
    case 'v2x':
      return decodeIts(body, at, receivedMs, clock);
    case 'owntracks':
      return state(decodeOwnTracks(body, at.user), 'owntracks');
    case 'vanetza':
      return at.direction !== 'out' && at.direction !== 'own'
        ? reject('unknown-topic', `vanetza/${at.direction} carries no received message`)
        : at.type === 'cam'
          ? state(decodeVanetzaCam(body, receivedMs, clock), 'vanetza-cam')
          : reject('unsupported-type', `vanetza ${at.type} is not read`);
    case 'hfp':
      return state(decodeHfp(body, at), 'hsl-hfp');
    case 'unknown':
      // An ODE publishes where its operator likes; its payload says what it is.
      if (looksLikeOde(body)) return state(decodeOdeBsm(body, undefined, receivedMs), 'ode-bsm');
      return reject('unknown-topic', topic.slice(0, 120));
    default:
      return reject('unknown-topic', `${at.kind} is a topic of the platform's own`);
  }
}

/** By the shape of the payload; `topicId` is undefined when there is no topic at all. */
function decodeSniffed(
  body: JsonObject,
  topicId: string | undefined,
  receivedMs: number,
  clock: ClockOffsets | undefined,
): Decoded<DecodedMessage> {
  if (body._type !== undefined) return state(decodeOwnTracks(body, topicId), 'owntracks');
  if (body.ts !== undefined || body.lat !== undefined) return state(decodeCompact(body, topicId), 'compact');
  if (looksLikeIts(body))
    return decodeIts(body, topicId === undefined ? undefined : { uuid: topicId }, receivedMs, clock);
  if (looksLikeOde(body)) return state(decodeOdeBsm(body, topicId, receivedMs), 'ode-bsm');
  if (looksLikePhoneJson(body)) return state(decodePhoneBody(body, receivedMs, topicId), 'phone-json');
  if (topicId !== undefined) return state(decodeCompact(body, topicId), 'compact');
  if (body.reportId !== undefined) return incident(decodeIncidentReport(body, undefined));
  if (body.fields !== undefined) return state(decodeVanetzaCam(body, receivedMs, clock), 'vanetza-cam');
  if (body.VP !== undefined) return state(decodeHfp(body, undefined), 'hsl-hfp');
  return reject('unknown-dialect', `keys ${Object.keys(body).slice(0, 6).join(', ').slice(0, 120)}`);
}

function decodeIts(
  body: JsonObject,
  at: { readonly uuid: string; readonly type?: string } | undefined,
  receivedMs: number,
  clock: ClockOffsets | undefined,
): Decoded<DecodedMessage> {
  const envelope = openItsEnvelope(body, at?.uuid);
  if (!envelope.ok) return envelope;
  const { type } = envelope.value;
  if (at?.type !== undefined && at.type !== type)
    return reject('unsupported-type', `topic says ${at.type}, message says ${JSON.stringify(type.slice(0, 40))}`);
  if (type === 'cam') return state(decodeCam(envelope.value, receivedMs, clock), 'its-cam');
  if (type !== 'denm') return reject('unsupported-type', `${JSON.stringify(type.slice(0, 40))} is not read`);
  const hazard = decodeDenm(envelope.value, receivedMs, clock);
  return hazard.ok ? { ok: true, value: { kind: 'hazard', hazard: hazard.value } } : hazard;
}

const state = (decoded: Decoded<VehicleState>, dialect: Dialect): Decoded<DecodedMessage> =>
  decoded.ok ? { ok: true, value: { kind: 'state', state: decoded.value, dialect } } : decoded;

const incident = (decoded: Decoded<IncidentReport>): Decoded<DecodedMessage> =>
  decoded.ok ? { ok: true, value: { kind: 'incident', report: decoded.value } } : decoded;
