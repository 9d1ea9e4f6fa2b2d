import { boxContactTime } from './measures/swept-boxes.ts';
import type { Tracks } from './tracks.ts';

/** Room about two bodies in which their next seconds are foreseen, m, besides the doubt of their receivers; and how far ahead, s. */
const room = 0.8;
const horizon = 3;
/** One who is slower than this may go anywhere, m/s. */
const slow = 2;
/** A turn seen goes on this long, s. */
const turnTime = 1;

/**
 * Whether two bodies that go on as they are seen to, turning as they turn, may touch in the next seconds (X15). It knows nothing of the map: where
 * ways drawn on it meet, bodies beside them need not.
 */
export function bodiesMeet(t: Tracks, a: number, b: number, nowMs: number): boolean {
  const slack = 2 * (room + t.sSigma[a] + t.sSigma[b]);
  const ageA = t.age(a, nowMs);
  const ageB = t.age(b, nowMs);
  const vA = t.speedAfter(a, ageA);
  const vB = t.speedAfter(b, ageB);
  if (vA < slow || vB < slow) return true;
  const backA = t.advance(a, ageA) - t.length[a] / 2;
  const backB = t.advance(b, ageB) - t.length[b] / 2;
  // The directions in which the two go on the average: those of the chords of their turns.
  const bendA = 0.5 * turnTime * t.yawRate[a];
  const bendB = 0.5 * turnTime * t.yawRate[b];
  const ax = t.hx[a] * Math.cos(bendA) - t.hy[a] * Math.sin(bendA);
  const ay = t.hx[a] * Math.sin(bendA) + t.hy[a] * Math.cos(bendA);
  const bx = t.hx[b] * Math.cos(bendB) - t.hy[b] * Math.sin(bendB);
  const by = t.hx[b] * Math.sin(bendB) + t.hy[b] * Math.cos(bendB);
  const contact = boxContactTime(
    t.x[a] + t.hx[a] * backA,
    t.y[a] + t.hy[a] * backA,
    t.hx[a],
    t.hy[a],
    t.length[a],
    t.width[a] + slack,
    vA * ax,
    vA * ay,
    t.x[b] + t.hx[b] * backB,
    t.y[b] + t.hy[b] * backB,
    t.hx[b],
    t.hy[b],
    t.length[b],
    t.width[b] + slack,
    vB * bx,
    vB * by,
  );
  return contact <= horizon;
}
