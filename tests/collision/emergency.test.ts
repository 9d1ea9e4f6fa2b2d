import { describe, expect, it } from 'vitest';
import { TrackFlag } from '../../collision/vehicle-flags.ts';
import { type Body, motorway, moving, play } from './straight-road.ts';

const road = motorway();
const special = 10;
const ambulance = (flags: number): Body => ({ ...moving(100, 3.5, 33), stationType: special, flags });
const ahead = moving(700, 0, 20);
const behind = moving(40, 0, 25);

describe('emergency vehicle approaching (E)', () => {
  it.each([1, 10])(
    '[U1] is announced to the driver ahead on its path, not to the one behind, and over once it is past (%i Hz)',
    (hz) => {
      const events = play(road, [ambulance(TrackFlag.siren), ahead, behind], 65, hz);
      const told = events.filter((event) => event.slot === 1);
      expect(told[0]).toMatchObject({ class: 'emergency-vehicle', stage: 1, causeCode: 95, otherSlot: 0 });
      expect(told[0]?.distance).toBeLessThanOrEqual(350);
      const past = (700 - 100) / 13;
      expect(past - (told[0]?.at ?? Infinity)).toBeGreaterThan(15);
      expect(told.at(-1)?.stage).toBe(0);
      expect(events.filter((event) => event.slot !== 1)).toEqual([]);
    },
  );

  it('[U1] is nothing to tell of without its siren', () => {
    expect(play(road, [ambulance(0), ahead, behind], 65, 10)).toEqual([]);
  });
});
