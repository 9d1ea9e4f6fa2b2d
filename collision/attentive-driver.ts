/** Standstill gap, m, time headway, s, acceleration and comfortable braking, m/s², of an attentive driver. */
const standstill = 2;
const headway = 1.3;
const acceleration = 1.8;
const comfortable = 2.2;
/** Drivers wish to go this much faster than the road allows. */
const haste = 1.1;
/** Braking less than this short of the attentive driver's is still attentive, m/s². */
export const slack = 0.3;
/** Braking this hard calls for more than attention, m/s²: whoever needs it is warned though he brakes. */
const hard = 4.5;

const approachScale = 2 * Math.sqrt(acceleration * comfortable);

/**
 * Deceleration an attentive driver has applied by now, m/s², when he drives `v`, closes in with `closing` on someone `gap` > 0 metres ahead, on a
 * road where `limit` is allowed: the intelligent driver model (Treiber, Hennecke, Helbing 2000). Negative: he still accelerates.
 */
export function attentiveBraking(gap: number, v: number, closing: number, limit: number): number {
  const desired = standstill + headway * v + (v * closing) / approachScale;
  const near = Math.max(0, desired) / gap;
  const free = v / (haste * Math.max(limit, 5));
  const square = free * free;
  return acceleration * (near * near - Math.max(0, 1 - square * square));
}

/** The driver at acceleration `a` does what an attentive one would, and what he needs (`need`, m/s²) is not an emergency (L6). */
export function responds(a: number, need: number, attentive: number): boolean {
  return a < -0.4 && need < hard && -a >= attentive - slack;
}
