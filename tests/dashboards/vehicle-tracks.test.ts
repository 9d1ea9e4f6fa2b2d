import { describe, expect, test } from 'vitest';
import { placeAt, staleSeconds, VehicleTracks } from '../../dashboards/web/live/vehicle-tracks.ts';
import type { LiveVehicle } from '../../messages/index.ts';

const north = (lat: number, change: { speed?: number; age?: number; id?: string } = {}): LiveVehicle => [
  change.id ?? 'a',
  51.4,
  lat,
  0,
  change.speed ?? 10,
  5,
  0,
  change.age ?? 0,
];
/** Metres of latitude on the sphere of WGS 84's mean radius; the code uses a round 111,320 m a degree (0.11 % more). */
const metresNorth = (from: number, to: number): number => ((to - from) * Math.PI * 6_371_008.8) / 180;

describe('vehicles between two frames', () => {
  test('a vehicle moves on with its speed and heading', () => {
    const tracks = new VehicleTracks();
    tracks.update([north(35.7)], 0);
    expect(metresNorth(35.7, placeAt(tracks.get('a')!, 1_000).lat)).toBeCloseTo(10, 1);
  });

  test('a state that is old already is moved on by its age', () => {
    const tracks = new VehicleTracks();
    tracks.update([north(35.7, { age: 0.5 })], 10_000);
    const place = placeAt(tracks.get('a')!, 10_000);
    expect(metresNorth(35.7, place.lat)).toBeCloseTo(5, 1);
    expect(place.ageSeconds).toBeCloseTo(0.5, 9);
  });

  test('unheard for longer it stands still instead of being guessed further', () => {
    const tracks = new VehicleTracks();
    tracks.update([north(35.7)], 0);
    const place = placeAt(tracks.get('a')!, 20_000);
    expect(metresNorth(35.7, place.lat)).toBeCloseTo(10 * staleSeconds, 0);
    expect(place.ageSeconds).toBe(20);
  });

  test('a correction does not jump and is gone after half a second', () => {
    const tracks = new VehicleTracks();
    tracks.update([north(35.7)], 0);
    const before = placeAt(tracks.get('a')!, 1_000);
    // Heard 4 m behind where it was drawn, and standing.
    tracks.update([north(35.7 + 6 / 111_320, { speed: 0 })], 1_000);
    const track = tracks.get('a')!;
    expect(placeAt(track, 1_000).lat).toBeCloseTo(before.lat, 9);
    expect(placeAt(track, 1_500).lat).toBeCloseTo(35.7 + 6 / 111_320, 9);
  });

  test('a real leap is shown as one', () => {
    const tracks = new VehicleTracks();
    tracks.update([north(35.7, { speed: 0 })], 0);
    tracks.update([north(35.71, { speed: 0 })], 1_000);
    expect(placeAt(tracks.get('a')!, 1_000).lat).toBe(35.71);
  });

  test('a vehicle that is missing from three frames has left', () => {
    const tracks = new VehicleTracks();
    tracks.update([north(35.7)], 0);
    tracks.update([], 1_000);
    tracks.update([], 2_000);
    expect(tracks.size).toBe(1);
    tracks.update([], 3_000);
    expect(tracks.size).toBe(0);
  });

  test('no more than 5,000 vehicles are kept', () => {
    const tracks = new VehicleTracks();
    tracks.update(
      Array.from({ length: 5_001 }, (_, index) => north(35.7, { id: `v${index}` })),
      0,
    );
    expect(tracks.size).toBe(5_000);
  });
});
