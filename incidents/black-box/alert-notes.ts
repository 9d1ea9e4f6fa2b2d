import type { AlertNote } from '../types.ts';

/** Remembers the latest alerts of each vehicle, so that a record can tell what its parties had been told. */
export interface AlertNotes {
  add(note: AlertNote): void;
  /** Alerts of these vehicles in the two minutes before `untilMs`. */
  of(vehicleIds: readonly string[], untilMs: number): readonly AlertNote[];
}

const mostVehicles = 20_000;
const mostPerVehicle = 16;
const memoryMs = 120_000;

/** At most 20,000 vehicles (the longest silent goes first) with 16 alerts each. */
export function createAlertNotes(): AlertNotes {
  const byVehicle = new Map<string, AlertNote[]>();
  return {
    add(note) {
      const notes = byVehicle.get(note.vehicleId) ?? [];
      byVehicle.delete(note.vehicleId);
      byVehicle.set(note.vehicleId, [...notes, note].slice(-mostPerVehicle));
      if (byVehicle.size <= mostVehicles) return;
      const eldest = byVehicle.keys().next();
      if (!eldest.done) byVehicle.delete(eldest.value);
    },
    of: (vehicleIds, untilMs) =>
      vehicleIds
        .flatMap((id) => byVehicle.get(id) ?? [])
        .filter((note) => note.issuedMs <= untilMs && note.issuedMs >= untilMs - memoryMs)
        .sort((a, b) => a.issuedMs - b.issuedMs),
  };
}
