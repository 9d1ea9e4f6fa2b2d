import type { RoadGraph } from '../roads/graph/index.ts';
import type { Joins } from './joins.ts';
import type { Tracks } from './tracks.ts';
import type { TurnShares } from './turn-shares.ts';

const maxSteps = 40;
/** Turns of one edge that are told apart; a junction with more leaves out the rest. */
export const mostTurns = 64;

/**
 * The most probable path of one vehicle (P5): scratch arrays refilled by `begin` or `build`, valid until the next call. Step i lies on `edge[i]`,
 * whose first point is `start[i]` and last point `end[i]` metres ahead of the front bumper (`start` negative for the present edge); a vehicle that
 * keeps its track has lateral `lateral[i]` there; the path is taken with probability `pi[i]`.
 */
export class Path {
  readonly edge = new Int32Array(maxSteps);
  readonly start = new Float64Array(maxSteps);
  readonly end = new Float64Array(maxSteps);
  readonly lateral = new Float64Array(maxSteps);
  readonly pi = new Float64Array(maxSteps);
  /** Of step i, except the last: share of the n-th turn at its end at `mostTurns * i + n`. */
  readonly share = new Float32Array(maxSteps * mostTurns);
  /** Steps known so far. */
  length = 0;
  private _slot = -1;
  /** Metres driven since the fix, and how far the path goes. */
  private readonly _bounds = new Float64Array(2);
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

  /** From the vehicle's last fix until where it may come to rest, or pi < 0.05. */
  build(slot: number): void {
    this._bounds[0] = 0;
    this._bounds[1] = stoppingReach(this._tracks.v[slot]);
    this._begin(slot);
    while (this._extend());
  }

  /**
   * From where the vehicle is at `nowMs` as far as it and oncoming traffic get in 8 s; the steps are to be asked for one by one with `has`, so
   * that whoever finds what he looks for on the first pays for no other.
   */
  begin(slot: number, nowMs: number): void {
    const t = this._tracks;
    const v = t.v[slot];
    this._bounds[0] = t.advance(slot, t.age(slot, nowMs));
    this._bounds[1] = Math.max(stoppingReach(v), 8 * (v + 25));
    this._begin(slot);
  }

  private _begin(slot: number): void {
    const t = this._tracks;
    const edge = t.edge[slot];
    this._slot = slot;
    this.length = 0;
    if (edge < 0) return;
    const start = -(t.s[slot] + this._bounds[0]);
    this.edge[0] = edge;
    this.start[0] = start;
    this.end[0] = start + this._graph.edgeLength[edge];
    this.lateral[0] = t.d[slot];
    this.pi[0] = 1;
    this.length = 1;
  }

  /** Whether the path has a step i; to be asked in order of the steps. */
  has(i: number): boolean {
    return i < this.length || this._extend();
  }

  private _extend(): boolean {
    const last = this.length - 1;
    if (last < 0 || last + 1 === maxSteps || this.end[last] > this._bounds[1] || this.pi[last] < 0.05) return false;
    const k = this._turns.rate(this._slot, this, last);
    if (k < 0) return false;
    const { edgeLength, turnTo, turnStart } = this._graph;
    const edge = turnTo[k];
    const next = last + 1;
    this.edge[next] = edge;
    this.start[next] = this.end[last];
    this.end[next] = this.end[last] + edgeLength[edge];
    this.lateral[next] = this.lateral[last] - this._joins.shift[k];
    this.pi[next] = this.pi[last] * this.share[mostTurns * last + k - turnStart[this.edge[last]]];
    this.length = next + 1;
    return true;
  }
}

/** Metres within which a vehicle at `v` must know the road. */
function stoppingReach(v: number): number {
  return Math.max(60, v * 3.5 + (v * v) / 5 + 20);
}
