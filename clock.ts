/** The platform's one source of time. Rooms get `nowMs` as a parameter; nobody else calls `Date.now()`. */
export interface Clock {
  /** UTC milliseconds of the platform. */
  readonly nowMs: () => number;
  /** Platform seconds per second of the wall clock; 1 in service, more in a replay. */
  readonly rate: number;
  readonly originMs: number;
}

/**
 * @param rate 1..50
 * @param originMs UTC ms at which platform and wall clock agree; processes that share it agree on the time.
 */
export function createClock(rate: number, originMs: number): Clock {
  return { rate, originMs, nowMs: rate === 1 ? Date.now : () => originMs + (Date.now() - originMs) * rate };
}
