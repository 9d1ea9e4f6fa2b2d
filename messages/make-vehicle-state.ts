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

type Draft = { -readonly [K in keyof VehicleState]: VehicleState[K] };

/** Puts the position on the front bumper, wraps heading to [0, 360) and longitude to [-180, 180), leaves out what is unavailable. */
export function makeVehicleState(fields: StateFields): VehicleState {
  const { headingDeg, length } = fields;
  const state: Draft = {
    vehicleId: fields.vehicleId,
    stationType: fields.stationType,
    timestampMs: fields.timestampMs,
    lat: fields.lat,
    lon: wrapLongitude(fields.lon),
    flags: fields.flags,
  };
  if (fields.speed !== undefined) state.speed = fields.speed;
  if (headingDeg !== undefined) state.headingDeg = headingDeg >= 360 ? headingDeg - 360 : headingDeg;
  if (fields.accel !== undefined) state.accel = fields.accel;
  if (fields.yawRate !== undefined) state.yawRate = fields.yawRate;
  if (fields.altitude !== undefined) state.altitude = fields.altitude;
  if (fields.accuracy !== undefined) state.accuracy = fields.accuracy;
  if (length !== undefined) state.length = length;
  if (fields.width !== undefined) state.width = fields.width;
  if (fields.reference === 'centre' && headingDeg !== undefined && length !== undefined) {
    const front = frontBumper(fields.lat, fields.lon, headingDeg, length);
    state.lat = front.lat;
    state.lon = front.lon;
  }
  return state;
}
