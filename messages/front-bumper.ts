const metresPerDegree = 111_319.49;

/**
 * From the body's centre to the middle of its front bumper, the ETSI reference position: half the length along the
 * heading, on the local tangent plane (error below 1 mm for half lengths up to 20 m away from the poles).
 */
export function frontBumper(
  lat: number,
  lon: number,
  headingDeg: number,
  length: number,
): { readonly lat: number; readonly lon: number } {
  const heading = (headingDeg * Math.PI) / 180;
  const north = (length / 2) * Math.cos(heading);
  const east = (length / 2) * Math.sin(heading);
  // At the pole a longitude step has no meaning; the clamp keeps the answer finite.
  const shrink = Math.max(Math.cos((lat * Math.PI) / 180), 1e-6);
  const shifted = Math.min(90, Math.max(-90, lat + north / metresPerDegree));
  return { lat: shifted, lon: wrapLongitude(lon + east / (metresPerDegree * shrink)) };
}

/** To [-180, 180). */
export const wrapLongitude = (lon: number): number =>
  lon >= -180 && lon < 180 ? lon : ((((lon + 180) % 360) + 360) % 360) - 180;
