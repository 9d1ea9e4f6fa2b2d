import fc from 'fast-check';
import { expect, it } from 'vitest';
import { quadkeyBounds, quadkeyNeighbours, quadkeyOf } from '../../messages/index.ts';

const lat = fc.double({ min: -85, max: 85, noNaN: true });
const lon = fc.double({ min: -180, max: 179.999999, noNaN: true });
const level = fc.integer({ min: 1, max: 22 });

it('is the tile of the topic in the README of its-client, for the position of the CAM published there', () => {
  expect(quadkeyOf(44.7753167, -0.6518623, 22).slice(0, 18)).toBe('031333111202100121');
});

it.each([
  [45, -90, '0'],
  [45, 90, '1'],
  [-45, -90, '2'],
  [-45, 90, '3'],
])('%d, %d is quarter %s', (north, east, digit) => {
  expect(quadkeyOf(north, east, 1)).toBe(digit);
});

it('a place lies in the bounds of its tile, and a deeper tile begins with the shallower', () => {
  fc.assert(
    fc.property(lat, lon, level, (north, east, depth) => {
      const quadkey = quadkeyOf(north, east, depth);
      const bounds = quadkeyBounds(quadkey);
      expect(north).toBeGreaterThanOrEqual(bounds.south - 1e-9);
      expect(north).toBeLessThanOrEqual(bounds.north + 1e-9);
      expect(east).toBeGreaterThanOrEqual(bounds.west - 1e-9);
      expect(east).toBeLessThan(bounds.east + 1e-9);
      expect(quadkeyOf(north, east, 22).startsWith(quadkey)).toBe(true);
    }),
  );
});

it('neighbours touch the tile, and it is a neighbour of each of them', () => {
  fc.assert(
    fc.property(lat, lon, fc.integer({ min: 2, max: 22 }), (north, east, depth) => {
      const quadkey = quadkeyOf(north, east, depth);
      const around = quadkeyNeighbours(quadkey);
      expect(new Set(around).size).toBe(around.length);
      expect(around).not.toContain(quadkey);
      for (const neighbour of around) expect(quadkeyNeighbours(neighbour)).toContain(quadkey);
    }),
  );
});

it('has eight neighbours inside, five at the top, and wraps at the date line', () => {
  expect(quadkeyNeighbours(quadkeyOf(35.7, 51.4, 15))).toHaveLength(8);
  expect(quadkeyNeighbours(quadkeyOf(85, 10, 5))).toHaveLength(5);
  expect(quadkeyNeighbours(quadkeyOf(10, 179.9, 6))).toContain(quadkeyOf(10, -179.9, 6));
});

it('a level 15 tile and its eight neighbours reach at least a kilometre at the equator', () => {
  const { west, east } = quadkeyBounds(quadkeyOf(0, 0, 15));
  expect((east - west) * 111_319).toBeGreaterThan(1000);
});

it('a pole belongs to the outermost row', () => {
  expect(quadkeyOf(90, 0, 3)).toBe(quadkeyOf(85.05, 0, 3));
  expect(quadkeyOf(-90, 0, 3)).toBe(quadkeyOf(-85.05, 0, 3));
});

it.each([[0], [23], [1.5]])('refuses level %d', (wrong) => {
  expect(() => quadkeyOf(0, 0, wrong)).toThrow(RangeError);
});
it('refuses what is no position and no quadkey', () => {
  expect(() => quadkeyOf(Number.NaN, 0, 5)).toThrow(RangeError);
  expect(() => quadkeyBounds('4')).toThrow(RangeError);
  expect(() => quadkeyNeighbours('')).toThrow(RangeError);
});
