import type { RoadGraph } from '../roads/graph/index.ts';
import type { TurnShares } from './turn-shares.ts';

const poolSize = 131_072;
const heapSize = 4096;
/** Edges from which fewer than this share of drivers reach the hazard are not followed farther (H9). */
const minShare = 0.2;

/**
 * Distance fields upstream of hazards (H9): for every edge from which at least a fifth of the drivers meet the hazard within the radius, the path
 * distance from the edge's first point to the first point of the hazard's edge, and that share. Entries of all hazards lie in one
 * pool and are listed both per edge (to ask) and per hazard (to drop). Bounded by the pool; what does not fit is counted.
 */
export class UpstreamFields {
  /** First entry on each edge, -1 none; continue with `nextOnEdge`. */
  readonly firstOnEdge: Int32Array;
  readonly nextOnEdge = new Int32Array(poolSize);
  readonly hazard = new Int32Array(poolSize);
  readonly distance = new Float32Array(poolSize);
  readonly pi = new Float32Array(poolSize);
  overflows = 0;
  private readonly _edge = new Int32Array(poolSize);
  private readonly _nextOfHazard = new Int32Array(poolSize);
  private readonly _firstOfHazard: Int32Array;
  private _free = 0;
  private readonly _graph: RoadGraph;
  private readonly _turns: TurnShares;
  private readonly _stamp: Int32Array;
  private readonly _dist: Float32Array;
  private readonly _pi: Float32Array;
  private readonly _settled: Uint8Array;
  private readonly _heapEdge = new Int32Array(heapSize);
  private readonly _heapKey = new Float64Array(heapSize);
  private _heap = 0;
  private _run = 0;

  constructor(graph: RoadGraph, turns: TurnShares, maxHazards: number) {
    this._graph = graph;
    this._turns = turns;
    this.firstOnEdge = new Int32Array(graph.numEdges).fill(-1);
    this._firstOfHazard = new Int32Array(maxHazards).fill(-1);
    for (let i = 0; i < poolSize; i += 1) this._nextOfHazard[i] = i + 1 < poolSize ? i + 1 : -1;
    this._stamp = new Int32Array(graph.numEdges);
    this._dist = new Float32Array(graph.numEdges);
    this._pi = new Float32Array(graph.numEdges);
    this._settled = new Uint8Array(graph.numEdges);
  }

  /** Drops the hazard's field. */
  drop(hazard: number): void {
    let i = this._firstOfHazard[hazard];
    while (i >= 0) {
      const edge = this._edge[i];
      let j = this.firstOnEdge[edge];
      if (j === i) this.firstOnEdge[edge] = this.nextOnEdge[i];
      else {
        while (this.nextOnEdge[j] !== i) j = this.nextOnEdge[j];
        this.nextOnEdge[j] = this.nextOnEdge[i];
      }
      const next = this._nextOfHazard[i];
      this._nextOfHazard[i] = this._free;
      this._free = i;
      i = next;
    }
    this._firstOfHazard[hazard] = -1;
  }

  /** Replaces the hazard's field by the one upstream of `edge` within `radius` metres of the edge's first point. With `everybody` no
   * driver is let off for the way he will take: a wrong-way driver comes towards him whichever it is. What stands on a movement and `blocks`
   * is met on the movements that cross it or merge with it, too. */
  build(hazard: number, edge: number, radius: number, everybody = false, blocks = false): void {
    this.drop(hazard);
    const { edgeLength, comeStart, comeFrom, turnStart, turnTo } = this._graph;
    const { _dist: dist, _pi: pi, _stamp: stamp, _settled: settled } = this;
    this._run += 1;
    const run = this._run;
    this._heap = 0;
    stamp[edge] = run;
    dist[edge] = 0;
    pi[edge] = 1;
    settled[edge] = 0;
    this._push(0, edge);
    if (blocks) this._alsoAcross(edge, run);
    while (this._heap > 0) {
      const key = this._heapKey[0];
      const at = this._heapEdge[0];
      this._pop();
      if (settled[at] === 1 || key > dist[at]) continue;
      settled[at] = 1;
      if (pi[at] < minShare) continue;
      this._add(hazard, at, dist[at], Math.min(1, pi[at]));
      if (dist[at] > radius) continue;
      for (let c = comeStart[at]; c < comeStart[at + 1]; c += 1) {
        const before = comeFrom[c];
        if (stamp[before] !== run) {
          stamp[before] = run;
          dist[before] = Infinity;
          pi[before] = 0;
          settled[before] = 0;
        }
        if (settled[before] === 1) continue;
        let share = 0;
        for (let k = turnStart[before]; k < turnStart[before + 1]; k += 1)
          if (turnTo[k] === at) share = everybody ? 1 : this._turns.driven.learned(before, k);
        pi[before] = Math.min(1, pi[before] + share * pi[at]);
        // Rounded as it is stored: the heap compares keys with stored distances.
        const d = Math.fround(dist[at] + edgeLength[before]);
        if (d < dist[before]) {
          dist[before] = d;
          this._push(d, before);
        }
      }
    }
  }

  private _alsoAcross(edge: number, run: number): void {
    const { conflictStart, conflictWith } = this._graph;
    for (let c = conflictStart[edge]; c < conflictStart[edge + 1]; c += 1) {
      const across = conflictWith[c];
      this._stamp[across] = run;
      this._dist[across] = 0;
      this._pi[across] = 1;
      this._settled[across] = 0;
      this._push(0, across);
    }
  }

  private _add(hazard: number, edge: number, distance: number, pi: number): void {
    const i = this._free;
    if (i < 0) {
      this.overflows += 1;
      return;
    }
    this._free = this._nextOfHazard[i];
    this._edge[i] = edge;
    this.hazard[i] = hazard;
    this.distance[i] = distance;
    this.pi[i] = pi;
    this.nextOnEdge[i] = this.firstOnEdge[edge];
    this.firstOnEdge[edge] = i;
    this._nextOfHazard[i] = this._firstOfHazard[hazard];
    this._firstOfHazard[hazard] = i;
  }

  private _push(key: number, edge: number): void {
    if (this._heap >= heapSize) {
      this.overflows += 1;
      return;
    }
    let i = this._heap;
    this._heap += 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (this._heapKey[parent] <= key) break;
      this._heapKey[i] = this._heapKey[parent];
      this._heapEdge[i] = this._heapEdge[parent];
      i = parent;
    }
    this._heapKey[i] = key;
    this._heapEdge[i] = edge;
  }

  private _pop(): void {
    this._heap -= 1;
    const n = this._heap;
    const key = this._heapKey[n];
    const edge = this._heapEdge[n];
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= n) break;
      if (child + 1 < n && this._heapKey[child + 1] < this._heapKey[child]) child += 1;
      if (this._heapKey[child] >= key) break;
      this._heapKey[i] = this._heapKey[child];
      this._heapEdge[i] = this._heapEdge[child];
      i = child;
    }
    this._heapKey[i] = key;
    this._heapEdge[i] = edge;
  }
}
