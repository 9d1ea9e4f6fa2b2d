/** Legal ranges of what leaves the decoders, and of what the JSON Schemas accept: [min, max]. */
export const limits = {
  lat: [-90, 90],
  lon: [-180, 180],
  /** m/s. */
  speed: [0, 120],
  /** Degrees; 360 is read as 0. */
  heading: [0, 360],
  /** m/s²; a crash pulse at 10 Hz stays inside. */
  accel: [-1000, 1000],
  /** rad/s. */
  yawRate: [-50, 50],
  /** m above the ellipsoid: Dead Sea to airliner. */
  altitude: [-1000, 20_000],
  /** m, 1 sigma. */
  accuracy: [0, 100_000],
  /** m; road trains end below. */
  length: [0, 100],
  width: [0, 10],
  /** m/s. */
  deltaV: [0, 150],
  occupants: [0, 200],
} as const satisfies Record<string, readonly [number, number]>;
