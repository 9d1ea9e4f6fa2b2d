/** Mean Earth radius, m (IUGG). */
const earthRadius = 6_371_008.8;
const radians = Math.PI / 180;

/** East and north displacement of b from a in metres on a local plane; good to 0.1 % below 30 km away from the poles. */
export function eastward(latA: number, lonA: number, lonB: number): number {
  let degrees = lonB - lonA;
  if (degrees > 180) degrees -= 360;
  else if (degrees < -180) degrees += 360;
  return earthRadius * radians * degrees * Math.cos(latA * radians);
}

export function northward(latA: number, latB: number): number {
  return earthRadius * radians * (latB - latA);
}

/** Smallest difference of two directions, degrees, 0..180. */
export function turnBetween(aDeg: number, bDeg: number): number {
  const difference = Math.abs(aDeg - bDeg) % 360;
  return difference > 180 ? 360 - difference : difference;
}

/** Direction of a displacement, degrees clockwise from north, [0, 360). */
export function bearingDeg(east: number, north: number): number {
  const degrees = Math.atan2(east, north) / radians;
  return degrees < 0 ? degrees + 360 : degrees;
}
