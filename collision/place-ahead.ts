import { pointAt, type RoadGraph } from '../roads/graph/index.ts';
import type { TurnShares } from './turn-shares.ts';

const maxJoins = 24;

/** Finds the place a number of metres down the road along the most used movements (A2). Fields hold the last answer. */
export class PlaceAhead {
  readonly point = new Float64Array(2);
  edge = -1;
  private readonly _graph: RoadGraph;
  private readonly _turns: TurnShares;

  constructor(graph: RoadGraph, turns: TurnShares) {
    this._graph = graph;
    this._turns = turns;
  }

  /** From `s` metres along `edge`, `ahead` metres on; negative: back, not beyond the edge's first point. */
  find(edge: number, s: number, ahead: number): void {
    const { edgeLength, turnStart, turnTo } = this._graph;
    let at = edge;
    let rest = Math.max(0, s + ahead);
    for (let n = 0; n < maxJoins && rest > edgeLength[at]; n += 1) {
      let best = -1;
      for (let k = turnStart[at]; k < turnStart[at + 1]; k += 1)
        if (best < 0 || this._turns.driven.weight[k] > this._turns.driven.weight[best]) best = k;
      if (best < 0) break;
      rest -= edgeLength[at];
      at = turnTo[best];
    }
    this.edge = at;
    pointAt(this._graph, at, Math.min(rest, edgeLength[at]), this.point);
  }
}
