import { frontBumper, wrapLongitude } from './front-bumper.ts';
import type { VehicleState } from './vehicle-state.ts';

/** A state as a dialect read it: every field named, `undefined` when unavailable. Ranges are already checked. */
export interface StateFields {
  readonly vehicleId: string;
  readonly stationType: number;
  readonly timestampMs: number;
  readonly lat: number;
  readonly lon: number;
  /** Which point of the body `lat`, `lon` is. */
  readonly reference: 'front' | 'centre';
  readonly speed?: number | undefined;
  /** [0, 360]. */
  readonly headingDeg?: number | undefined;
  readonly accel?: number | undefined;
  readonly yawRate?: number | undefined;
  readonly altitude?: number | undefined;
  readonly accuracy?: number | undefined;
  readonly length?: number | undefined;
  readonly width?: number | undefined;
  readonly flags: number;
}

/**
 * Puts the position on the front bumper and wraps heading to [0, 360) and longitude to [-180, 180). One literal with every
 * key: adding them one by one costs several times as much.
 */
export function makeVehicleState(fields: StateFields): VehicleState {
  const { headingDeg, length } = fields;
  let { lat, lon } = fields;
  if (fields.reference === 'centre' && headingDeg !== undefined && length !== undefined) {
    const front = frontBumper(lat, lon, headingDeg, length);
    lat = front.lat;
    lon = front.lon;
  }
  return {
    vehicleId: fields.vehicleId,
    stationType: fields.stationType,
    timestampMs: fields.timestampMs,
    lat,
    lon: wrapLongitude(lon),
    speed: fields.speed,
    headingDeg: headingDeg !== undefined && headingDeg >= 360 ? headingDeg - 360 : headingDeg,
    accel: fields.accel,
    yawRate: fields.yawRate,
    altitude: fields.altitude,
    accuracy: fields.accuracy,
    length,
    width: fields.width,
    flags: fields.flags,
  };
}
