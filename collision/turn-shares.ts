import { EdgeFlag, type RoadGraph, TurnKind } from '../roads/graph/index.ts';
import { mostTurns, type Path } from './path.ts';
import type { Tracks } from './tracks.ts';
import { TrackFlag } from './vehicle-flags.ts';

/** Dirichlet prior of a movement straight on, and of a turn, per lane it may be made from (P4). */
const straightPrior = 8;
const turnPrior = 2;
const uTurnPrior = 0.1;
/** Learned counts are halved when an approach has this many, so that shares follow the day. */
const maxCount = 4000;
/** Lateral acceleration drivers accept in a turn, m/s². */
const turnAcceleration = 4;
/** So near the end of an edge a heading that deviates from it shows the turn begun, m; its weight per radian, and the most that counts. */
const turnBegins = 12;
const headingWeight = 12;
const maxTurned = 0.2;
/** Drivers begin and end a turn outside the movement's own line, m in all. */
const runIn = 6;

/** How likely each movement is from an approach: prior, learned counts, and what the vehicle itself shows (P4). */
export class TurnShares {
  /** Prior plus counted movements, per turn. */
  readonly weight: Float32Array;
  /** Speed at which a movement can be driven, m/s, per edge; the limit on normal edges. */
  readonly curveSpeed: Float32Array;
  private readonly _graph: RoadGraph;
  private readonly _tracks: Tracks;
  private readonly _endX: Float32Array;
  private readonly _endY: Float32Array;

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
    this._endX = endX;
    this._endY = endY;
    this.weight = new Float32Array(graph.numTurns);
    this.curveSpeed = new Float32Array(graph.numEdges);
    for (let e = 0; e < graph.numEdges; e += 1) {
      this.curveSpeed[e] = graph.edgeLimit[e];
      if ((graph.edgeFlags[e] & EdgeFlag.internal) !== 0) {
        const cos = startX[e] * endX[e] + startY[e] * endY[e];
        const half = Math.acos(Math.max(-1, Math.min(1, cos))) / 2;
        const radius = (graph.edgeLength[e] + runIn) / Math.max(2 * half, 1e-3);
        if (half > 0.15)
          this.curveSpeed[e] = Math.min(graph.edgeLimit[e], Math.max(3, Math.sqrt(turnAcceleration * radius)));
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
    const straight = kind === TurnKind.straight && !leaves;
    return (straight ? straightPrior * lanes * lanes : turnPrior * lanes) / 2;
  }

  /** Counts one driver who went from `edge` over turn `k`. */
  count(edge: number, k: number): void {
    const { turnStart } = this._graph;
    const weight = this.weight;
    weight[k] = weight[k] + 1;
    if (weight[k] < maxCount) return;
    for (let i = turnStart[edge]; i < turnStart[edge + 1]; i += 1) weight[i] = weight[i] * 0.5;
  }

  /** Learned share of turn `k` among the turns of `edge`. */
  learned(edge: number, k: number): number {
    const { turnStart } = this._graph;
    let sum = 0;
    for (let i = turnStart[edge]; i < turnStart[edge + 1]; i += 1) sum += this.weight[i];
    return sum > 0 ? this.weight[k] / sum : 0;
  }

  /**
   * Fills the shares of the turns at the end of the path's step `step`; returns the index (into turnTo) of the likeliest, or -1 at a
   * dead end. Evidence: indicator x5, lanes that do not allow the movement, a turn begun, speed too high for the turn.
   */
  rate(slot: number, path: Pick<Path, 'edge' | 'end' | 'lateral' | 'share'>, step: number): number {
    const { turnStart, turnTo, edgeFromLaneLow, edgeFromLaneHigh, edgeTurn, edgeWidth, edgeLanes } = this._graph;
    const { share } = path;
    const edge = path.edge[step];
    const at = mostTurns * step;
    const first = turnStart[edge];
    const end = Math.min(turnStart[edge + 1], first + mostTurns);
    if (first === end) return -1;
    if (first + 1 === end) {
      share[at] = 1;
      return first;
    }
    const toEnd = path.end[step];
    const d = path.lateral[step];
    const t = this._tracks;
    const v = t.v[slot];
    const flags = t.flags[slot];
    const lanes = edgeLanes[edge];
    const laneWidth = edgeWidth[edge] / lanes;
    // Lane from the kerb side, as a real number: 0.5 = middle of lane 0.
    const lane = laneWidth > 0 ? (d + edgeWidth[edge] / 2) / laneWidth : 0.5;
    const laneDoubt = t.dSigma[slot] > 0.6 * laneWidth ? 0.6 : toEnd < 80 ? 0.03 : 0.3;
    let turned = 0;
    if (t.edge[slot] === edge && toEnd < turnBegins && v > 2) {
      turned = this._endX[edge] * t.hy[slot] - this._endY[edge] * t.hx[slot];
      turned = headingWeight * Math.max(-maxTurned, Math.min(turned, maxTurned));
    }
    let sum = 0;
    let best = first;
    let bestShare = -1;
    for (let k = first; k < end; k += 1) {
      const next = turnTo[k];
      let w = this.weight[k];
      const low = edgeFromLaneLow[next];
      const high = edgeFromLaneHigh[next];
      if (lanes > 1 && low !== 255 && high !== 255) {
        if (lane < low - 0.1 || lane > high + 1.1) w *= laneDoubt;
      }
      const kind = edgeTurn[next];
      const left = kind === TurnKind.left || kind === TurnKind.slightLeft || kind === TurnKind.uTurn;
      const right = kind === TurnKind.right || kind === TurnKind.slightRight;
      if ((flags & TrackFlag.leftIndicator) !== 0) w *= left ? 5 : 0.5;
      else if ((flags & TrackFlag.rightIndicator) !== 0) w *= right ? 5 : 0.5;
      if (turned !== 0) w *= Math.exp(left ? turned : right ? -turned : -Math.abs(turned));
      const turnSpeed = this.curveSpeed[next] * 1.25;
      if (v > turnSpeed) {
        const needed = (v * v - turnSpeed * turnSpeed) / (2 * Math.max(toEnd, 1));
        if (needed > 2.5) w *= Math.exp(-0.5 * (needed - 2.5) * (needed - 2.5));
      }
      share[at + k - first] = w;
      sum += w;
      if (w > bestShare) {
        bestShare = w;
        best = k;
      }
    }
    const scale = sum > 0 ? 1 / sum : 0;
    for (let i = at; i < at + end - first; i += 1) share[i] = share[i] * scale;
    return best;
  }
}
