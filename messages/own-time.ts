import { earliestMs, etsiEpochMs, isPlausibleInstant, parseInstant } from './instants.ts';
import { isJsonObject, type JsonObject, parseJsonObject } from './json-payload.ts';

/**
 * The absolute time a recorded message carries, UTC ms: its generation time, else its envelope's. Undefined when it has
 * none. For reading recordings: a live message is judged by when it arrived.
 */
export function ownTime(payload: Uint8Array): number | undefined {
  const parsed = parseJsonObject(payload);
  if (!parsed.ok) return undefined;
  const body = parsed.value;
  const inner = (key: string): JsonObject => (isJsonObject(body[key]) ? body[key] : {});
  return (
    instantOf(body.ts) ??
    instantOf(body.timestamp) ??
    referenceTime(inner('message')) ??
    instantOf(body.tst) ??
    instantOf(inner('metadata').recordGeneratedAt) ??
    instantOf(inner('metadata').odeReceivedAt) ??
    instantOf(inner('location').timestamp) ??
    instantOf(inner('VP').tst) ??
    instantOf(body.occurredAtMs)
  );
}

function referenceTime(message: JsonObject): number | undefined {
  const management = isJsonObject(message.management) ? message.management : {};
  return typeof management.reference_time === 'number' ? instantOf(management.reference_time + etsiEpochMs) : undefined;
}

/** ISO text, ms, or seconds (what is too small to be ms). */
function instantOf(value: unknown): number | undefined {
  const timestampMs =
    typeof value === 'string'
      ? parseInstant(value)
      : typeof value === 'number'
        ? value < earliestMs / 100
          ? value * 1000
          : value
        : undefined;
  return timestampMs !== undefined && isPlausibleInstant(timestampMs) ? timestampMs : undefined;
}
