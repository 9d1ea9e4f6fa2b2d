import { accept, reject } from './outcome.ts';
import type { Decoded } from './vehicle-state.ts';

/** Oldest wrapped time that is believed, ms: beyond it the number of turns is a guess. */
export const maxWrappedAgeMs = 30_000;
/** How far a sender's clock may run ahead of ours before a wrapped time counts as one turn older, ms. */
const maxLeadMs = 5_000;

/**
 * The instant nearest to `anchorMs` whose clock reading is `reading` on a clock that starts at `zeroMs` and wraps every
 * `period` ms: generationDeltaTime (65536, ETSI epoch), secMark (60000, minute of UTC). The answer lies in
 * (anchor + lead - period, anchor + lead].
 */
export function unwrap(reading: number, period: number, zeroMs: number, anchorMs: number, leadMs = maxLeadMs): number {
  const latest = anchorMs + leadMs;
  const behind = (((latest - zeroMs - reading) % period) + period) % period;
  return latest - behind;
}

/** As `unwrap`, refused as `too-old` when it is more than 30 s before the anchor. */
export function unwrapFresh(reading: number, period: number, zeroMs: number, anchorMs: number): Decoded<number> {
  const instant = unwrap(reading, period, zeroMs, anchorMs);
  const age = anchorMs - instant;
  return age > maxWrappedAgeMs
    ? reject('too-old', `clock reading ${reading} is ${Math.round(age)} ms old`)
    : accept(instant);
}
