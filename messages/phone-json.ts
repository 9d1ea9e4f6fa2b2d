import { FieldReader } from './field-reader.ts';
import { isPlausibleInstant, parseInstant } from './instants.ts';
import { isJsonObject, type JsonObject, parseJsonObject } from './json-payload.ts';
import { limits } from './limits.ts';
import { makeVehicleState } from './make-vehicle-state.ts';
import { accept, reject } from './outcome.ts';
import { agreedVehicleId } from './vehicle-id.ts';
import { type Decoded, StationType, type VehicleState } from './vehicle-state.ts';

/** `{location: {timestamp, coords: {…}}, device_id}`: Traccar's newer phone client and its background-geolocation library. */
export const looksLikePhoneJson = (body: JsonObject): boolean => isJsonObject(body.location);

/** What the phone thinks its owner is doing. Still and unknown tell nothing of the kind of road user. */
const activities = new Map<unknown, number>([
  ['on_foot', StationType.pedestrian],
  ['walking', StationType.pedestrian],
  ['running', StationType.pedestrian],
  ['on_bicycle', StationType.cyclist],
  ['in_vehicle', StationType.passengerCar],
]);

/** As `decodePhoneBody`, from the bytes of an HTTP POST. */
export function decodePhoneJson(payload: Uint8Array, receivedMs: number, vehicleId?: string): Decoded<VehicleState> {
  const body = parseJsonObject(payload);
  return body.ok ? decodePhoneBody(body.value, receivedMs, vehicleId) : body;
}

/** m/s, degrees, metres; -1 (any negative) is unknown for speed, heading and accuracy. A missing timestamp means now. */
export function decodePhoneBody(body: JsonObject, receivedMs: number, vehicleId?: string): Decoded<VehicleState> {
  const named = agreedVehicleId(vehicleId, body.device_id);
  if (!named.ok) return named;
  const location = isJsonObject(body.location) ? body.location : undefined;
  if (location === undefined) return reject('missing-field', 'location is missing');
  const coords = isJsonObject(location.coords) ? location.coords : undefined;
  if (coords === undefined) return reject('no-position', 'location.coords is missing');
  const instant = readTimestamp(location.timestamp, receivedMs);
  if (!instant.ok) return instant;
  const read = new FieldReader();
  const lat = read.number(coords.latitude, 'latitude', limits.lat[0], limits.lat[1], 'position-out-of-range');
  const lon = read.number(coords.longitude, 'longitude', limits.lon[0], limits.lon[1], 'position-out-of-range');
  const speed = read.number(known(coords.speed), 'speed', limits.speed[0], limits.speed[1], 'speed-out-of-range');
  const headingDeg = read.number(
    known(coords.heading),
    'heading',
    limits.heading[0],
    limits.heading[1],
    'heading-out-of-range',
  );
  const accuracy = read.number(known(coords.accuracy), 'accuracy', limits.accuracy[0], limits.accuracy[1]);
  const altitude = read.number(
    coords.ellipsoidal_altitude ?? coords.altitude,
    'altitude',
    limits.altitude[0],
    limits.altitude[1],
  );
  if (read.failure !== undefined) return read.failure;
  if (lat === undefined || lon === undefined) return reject('no-position', 'latitude or longitude is missing');
  const activity = isJsonObject(location.activity) ? activities.get(location.activity.type) : undefined;
  return accept(
    makeVehicleState({
      vehicleId: named.id,
      stationType: activity ?? StationType.unknown,
      timestampMs: instant.value,
      lat,
      lon,
      reference: 'front',
      speed,
      headingDeg,
      altitude,
      accuracy: accuracy === 0 ? undefined : accuracy,
      flags: 0,
    }),
  );
}

const known = (value: unknown): unknown => (typeof value === 'number' && value < 0 ? undefined : value);

function readTimestamp(value: unknown, receivedMs: number): Decoded<number> {
  if (value === undefined || value === null) return accept(receivedMs);
  const timestampMs = typeof value === 'string' ? parseInstant(value) : typeof value === 'number' ? value : undefined;
  return timestampMs !== undefined && isPlausibleInstant(timestampMs)
    ? accept(timestampMs)
    : reject('timestamp-unreadable', `location.timestamp ${JSON.stringify(String(value).slice(0, 40))}`);
}
