import { type ClockOffsets, nearestLead } from './clock-offsets.ts';
import { generationDeltaPeriod } from './etsi-codes.ts';
import { etsiEpochMs } from './instants.ts';
import { accept, reject } from './outcome.ts';
import type { Decoded } from './vehicle-state.ts';
import { maxWrappedAgeMs, unwrap, unwrapFresh } from './wrapped-clock.ts';

/** Longest believable time between the position of a CAM and its envelope's timestamp, ms; Orange's samples have 10..497. */
const maxAssemblyMs = 2_000;

/**
 * When the position of a CAM was true (UTC ms), from its wrapped generationDeltaTime and the envelope's clock.
 *
 * The envelope says which turn of the 65.5 s clock it is; the delta says when within it. A delta that does not lie
 * within 2 s before the envelope in either time base (leap seconds counted or not) is not a clock: the envelope stands.
 * Without an envelope time the delta is unwrapped against the receive time and refused when older than 30 s.
 */
export function camInstant(
  source: string,
  delta: number | undefined,
  envelopeMs: number | undefined,
  receivedMs: number,
  clock: ClockOffsets | undefined,
): Decoded<number> {
  if (delta === undefined)
    return envelopeMs === undefined
      ? reject('no-timestamp', 'neither timestamp nor generation_delta_time')
      : accept(envelopeMs);
  const anchor = envelopeMs ?? receivedMs;
  // The lead of a TAI clock plus 5 s of slack: such a reading lies in our future.
  const raw = unwrap(delta, generationDeltaPeriod, etsiEpochMs, anchor, 10_000);
  if (envelopeMs !== undefined) {
    const age = envelopeMs - raw;
    const believable = (lead: number): boolean => age + lead >= -100 && age + lead <= maxAssemblyMs;
    if (!believable(0) && !believable(5_000)) return accept(envelopeMs);
    const lead = clock?.observe(source, age) ?? nearestLead(age);
    return accept(believable(lead) ? raw - lead : envelopeMs);
  }
  const age = receivedMs - raw;
  if (age > maxWrappedAgeMs) return reject('too-old', `generation_delta_time ${delta} is ${Math.round(age)} ms old`);
  const lead = clock?.observe(source, age) ?? nearestLead(age);
  if (lead === 0) return unwrapFresh(delta, generationDeltaPeriod, etsiEpochMs, receivedMs);
  return unwrapFresh(delta, generationDeltaPeriod, etsiEpochMs - lead, receivedMs);
}

/** An absolute TimestampIts to UTC ms: whichever time base lands nearest to the anchor, or the learned one. */
export function itsInstant(
  source: string,
  timestampIts: number,
  anchorMs: number,
  clock: ClockOffsets | undefined,
): number {
  const utc = timestampIts + etsiEpochMs;
  const age = anchorMs - utc;
  // Far from the anchor (a replayed or long-lived message) nothing can be learned from it.
  if (Math.abs(age) > 10_000) return utc;
  return utc - (clock?.observe(source, age) ?? nearestLead(age));
}
