import { type BsmCodes, decimalBsm, lastSecMark, rawBsm, secMarkPeriod } from './bsm-codes.ts';
import { bsmFlags } from './bsm-flags.ts';
import { FieldReader } from './field-reader.ts';
import { isPlausibleInstant, parseInstant } from './instants.ts';
import { isJsonObject, type JsonObject } from './json-payload.ts';
import { makeVehicleState } from './make-vehicle-state.ts';
import { accept, reject } from './outcome.ts';
import { isVehicleId } from './vehicle-id.ts';
import { type Decoded, StationType, VehicleFlag, type VehicleState } from './vehicle-state.ts';
import { unwrapFresh } from './wrapped-clock.ts';

/** True for every JSON message of the USDOT ODE: they all name their payload's Java class. */
export const looksLikeOde = (body: JsonObject): boolean =>
  isJsonObject(body.metadata) && typeof body.metadata.payloadType === 'string';

/** The two `speed` spellings are told apart by the structure, never by the size of a number. */
function findCore(data: JsonObject): { core: JsonObject; codes: BsmCodes; partII: unknown } | undefined {
  if (isJsonObject(data.coreData)) return { core: data.coreData, codes: decimalBsm, partII: data.partII };
  const frame = isJsonObject(data.value) ? data.value : data;
  const bsm = frame.BasicSafetyMessage;
  return isJsonObject(bsm) && isJsonObject(bsm.coreData)
    ? { core: bsm.coreData, codes: rawBsm, partII: bsm.partII }
    : undefined;
}

/**
 * SAE J2735 BSM in the JSON of the USDOT ODE: schema versions 6 to 8 (decimals) and 9 (raw integers).
 *
 * A BSM's id is temporary by design, so when the topic names the vehicle that name is used and no agreement is asked.
 * Position is the body's centre and is moved to the front bumper. secMark (ms of the minute) is unwrapped against
 * `recordGeneratedAt`, else `odeReceivedAt`, else the receive time.
 */
export function decodeOdeBsm(body: JsonObject, topicId: string | undefined, receivedMs: number): Decoded<VehicleState> {
  const metadata = isJsonObject(body.metadata) ? body.metadata : {};
  const payload = isJsonObject(body.payload) ? body.payload : undefined;
  if (payload === undefined || !isJsonObject(payload.data)) return reject('missing-field', 'payload.data is missing');
  const found = findCore(payload.data);
  if (found === undefined) return rejectOther(metadata.payloadType, payload.data);
  const { core, codes, partII } = found;

  const vehicleId = topicId ?? core.id;
  if (!isVehicleId(vehicleId))
    return vehicleId === undefined || vehicleId === null
      ? reject('missing-field', 'coreData.id is missing')
      : reject('bad-vehicle-id', `id ${JSON.stringify(String(vehicleId).slice(0, 80))}`);
  const read = new FieldReader();
  const position = read.object(core.position, 'position') ?? core;
  const acceleration = read.object(core.accelSet, 'accelSet') ?? {};
  const accuracyOf = read.object(core.accuracy, 'accuracy') ?? {};
  const size = read.object(core.size, 'size') ?? {};
  const number = (value: unknown, name: string, code: BsmCodes[keyof BsmCodes]) =>
    read.coded(unavailableText(value), name, code);
  const lat = read.coded(
    unavailableText(position.latitude ?? core.lat),
    'latitude',
    codes.latitude,
    'position-out-of-range',
  );
  const lon = read.coded(
    unavailableText(position.longitude ?? core.long),
    'longitude',
    codes.longitude,
    'position-out-of-range',
  );
  const speed = read.coded(unavailableText(core.speed), 'speed', codes.speed, 'speed-out-of-range');
  const headingDeg = read.coded(unavailableText(core.heading), 'heading', codes.heading, 'heading-out-of-range');
  const altitude = number(position.elevation ?? core.elev, 'elevation', codes.elevation);
  const accel = number(acceleration.accelLong ?? acceleration.long, 'accelLong', codes.accel);
  const yawRate = number(acceleration.accelYaw ?? acceleration.yaw, 'accelYaw', codes.yawRate);
  // One standard deviation each; the longer speaks for both.
  const accuracy = Math.max(
    number(accuracyOf.semiMajor, 'semiMajor', codes.semiAxis) ?? 0,
    number(accuracyOf.semiMinor, 'semiMinor', codes.semiAxis) ?? 0,
  );
  const width = number(size.width, 'width', codes.width);
  const length = number(size.length, 'length', codes.length);
  const secMark = readSecMark(read, core.secMark);
  if (read.failure !== undefined) return read.failure;
  if (lat === undefined || lon === undefined) return reject('no-position', 'latitude or longitude unavailable');
  const instant = bsmInstant(secMark, metadata, receivedMs);
  if (!instant.ok) return instant;
  const flags = bsmFlags(core, partII);
  return accept(
    makeVehicleState({
      vehicleId,
      // A BSM comes from a vehicle; a siren tells which kind.
      stationType: (flags & VehicleFlag.siren) === 0 ? StationType.passengerCar : StationType.specialVehicle,
      timestampMs: instant.value,
      lat,
      lon,
      reference: 'centre',
      speed,
      headingDeg,
      accel,
      yawRate,
      altitude,
      accuracy: accuracy === 0 ? undefined : accuracy,
      length,
      width,
      flags,
    }),
  );
}

/** The ODE writes "" and "unavailable" for some missing numbers. */
const unavailableText = (value: unknown): unknown => (value === '' || value === 'unavailable' ? undefined : value);

/** 65535 and the reserved codes above the leap second carry no time. */
function readSecMark(read: FieldReader, value: unknown): number | undefined {
  const secMark = read.integer(value, 'secMark', 0, 65_535);
  return secMark !== undefined && secMark <= lastSecMark ? secMark : undefined;
}

function bsmInstant(secMark: number | undefined, metadata: JsonObject, receivedMs: number): Decoded<number> {
  let anchorMs: number | undefined;
  for (const name of ['recordGeneratedAt', 'odeReceivedAt']) {
    const text = metadata[name];
    if (text === undefined || text === null || text === '') continue;
    const parsed = typeof text === 'string' ? parseInstant(text) : undefined;
    if (parsed === undefined || !isPlausibleInstant(parsed))
      return reject('timestamp-unreadable', `metadata.${name} ${JSON.stringify(String(text).slice(0, 40))}`);
    anchorMs = parsed;
    break;
  }
  if (secMark !== undefined) return unwrapFresh(secMark, secMarkPeriod, 0, anchorMs ?? receivedMs);
  return anchorMs === undefined ? reject('no-timestamp', 'no secMark and no time in metadata') : accept(anchorMs);
}

function rejectOther(payloadType: unknown, data: JsonObject): ReturnType<typeof reject> {
  const isBsm = typeof payloadType === 'string' && /Bsm/i.test(payloadType);
  if (isBsm) return reject('missing-field', 'payload.data.coreData is missing');
  if (typeof data.bytes === 'string') return reject('unsupported-format', 'undecoded bytes: only JSON BSMs are read');
  return reject('unsupported-type', `payloadType ${JSON.stringify(String(payloadType).slice(0, 80))} is not a BSM`);
}
