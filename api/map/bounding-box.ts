import type { BoundingBox } from '../deps.ts';
import { Problem } from '../http/problem.ts';

const number = '-?\\d{1,3}(?:\\.\\d{1,15})?';
/** `west,south,east,north`. */
export const boundingBoxPattern = `^${number},${number},${number},${number}$`;
/** `lon,lat`. */
export const lonLatPattern = `^${number},${number}$`;

export function isBoundingBox(box: readonly number[]): boolean {
  const [west, south, east, north] = box;
  return (
    box.length === 4 &&
    box.every(Number.isFinite) &&
    west >= -180 &&
    east <= 180 &&
    south >= -90 &&
    north <= 90 &&
    west < east &&
    south < north
  );
}

/** @throws Problem `invalid-request` when it is empty or not on the globe. */
export function parseBoundingBox(text: string): BoundingBox {
  const [west, south, east, north] = text.split(',').map(Number);
  const box = [west, south, east, north] as const;
  if (!isBoundingBox(box)) throw new Problem('invalid-request', 'bbox: west < east and south < north, degrees');
  return box;
}

/** @throws Problem `invalid-request` */
export function parseLonLat(name: string, text: string): readonly [number, number] {
  const [lon, lat] = text.split(',').map(Number);
  if (!(Math.abs(lon) <= 180 && Math.abs(lat) <= 90))
    throw new Problem('invalid-request', `${name}: lon,lat in degrees`);
  return [lon, lat];
}
