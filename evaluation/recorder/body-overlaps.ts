import { bodyAt, middleOfOverlap, overlapDepth } from './body.ts';
import { edgeId, type LaneNetwork } from './lane-network.ts';
import { stepOf, stepsPerSecond, type Traffic } from './traffic.ts';

/** Bodies that overlap in plan view without a collision. Steps. */
export interface OverlapRow {
  readonly from: number;
  to: number;
  readonly a: number;
  readonly b: number;
  readonly place: readonly [x: number, y: number];
  readonly laneA: string;
  readonly laneB: string;
  depth: number;
  readonly note: 'bridge' | 'narrow_geometry' | 'same_lane';
}

/** Every so many steps it is looked. */
const every = 4;
/** Less depth than this is not counted, m. */
const least = 0.1;
/** A body is moving from this speed on, m/s. */
const moving = 0.5;
/** Vehicles are left out from this long before their first contact on, s. */
const beforeContact = 3;
/** Front bumpers of overlapping bodies are not further apart than this, m: two trains aside. */
const cell = 20;

/** `crashedAt`: first contact of those who have one, s. */
export function bodyOverlaps(
  traffic: Traffic,
  network: LaneNetwork,
  crashedAt: ReadonlyMap<string, number>,
): readonly OverlapRow[] {
  const until = Float64Array.from(
    traffic.ids,
    (id) => stepOf(crashedAt.get(id) ?? Number.POSITIVE_INFINITY) - beforeContact * stepsPerSecond,
  );
  const found: OverlapRow[] = [];
  const last = new Map<string, OverlapRow>();
  const cells = new Map<number, number[]>();
  for (let step = 0; step < traffic.steps; step += every) {
    cells.clear();
    for (let row = traffic.stepStart[step]; row < traffic.stepStart[step + 1]; row += 1) {
      if (step >= until[traffic.vehicle[row]]) continue;
      const [cx, cy] = [Math.floor(traffic.x[row] / cell), Math.floor(traffic.y[row] / cell)];
      for (let dx = -1; dx <= 1; dx += 1)
        for (let dy = -1; dy <= 1; dy += 1)
          for (const other of cells.get(keyOf(cx + dx, cy + dy)) ?? []) look(other, row, step);
      const key = keyOf(cx, cy);
      const there = cells.get(key);
      if (there === undefined) cells.set(key, [row]);
      else there.push(row);
    }
  }
  return found;

  function look(rowA: number, rowB: number, step: number): void {
    if (traffic.speed[rowA] < moving && traffic.speed[rowB] < moving) return;
    const [a, b] = [bodyAt(traffic, rowA), bodyAt(traffic, rowB)];
    const depth = overlapDepth(a, b);
    if (depth < least) return;
    const pair = `${traffic.vehicle[rowA]} ${traffic.vehicle[rowB]}`;
    const before = last.get(pair);
    if (before !== undefined && before.to >= step - every) {
      before.to = step;
      before.depth = Math.max(before.depth, depth);
      return;
    }
    const [laneA, laneB] = [rowA, rowB].map((row) => traffic.lanes[traffic.lane[row]]);
    const overlap: OverlapRow = {
      from: step,
      to: step,
      a: traffic.vehicle[rowA],
      b: traffic.vehicle[rowB],
      place: middleOfOverlap(a, b),
      laneA,
      laneB,
      depth,
      note: noteOf(network, [laneA, traffic.pos[rowA]], [laneB, traffic.pos[rowB]]),
    };
    found.push(overlap);
    last.set(pair, overlap);
  }
}

function keyOf(cx: number, cy: number): number {
  return cx * 1e6 + cy;
}

/** Corners of bodies meet this near to the ends of their lanes, m; levels cross further in. */
const nearEnd = 40;

/** Lanes that share no junction, one of them far from its ends, can only overlap on different levels. */
function noteOf(
  network: LaneNetwork,
  [laneA, posA]: readonly [string, number],
  [laneB, posB]: readonly [string, number],
): OverlapRow['note'] {
  if (laneA === laneB) return 'same_lane';
  const nodes = (lane: string): readonly string[] => {
    const edge = network.edges.get(edgeId(lane));
    if (edge === undefined) return [];
    return edge.internal ? [edgeId(edge.id).slice(1)] : [edge.from, edge.to];
  };
  const fromEnd = (lane: string, pos: number): number => {
    const length = network.edges.get(edgeId(lane))?.length ?? 0;
    return Math.min(pos, length - pos);
  };
  const there = nodes(laneB);
  const together = edgeId(laneA) === edgeId(laneB) || nodes(laneA).some((node) => there.includes(node));
  const inside = Math.max(fromEnd(laneA, posA), fromEnd(laneB, posB)) > nearEnd;
  return !together && inside ? 'bridge' : 'narrow_geometry';
}
