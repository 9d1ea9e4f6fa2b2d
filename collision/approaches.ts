import { EdgeFlag, type RoadGraph } from '../roads/graph/index.ts';
import type { Joins } from './joins.ts';
import type { Path } from './path.ts';
import type { Tracks } from './tracks.ts';
import type { TurnShares } from './turn-shares.ts';

const perVehicle = 8;
/** Pair-relevant horizon before a junction (X2): seconds of travel, and metres. */
const horizonTime = 7;
const minHorizon = 30;
const minPi = 0.08;

/**
 * Who is about to use which movement through a junction (X2): every vehicle has up to eight entries, listed per movement. An entry
 * holds the distance from the front bumper to the movement's first point at the time of the vehicle's fix, the lateral there, and the probability.
 */
export class Approaches {
  /** First entry of each movement, -1 none. */
  readonly first: Int32Array;
  readonly next: Int32Array;
  readonly start: Float32Array;
  readonly lateral: Float32Array;
  readonly pi: Float32Array;
  readonly movement: Int32Array;
  private readonly _previous: Int32Array;
  private readonly _count: Uint8Array;
  private readonly _graph: RoadGraph;

  constructor(graph: RoadGraph, capacity: number) {
    const n = capacity * perVehicle;
    this._graph = graph;
    this.first = new Int32Array(graph.numEdges).fill(-1);
    this.next = new Int32Array(n).fill(-1);
    this._previous = new Int32Array(n).fill(-1);
    this.start = new Float32Array(n);
    this.lateral = new Float32Array(n);
    this.pi = new Float32Array(n);
    this.movement = new Int32Array(n).fill(-1);
    this._count = new Uint8Array(capacity);
  }

  static slotOf(entry: number): number {
    return (entry / perVehicle) | 0;
  }

  firstOf(slot: number): number {
    return slot * perVehicle;
  }

  endOf(slot: number): number {
    return slot * perVehicle + this._count[slot];
  }

  remove(slot: number): void {
    for (let i = this.firstOf(slot); i < this.endOf(slot); i += 1) {
      const previous = this._previous[i];
      const next = this.next[i];
      if (previous >= 0) this.next[previous] = next;
      else this.first[this.movement[i]] = next;
      if (next >= 0) this._previous[next] = previous;
    }
    this._count[slot] = 0;
  }

  /** Renews the vehicle's entries from its path; all movements of the next approach are entered, later ones only along the path. */
  update(slot: number, path: Path, tracks: Tracks, turns: TurnShares, joins: Joins): void {
    this.remove(slot);
    const { edgeFlags, edgeLength, turnStart, turnTo } = this._graph;
    const v = tracks.v[slot];
    const horizon = Math.max(minHorizon, v * horizonTime);
    const previous = tracks.previousEdge[slot];
    const s = tracks.s[slot];
    // The body may still reach back into the junction it has just left.
    if (
      previous >= 0 &&
      path.length > 0 &&
      (edgeFlags[previous] & EdgeFlag.internal) !== 0 &&
      (edgeFlags[path.edge[0]] & EdgeFlag.internal) === 0 &&
      s < tracks.length[slot] + 2
    )
      this._enter(slot, previous, -(edgeLength[previous] + s), tracks.d[slot], 1);
    for (let i = 0; i < path.length && path.start[i] < horizon; i += 1) {
      const edge = path.edge[i];
      if ((edgeFlags[edge] & EdgeFlag.internal) !== 0) {
        if (i === 0) this._enter(slot, edge, path.start[0], path.lateral[0], 1);
        continue;
      }
      const end = path.start[i] + edgeLength[edge];
      if (end > horizon) break;
      if (turns.rate(slot, edge, end, path.lateral[i]) < 0) break;
      for (let k = turnStart[edge]; k < turnStart[edge + 1]; k += 1) {
        const pi = path.pi[i] * turns.share[k - turnStart[edge]];
        if (pi >= minPi) this._enter(slot, turnTo[k], end, path.lateral[i] - joins.shift[k], pi);
      }
    }
  }

  private _enter(slot: number, movement: number, start: number, lateral: number, pi: number): void {
    if (this._count[slot] >= perVehicle) return;
    const i = this.endOf(slot);
    this._count[slot] += 1;
    this.movement[i] = movement;
    this.start[i] = start;
    this.lateral[i] = lateral;
    this.pi[i] = pi;
    const head = this.first[movement];
    this.next[i] = head;
    this._previous[i] = -1;
    if (head >= 0) this._previous[head] = i;
    this.first[movement] = i;
  }
}
