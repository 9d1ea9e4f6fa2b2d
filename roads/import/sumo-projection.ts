import { MapFormatError } from './map-format-error.ts';
import { TransverseMercator } from './transverse-mercator.ts';

/** Plane coordinates of a SUMO network to degrees. */
export interface SumoProjection {
  toLatLon(x: number, y: number): [lat: number, lon: number];
  toNet(lat: number, lon: number): [x: number, y: number];
}

/**
 * Reads the `location` element: `netOffset` and a PROJ string of the kinds tmerc and utm on WGS 84, which is what netconvert
 * writes. A network without projection (`!`) is laid around latitude 0, longitude 0.
 * @throws MapFormatError naming the projection when it is of another kind.
 */
export function parseSumoProjection(netOffset: string, projParameter: string): SumoProjection {
  const [offsetX, offsetY] = netOffset.split(',').map(Number);
  if (!Number.isFinite(offsetX + offsetY)) throw new MapFormatError(`SUMO network: netOffset ${netOffset} is not x,y`);
  const mercator = projectionOf(projParameter);
  return {
    toLatLon: (x, y) => mercator.inverse(x - offsetX, y - offsetY),
    toNet: (lat, lon) => {
      const [easting, northing] = mercator.forward(lat, lon);
      return [easting + offsetX, northing + offsetY];
    },
  };
}

function projectionOf(text: string): TransverseMercator {
  if (text === '!') return new TransverseMercator({ lat0: 0, lon0: 0, scale: 1, falseEasting: 0, falseNorthing: 0 });
  const words = new Map<string, string>();
  for (const word of text.split(/\s+/)) {
    const [key, value] = word.replace(/^\+/, '').split('=');
    words.set(key, value ?? '');
  }
  const number = (key: string, fallback: number): number => {
    const value = words.get(key);
    const parsed = value === undefined ? fallback : Number(value);
    if (!Number.isFinite(parsed))
      throw new MapFormatError(`SUMO network: +${key}=${value} in its projection is no number`);
    return parsed;
  };
  const kind = words.get('proj');
  if (kind === 'utm') {
    const zone = number('zone', 0);
    if (!(zone >= 1 && zone <= 60)) throw new MapFormatError(`SUMO network: UTM zone ${zone}, 1 to 60 expected`);
    const falseNorthing = words.has('south') ? 10_000_000 : 0;
    return new TransverseMercator({
      lat0: 0,
      lon0: zone * 6 - 183,
      scale: 0.9996,
      falseEasting: 500_000,
      falseNorthing,
    });
  }
  if (kind === 'tmerc')
    return new TransverseMercator({
      lat0: number('lat_0', 0),
      lon0: number('lon_0', 0),
      scale: number('k', number('k_0', 1)),
      falseEasting: number('x_0', 0),
      falseNorthing: number('y_0', 0),
    });
  throw new MapFormatError(`SUMO network: projection "${text}" is neither tmerc nor utm`);
}
