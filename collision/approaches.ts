import { EdgeFlag, type RoadGraph } from '../roads/graph/index.ts';
import { BegunMovements } from './begun-movements.ts';
import type { Joins } from './joins.ts';
import { mostTurns, type Path } from './path.ts';
import type { Tracks } from './tracks.ts';
import type { TurnShares } from './turn-shares.ts';

const perVehicle = 8;
/** Pair-relevant horizon before a junction (X2): seconds of travel, and metres. */
const horizonTime = 7;
const minHorizon = 30;
const minPi = 0.08;
/**
 * Who is about to use which movement through a junction (X2): every vehicle has up to eight entries, listed per movement. An entry
 * holds the place of the movement's first point in metres along the vehicle's present edge, as if that went on (so it stays true while the vehicle
 * drives on along it), the lateral there, and the probability.
 */
export class Approaches {
  /** First entry of each movement, -1 none. */
  readonly first: Int32Array;
  readonly next: Int32Array;
  readonly start: Float32Array;
  readonly lateral: Float32Array;
  readonly pi: Float32Array;
  readonly movement: Int32Array;
  /** Entries of each junction. */
  readonly atNode: Int32Array;
  private readonly _previous: Int32Array;
  private readonly _count: Uint8Array;
  /** Lateral position on the approach, kept through the junction. */
  private readonly _entryLateral: Float32Array;
  private readonly _graph: RoadGraph;
  private readonly _begun: BegunMovements;

  constructor(graph: RoadGraph, joins: Joins, capacity: number) {
    const n = capacity * perVehicle;
    this._graph = graph;
    this._begun = new BegunMovements(graph, joins);
    this.first = new Int32Array(graph.numEdges).fill(-1);
    this.next = new Int32Array(n).fill(-1);
    this._previous = new Int32Array(n).fill(-1);
    this.start = new Float32Array(n);
    this.lateral = new Float32Array(n);
    this.pi = new Float32Array(n);
    this.movement = new Int32Array(n).fill(-1);
    this.atNode = new Int32Array(graph.numNodes);
    this._count = new Uint8Array(capacity);
    this._entryLateral = new Float32Array(capacity);
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
      this.atNode[this._graph.edgeFrom[this.movement[i]]] -= 1;
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
    if ((edgeFlags[tracks.edge[slot]] & EdgeFlag.internal) === 0) this._entryLateral[slot] = tracks.d[slot];
    // The body may still reach back into the junction it has just left.
    if (
      previous >= 0 &&
      path.length > 0 &&
      (edgeFlags[previous] & EdgeFlag.internal) !== 0 &&
      (edgeFlags[path.edge[0]] & EdgeFlag.internal) === 0 &&
      turnTo[turnStart[previous]] === path.edge[0] &&
      s < tracks.length[slot] + 2
    )
      this._enter(slot, previous, -edgeLength[previous], tracks.d[slot] + joins.shift[turnStart[previous]], 1);
    // How likely he is on the movement the path begins with.
    let taken = 1;
    for (let i = 0; i < path.length && path.start[i] < horizon; i += 1) {
      const edge = path.edge[i];
      if ((edgeFlags[edge] & EdgeFlag.internal) !== 0) {
        if (i === 0) taken = this._inside(slot, edge, tracks, turns);
        continue;
      }
      const end = path.end[i];
      // Beyond its last step the path does not go on: a dead end, or less likely than what is entered.
      if (end > horizon || i + 1 >= path.length) break;
      const first = turnStart[edge];
      const last = Math.min(turnStart[edge + 1], first + mostTurns);
      for (let k = first; k < last; k += 1) {
        const pi = taken * path.pi[i] * path.share[mostTurns * i + k - first];
        if (pi >= minPi) this._enter(slot, turnTo[k], end + s, path.lateral[i] - joins.shift[k], pi);
      }
    }
  }

  /** X3: enters the movements he may have begun; returns how likely he is on the matched one. */
  private _inside(slot: number, matched: number, tracks: Tracks, turns: TurnShares): number {
    const { comeStart, comeFrom } = this._graph;
    const approach = comeStart[matched] < comeStart[matched + 1] ? comeFrom[comeStart[matched]] : -1;
    const begun = this._begun;
    if (approach < 0 || !begun.weigh(slot, approach, this._entryLateral[slot], tracks, turns)) return 1;
    let taken = 0;
    for (let k = 0; k < begun.count; k += 1) {
      if (begun.movement[k] === matched) taken = begun.pi[k];
      if (begun.pi[k] >= minPi)
        this._enter(slot, begun.movement[k], tracks.s[slot] - begun.along[k], begun.lateral[k], begun.pi[k]);
    }
    return taken;
  }

  /** Whether anybody but the owner of entry `i` is about to use the junction of its movement. */
  shares(i: number): boolean {
    const { edgeFrom } = this._graph;
    const node = edgeFrom[this.movement[i]];
    let own = 0;
    const slot = Approaches.slotOf(i);
    for (let k = this.firstOf(slot); k < this.endOf(slot); k += 1) if (edgeFrom[this.movement[k]] === node) own += 1;
    return this.atNode[node] > own;
  }

  private _enter(slot: number, movement: number, start: number, lateral: number, pi: number): void {
    if (this._count[slot] >= perVehicle) return;
    const i = this.endOf(slot);
    this._count[slot] += 1;
    this.movement[i] = movement;
    this.start[i] = start;
    this.lateral[i] = lateral;
    this.pi[i] = pi;
    this.atNode[this._graph.edgeFrom[movement]] += 1;
    const head = this.first[movement];
    this.next[i] = head;
    this._previous[i] = -1;
    if (head >= 0) this._previous[head] = i;
    this.first[movement] = i;
  }
}
