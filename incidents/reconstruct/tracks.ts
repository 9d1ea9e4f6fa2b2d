import type { VehicleState } from '../../messages/index.ts';
import type { RawMessage } from '../types.ts';

/** What one party sent, decoded, in order of its own clock, one state per instant. */
export interface Track {
  readonly vehicleId: string;
  readonly states: readonly VehicleState[];
}

/** Tracks of the parties from their raw messages; what cannot be decoded, and other topics than telemetry, is left out. */
export function tracksOf(
  raw: readonly RawMessage[],
  decode: (message: RawMessage) => VehicleState | undefined,
): readonly Track[] {
  const byVehicle = new Map<string, Map<number, VehicleState>>();
  for (const message of raw) {
    const state = decode(message);
    if (state === undefined || state.vehicleId !== message.vehicleId) continue;
    const states = byVehicle.get(message.vehicleId) ?? new Map<number, VehicleState>();
    states.set(state.timestampMs, state);
    byVehicle.set(message.vehicleId, states);
  }
  return [...byVehicle]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([vehicleId, states]) => ({
      vehicleId,
      states: [...states.values()].sort((a, b) => a.timestampMs - b.timestampMs),
    }));
}
