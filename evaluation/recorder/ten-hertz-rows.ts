import { rowAt, stepsPerSecond, type Traffic } from './traffic.ts';
import type { ContactRow } from './truth-rows.ts';

/** Part of the run around a contact of which all rows are kept. */
interface Window {
  readonly from: number;
  readonly to: number;
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly parties: readonly [number, number];
  /** Up to `upstream` m behind the place in this direction (unit vector), where the road is long. */
  readonly upstream: number;
  readonly hx: number;
  readonly hy: number;
}

/** All vehicles in this second of the run and the next 29 are kept. */
export const sliceSeconds = [30, 60] as const;

function windowOf(traffic: Traffic, contact: ContactRow, upstream: number): Window {
  const heading = (traffic.headingDeg[rowAt(traffic, contact.victim, contact.step)] * Math.PI) / 180;
  const [before, after, radius] = contact.secondary ? [20, 8, 150] : [40, 15, 300];
  const beside = contact.class === 'side' || contact.class === 'head_on' || contact.secondary;
  return {
    from: contact.step - before * stepsPerSecond,
    to: contact.step + after * stepsPerSecond,
    x: contact.x,
    y: contact.y,
    radius,
    parties: [contact.collider, contact.victim],
    upstream: beside ? 0 : upstream,
    hx: Math.sin(heading),
    hy: Math.cos(heading),
  };
}

/** Lateral reach of the upstream part per metre behind the place: roads bend. */
const bend = 0.2;

function contains(traffic: Traffic, window: Window, row: number): boolean {
  const vehicle = traffic.vehicle[row];
  if (vehicle === window.parties[0] || vehicle === window.parties[1]) return true;
  const dx = traffic.x[row] - window.x;
  const dy = traffic.y[row] - window.y;
  if (Math.hypot(dx, dy) <= window.radius) return true;
  if (window.upstream === 0) return false;
  const behind = -(dx * window.hx + dy * window.hy);
  if (behind < 0 || behind > window.upstream || Math.abs(dx * window.hy - dy * window.hx) > bend * behind) return false;
  const heading = (traffic.headingDeg[row] * Math.PI) / 180;
  return Math.sin(heading) * window.hx + Math.cos(heading) * window.hy > 0.7;
}

/**
 * Marks the rows of the 10 Hz file: a slice of the whole traffic, and around each contact what is near (300 m, 40 s before to 15 s after;
 * secondary ones 150 m, 20 s to 8 s), both parties wherever they are. `upstream`: also the traffic behind, so many m.
 */
export function tenHertzRows(traffic: Traffic, contacts: readonly ContactRow[], upstream: number): Uint8Array {
  const kept = new Uint8Array(traffic.count);
  const first = traffic.stepStart[Math.min(sliceSeconds[0] * stepsPerSecond, traffic.steps)];
  kept.fill(1, first, traffic.stepStart[Math.min(sliceSeconds[1] * stepsPerSecond + 1, traffic.steps)]);
  for (const contact of contacts) {
    const window = windowOf(traffic, contact, upstream);
    const to = Math.min(window.to, traffic.steps - 1);
    for (let step = Math.max(0, window.from); step <= to; step += 1)
      for (let row = traffic.stepStart[step]; row < traffic.stepStart[step + 1]; row += 1)
        if (contains(traffic, window, row)) kept[row] = 1;
  }
  return kept;
}
