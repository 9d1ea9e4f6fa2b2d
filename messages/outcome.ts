import type { Decoded, RejectReason } from './vehicle-state.ts';

export const accept = <T>(value: T): Decoded<T> => ({ ok: true, value });

/** `detail` names the field and the offending value for the sender's developer; it never goes into a counter label. */
export const reject = (reason: RejectReason, detail: string): Extract<Decoded<never>, { ok: false }> => ({
  ok: false,
  reason,
  detail,
});
