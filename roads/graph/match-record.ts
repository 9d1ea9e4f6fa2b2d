import { AGAINST_REMAINS, BORN_AGAINST_REMAINS, BORN_REMAINS } from './match-model.ts';

/** Hypotheses kept per vehicle. */
export const KEPT = 4;

/**
 * The history of a slot lies in one record of two cache lines, 32 words of 4 bytes: four doubles, then singles and integers, then
 * `KEPT` hypotheses of `HYPOTHESIS` words. Doubles are addressed in half as many steps.
 */
export const RECORD = 32;
export const TIME_MS = 0;
export const X = 1;
export const Y = 2;
export const SEARCH_MS = 3;
export const SPEED = 8;
export const SINCE_SEARCH = 9;
export const NUM_KEPT = 10;
export const FIRST = 12;
export const HYPOTHESIS = 5;
/** Words of a hypothesis. */
export const EDGE = 0;
export const S = 1;
export const LATERAL = 2;
export const SCORE = 3;
export const BITS = 4;

/** Numbers of the fix under way. */
export const FIX_MS = 0;
export const FIX_X = 1;
export const FIX_Y = 2;
export const FIX_SPEED = 3;
export const FIX_HX = 4;
export const FIX_HY = 5;
export const FIX_SIGMA = 6;
export const FIX_DT = 7;
export const FIX_MOVED = 8;
export const FIX_FADE = 9;
export const FIX_REACH = 10;
export const FIX_SCORE = 11;

/** Bits of a hypothesis: driven against the edge, follows from the answer given, begun without a way that led there. */
export const AGAINST_BIT = 1;
export const LINEAGE_BIT = 2;
export const BORN_BIT = 4;

/** Score of the hypothesis at h before new evidence: the past fades to what remains of it. */
export function faded(i32: Int32Array, f32: Float32Array, h: number, fade: number): number {
  const bits = i32[h + BITS];
  const against = (bits & AGAINST_BIT) !== 0;
  const born = (bits & BORN_BIT) !== 0;
  const remains = born ? (against ? BORN_AGAINST_REMAINS : BORN_REMAINS) : against ? AGAINST_REMAINS : 0;
  return f32[h + SCORE] * fade + remains * (1 - fade);
}
