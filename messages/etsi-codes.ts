import type { Code } from './field-reader.ts';

const radiansPerCentidegree = Math.PI / 18_000;

/** Raw codes of ETSI TS 102 894-2 as Orange's JSON carries them; "unavailable" and "out of range" codes of v2x.md 4.2. */
export const etsi = {
  latitude: { min: -900_000_000, max: 900_000_000, unavailable: [900_000_001], scale: 1e-7 },
  longitude: {
    min: -1_800_000_000,
    max: 1_800_000_000,
    // The negative twin is not in the standard, but stands in a sample of the its-client project.
    unavailable: [1_800_000_001, -1_800_000_001],
    scale: 1e-7,
  },
  altitude: { min: -100_000, max: 800_000, unavailable: [800_001], scale: 0.01 },
  /** 3600 is "do not use" in the newer standard, 360 degrees in the older. */
  heading: { min: 0, max: 3600, unavailable: [3601], scale: 0.1 },
  /** Above 120 m/s nothing drives; the codes go on to 163.82. */
  speed: { min: 0, max: 12_000, unavailable: [16_382, 16_383], scale: 0.01 },
  acceleration: { min: -160, max: 160, unavailable: [161], scale: 0.1 },
  /** Positive is to the left. */
  yawRate: { min: -32_766, max: 32_766, unavailable: [32_767], scale: radiansPerCentidegree },
  length: { min: 1, max: 1021, unavailable: [1022, 1023], scale: 0.1 },
  width: { min: 1, max: 60, unavailable: [61, 62], scale: 0.1 },
  /** 4094 is "larger than 40.93 m": kept, because a bad position must not pass for one of unknown quality. */
  semiAxis: { min: 0, max: 4094, unavailable: [4095], scale: 0.01 },
  /** ms since 2004. */
  timestampIts: { min: 0, max: 4_398_046_511_102, unavailable: [4_398_046_511_103], scale: 1 },
} as const satisfies Record<string, Code>;

const sigmasOf95Percent = Math.sqrt(-2 * Math.log(0.05));

/**
 * 1-sigma radius, m, of an ETSI ellipse, which holds 95 % of a two-dimensional normal error (semi axis = 2.4477 sigma). The
 * longer axis speaks for both (senders mix them up, and a warning must not trust the better direction); 0 and unavailable
 * axes say nothing.
 */
export function sigmaOf95PercentEllipse(major: number | undefined, minor: number | undefined): number | undefined {
  const longer = Math.max(major ?? 0, minor ?? 0);
  return longer === 0 ? undefined : longer / sigmasOf95Percent;
}

/** Period of generationDeltaTime, ms. */
export const generationDeltaPeriod = 65_536;
