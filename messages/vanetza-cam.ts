import type { ClockOffsets } from './clock-offsets.ts';
import { generationDeltaPeriod, sigmaOf95PercentEllipse } from './etsi-codes.ts';
import { type Code, FieldReader } from './field-reader.ts';
import { earliestMs, latestMs } from './instants.ts';
import { camInstant } from './its-time.ts';
import { isJsonObject, type JsonObject } from './json-payload.ts';
import { makeVehicleState } from './make-vehicle-state.ts';
import { accept, reject } from './outcome.ts';
import { type Decoded, StationType, VehicleFlag, type VehicleState } from './vehicle-state.ts';

/** vanetza-nap scales to degrees, m/s, m, but prints "unavailable" as the unscaled ETSI number. */
const si = {
  latitude: { min: -90, max: 90, unavailable: [900_000_001], scale: 1 },
  longitude: { min: -180, max: 180, unavailable: [1_800_000_001], scale: 1 },
  altitude: { min: -1000, max: 8000, unavailable: [800_001], scale: 1 },
  heading: { min: 0, max: 360, unavailable: [3601], scale: 1 },
  speed: { min: 0, max: 120, unavailable: [16_382, 16_383, 163.82], scale: 1 },
  acceleration: { min: -16, max: 16, unavailable: [161], scale: 1 },
  yawRate: { min: -327.66, max: 327.66, unavailable: [32_767], scale: Math.PI / 180 },
  length: { min: 0.1, max: 102.1, unavailable: [1022, 1023, 102.2], scale: 1 },
  width: { min: 0.1, max: 6, unavailable: [61, 62, 6.1], scale: 1 },
  semiAxis: { min: 0, max: 40.94, unavailable: [4095], scale: 1 },
} as const satisfies Record<string, Code>;

const none: JsonObject = {};

/** vanetza-nap's `vanetza/out/cam` and `vanetza/own/cam`: camelCase ASN.1 names, `timestamp` seconds, id = stationID. */
export function decodeVanetzaCam(
  body: JsonObject,
  receivedMs: number,
  clock: ClockOffsets | undefined,
): Decoded<VehicleState> {
  const fields = isJsonObject(body.fields) ? body.fields : none;
  const cam = isJsonObject(fields.cam) ? fields.cam : undefined;
  const parameters = isJsonObject(cam?.camParameters) ? cam.camParameters : undefined;
  if (cam === undefined || parameters === undefined)
    return reject('missing-field', 'fields.cam.camParameters is missing');
  const read = new FieldReader();
  const header = read.object(fields.header, 'header') ?? none;
  const station = read.integer(body.stationID ?? header.stationId ?? header.stationID, 'stationID', 0, 4_294_967_295);
  const basic = read.object(parameters.basicContainer, 'basicContainer') ?? none;
  const position = read.object(basic.referencePosition, 'referencePosition') ?? none;
  const high = read.object(parameters.highFrequencyContainer, 'highFrequencyContainer') ?? none;
  const vehicle = read.object(high.basicVehicleContainerHighFrequency, 'basicVehicleContainerHighFrequency') ?? none;
  const ellipse = read.object(position.positionConfidenceEllipse, 'positionConfidenceEllipse') ?? none;
  const inner = (parent: JsonObject, key: string, value: string): unknown =>
    isJsonObject(parent[key]) ? parent[key][value] : parent[key];

  const stationType = read.integer(basic.stationType, 'stationType', 0, 255) ?? StationType.unknown;
  const seconds = read.number(body.timestamp, 'timestamp', earliestMs / 1000, latestMs / 1000, 'timestamp-unreadable');
  const delta = read.integer(cam.generationDeltaTime, 'generationDeltaTime', 0, generationDeltaPeriod - 1);
  const lat = read.coded(position.latitude, 'latitude', si.latitude, 'position-out-of-range');
  const lon = read.coded(position.longitude, 'longitude', si.longitude, 'position-out-of-range');
  const altitude = read.coded(inner(position, 'altitude', 'altitudeValue'), 'altitude', si.altitude);
  const movement = read.coded(inner(vehicle, 'heading', 'headingValue'), 'heading', si.heading, 'heading-out-of-range');
  const speed = read.coded(inner(vehicle, 'speed', 'speedValue'), 'speed', si.speed, 'speed-out-of-range');
  const accel = read.coded(
    inner(vehicle, 'longitudinalAcceleration', 'value'),
    'longitudinalAcceleration',
    si.acceleration,
  );
  const yawRate = read.coded(inner(vehicle, 'yawRate', 'yawRateValue'), 'yawRate', si.yawRate);
  const length = read.coded(inner(vehicle, 'vehicleLength', 'vehicleLengthValue'), 'vehicleLength', si.length);
  const width = read.coded(vehicle.vehicleWidth, 'vehicleWidth', si.width);
  const axes = [
    read.coded(ellipse.semiMajorAxisLength ?? ellipse.semiMajorConfidence, 'semiMajor', si.semiAxis),
    read.coded(ellipse.semiMinorAxisLength ?? ellipse.semiMinorConfidence, 'semiMinor', si.semiAxis),
  ] as const;
  if (read.failure !== undefined) return read.failure;
  if (stationType === StationType.roadSideUnit)
    return reject('unsupported-type', 'a road-side unit is not a road user');
  if (station === undefined) return reject('missing-field', 'stationID is missing');
  if (lat === undefined || lon === undefined) return reject('no-position', 'latitude or longitude unavailable');
  const vehicleId = String(station);
  const instant = camInstant(vehicleId, delta, seconds === undefined ? undefined : seconds * 1000, receivedMs, clock);
  if (!instant.ok) return instant;
  const backward = vehicle.driveDirection === 1;
  return accept(
    makeVehicleState({
      vehicleId,
      stationType,
      timestampMs: instant.value,
      lat,
      lon,
      reference: 'front',
      speed,
      headingDeg: movement !== undefined && backward ? (movement + 180) % 360 : movement,
      accel,
      yawRate,
      altitude,
      accuracy: sigmaOf95PercentEllipse(axes[0], axes[1]),
      length,
      width,
      flags: readFlags(vehicle, parameters, backward),
    }),
  );
}

function readFlags(vehicle: JsonObject, parameters: JsonObject, backward: boolean): number {
  let flags = backward ? VehicleFlag.reversing : 0;
  const control = isJsonObject(vehicle.accelerationControl) ? vehicle.accelerationControl : none;
  if (control.brakePedalEngaged === true) flags |= VehicleFlag.brakeLights;
  if (control.emergencyBrakeEngaged === true) flags |= VehicleFlag.hardBraking;
  const low = isJsonObject(parameters.lowFrequencyContainer) ? parameters.lowFrequencyContainer : none;
  const lowVehicle = isJsonObject(low.basicVehicleContainerLowFrequency) ? low.basicVehicleContainerLowFrequency : none;
  const lights = isJsonObject(lowVehicle.exteriorLights) ? lowVehicle.exteriorLights : none;
  if (lights.leftTurnSignalOn === true) flags |= VehicleFlag.leftIndicator;
  if (lights.rightTurnSignalOn === true) flags |= VehicleFlag.rightIndicator;
  if (lights.leftTurnSignalOn === true && lights.rightTurnSignalOn === true) flags |= VehicleFlag.hazardLights;
  const special = isJsonObject(parameters.specialVehicleContainer) ? parameters.specialVehicleContainer : none;
  for (const name of ['emergencyContainer', 'rescueContainer']) {
    const container = isJsonObject(special[name]) ? special[name] : none;
    const lightBar = isJsonObject(container.lightBarSirenInUse) ? container.lightBarSirenInUse : none;
    if (lightBar.sirenActivated === true || lightBar.lightBarActivated === true) flags |= VehicleFlag.siren;
  }
  return flags;
}
