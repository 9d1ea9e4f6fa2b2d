import { FieldReader } from './field-reader.ts';
import { isPlausibleInstant, parseInstant } from './instants.ts';
import { limits } from './limits.ts';
import { makeVehicleState } from './make-vehicle-state.ts';
import { accept, reject } from './outcome.ts';
import { agreedVehicleId } from './vehicle-id.ts';
import type { Decoded, VehicleState } from './vehicle-state.ts';

export const metresPerSecondPerKnot = 1852 / 3600;

const decimal = /^[+-]?(?:\d{1,20}(?:\.\d{0,30})?|\.\d{1,30})(?:[eE][+-]?\d{1,3})?$/;

/**
 * The OsmAnd protocol of Traccar phones and trackers, `GET /?id=…&lat=…&lon=…&timestamp=…&speed=…&bearing=…`.
 * Speed is in KNOTS; negative speed, bearing, accuracy mean unknown. A missing timestamp means now. `timestamp` is
 * seconds, milliseconds or ISO 8601. `vehicleId`, when the caller authenticated one, must equal the id of the query.
 */
export function decodeOsmAndQuery(
  query: Readonly<Record<string, string | undefined>>,
  receivedMs: number,
  vehicleId?: string,
): Decoded<VehicleState> {
  const named = agreedVehicleId(vehicleId, own(query, 'id') ?? own(query, 'deviceid'));
  if (!named.ok) return named;
  const instant = readTimestamp(own(query, 'timestamp'), receivedMs);
  if (!instant.ok) return instant;
  const read = new FieldReader();
  const pair = own(query, 'location')?.split(',');
  const number = (name: string, text = own(query, name)): number | undefined => readDecimal(read, name, text);
  const lat = read.number(
    number('lat', own(query, 'lat') ?? pair?.[0]),
    'lat',
    limits.lat[0],
    limits.lat[1],
    'position-out-of-range',
  );
  const lon = read.number(
    number('lon', own(query, 'lon') ?? pair?.[1]),
    'lon',
    limits.lon[0],
    limits.lon[1],
    'position-out-of-range',
  );
  const knots = known(number('speed'));
  const speed =
    knots === undefined
      ? undefined
      : read.number(knots * metresPerSecondPerKnot, 'speed', limits.speed[0], limits.speed[1], 'speed-out-of-range');
  const bearing = known(number('bearing') ?? number('heading'));
  const headingDeg = read.number(bearing, 'bearing', limits.heading[0], limits.heading[1], 'heading-out-of-range');
  const accuracy = read.number(
    known(number('accuracy') ?? number('hacc')),
    'accuracy',
    limits.accuracy[0],
    limits.accuracy[1],
  );
  const altitude = read.number(number('altitude'), 'altitude', limits.altitude[0], limits.altitude[1]);
  if (read.failure !== undefined) return read.failure;
  if (lat === undefined || lon === undefined) return reject('no-position', 'lat or lon is missing');
  return accept(
    makeVehicleState({
      vehicleId: named.id,
      stationType: 0,
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

const own = (query: Readonly<Record<string, string | undefined>>, name: string): string | undefined => {
  const value: unknown = Object.hasOwn(query, name) ? query[name] : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
};

const known = (value: number | undefined): number | undefined => (value !== undefined && value < 0 ? undefined : value);

function readDecimal(read: FieldReader, name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!decimal.test(text))
    return read.fail('wrong-type', `${name} ${JSON.stringify(text.slice(0, 40))} is not a number`);
  return Number(text);
}

function readTimestamp(text: string | undefined, receivedMs: number): Decoded<number> {
  if (text === undefined) return accept(receivedMs);
  let timestampMs: number | undefined;
  // Ten digits are seconds until the year 2286, thirteen are milliseconds.
  if (/^\d{1,16}$/.test(text)) timestampMs = Number(text) < 100_000_000_000 ? Number(text) * 1000 : Number(text);
  else timestampMs = parseInstant(text);
  if (timestampMs === undefined || !isPlausibleOrOld(timestampMs))
    return reject('timestamp-unreadable', `timestamp ${JSON.stringify(text.slice(0, 40))}`);
  return accept(timestampMs);
}

/** Recorded tracks are older than V2X: anything since 2000 is a time. */
const isPlausibleOrOld = (timestampMs: number): boolean =>
  isPlausibleInstant(timestampMs) || (timestampMs >= 946_684_800_000 && timestampMs <= 1_514_764_800_000);
