import type { RoadGraph } from '../roads/graph/index.ts';
import type { Joins } from './joins.ts';
import type { Tracks } from './tracks.ts';
import type { TurnShares } from './turn-shares.ts';

const maxSteps = 40;

/**
 * The most probable path of one vehicle (P5): scratch arrays refilled by `build`, valid until the next call. Step i lies on `edge[i]`,
 * whose first point is `start[i]` metres ahead of the front bumper (negative for the present edge); a vehicle that keeps its track
 * has lateral `lateral[i]` there; the path is taken with probability `pi[i]`.
 */
export class Path {
  readonly edge = new Int32Array(maxSteps);
  readonly start = new Float64Array(maxSteps);
  readonly lateral = new Float64Array(maxSteps);
  readonly pi = new Float64Array(maxSteps);
  length = 0;
  private readonly _graph: RoadGraph;
  private readonly _tracks: Tracks;
  private readonly _joins: Joins;
  private readonly _turns: TurnShares;

  constructor(graph: RoadGraph, tracks: Tracks, joins: Joins, turns: TurnShares) {
    this._graph = graph;
    this._tracks = tracks;
    this._joins = joins;
    this._turns = turns;
  }

  /** From the vehicle's present place (already `ahead` metres beyond its last fix) until `horizon` metres or pi < 0.05. */
  build(slot: number, ahead: number, horizon: number): void {
    const { edgeLength, turnTo, turnStart } = this._graph;
    const t = this._tracks;
    let edge = t.edge[slot];
    let start = -(t.s[slot] + ahead);
    let lateral = t.d[slot];
    let pi = 1;
    let n = 0;
    while (edge >= 0 && n < maxSteps) {
      this.edge[n] = edge;
      this.start[n] = start;
      this.lateral[n] = lateral;
      this.pi[n] = pi;
      n += 1;
      const end = start + edgeLength[edge];
      if (end > horizon || pi < 0.05) break;
      const k = this._turns.rate(slot, edge, end, lateral);
      if (k < 0) break;
      pi *= this._turns.share[k - turnStart[edge]];
      lateral -= this._joins.shift[k];
      start = end;
      edge = turnTo[k];
    }
    this.length = n;
  }
}
