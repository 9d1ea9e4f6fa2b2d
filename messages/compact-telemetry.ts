import { FieldReader } from './field-reader.ts';
import { earliestMs, latestMs } from './instants.ts';
import { isJsonObject, type JsonObject } from './json-payload.ts';
import { limits } from './limits.ts';
import { makeVehicleState } from './make-vehicle-state.ts';
import { accept, reject } from './outcome.ts';
import { stationTypeOf } from './station-types.ts';
import { agreedVehicleId } from './vehicle-id.ts';
import { type Decoded, VehicleFlag, type VehicleState } from './vehicle-state.ts';

const flagBits = new Map<string, number>(Object.entries(VehicleFlag));

/**
 * Our own telemetry: `{ts, lat, lon, speed?, heading?, accel?, yawRate?, accuracy?, altitude?, length?, width?, type?, flags?,
 * ref?, id?}`, SI, `ts` UTC ms, heading degrees. `null` is "unknown"; keys not named here are ignored. The schema of the
 * same is `telemetrySchema`. This is the hot path.
 */
export function decodeCompact(body: JsonObject, topicId: string | undefined): Decoded<VehicleState> {
  const named = agreedVehicleId(topicId, body.id);
  if (!named.ok) return named;
  if (body.ts === undefined || body.ts === null) return reject('no-timestamp', 'ts (UTC ms) is missing');
  if (body.lat === undefined || body.lat === null || body.lon === undefined || body.lon === null)
    return reject('no-position', 'lat or lon is missing');
  const read = new FieldReader();
  const timestampMs = read.number(body.ts, 'ts', earliestMs, latestMs, 'timestamp-unreadable');
  const lat = read.number(body.lat, 'lat', limits.lat[0], limits.lat[1], 'position-out-of-range');
  const lon = read.number(body.lon, 'lon', limits.lon[0], limits.lon[1], 'position-out-of-range');
  const stationType = readStationType(read, body.type);
  const reference = readReference(read, body.ref);
  const speed = read.number(body.speed, 'speed', limits.speed[0], limits.speed[1], 'speed-out-of-range');
  const headingDeg = read.number(body.heading, 'heading', limits.heading[0], limits.heading[1], 'heading-out-of-range');
  const accel = read.number(body.accel, 'accel', limits.accel[0], limits.accel[1]);
  const yawRate = read.number(body.yawRate, 'yawRate', limits.yawRate[0], limits.yawRate[1]);
  const altitude = read.number(body.altitude, 'altitude', limits.altitude[0], limits.altitude[1]);
  const accuracy = read.number(body.accuracy, 'accuracy', limits.accuracy[0], limits.accuracy[1]);
  const length = read.number(body.length, 'length', limits.length[0], limits.length[1]);
  const width = read.number(body.width, 'width', limits.width[0], limits.width[1]);
  const flags = body.flags === undefined ? 0 : readFlags(read, body.flags);
  if (read.failure !== undefined) return read.failure;
  if (timestampMs === undefined || lat === undefined || lon === undefined)
    return reject('missing-field', 'ts, lat and lon are needed');
  return accept(
    makeVehicleState({
      vehicleId: named.id,
      stationType,
      timestampMs,
      lat,
      lon,
      reference,
      speed,
      headingDeg,
      accel,
      yawRate,
      altitude,
      accuracy,
      length,
      width,
      flags,
    }),
  );
}

function readStationType(read: FieldReader, type: unknown): number {
  if (typeof type !== 'string') return read.integer(type, 'type', 0, 255) ?? 0;
  const code = stationTypeOf(type);
  if (code === undefined) read.fail('value-out-of-range', `type ${JSON.stringify(type.slice(0, 40))} is not known`);
  return code ?? 0;
}

function readReference(read: FieldReader, ref: unknown): 'front' | 'centre' {
  if (ref === 'centre') return 'centre';
  if (ref !== undefined && ref !== null && ref !== 'front')
    read.fail('value-out-of-range', 'ref is "front" or "centre"');
  return 'front';
}

/** `["siren", …]` or `{siren: true, …}`; names that are not known here are for other readers. */
function readFlags(read: FieldReader, value: unknown): number {
  let flags = 0;
  if (Array.isArray(value)) {
    if (value.length > 32) read.fail('value-out-of-range', 'more than 32 flags');
    else
      for (const name of value) {
        if (typeof name === 'string') flags |= flagBits.get(name) ?? 0;
        else read.fail('wrong-type', 'flags are names');
      }
  } else if (isJsonObject(value)) {
    for (const [name, bit] of flagBits)
      if (Object.hasOwn(value, name) && read.boolean(value[name], name) === true) flags |= bit;
  } else if (value !== null) read.fail('wrong-type', 'flags is neither a list nor an object');
  return flags;
}
