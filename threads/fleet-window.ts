import type { FleetView } from '../collision/index.ts';
import type { LiveVehicle, Stage } from '../messages/index.ts';
import type { SlotNames } from './slot-names.ts';

/** A vehicle not heard of for this long is no longer shown, ms. */
const forgottenAfterMs = 60_000;
/** Tries to read a slot that the core is writing at the same instant; then the slot is left out of this look. */
const readTries = 4;

/** What the map may see of the fleet in the core's shared memory. All calls read, none blocks the core. */
export class FleetWindow {
  private readonly fleet: FleetView;
  private readonly names: SlotNames;
  private readonly nowMs: () => number;

  constructor(fleet: FleetView, names: SlotNames, nowMs: () => number) {
    this.fleet = fleet;
    this.names = names;
    this.nowMs = nowMs;
  }

  /** Vehicles within [west, south, east, north] that `wanted` accepts by station type; `total` counts those cut off by `limit` too. */
  inView(
    [west, south, east, north]: readonly [number, number, number, number],
    limit: number,
    wanted: (stationType: number) => boolean,
  ): { readonly total: number; readonly items: readonly LiveVehicle[] } {
    const { capacity, timestampMs, lat, lon, stationType } = this.fleet;
    const oldest = this.nowMs() - forgottenAfterMs;
    const items: LiveVehicle[] = [];
    let total = 0;
    for (let slot = 0; slot < capacity; slot++) {
      if ((timestampMs[slot] as number) < oldest) continue;
      const y = lat[slot] as number;
      const x = lon[slot] as number;
      if (y < south || y > north || x < west || x > east || !wanted(stationType[slot] as number)) continue;
      const item = this.read(slot);
      if (item === undefined) continue;
      total += 1;
      if (items.length < limit) items.push(item);
    }
    return { total, items };
  }

  get(vehicleId: string): LiveVehicle | undefined {
    const at = this.names.slotOf(vehicleId);
    if (at === undefined || (this.fleet.timestampMs[at.slot] as number) < this.nowMs() - forgottenAfterMs)
      return undefined;
    const item = this.read(at.slot);
    return item?.[0] === vehicleId ? item : undefined;
  }

  /** One consistent copy of a slot: the sequence is even and the same before and after. */
  private read(slot: number): LiveVehicle | undefined {
    const { fleet } = this;
    for (let i = 0; i < readTries; i++) {
      const before = Atomics.load(fleet.sequence, slot);
      if ((before & 1) !== 0) continue;
      const id = this.names.idOf(slot, fleet.generation[slot] as number);
      const item: LiveVehicle = [
        id ?? '',
        fleet.lon[slot] as number,
        fleet.lat[slot] as number,
        fleet.headingDeg[slot] as number,
        fleet.speed[slot] as number,
        fleet.stationType[slot] as number,
        fleet.stage[slot] as number as Stage,
        Math.max(0, (this.nowMs() - (fleet.timestampMs[slot] as number)) / 1000),
      ];
      if (Atomics.load(fleet.sequence, slot) === before) return id === undefined ? undefined : item;
    }
    return undefined;
  }
}
