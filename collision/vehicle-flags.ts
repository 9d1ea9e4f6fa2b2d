/** Bits of `flags` the core reads; the values equal `VehicleFlag` of messages/ (checked by a test: this room imports only roads/graph). */
export const TrackFlag = {
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

const unknownStation = 0;
export const pedestrian = 1;
const cyclist = 2;
const moped = 3;
const motorcycle = 4;
const bus = 6;
const lightTruck = 7;
const heavyTruck = 8;
const trailer = 9;
const specialVehicle = 10;
const tram = 11;
export const roadSideUnit = 15;

/** Pedestrians and cyclists: unprotected, free to leave the lanes. */
export function isVulnerable(stationType: number): boolean {
  return stationType === pedestrian || stationType === cyclist;
}

/** On foot: not bound to the movements of vehicles. */
export function isPedestrian(stationType: number): boolean {
  return stationType === pedestrian;
}

/** May run with siren and right of way. */
export function isEmergency(stationType: number, flags: number): boolean {
  return (flags & TrackFlag.siren) !== 0 && (stationType === specialVehicle || stationType === unknownStation);
}

/** Brakes at 2.5 / 4.0 m/s² instead of 3.4 / 5.0 (collision.md 3.10). */
export function isHeavy(stationType: number): boolean {
  return stationType === bus || stationType === heavyTruck || stationType === trailer || stationType === tram;
}

/** Body length and width, m, assumed when the vehicle does not send them (F2). */
export function assumedLength(stationType: number): number {
  if (stationType === pedestrian) return 0.5;
  if (stationType === cyclist || stationType === moped) return 1.9;
  if (stationType === motorcycle) return 2.2;
  if (stationType === bus || stationType === heavyTruck) return 12;
  if (stationType === lightTruck) return 7;
  if (stationType === tram) return 30;
  return 4.5;
}

export function assumedWidth(stationType: number): number {
  if (stationType === pedestrian) return 0.5;
  if (stationType === cyclist || stationType === moped) return 0.6;
  if (stationType === motorcycle) return 0.8;
  if (stationType === bus || stationType === heavyTruck || stationType === tram) return 2.5;
  return 1.8;
}
