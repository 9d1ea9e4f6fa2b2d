import { DistanceHeap } from './distance-heap.ts';
import { EdgeFlag, type RoadGraph } from './road-graph.ts';

/** Cost of driving an edge from end to end, > 0; Infinity closes it. */
export type EdgeCost = (edge: number) => number;

/** Seconds at the legal limit. */
export function freeFlowTime(graph: RoadGraph): EdgeCost {
  return (edge) => graph.edgeLength[edge] / graph.edgeLimit[edge];
}

/** Metres. */
export function edgeMetres(graph: RoadGraph): EdgeCost {
  return (edge) => graph.edgeLength[edge];
}

/** Finds cheapest ways between edges (Dijkstra over edges; movements included). One object serves one thread. */
export class ShortestPath {
  readonly graph: RoadGraph;
  private readonly cost: Float64Array;
  private readonly before: Int32Array;
  private readonly stamp: Uint32Array;
  private readonly settled: Uint32Array;
  private readonly heap = new DistanceHeap();
  private run = 0;

  constructor(graph: RoadGraph) {
    this.graph = graph;
    this.cost = new Float64Array(graph.numEdges);
    this.before = new Int32Array(graph.numEdges);
    this.stamp = new Uint32Array(graph.numEdges);
    this.settled = new Uint32Array(graph.numEdges);
  }

  /**
   * Edges of the cheapest way from the start of `from` to the end of `to`, both included and movements between, with its cost;
   * undefined when there is none. Edges closed to motor traffic are only used as ends.
   */
  find(from: number, to: number, costOf: EdgeCost): { edges: number[]; cost: number } | undefined {
    const { cost, before, stamp, settled, heap } = this;
    const { turnStart, turnTo, edgeFlags } = this.graph;
    const run = ++this.run;
    heap.clear();
    stamp[from] = run;
    cost[from] = costOf(from);
    before[from] = -1;
    heap.push(cost[from], from);
    for (let edge = heap.pop(); edge >= 0; edge = heap.pop()) {
      if (edge === to) return { edges: this.trace(to), cost: cost[to] };
      if (settled[edge] === run) continue;
      settled[edge] = run;
      for (let k = turnStart[edge]; k < turnStart[edge + 1]; k++) {
        const next = turnTo[k];
        if (settled[next] === run || ((edgeFlags[next] & EdgeFlag.noMotor) !== 0 && next !== to)) continue;
        const reached = cost[edge] + costOf(next);
        if (!(reached < Infinity) || (stamp[next] === run && cost[next] <= reached)) continue;
        stamp[next] = run;
        cost[next] = reached;
        before[next] = edge;
        heap.push(reached, next);
      }
    }
    return undefined;
  }

  private trace(to: number): number[] {
    const edges: number[] = [];
    for (let edge = to; edge >= 0; edge = this.before[edge]) edges.push(edge);
    return edges.reverse();
  }
}
