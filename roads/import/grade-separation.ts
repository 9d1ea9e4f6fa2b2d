import { EdgeFlag, type GraphBuilder } from '../graph/index.ts';
import { segmentCrossing } from './polyline.ts';

const CELL = 100;
/** Lines that touch this near to a junction both of them have are one surface, m. */
const NEAR_JUNCTION = 40;

/**
 * Levels for a map that has none: edges that cross in plan view away from a common junction lie one above the other. Which one
 * is above cannot be known; the more important road (limit times lanes) stays on the ground and the other becomes a bridge.
 * Both directions of a road get the same level. Returns the number of crossing pairs.
 */
export function separateGrades(builder: GraphBuilder): number {
  const over = crossings(builder);
  const partners = new Map<number, Set<number>>();
  const link = (a: number, b: number): void => {
    const set = partners.get(a) ?? new Set();
    set.add(b);
    partners.set(a, set);
  };
  for (const [a, b] of over) {
    link(a, b);
    link(b, a);
  }
  const importance = (e: number): number => builder.edge(e).limit * builder.edge(e).lanes;
  const order = [...partners.keys()].sort((a, b) => importance(b) - importance(a) || a - b);
  const level = new Map<number, number>();
  for (const e of order) {
    const taken = new Set([...(partners.get(e) ?? [])].map((other) => level.get(other)));
    let free = 0;
    while (taken.has(free)) free++;
    level.set(e, free);
    builder.setLevel(e, free);
    if (free > 0) builder.setFlags(e, EdgeFlag.bridge);
  }
  return over.length;
}

function crossings(builder: GraphBuilder): [a: number, b: number][] {
  const cells = new Map<string, [edge: number, point: number][]>();
  const pairs = new Map<string, [number, number]>();
  for (let e = 0; e < builder.numEdges; e++) {
    const { shape } = builder.edge(e);
    for (let i = 2; i < shape.length; i += 2) {
      const x0 = Math.floor(Math.min(shape[i - 2], shape[i]) / CELL);
      const x1 = Math.floor(Math.max(shape[i - 2], shape[i]) / CELL);
      const y0 = Math.floor(Math.min(shape[i - 1], shape[i + 1]) / CELL);
      const y1 = Math.floor(Math.max(shape[i - 1], shape[i + 1]) / CELL);
      for (let cx = x0; cx <= x1; cx++)
        for (let cy = y0; cy <= y1; cy++) {
          const key = `${cx},${cy}`;
          const cell = cells.get(key);
          if (cell === undefined) {
            cells.set(key, [[e, i]]);
            continue;
          }
          for (const [other, k] of cell) {
            const pair = `${other},${e}`;
            if (other !== e && !pairs.has(pair) && crossesAway(builder, other, k, e, i)) pairs.set(pair, [other, e]);
          }
          cell.push([e, i]);
        }
    }
  }
  return [...pairs.values()];
}

function crossesAway(builder: GraphBuilder, a: number, i: number, b: number, k: number): boolean {
  const { shape: p, from: af, to: at } = builder.edge(a);
  const { shape: q, from: bf, to: bt } = builder.edge(b);
  const t = segmentCrossing(p[i - 2], p[i - 1], p[i], p[i + 1], q[k - 2], q[k - 1], q[k], q[k + 1]);
  if (t < 0) return false;
  const x = p[i - 2] + t * (p[i] - p[i - 2]);
  const y = p[i - 1] + t * (p[i + 1] - p[i - 1]);
  for (const [node, x0, y0] of [
    [af, p[0], p[1]],
    [at, p[p.length - 2], p[p.length - 1]],
  ])
    if ((node === bf || node === bt) && Math.hypot(x - x0, y - y0) < NEAR_JUNCTION) return false;
  return true;
}
