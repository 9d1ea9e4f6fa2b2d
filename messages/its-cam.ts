import type { ClockOffsets } from './clock-offsets.ts';
import { etsi, generationDeltaPeriod, sigmaOf95PercentEllipse } from './etsi-codes.ts';
import { FieldReader } from './field-reader.ts';
import type { ItsEnvelope } from './its-envelope.ts';
import { camInstant } from './its-time.ts';
import { isJsonObject, type JsonObject } from './json-payload.ts';
import { makeVehicleState } from './make-vehicle-state.ts';
import { accept, reject } from './outcome.ts';
import { type Decoded, StationType, VehicleFlag, type VehicleState } from './vehicle-state.ts';

const none: JsonObject = {};

/** 2.x writes `{value, confidence}`, 1.x the bare number. */
const bare = (field: unknown): unknown => (isJsonObject(field) ? field.value : field);

/**
 * A CAM in Orange's JSON, 1.1.3 to 2.4.0 (raw ETSI integers). The reference position is already the front bumper.
 * `drive_direction` backward turns the heading of movement into the heading of the body.
 */
export function decodeCam(
  envelope: ItsEnvelope,
  receivedMs: number,
  clock: ClockOffsets | undefined,
): Decoded<VehicleState> {
  const { message } = envelope;
  const read = new FieldReader();
  const basic = read.object(message.basic_container, 'basic_container');
  const position = read.object(basic?.reference_position, 'reference_position');
  const high = read.object(message.high_frequency_container, 'high_frequency_container');
  if (read.failure !== undefined) return read.failure;
  if (basic === undefined || position === undefined || high === undefined)
    return reject('missing-field', 'basic_container.reference_position and high_frequency_container are needed');
  const stationType = read.integer(basic.station_type, 'station_type', 0, 255) ?? StationType.unknown;
  if (stationType === StationType.roadSideUnit || high.rsu_container_high_frequency !== undefined)
    return reject('unsupported-type', 'a road-side unit is not a road user');
  const vehicle =
    read.object(high.basic_vehicle_container_high_frequency, 'basic_vehicle_container_high_frequency') ?? high;

  const lat = read.coded(position.latitude, 'latitude', etsi.latitude, 'position-out-of-range');
  const lon = read.coded(position.longitude, 'longitude', etsi.longitude, 'position-out-of-range');
  const delta = read.integer(message.generation_delta_time, 'generation_delta_time', 0, generationDeltaPeriod - 1);
  const movement = read.coded(bare(vehicle.heading), 'heading', etsi.heading, 'heading-out-of-range');
  const speed = read.coded(bare(vehicle.speed), 'speed', etsi.speed, 'speed-out-of-range');
  const accel = read.coded(bare(vehicle.longitudinal_acceleration), 'longitudinal_acceleration', etsi.acceleration);
  const yawRate = read.coded(bare(vehicle.yaw_rate), 'yaw_rate', etsi.yawRate);
  const altitude = read.coded(bare(position.altitude), 'altitude', etsi.altitude);
  const length = read.coded(bare(vehicle.vehicle_length), 'vehicle_length', etsi.length);
  const width = read.coded(vehicle.vehicle_width, 'vehicle_width', etsi.width);
  const accuracy = readAccuracy(read, position, basic);
  const backward = vehicle.drive_direction === 1;
  if (read.failure !== undefined) return read.failure;
  if (lat === undefined || lon === undefined) return reject('no-position', 'latitude or longitude unavailable');

  const instant = camInstant(envelope.sourceId, delta, envelope.timestampMs, receivedMs, clock);
  if (!instant.ok) return instant;
  return accept(
    makeVehicleState({
      vehicleId: envelope.sourceId,
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
      accuracy,
      length,
      width,
      flags: readFlags(vehicle, message, backward),
    }),
  );
}

function readAccuracy(read: FieldReader, position: JsonObject, basic: JsonObject): number | undefined {
  const older = isJsonObject(basic.confidence) ? basic.confidence.position_confidence_ellipse : undefined;
  const ellipse = read.object(position.position_confidence_ellipse ?? older, 'position_confidence_ellipse') ?? none;
  return sigmaOf95PercentEllipse(
    read.coded(ellipse.semi_major ?? ellipse.semi_major_confidence, 'semi_major', etsi.semiAxis),
    read.coded(ellipse.semi_minor ?? ellipse.semi_minor_confidence, 'semi_minor', etsi.semiAxis),
  );
}

/** Flags enrich: a malformed optional container is passed over, not a reason to lose the position. */
function readFlags(vehicle: JsonObject, message: JsonObject, backward: boolean): number {
  let flags = backward ? VehicleFlag.reversing : 0;
  const control = isJsonObject(vehicle.acceleration_control) ? vehicle.acceleration_control : none;
  if (control.brake_pedal_engaged === true) flags |= VehicleFlag.brakeLights;
  if (control.emergency_brake_engaged === true) flags |= VehicleFlag.hardBraking;
  const low = isJsonObject(message.low_frequency_container) ? message.low_frequency_container : none;
  const lowVehicle = isJsonObject(low.basic_vehicle_container_low_frequency)
    ? low.basic_vehicle_container_low_frequency
    : none;
  const lights = isJsonObject(lowVehicle.exterior_lights) ? lowVehicle.exterior_lights : none;
  if (lights.left_turn_signal_on === true) flags |= VehicleFlag.leftIndicator;
  if (lights.right_turn_signal_on === true) flags |= VehicleFlag.rightIndicator;
  if (lights.left_turn_signal_on === true && lights.right_turn_signal_on === true) flags |= VehicleFlag.hazardLights;
  const special = isJsonObject(message.special_vehicle_container) ? message.special_vehicle_container : none;
  for (const name of ['emergency_container', 'rescue_container']) {
    const container = isJsonObject(special[name]) ? special[name] : none;
    const lightBar = isJsonObject(container.light_bar_siren_in_use) ? container.light_bar_siren_in_use : none;
    if (lightBar.siren_activated === true || lightBar.light_bar_activated === true) flags |= VehicleFlag.siren;
  }
  return flags;
}
