import { describe, expect, it } from 'vitest';
import { allocateFleet, fleetView } from '../../collision/index.ts';
import { FleetWindow } from '../../threads/fleet-window.ts';
import { SlotNames } from '../../threads/slot-names.ts';

const now = 1_795_000_000_000;

function fleetOf(vehicles: readonly { slot: number; lat: number; lon: number; type: number; ageMs?: number }[]) {
  const fleet = fleetView(allocateFleet(8), 8);
  const names = new SlotNames(8);
  for (const { slot, lat, lon, type, ageMs = 0 } of vehicles) {
    fleet.generation[slot] = 1;
    fleet.timestampMs[slot] = now - ageMs;
    fleet.lat[slot] = lat;
    fleet.lon[slot] = lon;
    fleet.stationType[slot] = type;
    names.assign(slot, 1, `v${slot}`);
  }
  return { fleet, names, window: new FleetWindow(fleet, names, () => now) };
}

describe('the window on the fleet', () => {
  it('shows the vehicles of the view and of the wanted kind, and counts those beyond the limit', () => {
    const { window } = fleetOf([
      { slot: 0, lat: 1, lon: 1, type: 5 },
      { slot: 1, lat: 1, lon: 1.5, type: 6 },
      { slot: 2, lat: 9, lon: 1, type: 5 },
      { slot: 3, lat: 1.2, lon: 1.2, type: 5 },
    ]);
    const all = window.inView([0, 0, 2, 2], 2, () => true);
    expect(all.total).toBe(3);
    expect(all.items.map(([id]) => id)).toEqual(['v0', 'v1']);
    expect(window.inView([0, 0, 2, 2], 9, (type) => type === 6).items.map(([id]) => id)).toEqual(['v1']);
  });

  it('forgets a vehicle that has been silent for a minute', () => {
    const { window } = fleetOf([{ slot: 0, lat: 1, lon: 1, type: 5, ageMs: 60_001 }]);
    expect(window.inView([0, 0, 2, 2], 9, () => true).total).toBe(0);
    expect(window.get('v0')).toBeUndefined();
  });

  it('leaves out a slot that the core is writing, and one whose vehicle it does not know', () => {
    const { fleet, window } = fleetOf([
      { slot: 0, lat: 1, lon: 1, type: 5 },
      { slot: 1, lat: 1, lon: 1, type: 5 },
    ]);
    fleet.sequence[0] = 1;
    fleet.generation[1] = 7;
    expect(window.inView([0, 0, 2, 2], 9, () => true).items).toEqual([]);
    fleet.sequence[0] = 2;
    expect(window.get('v0')?.[0]).toBe('v0');
  });
});

describe('the names of slots', () => {
  it('tell the present vehicle of a slot and the one before, and no older one', () => {
    const names = new SlotNames(2);
    names.assign(0, 1, 'first');
    names.assign(0, 2, 'second');
    expect([names.idOf(0, 1), names.idOf(0, 2), names.idOf(0, 3)]).toEqual(['first', 'second', undefined]);
    names.assign(0, 3, 'third');
    expect([names.idOf(0, 1), names.idOf(0, 2), names.idOf(0, 3)]).toEqual([undefined, 'second', 'third']);
    expect([names.slotOf('first'), names.slotOf('third')]).toEqual([undefined, { slot: 0, generation: 3 }]);
  });

  it('follow a vehicle that came back on another slot', () => {
    const names = new SlotNames(2);
    names.assign(0, 1, 'a');
    names.assign(1, 1, 'a');
    names.assign(0, 2, 'b');
    expect(names.slotOf('a')).toEqual({ slot: 1, generation: 1 });
  });
});
