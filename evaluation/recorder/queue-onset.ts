import { edgeId, type LaneNetwork } from './lane-network.ts';
import { rowAt, stepsPerSecond, type Traffic } from './traffic.ts';

/** Slower than this share of the lane's limit is slow. */
export const slowShare = 0.35;
/** The queue may reach this far back from the place, m. */
const behind = 30;

/** Stretches of road by edge: from and to, m along the edge. */
export type Stretch = ReadonlyMap<string, readonly [from: number, to: number]>;

/** The road from 30 m before the place to `reach` beyond it, straight on through junctions. */
export function stretchBeyond(network: LaneNetwork, lane: string, pos: number, reach: number): Stretch {
  const stretch = new Map<string, readonly [number, number]>();
  const open: { readonly edge: string; readonly start: number }[] = [{ edge: edgeId(lane), start: -pos }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const edge = network.edges.get(next.edge);
    if (edge === undefined || next.start > reach || stretch.has(next.edge)) continue;
    stretch.set(next.edge, [-behind - next.start, reach - next.start]);
    const onward = edge.next.filter((way) => way.straight);
    for (const way of onward.length > 0 ? onward : edge.next) {
      const via = network.edges.get(way.via);
      if (via !== undefined) open.push({ edge: way.via, start: next.start + edge.length });
      else open.push({ edge: way.edge, start: next.start + edge.length });
    }
  }
  return stretch;
}

/**
 * Earliest second (s) from which, without a gap until the contact, some vehicle is slow on the stretch, the later collider excepted;
 * NaN when there is none at the contact.
 */
export function queueOnset(
  traffic: Traffic,
  network: LaneNetwork,
  stretch: Stretch,
  collider: number,
  contactStep: number,
): number {
  const isSlow = (step: number): boolean => {
    for (let row = traffic.stepStart[step]; row < traffic.stepStart[step + 1]; row += 1) {
      if (traffic.vehicle[row] === collider) continue;
      const lane = traffic.lanes[traffic.lane[row]];
      const span = stretch.get(edgeId(lane));
      if (span === undefined || traffic.pos[row] < span[0] || traffic.pos[row] > span[1]) continue;
      if (traffic.speed[row] < slowShare * network.limit(lane)) return true;
    }
    return false;
  };
  let onset = Number.NaN;
  for (let second = Math.floor(contactStep / stepsPerSecond); second >= 0; second -= 1) {
    if (!isSlow(second * stepsPerSecond)) break;
    onset = second;
  }
  return onset;
}

/** Since when, s, the vehicle is slower than 0.35 of the limit without interruption; NaN when it is not. */
export function slowSince(traffic: Traffic, network: LaneNetwork, vehicle: number, step: number): number {
  let since = Number.NaN;
  for (let at = step; ; at -= 1) {
    const row = rowAt(traffic, vehicle, at);
    if (row < 0 || traffic.speed[row] >= slowShare * network.limit(traffic.lanes[traffic.lane[row]])) return since;
    since = at / stepsPerSecond;
  }
}
