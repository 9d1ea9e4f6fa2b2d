import { EdgeFlag, type RoadGraph } from '../roads/graph/index.ts';
import { BegunMovements } from './begun-movements.ts';
import { bodyKey } from './contact-tables.ts';
import type { Joins } from './joins.ts';
import { mostTurns, type Path } from './path.ts';
import type { Tracks } from './tracks.ts';
import type { TurnShares } from './turn-shares.ts';

const perVehicle = 8;
/** Pair-relevant horizon before a junction (X2): seconds of travel, and metres. */
const horizonTime = 7;
const minHorizon = 30;
const minPi = 0.08;

/** An entry lies in one place, 7 words of 4 bytes: who looks for others reads one cache line each, seldom two. */
const entryWords = 7;
/** Place of the movement's first point, m along the vehicle's present edge as if that went on, so that it stays true while he drives on along it. */
export const startWord = 0;
/** Lateral position there, m. */
export const lateralWord = 1;
/** Probability that he uses the movement. */
export const piWord = 2;
export const movementWord = 3;
/** Next entry of the movement, -1 none, and the one before. */
export const nextWord = 4;
const previousWord = 5;
/** His body and place as the contact tables know them. */
export const bodyWord = 6;

/** Who is about to use which movement through a junction (X2): every vehicle has up to eight entries, listed per movement, named by their first word. */
export class Approaches {
  /** First entry of each movement, -1 none. */
  readonly first: Int32Array;
  /** Entries of each junction. */
  readonly atNode: Int32Array;
  /** The entries, as numbers and as integers. */
  readonly f32: Float32Array;
  readonly i32: Int32Array;
  private readonly _count: Uint8Array;
  /** Lateral position on the approach, kept through the junction. */
  private readonly _entryLateral: Float32Array;
  private readonly _graph: RoadGraph;
  private readonly _begun: BegunMovements;

  constructor(graph: RoadGraph, joins: Joins, capacity: number) {
    const entries = new ArrayBuffer(4 * entryWords * perVehicle * capacity);
    this.f32 = new Float32Array(entries);
    this.i32 = new Int32Array(entries);
    this._graph = graph;
    this._begun = new BegunMovements(graph, joins);
    this.first = new Int32Array(graph.numEdges).fill(-1);
    this.atNode = new Int32Array(graph.numNodes);
    this._count = new Uint8Array(capacity);
    this._entryLateral = new Float32Array(capacity);
  }

  static slotOf(entry: number): number {
    return (entry / (perVehicle * entryWords)) | 0;
  }

  firstOf(slot: number): number {
    return slot * perVehicle * entryWords;
  }

  /** From entry to entry of a vehicle. */
  static readonly stride = entryWords;

  endOf(slot: number): number {
    return (slot * perVehicle + this._count[slot]) * entryWords;
  }

  remove(slot: number): void {
    const { i32, first, atNode } = this;
    const { edgeFrom } = this._graph;
    for (let i = this.firstOf(slot); i < this.endOf(slot); i += entryWords) {
      const movement = i32[i + movementWord];
      const node = edgeFrom[movement];
      atNode[node] = atNode[node] - 1;
      const previous = i32[i + previousWord];
      const next = i32[i + nextWord];
      if (previous >= 0) i32[previous + nextWord] = next;
      else first[movement] = next;
      if (next >= 0) i32[next + previousWord] = previous;
    }
    this._count[slot] = 0;
  }

  /** Renews the vehicle's entries from its path; all movements of the next approach are entered, later ones only along the path. */
  update(slot: number, path: Path, tracks: Tracks, turns: TurnShares, joins: Joins): void {
    this.remove(slot);
    const { edgeFlags, turnStart, turnTo } = this._graph;
    const v = tracks.v[slot];
    const horizon = Math.max(minHorizon, v * horizonTime);
    const previous = tracks.previousEdge[slot];
    const s = tracks.s[slot];
    // The body may still reach back into the junction it has just left.
    const reaches =
      previous >= 0 &&
      path.length > 0 &&
      (edgeFlags[previous] & EdgeFlag.internal) !== 0 &&
      (edgeFlags[path.edge[0]] & EdgeFlag.internal) === 0 &&
      turnTo[turnStart[previous]] === path.edge[0] &&
      s < tracks.length[slot] + 2;
    // How likely he is on the movement the path begins with, or the body lies on.
    let taken = reaches ? this._inside(slot, previous, tracks, turns) : 1;
    if (!reaches && (edgeFlags[tracks.edge[slot]] & EdgeFlag.internal) === 0) this._entryLateral[slot] = tracks.d[slot];
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
        if (pi >= minPi) this._enter(slot, turnTo[k], end + s, path.lateral[i] - joins.shift[k], pi, tracks);
      }
    }
    tracks.onMovement[slot] = taken;
  }

  /** X3, X4: enters the movements he may have begun; returns how likely he is on the matched one. */
  private _inside(slot: number, matched: number, tracks: Tracks, turns: TurnShares): number {
    const { comeStart, comeFrom } = this._graph;
    const approach = comeStart[matched] < comeStart[matched + 1] ? comeFrom[comeStart[matched]] : -1;
    const begun = this._begun;
    if (approach < 0 || !begun.weigh(slot, approach, this._entryLateral, matched, tracks, turns)) return 1;
    let taken = 0;
    for (let k = 0; k < begun.count; k += 1) {
      if (begun.movement[k] === matched) taken = begun.pi[k];
      if (begun.pi[k] >= minPi)
        this._enter(slot, begun.movement[k], tracks.s[slot] - begun.along[k], begun.lateral[k], begun.pi[k], tracks);
    }
    return taken;
  }

  /** Whether anybody but the owner of entry `i` is about to use the junction of its movement. */
  shares(i: number): boolean {
    const { edgeFrom } = this._graph;
    const { i32 } = this;
    const node = edgeFrom[i32[i + movementWord]];
    let own = 0;
    const slot = Approaches.slotOf(i);
    for (let k = this.firstOf(slot); k < this.endOf(slot); k += entryWords)
      if (edgeFrom[i32[k + movementWord]] === node) own += 1;
    return this.atNode[node] > own;
  }

  private _enter(slot: number, movement: number, start: number, lateral: number, pi: number, tracks: Tracks): void {
    if (this._count[slot] >= perVehicle) return;
    const { f32, i32, first, atNode } = this;
    const i = this.endOf(slot);
    this._count[slot] += 1;
    f32[i + startWord] = start;
    f32[i + lateralWord] = lateral;
    f32[i + piWord] = pi;
    i32[i + movementWord] = movement;
    i32[i + bodyWord] = bodyKey(tracks.length[slot], tracks.width[slot], lateral, tracks.dSigma[slot]);
    const node = this._graph.edgeFrom[movement];
    atNode[node] = atNode[node] + 1;
    const head = first[movement];
    i32[i + nextWord] = head;
    i32[i + previousWord] = -1;
    if (head >= 0) i32[head + previousWord] = i;
    first[movement] = i;
  }
}
