/** WGS 84 semi-major axis, m, and first eccentricity squared. */
const EQUATOR_RADIUS = 6378137;
const ECCENTRICITY_2 = 0.00669437999014;
const RAD = Math.PI / 180;

/**
 * Local plane of a graph: x east, y north, metres, equirectangular about an origin. The scale is that of the WGS 84 ellipsoid at
 * the origin (meridian radius M for y, normal radius N times cos(lat) for x), so lengths near the origin are true to 1e-6.
 *
 * Distances within the plane are wrong by the factor cos(lat)/cos(lat0) in x: below 1e-3 within 8 km north or south of the
 * origin at 35 degrees, 3e-3 within 30 km. Everything in a graph (roads and vehicles) goes through the same plane, so relative
 * positions on the road are not affected.
 */
export class Plane {
  readonly originLat: number;
  readonly originLon: number;
  /** Metres per degree. */
  readonly metresPerLat: number;
  readonly metresPerLon: number;

  /** Degrees; latitude within -85..85. Throws RangeError otherwise. */
  constructor(originLat: number, originLon: number) {
    if (!(Math.abs(originLat) <= 85) || !(Math.abs(originLon) <= 180))
      throw new RangeError(`plane origin ${originLat}, ${originLon}: latitude -85..85, longitude -180..180`);
    const sin = Math.sin(originLat * RAD);
    const w = 1 - ECCENTRICITY_2 * sin * sin;
    this.originLat = originLat;
    this.originLon = originLon;
    this.metresPerLat = ((EQUATOR_RADIUS * (1 - ECCENTRICITY_2)) / (w * Math.sqrt(w))) * RAD;
    this.metresPerLon = (EQUATOR_RADIUS / Math.sqrt(w)) * Math.cos(originLat * RAD) * RAD;
  }

  /** x of a longitude in degrees, the short way round the antimeridian. */
  x(lon: number): number {
    let d = lon - this.originLon;
    if (d > 180) d -= 360;
    else if (d < -180) d += 360;
    return d * this.metresPerLon;
  }

  y(lat: number): number {
    return (lat - this.originLat) * this.metresPerLat;
  }

  /** Longitude of x, degrees, -180..180. */
  lon(x: number): number {
    const lon = this.originLon + x / this.metresPerLon;
    return lon > 180 ? lon - 360 : lon < -180 ? lon + 360 : lon;
  }

  lat(y: number): number {
    return this.originLat + y / this.metresPerLat;
  }

  /** Friendly form of `x` and `y`; allocates the pair. */
  project(lat: number, lon: number): [x: number, y: number] {
    return [this.x(lon), this.y(lat)];
  }

  /** Friendly form of `lat` and `lon`; allocates the pair. */
  unproject(x: number, y: number): [lat: number, lon: number] {
    return [this.lat(y), this.lon(x)];
  }
}

/** The plane in which a graph's coordinates are given. */
export function planeOf(graph: { readonly originLat: number; readonly originLon: number }): Plane {
  return new Plane(graph.originLat, graph.originLon);
}
