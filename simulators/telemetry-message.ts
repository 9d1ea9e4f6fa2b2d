import { VehicleFlag } from '../messages/index.ts';
import type { Plane } from '../roads/graph/index.ts';
import type { Measured } from './sensors.ts';

const flagNames = Object.entries(VehicleFlag);

/** What of a vehicle does not change. */
export interface VehicleFacts {
  readonly stationType: number;
  /** m. */
  readonly length: number;
  readonly width: number;
  readonly accuracy: number;
}

const round = (value: number, digits: number): number => Number(value.toFixed(digits));

/** One message of our own telemetry as JSON text (`telemetrySchema` of messages/); `flags` is a bit set of `VehicleFlag`. */
export function telemetryMessage(
  facts: VehicleFacts,
  measured: Measured,
  timestampMs: number,
  flags: number,
  plane: Plane,
): string {
  const message = {
    ts: timestampMs,
    lat: round(plane.lat(measured.y), 7),
    lon: round(plane.lon(measured.x), 7),
    speed: round(measured.speed, 2),
    heading: round(measured.headingDeg, 1) % 360,
    accel: round(measured.acceleration, 2),
    accuracy: round(facts.accuracy, 2),
    length: facts.length,
    width: facts.width,
    type: facts.stationType,
  };
  if (flags === 0) return JSON.stringify(message);
  return JSON.stringify({
    ...message,
    flags: flagNames.filter(([, bit]) => (flags & bit) !== 0).map(([name]) => name),
  });
}
