import { FieldReader } from './field-reader.ts';
import { earliestMs, latestMs, parseInstant } from './instants.ts';
import { isJsonObject, type JsonObject } from './json-payload.ts';
import { limits } from './limits.ts';
import { makeVehicleState } from './make-vehicle-state.ts';
import { accept, reject } from './outcome.ts';
import type { ParsedTopic } from './parse-topic.ts';
import { type Decoded, StationType, type VehicleState } from './vehicle-state.ts';

/** Modes that share the road with cars; trains, metros and ferries do not. */
const roadModes = new Map<string, number>([
  ['bus', StationType.bus],
  ['ubus', StationType.bus],
  ['robot', StationType.bus],
  ['tram', StationType.tram],
]);

/**
 * Helsinki's HFP vehicle position, `{"VP": {…}}`: SI units, `tst` ISO (ms), `tsi` whole seconds. The id is
 * `hsl:{operator}:{vehicle}` from the topic, whose operator owns the vehicle; without a topic from the body.
 */
export function decodeHfp(
  body: JsonObject,
  topic: Extract<ParsedTopic, { kind: 'hfp' }> | undefined,
): Decoded<VehicleState> {
  const position = body.VP;
  if (!isJsonObject(position))
    return reject(
      'unsupported-type',
      `only vehicle positions (VP) are read, not ${JSON.stringify(Object.keys(body)[0] ?? '')}`,
    );
  const mode = topic?.mode ?? 'bus';
  const stationType = roadModes.get(mode === '' ? 'bus' : mode);
  if (stationType === undefined)
    return reject('unsupported-type', `mode ${JSON.stringify(mode.slice(0, 40))} is not on the road`);
  const read = new FieldReader();
  const operator = topic === undefined ? read.integer(position.oper, 'oper', 0, 1e6) : Number(topic.operator);
  const bodyVehicle = read.integer(position.veh, 'veh', 0, 1e9);
  const vehicle = topic === undefined ? bodyVehicle : Number(topic.vehicle);
  const lat = read.number(position.lat, 'lat', limits.lat[0], limits.lat[1], 'position-out-of-range');
  const lon = read.number(position.long, 'long', limits.lon[0], limits.lon[1], 'position-out-of-range');
  const speed = read.number(position.spd, 'spd', limits.speed[0], limits.speed[1], 'speed-out-of-range');
  const headingDeg = read.number(position.hdg, 'hdg', limits.heading[0], limits.heading[1], 'heading-out-of-range');
  const accel = read.number(position.acc, 'acc', -50, 50);
  const seconds = read.number(position.tsi, 'tsi', earliestMs / 1000, latestMs / 1000, 'timestamp-unreadable');
  if (lat === undefined && read.failure === undefined) return reject('no-position', 'lat is missing');
  if (read.failure !== undefined) return read.failure;
  if (lat === undefined || lon === undefined) return reject('no-position', 'long is missing');
  if (!Number.isInteger(operator) || !Number.isInteger(vehicle))
    return reject(topic === undefined ? 'missing-field' : 'bad-vehicle-id', 'operator or vehicle number is missing');
  if (bodyVehicle !== undefined && bodyVehicle !== vehicle)
    return reject('vehicle-id-mismatch', `topic says ${vehicle}, veh says ${bodyVehicle}`);
  const exact = typeof position.tst === 'string' ? parseInstant(position.tst) : undefined;
  const timestampMs =
    exact !== undefined && exact >= earliestMs && exact <= latestMs
      ? exact
      : seconds === undefined
        ? undefined
        : seconds * 1000;
  if (timestampMs === undefined) return reject('no-timestamp', 'neither tst nor tsi is a time');
  return accept(
    makeVehicleState({
      vehicleId: `hsl:${operator}:${vehicle}`,
      stationType,
      timestampMs,
      lat,
      lon,
      reference: 'front',
      speed,
      headingDeg,
      accel,
      flags: 0,
    }),
  );
}
