import { DistanceHeap } from './distance-heap.ts';
import type { RoadGraph } from './road-graph.ts';

/**
 * Distances along the road from one place to the edges after it (`forward`) or from the edges before it to the place
 * (`backward`), up to a limit: Dijkstra's algorithm over edges. The answer of a call stands until the next one; scratch memory
 * is kept, so a call allocates nothing in a steady state.
 *
 * - forward: `at(e)` = metres from the place to the start of e; a target at offset t on e is at(e) + t metres ahead.
 * - backward: `at(e)` = metres from the end of e to the place; a vehicle at offset t on e has at(e) + length(e) - t to go.
 *
 * The edge of the place itself is only among the answer when a way leads around back to it.
 */
export class DistanceField {
  /** Edges reached, nearest first: `edges[0 .. count)`. */
  edges: Int32Array = new Int32Array(256);
  count = 0;
  readonly graph: RoadGraph;
  private readonly distance: Float64Array;
  private readonly stamp: Uint32Array;
  private readonly settled: Uint32Array;
  private readonly heap = new DistanceHeap();
  private run = 0;
  /** Metres to the end of the first edge, and the limit: numbers handed from function to function would be objects on the heap. */
  private readonly bounds = new Float64Array(2);

  constructor(graph: RoadGraph) {
    this.graph = graph;
    this.distance = new Float64Array(graph.numEdges);
    this.stamp = new Uint32Array(graph.numEdges);
    this.settled = new Uint32Array(graph.numEdges);
  }

  /** From `s` metres along `edge` on: edges whose start is at most `limit` metres ahead; at most `maxEdges` of them. Returns their number. */
  forward(edge: number, s: number, limit: number, maxEdges = Infinity): number {
    const { turnStart, turnTo, edgeLength } = this.graph;
    this.bounds[0] = edgeLength[edge] - s;
    this.bounds[1] = limit;
    return this.spread(edge, maxEdges, turnStart, turnTo);
  }

  /** Upstream of `s` metres along `edge`: edges whose end is at most `limit` metres before it; at most `maxEdges` of them. Returns their number. */
  backward(edge: number, s: number, limit: number, maxEdges = Infinity): number {
    const { comeStart, comeFrom } = this.graph;
    this.bounds[0] = s;
    this.bounds[1] = limit;
    return this.spread(edge, maxEdges, comeStart, comeFrom);
  }

  /** Metres for an edge of the last answer, else Infinity. */
  at(edge: number): number {
    return this.settled[edge] === this.run ? this.distance[edge] : Infinity;
  }

  private spread(edge: number, maxEdges: number, start: Uint32Array, next: Uint32Array): number {
    const { distance, stamp, settled, heap } = this;
    const { edgeLength } = this.graph;
    const run = this.nextRun();
    this.count = 0;
    heap.clear();
    const limit = this.bounds[1];
    for (let from = edge, reach = this.bounds[0]; from >= 0; ) {
      if (reach <= limit)
        for (let k = start[from]; k < start[from + 1]; k++) {
          const to = next[k];
          if (settled[to] === run || (stamp[to] === run && distance[to] <= reach)) continue;
          stamp[to] = run;
          distance[to] = reach;
          heap.push(reach, to);
        }
      do from = heap.pop();
      while (from >= 0 && settled[from] === run);
      if (from < 0 || this.count >= maxEdges) break;
      settled[from] = run;
      this.add(from);
      reach = distance[from] + edgeLength[from];
    }
    return this.count;
  }

  /** Stamps are 32 bits wide: after four thousand million runs they start again from a clean sheet. */
  private nextRun(): number {
    if (this.run === 0xffffffff) {
      this.stamp.fill(0);
      this.settled.fill(0);
      this.run = 0;
    }
    return ++this.run;
  }

  private add(edge: number): void {
    if (this.count === this.edges.length) {
      const larger = new Int32Array(this.edges.length * 2);
      larger.set(this.edges);
      this.edges = larger;
    }
    this.edges[this.count++] = edge;
  }
}
