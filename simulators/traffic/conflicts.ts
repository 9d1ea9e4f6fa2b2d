import { ConflictRule, directionAt, EdgeFlag, pointAt, type RoadGraph } from '../../roads/graph/index.ts';

/** Paths that come closer than this cannot be driven at once, m: along each other, and across each other. */
const besideEachOther = 2.4;
const acrossEachOther = 3.2;
/** Directions that differ by more than this (cosine) and by less than its opposite lie across each other. */
const alongCosine = 0.9;
const spacing = 1;
const cell = 8;
/** How far into the exit a movement's path is taken, m: the body is still turning there. */
export const intoExit = 4;

/** For each movement the others that cannot be driven at the same time, and whether it must give way to each. */
export interface MovementConflicts {
  /** Empty for normal edges. */
  readonly foes: readonly Int32Array[];
  /** Parallel to `foes`: 1 where this movement gives way. */
  readonly yields: readonly Uint8Array[];
}

interface Sample {
  readonly movement: number;
  readonly x: number;
  readonly y: number;
  readonly hx: number;
  readonly hy: number;
}

/**
 * The graph's own conflicts, and all pairs of movements whose paths pass within a vehicle's width of each other, also those of
 * neighbouring junctions. Movements of one approach follow each other and are no conflict, nor are those that lead into each other.
 */
export function findConflicts(graph: RoadGraph): MovementConflicts {
  const { numEdges, edgeFlags, conflictStart, conflictWith, conflictRule } = graph;
  const found: Map<number, number>[] = Array.from({ length: numEdges }, () => new Map());
  const near = new Map<string, Sample[]>();
  for (let e = 0; e < numEdges; e++) {
    if ((edgeFlags[e] & EdgeFlag.internal) === 0) continue;
    for (let c = conflictStart[e]; c < conflictStart[e + 1]; c++)
      found[e].set(conflictWith[c], conflictRule[c] === ConflictRule.mustYield ? 1 : 0);
    for (const sample of pathOf(graph, e)) {
      const column = Math.floor(sample.x / cell);
      const row = Math.floor(sample.y / cell);
      for (let dx = -1; dx <= 1; dx++)
        for (let dy = -1; dy <= 1; dy++)
          for (const other of near.get(`${column + dx} ${row + dy}`) ?? []) {
            if (found[e].has(other.movement) || !meet(sample, other) || follow(graph, e, other.movement)) continue;
            found[e].set(other.movement, 0);
            found[other.movement].set(e, 0);
          }
      const key = `${column} ${row}`;
      const list = near.get(key);
      if (list === undefined) near.set(key, [sample]);
      else list.push(sample);
    }
  }
  return {
    foes: found.map((map) => Int32Array.from(map.keys())),
    yields: found.map((map) => Uint8Array.from(map.values())),
  };
}

function meet(a: Sample, b: Sample): boolean {
  const d2 = (a.x - b.x) ** 2 + (a.y - b.y) ** 2;
  if (d2 >= acrossEachOther ** 2) return false;
  return d2 < besideEachOther ** 2 || Math.abs(a.hx * b.hx + a.hy * b.hy) < alongCosine;
}

/** Of one approach, one behind the other, or not on one level: no conflict. */
function follow(graph: RoadGraph, a: number, b: number): boolean {
  const { comeStart, comeFrom, turnStart, turnTo, edgeLevel } = graph;
  if (a === b || edgeLevel[a] !== edgeLevel[b]) return true;
  const fromA = comeFrom[comeStart[a]];
  const fromB = comeFrom[comeStart[b]];
  return fromA === fromB || turnTo[turnStart[a]] === fromB || turnTo[turnStart[b]] === fromA;
}

function pathOf(graph: RoadGraph, movement: number): Sample[] {
  const exit = graph.turnTo[graph.turnStart[movement]];
  return [
    ...along(graph, movement, movement, graph.edgeLength[movement]),
    ...(exit === undefined ? [] : along(graph, movement, exit, Math.min(intoExit, graph.edgeLength[exit]))),
  ];
}

function along(graph: RoadGraph, movement: number, edge: number, until: number): Sample[] {
  const samples: Sample[] = [];
  const p = new Float64Array(2);
  const h = new Float64Array(2);
  const steps = Math.max(1, Math.ceil(until / spacing));
  for (let i = 0; i <= steps; i++) {
    const s = (i / steps) * until;
    pointAt(graph, edge, s, p);
    directionAt(graph, edge, s, h);
    samples.push({ movement, x: p[0], y: p[1], hx: h[0], hy: h[1] });
  }
  return samples;
}
