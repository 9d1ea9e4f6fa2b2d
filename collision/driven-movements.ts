import { EdgeFlag, type RoadGraph, TurnKind } from '../roads/graph/index.ts';
import type { Learner, Memory } from './learned.ts';
import type { Tracks } from './tracks.ts';

/** Drivers counted beforehand per lane a movement may be made from: straight on, a turn, and turning round (P4). */
const straightPrior = 4;
const turnPrior = 1;
const uTurnPrior = 0.1;
/** Lanes of an approach that are told apart, from the kerb; those beyond count as the last. */
const lanesKept = 4;
/** Counts of an approach, and of one of its lanes, are halved when they reach this, so that shares follow the day. */
const maxCount = 4000;
const maxLaneCount = 400;
/** What the whole approach says weighs as many drivers of one lane. */
const laneTrust = 4;
/** Lateral acceleration drivers accept in a turn at most, m/s², and the share of that speed at which they make it; straight on they drive this share of the limit. */
const turnAcceleration = 4;
const turnEase = 0.75;
const straightEase = 0.9;
/** Drivers begin and end a turn outside the movement's own line, m in all; less than this angle on either side is no turn, rad. */
const runIn = 6;
const leastTurn = 0.15;
/** A learned pace begins as that of so many drivers, and follows the last so many. */
const pacePrior = 4;
const paceMemory = 50;
/** Nobody drives faster, m/s. */
const mostPace = 100;
/** Who was slower than this on the last metres of the approach, or stood inside, was held up: he says nothing of the pace, m/s and m. */
const heldUp = 3;
const lastMetres = 40;
/** A driver who goes slower than he did is taken for one with a lower speed of his own after this, s. */
const cruiseTime = 10;
/** Lateral doubt, in lane widths, beyond which nobody knows the lane. */
const laneDoubt = 0.6;

/** Which movements drivers make from each approach and each of its lanes, and how fast (P4, P8): a prior and what those who have been over it did. */
export class DrivenMovements implements Learner {
  /** Prior plus counted drivers, per turn (index into `turnTo`). */
  readonly weight: Float32Array;
  /** Speed at which a movement can be driven, m/s, per edge; the limit on normal edges. */
  readonly curveSpeed: Float32Array;
  /** Speed, m/s, with which drivers who are not held up make a movement, per edge; the limit's share on normal edges. */
  readonly pace: Float32Array;
  /** Speed, m/s, from which each vehicle slows down: the highest of the last seconds. */
  readonly cruise: Float32Array;
  private readonly _graph: RoadGraph;
  private readonly _tracks: Tracks;
  /** Drivers of each lane, per turn and per edge. */
  private readonly _ofLane: Uint16Array;
  private readonly _inLane: Uint16Array;
  private readonly _paced: Uint8Array;
  /** Per vehicle: the approach it is on or comes from, its lane there, and the slowest it has been since its last metres. */
  private readonly _approach: Int32Array;
  private readonly _lane: Int8Array;
  private readonly _slowest: Float32Array;
  private readonly _notedMs: Float64Array;

  constructor(
    graph: RoadGraph,
    tracks: Tracks,
    startX: Float32Array,
    startY: Float32Array,
    endX: Float32Array,
    endY: Float32Array,
  ) {
    this._graph = graph;
    this._tracks = tracks;
    this.weight = new Float32Array(graph.numTurns);
    this.curveSpeed = new Float32Array(graph.numEdges);
    this.pace = new Float32Array(graph.numEdges);
    this._ofLane = new Uint16Array(lanesKept * graph.numTurns);
    this._inLane = new Uint16Array(lanesKept * graph.numEdges);
    this._paced = new Uint8Array(graph.numEdges);
    this._approach = new Int32Array(tracks.capacity).fill(-1);
    this._lane = new Int8Array(tracks.capacity).fill(-1);
    this._slowest = new Float32Array(tracks.capacity).fill(Infinity);
    this.cruise = new Float32Array(tracks.capacity);
    this._notedMs = new Float64Array(tracks.capacity);
    for (let e = 0; e < graph.numEdges; e += 1) {
      const limit = graph.edgeLimit[e];
      this.curveSpeed[e] = limit;
      this.pace[e] = straightEase * limit;
      if ((graph.edgeFlags[e] & EdgeFlag.internal) !== 0) {
        const cos = startX[e] * endX[e] + startY[e] * endY[e];
        const half = Math.acos(Math.max(-1, Math.min(1, cos))) / 2;
        const radius = (graph.edgeLength[e] + runIn) / Math.max(2 * half, 1e-3);
        if (half > leastTurn) {
          this.curveSpeed[e] = Math.min(limit, Math.max(3, Math.sqrt(turnAcceleration * radius)));
          this.pace[e] = Math.min(straightEase * limit, turnEase * this.curveSpeed[e]);
        }
      }
      for (let k = graph.turnStart[e]; k < graph.turnStart[e + 1]; k += 1)
        this.weight[k] = this._prior(graph.turnTo[k]);
    }
  }

  private _prior(edge: number): number {
    const { edgeTurn, edgeFlags, edgeFromLaneLow, edgeFromLaneHigh, turnStart, turnTo } = this._graph;
    if ((edgeFlags[edge] & EdgeFlag.internal) === 0) return 1;
    const low = edgeFromLaneLow[edge];
    const high = edgeFromLaneHigh[edge];
    const lanes = low === 255 || high === 255 || high < low ? 1 : high - low + 1;
    const kind = edgeTurn[edge];
    if (kind === TurnKind.uTurn) return uTurnPrior;
    const exit = turnStart[edge] < turnStart[edge + 1] ? turnTo[turnStart[edge]] : -1;
    const leaves = exit >= 0 && (edgeFlags[exit] & EdgeFlag.link) !== 0;
    return (kind === TurnKind.straight && !leaves ? straightPrior : turnPrior) * lanes;
  }

  get memory(): readonly Memory[] {
    return [this.weight, this.pace, this._paced, this._ofLane, this._inLane];
  }

  recall(): void {
    const { weight, pace } = this;
    if (weight.some((count) => count <= 0 || count > maxCount) || pace.some((speed) => speed > mostPace))
      throw new RangeError('no drivers, more of them than are kept, or faster than any');
  }

  /** At each look at a vehicle on the map: who has come to a new road is counted for the movement that led there. */
  note(slot: number): void {
    const { edgeFlags, edgeLength } = this._graph;
    const t = this._tracks;
    const edge = t.edge[slot];
    const v = t.v[slot];
    const gain = Math.min((t.timeMs[slot] - this._notedMs[slot]) / (1000 * cruiseTime), 1);
    this._notedMs[slot] = t.timeMs[slot];
    const cruise = this.cruise[slot];
    this.cruise[slot] = v > cruise ? v : cruise + gain * (v - cruise);
    if ((edgeFlags[edge] & EdgeFlag.internal) !== 0) {
      if (v < this._slowest[slot]) this._slowest[slot] = v;
      return;
    }
    if (edge !== this._approach[slot]) {
      if (this._approach[slot] >= 0 && t.against[slot] === 0) this._count(slot, this._approach[slot], edge);
      this._approach[slot] = edge;
      this._slowest[slot] = Infinity;
    }
    this._lane[slot] = this._laneAt(slot, edge);
    // Before its last metres nothing is known of how it will drive them.
    this._slowest[slot] = t.s[slot] < edgeLength[edge] - lastMetres ? Infinity : Math.min(this._slowest[slot], v);
  }

  /** The vehicle left the map or the fleet. */
  forget(slot: number): void {
    this._approach[slot] = -1;
    this._notedMs[slot] = 0;
  }

  /** Lane from the kerb, -1 where the receiver does not tell. */
  private _laneAt(slot: number, edge: number): number {
    const { edgeWidth, edgeLanes } = this._graph;
    const laneWidth = edgeWidth[edge] / edgeLanes[edge];
    if (!(laneWidth > 0) || this._tracks.dSigma[slot] > laneDoubt * laneWidth) return -1;
    return this.lane((this._tracks.d[slot] + edgeWidth[edge] / 2) / laneWidth, edge);
  }

  /** Lane kept apart in the counts for a place `across` lane widths from the kerb. */
  lane(across: number, edge: number): number {
    return Math.max(0, Math.min(Math.floor(across), this._graph.edgeLanes[edge] - 1, lanesKept - 1));
  }

  private _count(slot: number, from: number, to: number): void {
    const { turnStart, turnTo, edgeFlags } = this._graph;
    for (let k = turnStart[from]; k < turnStart[from + 1]; k += 1) {
      const via = turnTo[k];
      const inside = (edgeFlags[via] & EdgeFlag.internal) !== 0;
      if (via !== to && !(inside && turnStart[via] < turnStart[via + 1] && turnTo[turnStart[via]] === to)) continue;
      this._countTurn(from, k, this._lane[slot]);
      if (inside) this._countPace(via, this._slowest[slot]);
      return;
    }
  }

  private _countTurn(edge: number, k: number, lane: number): void {
    const { turnStart } = this._graph;
    const { weight, _ofLane: ofLane, _inLane: inLane } = this;
    weight[k] = weight[k] + 1;
    if (weight[k] >= maxCount)
      for (let i = turnStart[edge]; i < turnStart[edge + 1]; i += 1) weight[i] = weight[i] * 0.5;
    if (lane < 0) return;
    const of = lanesKept * edge + lane;
    ofLane[lanesKept * k + lane] += 1;
    inLane[of] = inLane[of] + 1;
    if (inLane[of] < maxLaneCount) return;
    inLane[of] = inLane[of] * 0.5;
    for (let i = turnStart[edge]; i < turnStart[edge + 1]; i += 1) ofLane[lanesKept * i + lane] *= 0.5;
  }

  private _countPace(movement: number, slowest: number): void {
    if (!(slowest >= heldUp && slowest < Infinity)) return;
    const n = Math.min(this._paced[movement] + 1, paceMemory);
    this._paced[movement] = n;
    this.pace[movement] = this.pace[movement] + (slowest - this.pace[movement]) / (pacePrior + n);
  }

  /** Share of turn `k` among the drivers of `lane` of `edge`, where `share` is its share of the whole approach. */
  ofLane(edge: number, k: number, lane: number, share: number): number {
    return (
      (laneTrust * share + this._ofLane[lanesKept * k + lane]) / (laneTrust + this._inLane[lanesKept * edge + lane])
    );
  }

  /** Learned share of turn `k` among the turns of `edge`. */
  learned(edge: number, k: number): number {
    const { turnStart } = this._graph;
    let sum = 0;
    for (let i = turnStart[edge]; i < turnStart[edge + 1]; i += 1) sum += this.weight[i];
    return sum > 0 ? this.weight[k] / sum : 0;
  }
}
