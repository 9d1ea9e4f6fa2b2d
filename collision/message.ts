/**
 * Numbers of the message under way, places in `Intake.message`: as in `CollisionEngine.update`, then what is worked out from them: unit vector of the
 * heading, seconds and path metres since the last state. Numbers handed from function to function would be objects on the heap.
 */
export const Message = {
  generation: 0,
  timestampMs: 1,
  lat: 2,
  lon: 3,
  speed: 4,
  headingDeg: 5,
  accel: 6,
  yawRate: 7,
  accuracy: 8,
  length: 9,
  width: 10,
  stationType: 11,
  flags: 12,
  hx: 13,
  hy: 14,
  dt: 15,
  travelled: 16,
  /** Radians, NaN = unknown. */
  heading: 17,
  x: 18,
  y: 19,
  sigma: 20,
  /** Of the state before this message. */
  speedBefore: 21,
  accelBefore: 22,
} as const;

export const messageNumbers = 23;
