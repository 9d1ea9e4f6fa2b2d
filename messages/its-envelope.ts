import { FieldReader } from './field-reader.ts';
import { earliestMs, latestMs } from './instants.ts';
import { isJsonObject, type JsonObject } from './json-payload.ts';
import { accept, reject } from './outcome.ts';
import { agreedVehicleId } from './vehicle-id.ts';
import type { Decoded } from './vehicle-state.ts';

/** The outer object of every message of Orange's its-client: 1.x says `type`, 2.x `message_type`. */
export interface ItsEnvelope {
  readonly type: string;
  readonly sourceId: string;
  /** Unix ms by the sender's clock; undefined when left out or -1 (its-client writes it for "not set"). */
  readonly timestampMs: number | undefined;
  readonly message: JsonObject;
}

/** True when the object looks like an its-client message of any version. */
export const looksLikeIts = (body: JsonObject): boolean =>
  body.message !== undefined && (typeof body.message_type === 'string' || typeof body.type === 'string');

/** Opens the envelope; versions are not compared: what is needed is checked field by field, so that a new minor version still works. */
export function openItsEnvelope(body: JsonObject, topicUuid: string | undefined): Decoded<ItsEnvelope> {
  const type = body.message_type ?? body.type;
  if (typeof type !== 'string') return reject('missing-field', 'message_type (or type) is missing');
  const format = body.message_format;
  if (format !== undefined && format !== 'json/raw')
    return reject(
      'unsupported-format',
      `message_format ${JSON.stringify(String(format).slice(0, 40))}: only json/raw is read`,
    );
  const named = agreedVehicleId(topicUuid, body.source_uuid);
  if (!named.ok) return named;
  const read = new FieldReader();
  const timestampMs =
    body.timestamp === -1
      ? undefined
      : read.number(body.timestamp, 'timestamp', earliestMs, latestMs, 'timestamp-unreadable');
  if (read.failure !== undefined) return read.failure;
  if (body.message === undefined) return reject('missing-field', 'message is missing');
  if (!isJsonObject(body.message)) return reject('wrong-type', 'message is not an object');
  return accept({ type, sourceId: named.id, timestampMs, message: body.message });
}
