import { EdgeFlag, type RoadGraph } from '../graph/index.ts';

/**
 * Strongly connected parts of a graph: from every edge of a part every other can be reached. `part[e]` is the number of the
 * part of edge e; `sizes[p]` counts its normal edges; `largest` is the part with most of them. Tarjan's algorithm without recursion.
 */
export function strongParts(graph: RoadGraph): { part: Int32Array; sizes: number[]; largest: number } {
  const { numEdges, turnStart, turnTo, edgeFlags } = graph;
  const order = new Int32Array(numEdges).fill(-1);
  const low = new Int32Array(numEdges);
  const part = new Int32Array(numEdges).fill(-1);
  const next = turnStart.slice();
  const open: number[] = [];
  const path: number[] = [];
  const sizes: number[] = [];
  let met = 0;
  for (let root = 0; root < numEdges; root++) {
    if (order[root] >= 0) continue;
    path.push(root);
    while (path.length > 0) {
      const e = path[path.length - 1];
      if (order[e] < 0) {
        order[e] = low[e] = met++;
        open.push(e);
      }
      if (next[e] < turnStart[e + 1]) {
        const to = turnTo[next[e]++];
        if (order[to] < 0) path.push(to);
        else if (part[to] < 0) low[e] = Math.min(low[e], order[to]);
        continue;
      }
      path.pop();
      if (path.length > 0) low[path[path.length - 1]] = Math.min(low[path[path.length - 1]], low[e]);
      if (low[e] !== order[e]) continue;
      let size = 0;
      for (let member = -1; member !== e; ) {
        member = open.pop() ?? e;
        part[member] = sizes.length;
        if ((edgeFlags[member] & EdgeFlag.internal) === 0) size++;
      }
      sizes.push(size);
    }
  }
  const largest = sizes.reduce((best, size, p) => (size > sizes[best] ? p : best), 0);
  return { part, sizes, largest };
}
