/**
 * The one normalised state every dialect decodes into. SI units, WGS 84, UTC.
 * "Unavailable" on the wire is `undefined` here, never a sentinel and never NaN. The decoders write every key, so that all
 * states have one hidden class on the hot path.
 */
export interface VehicleState {
  /** Pseudonymous id on the wire, 1..64 characters of `[A-Za-z0-9_.:-]`. */
  readonly vehicleId: string;
  /** ETSI station type: 0 unknown, 1 pedestrian, 2 cyclist, 3 moped, 4 motorcycle, 5 car, 6 bus, 7 light truck, 8 heavy truck, 9 trailer, 10 special (emergency) vehicle, 11 tram, 15 road-side unit. */
  readonly stationType: number;
  /** When the position was true: UTC milliseconds. */
  readonly timestampMs: number;
  /** Degrees, [-90, 90]. Together with `lon` the middle of the front bumper (ETSI reference position); dialects that give the centre are shifted by the decoder when length and heading are known. */
  readonly lat: number;
  /** Degrees, [-180, 180). */
  readonly lon: number;
  /** m/s, [0, 120]. */
  readonly speed?: number | undefined;
  /** Degrees clockwise from true north, [0, 360). Direction of the body. */
  readonly headingDeg?: number | undefined;
  /** Longitudinal acceleration, m/s², forward positive. */
  readonly accel?: number | undefined;
  /** rad/s, counter-clockwise (to the left) positive. */
  readonly yawRate?: number | undefined;
  /** Metres above the WGS 84 ellipsoid. */
  readonly altitude?: number | undefined;
  /** Radius of the 1-sigma horizontal position error, m. */
  readonly accuracy?: number | undefined;
  /** Body length and width, m. */
  readonly length?: number | undefined;
  readonly width?: number | undefined;
  /** Bit set of `VehicleFlag`. */
  readonly flags: number;
}

/** Facts about the vehicle that a dialect may carry; a bit set so that it crosses to the core as one number. */
export const VehicleFlag = {
  brakeLights: 1 << 0,
  hardBraking: 1 << 1,
  leftIndicator: 1 << 2,
  rightIndicator: 1 << 3,
  hazardLights: 1 << 4,
  absActive: 1 << 5,
  stabilityActive: 1 << 6,
  airbagDeployed: 1 << 7,
  siren: 1 << 8,
  reversing: 1 << 9,
  parked: 1 << 10,
  eCall: 1 << 11,
} as const;

/** ETSI TS 102 894-2 station types this platform tells apart. */
export const StationType = {
  unknown: 0,
  pedestrian: 1,
  cyclist: 2,
  moped: 3,
  motorcycle: 4,
  passengerCar: 5,
  bus: 6,
  lightTruck: 7,
  heavyTruck: 8,
  trailer: 9,
  specialVehicle: 10,
  tram: 11,
  roadSideUnit: 15,
} as const;

/** Why a message was refused. A closed set: every counter label and every `decode` answer is one of these. */
export const rejectReasons = [
  'too-large',
  'too-deep',
  'not-utf8',
  'not-json',
  'not-an-object',
  'unknown-dialect',
  'unknown-topic',
  'unsupported-format',
  'unsupported-type',
  'wrong-type',
  'missing-field',
  'bad-vehicle-id',
  'vehicle-id-mismatch',
  'no-position',
  'position-out-of-range',
  'speed-out-of-range',
  'heading-out-of-range',
  'value-out-of-range',
  'no-timestamp',
  'timestamp-unreadable',
  'too-old',
  'in-the-future',
  'duplicate',
  'out-of-order',
  'teleport',
  'implausible-speed',
  'implausible-acceleration',
  'frozen',
  'fleet-full',
] as const;
export type RejectReason = (typeof rejectReasons)[number];

/** Outcome of a total function over untrusted bytes. */
export type Decoded<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: RejectReason; readonly detail: string };
