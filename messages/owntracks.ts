import { FieldReader } from './field-reader.ts';
import { earliestMs, latestMs } from './instants.ts';
import type { JsonObject } from './json-payload.ts';
import { limits } from './limits.ts';
import { makeVehicleState } from './make-vehicle-state.ts';
import { accept, reject } from './outcome.ts';
import { agreedVehicleId } from './vehicle-id.ts';
import type { Decoded, VehicleState } from './vehicle-state.ts';

const kmhToMs = 1 / 3.6;

/**
 * OwnTracks `_type: location` on `owntracks/{user}/{device}`; the user is the vehicle id. `tst` is seconds, `vel` km/h,
 * `cog` degrees, `acc` m. Other `_type`s (transition, lwt, …) are `unsupported-type`.
 */
export function decodeOwnTracks(body: JsonObject, user: string | undefined): Decoded<VehicleState> {
  if (body._type !== 'location')
    return reject(
      typeof body._type === 'string' ? 'unsupported-type' : 'missing-field',
      `_type ${JSON.stringify(String(body._type).slice(0, 40))}: only location is read`,
    );
  const named = agreedVehicleId(user, undefined);
  if (!named.ok) return named;
  const read = new FieldReader();
  const seconds = read.number(body.tst, 'tst', earliestMs / 1000, latestMs / 1000, 'timestamp-unreadable');
  const lat = read.number(body.lat, 'lat', limits.lat[0], limits.lat[1], 'position-out-of-range');
  const lon = read.number(body.lon, 'lon', limits.lon[0], limits.lon[1], 'position-out-of-range');
  const speedKmh = read.number(known(body.vel), 'vel', limits.speed[0], limits.speed[1] * 3.6, 'speed-out-of-range');
  const headingDeg = read.number(known(body.cog), 'cog', limits.heading[0], limits.heading[1], 'heading-out-of-range');
  const accuracy = read.number(known(body.acc), 'acc', limits.accuracy[0], limits.accuracy[1]);
  const altitude = read.number(body.alt, 'alt', limits.altitude[0], limits.altitude[1]);
  if (read.failure !== undefined) return read.failure;
  if (seconds === undefined) return reject('no-timestamp', 'tst is missing');
  if (lat === undefined || lon === undefined) return reject('no-position', 'lat or lon is missing');
  return accept(
    makeVehicleState({
      vehicleId: named.id,
      stationType: 0,
      timestampMs: seconds * 1000,
      lat,
      lon,
      reference: 'front',
      speed: speedKmh === undefined ? undefined : speedKmh * kmhToMs,
      headingDeg,
      altitude,
      accuracy: accuracy === 0 ? undefined : accuracy,
      flags: 0,
    }),
  );
}

const known = (value: unknown): unknown => (typeof value === 'number' && value < 0 ? undefined : value);
