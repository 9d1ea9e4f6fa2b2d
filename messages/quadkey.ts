import { wrapLongitude } from './front-bumper.ts';

/** Latitude where Web Mercator ends: the map is square there. */
export const maxMercatorLatitude = 85.05112877980659;
export const maxQuadkeyLevel = 22;

export interface TileBounds {
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
}

/**
 * Web Mercator tile of a place as a quadkey: one digit per level, Z order from the north-west (0 NW, 1 NE, 2 SW, 3 SE).
 * Latitudes beyond Mercator's end belong to the outermost row. Level 15 is about 1.2 km at the equator.
 * Throws RangeError for a level outside 1..22 or a position that is not finite.
 */
export function quadkeyOf(lat: number, lon: number, level: number): string {
  if (!Number.isInteger(level) || level < 1 || level > maxQuadkeyLevel)
    throw new RangeError(`quadkey level ${level}: an integer in [1, ${maxQuadkeyLevel}] is needed`);
  if (!Number.isFinite(lat) || !Number.isFinite(lon)) throw new RangeError(`quadkey of ${lat}, ${lon}: not a position`);
  const tiles = 2 ** level;
  const clamped = Math.min(maxMercatorLatitude, Math.max(-maxMercatorLatitude, lat));
  const sin = Math.sin((clamped * Math.PI) / 180);
  const column = Math.floor(((wrapLongitude(lon) + 180) / 360) * tiles);
  const row = Math.floor((0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)) * tiles);
  return toQuadkey(Math.min(tiles - 1, Math.max(0, column)), Math.min(tiles - 1, Math.max(0, row)), level);
}

/** The tiles around, NW to SE without the middle: eight, or five in the northernmost and southernmost row. Wraps at 180°. */
export function quadkeyNeighbours(quadkey: string): readonly string[] {
  const { column, row, level } = fromQuadkey(quadkey);
  const tiles = 2 ** level;
  const around = new Set<string>();
  for (let dy = -1; dy <= 1; dy++)
    for (let dx = -1; dx <= 1; dx++)
      if ((dx !== 0 || dy !== 0) && row + dy >= 0 && row + dy < tiles)
        around.add(toQuadkey((column + dx + tiles) % tiles, row + dy, level));
  around.delete(quadkey);
  return [...around];
}

/** Degrees. Throws RangeError when it is not a quadkey of 1..22 digits 0..3. */
export function quadkeyBounds(quadkey: string): TileBounds {
  const { column, row, level } = fromQuadkey(quadkey);
  const tiles = 2 ** level;
  return {
    west: (column / tiles) * 360 - 180,
    east: ((column + 1) / tiles) * 360 - 180,
    north: latitudeOfRow(row, tiles),
    south: latitudeOfRow(row + 1, tiles),
  };
}

const latitudeOfRow = (row: number, tiles: number): number =>
  (Math.atan(Math.sinh(Math.PI * (1 - (2 * row) / tiles))) * 180) / Math.PI;

function toQuadkey(column: number, row: number, level: number): string {
  let digits = '';
  for (let bit = level - 1; bit >= 0; bit--) digits += ((column >> bit) & 1) + 2 * ((row >> bit) & 1);
  return digits;
}

function fromQuadkey(quadkey: string): { column: number; row: number; level: number } {
  if (!/^[0-3]{1,22}$/.test(quadkey))
    throw new RangeError(`quadkey ${JSON.stringify(quadkey)}: 1..22 digits 0..3 are needed`);
  let column = 0;
  let row = 0;
  for (const digit of quadkey) {
    column = column * 2 + (Number(digit) & 1);
    row = row * 2 + (Number(digit) >> 1);
  }
  return { column, row, level: quadkey.length };
}
