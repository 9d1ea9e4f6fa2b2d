/** 2018-01-01 and 2100-01-01: an absolute time outside is seconds taken for milliseconds, or garbage. Orange's schema stops at 2028; this does not. */
export const earliestMs = 1_514_764_800_000;
export const latestMs = 4_102_444_800_000;

/** 2004-01-01T00:00:00Z, the zero of ETSI TimestampIts, in Unix ms. */
export const etsiEpochMs = 1_072_915_200_000;

export const isPlausibleInstant = (timestampMs: number): boolean =>
  timestampMs >= earliestMs && timestampMs <= latestMs;

const iso = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:?\d{2})?(?:\[UTC\])?$/;

/**
 * ISO 8601 date and time to UTC ms, undefined when unreadable. A missing zone means UTC; a blank for the `T` and the
 * `Z[UTC]` of old ODE releases are accepted. Digits after the millisecond are cut.
 */
export function parseInstant(text: string): number | undefined {
  const match = iso.exec(text);
  if (match === null) return undefined;
  const zone = match[3] ?? 'Z';
  const timestampMs = Date.parse(
    `${match[1]}T${match[2]}${/^[+-]\d{4}$/.test(zone) ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone}`,
  );
  return Number.isNaN(timestampMs) ? undefined : Math.floor(timestampMs);
}
