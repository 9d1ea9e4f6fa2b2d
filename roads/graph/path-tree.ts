import type { RoadGraph } from './road-graph.ts';

/**
 * All ways on from a place, as a tree in flat arrays: node 0 is the edge of the place, `parent` of the others is a smaller index.
 * `start[i]` = metres from the place to the start of `edge[i]` (negative for node 0). `leaf[i]` is 1 where the tree ends.
 */
export interface PathTree {
  count: number;
  /** True when the tree was cut because the arrays were full: what is there is right, but not all. */
  cut: boolean;
  readonly edge: Int32Array;
  readonly parent: Int32Array;
  readonly start: Float32Array;
  readonly leaf: Uint8Array;
}

/** Room for `capacity` tree nodes. */
export function allocatePathTree(capacity: number): PathTree {
  if (!(capacity >= 1)) throw new RangeError(`room for ${capacity} path nodes, at least 1`);
  return {
    count: 0,
    cut: false,
    edge: new Int32Array(capacity),
    parent: new Int32Array(capacity),
    start: new Float32Array(capacity),
    leaf: new Uint8Array(capacity),
  };
}

/**
 * Expands the successors of (edge, s) breadth first until every branch is `distance` metres long, ends, or comes back to an
 * edge it already holds. Returns the number of nodes. Allocates nothing.
 */
export function expandPaths(graph: RoadGraph, edge: number, s: number, distance: number, out: PathTree): number {
  const { turnStart, turnTo, edgeLength } = graph;
  out.edge[0] = edge;
  out.parent[0] = -1;
  out.start[0] = -s;
  out.count = 1;
  out.cut = false;
  for (let i = 0; i < out.count; i++) {
    const from = out.edge[i];
    const end = out.start[i] + edgeLength[from];
    out.leaf[i] = 1;
    if (end >= distance) continue;
    for (let k = turnStart[from]; k < turnStart[from + 1]; k++) {
      const to = turnTo[k];
      if (onBranch(out, i, to)) continue;
      if (out.count === out.edge.length) {
        out.cut = true;
        break;
      }
      const at = out.count++;
      out.edge[at] = to;
      out.parent[at] = i;
      out.start[at] = end;
      out.leaf[i] = 0;
    }
  }
  return out.count;
}

function onBranch(tree: PathTree, from: number, edge: number): boolean {
  for (let i = from; i >= 0; i = tree.parent[i]) if (tree.edge[i] === edge) return true;
  return false;
}
