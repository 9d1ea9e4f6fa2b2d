import type { Code } from './field-reader.ts';

/** How one BSM spells its numbers: raw J2735 integers (ODE v9) or the ODE's decimals (v6 to v8). */
export interface BsmCodes {
  readonly latitude: Code;
  readonly longitude: Code;
  readonly elevation: Code;
  readonly speed: Code;
  readonly heading: Code;
  readonly accel: Code;
  /** To rad/s; J2735 counts to the right, we to the left, hence the sign. */
  readonly yawRate: Code;
  readonly semiAxis: Code;
  /** cm in both spellings; 0 is "unavailable". */
  readonly width: Code;
  readonly length: Code;
}

const size = {
  width: { min: 0, max: 1023, unavailable: [0], scale: 0.01 },
  length: { min: 0, max: 4095, unavailable: [0], scale: 0.01 },
} as const;

/** SAE J2735 raw codes. */
export const rawBsm: BsmCodes = {
  latitude: { min: -900_000_000, max: 900_000_000, unavailable: [900_000_001], scale: 1e-7 },
  longitude: { min: -1_799_999_999, max: 1_800_000_000, unavailable: [1_800_000_001], scale: 1e-7 },
  elevation: { min: -4095, max: 61_439, unavailable: [-4096], scale: 0.1 },
  speed: { min: 0, max: 6000, unavailable: [8191], scale: 0.02 },
  heading: { min: 0, max: 28_799, unavailable: [28_800], scale: 0.0125 },
  accel: { min: -2000, max: 2000, unavailable: [2001], scale: 0.01 },
  yawRate: { min: -32_767, max: 32_766, unavailable: [32_767], scale: -Math.PI / 18_000 },
  /** 254 is "12.7 m or more": kept, because a bad position must not pass for one of unknown quality. */
  semiAxis: { min: 0, max: 254, unavailable: [255], scale: 0.05 },
  ...size,
};

/** The ODE's decimals: m/s, degrees, m/s², deg/s, m. The sentinels are the raw ones times the unit. */
export const decimalBsm: BsmCodes = {
  latitude: { min: -90, max: 90, unavailable: [90.0000001], scale: 1 },
  longitude: { min: -180, max: 180, unavailable: [180.0000001], scale: 1 },
  elevation: { min: -409.5, max: 6143.9, unavailable: [-409.6], scale: 1 },
  speed: { min: 0, max: 120, unavailable: [163.82], scale: 1 },
  heading: { min: 0, max: 360, unavailable: [360], scale: 1 },
  accel: { min: -20, max: 20, unavailable: [20.01], scale: 1 },
  yawRate: { min: -327.67, max: 327.66, unavailable: [327.67], scale: -Math.PI / 180 },
  semiAxis: { min: 0, max: 12.7, unavailable: [12.75], scale: 1 },
  ...size,
};

/** Period of secMark, ms; 65535 is "unavailable", 60000..60999 a leap second. */
export const secMarkPeriod = 60_000;
export const lastSecMark = 60_999;
