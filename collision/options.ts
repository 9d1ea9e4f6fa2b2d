import type { EngineOptions } from './types.ts';

/** Throws with the value and the legal range (DESIGN 6). */
export function checkOptions(options: EngineOptions): void {
  const { capacity, friction } = options;
  if (!Number.isInteger(capacity) || capacity < 1 || capacity > 1_000_000)
    throw new RangeError(`capacity ${capacity} must be an integer in 1..1000000`);
  if (friction !== undefined && !(friction >= 0.1 && friction <= 1))
    throw new RangeError(`friction ${friction} must be in [0.1, 1]`);
}
