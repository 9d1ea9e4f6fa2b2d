import { directionAt, type RoadGraph, TurnKind } from '../roads/graph/index.ts';
import type { DrivenMovements } from './driven-movements.ts';
import { mostTurns, type Path } from './path.ts';
import type { Tracks } from './tracks.ts';
import { TrackFlag } from './vehicle-flags.ts';

/** Nearer to the end of an edge than this lane and speed show what a driver is going to do, m; before that lanes say little. */
const laneShows = 80;
const speedShows = 60;
/** What is left of a movement the lane does not allow: near the end, farther off, and where the receiver does not tell the lane (doubt in lane widths). */
const wrongLane = 0.03;
const wrongLaneFar = 0.3;
const wrongLaneUnknown = 0.6;
const laneDoubt = 0.6;
/** How many times likelier an indicator is from one who turns that way; near the end nobody shows one to change lanes. */
const indicated = 10;
const indicatedNear = 30;
const indicatorShows = 40;
/** So near the end of an edge a heading that deviates from it shows the turn begun, m; its weight per radian, and the most that counts. */
const turnBegins = 12;
const headingWeight = 12;
const maxTurned = 0.2;
/** Drivers slow down for a turn with this, m/s²; their speeds on the way spread by this share and this much, m/s. */
const slowing = 1.8;
const relativeSpread = 0.12;
const leastSpread = 0.6;
/** Share of drivers who are slower than that because of others or a line to stop at, and of those who do anything. */
const heldUp = 0.35;
const anything = 0.02;
/** Speeds of those are anywhere up to this, m/s. */
const usualSpeed = 14;

/** How likely each movement is from an approach: what drivers did there before, and what the vehicle itself shows (P4). */
export class TurnShares {
  readonly driven: DrivenMovements;
  private readonly _graph: RoadGraph;
  private readonly _tracks: Tracks;
  private readonly _endX: Float32Array;
  private readonly _endY: Float32Array;
  private readonly _direction = new Float64Array(2);

  constructor(graph: RoadGraph, tracks: Tracks, driven: DrivenMovements, endX: Float32Array, endY: Float32Array) {
    this.driven = driven;
    this._graph = graph;
    this._tracks = tracks;
    this._endX = endX;
    this._endY = endY;
  }

  /**
   * Fills the shares of the turns at the end of the path's step `step`; returns the index (into turnTo) of the likeliest, or -1 at a
   * dead end. Evidence: lane, indicator x5, a turn begun, and the speed against that of one who is about to make the movement.
   */
  rate(slot: number, path: Pick<Path, 'edge' | 'end' | 'lateral' | 'share'>, step: number): number {
    const { turnStart, turnTo, edgeFromLaneLow, edgeFromLaneHigh, edgeTurn, edgeWidth, edgeLanes, edgeLength } =
      this._graph;
    const { driven } = this;
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
    const t = this._tracks;
    const v = t.v[slot];
    const flags = t.flags[slot];
    const lanes = edgeLanes[edge];
    const laneWidth = edgeWidth[edge] / lanes;
    // Lane from the kerb side, as a real number: 0.5 = middle of lane 0.
    const across = laneWidth > 0 ? (path.lateral[step] + edgeWidth[edge] / 2) / laneWidth : 0.5;
    const laneKnown = t.dSigma[slot] <= laneDoubt * laneWidth;
    const wrong = !laneKnown ? wrongLaneUnknown : toEnd < laneShows ? wrongLane : wrongLaneFar;
    let sum = 0;
    for (let k = first; k < end; k += 1) {
      const low = edgeFromLaneLow[turnTo[k]];
      const high = edgeFromLaneHigh[turnTo[k]];
      let w = driven.weight[k];
      if (lanes > 1 && low !== 255 && high !== 255 && (across < low - 0.1 || across > high + 1.1)) w *= wrong;
      share[at + k - first] = w;
      sum += w;
    }
    const scale = sum > 0 ? 1 / sum : 0;
    const lane = lanes > 1 && laneKnown && toEnd < laneShows ? driven.lane(across, edge) : -1;
    const turned = t.edge[slot] === edge && toEnd < turnBegins && v > 2 ? this._turned(slot, edge) : 0;
    const otherwise = toEnd < indicatorShows ? 1 / indicatedNear : 1 / indicated;
    sum = 0;
    let best = first;
    let bestShare = -1;
    for (let k = first; k < end; k += 1) {
      const next = turnTo[k];
      let w = share[at + k - first] * scale;
      if (lane >= 0) w = driven.ofLane(edge, k, lane, w);
      const kind = edgeTurn[next];
      const left = kind === TurnKind.left || kind === TurnKind.slightLeft || kind === TurnKind.uTurn;
      const right = kind === TurnKind.right || kind === TurnKind.slightRight;
      if ((flags & TrackFlag.leftIndicator) !== 0) w *= left ? 1 : otherwise;
      else if ((flags & TrackFlag.rightIndicator) !== 0) w *= right ? 1 : otherwise;
      if (turned !== 0) w *= Math.exp(left ? turned : right ? -turned : -Math.abs(turned));
      // From the middle of its curve on a driver gains speed as he lost it before.
      const off = toEnd >= 0 ? toEnd : Math.max(0, -toEnd - edgeLength[next] / 2);
      if (toEnd < speedShows) w *= likelihood(v, driven.pace[next], off, driven.cruise[slot]);
      share[at + k - first] = w;
      sum += w;
      if (w > bestShare) {
        bestShare = w;
        best = k;
      }
    }
    const norm = sum > 0 ? 1 / sum : 0;
    for (let i = at; i < at + end - first; i += 1) share[i] = share[i] * norm;
    return best;
  }

  /**
   * Weight of a turn begun before the end of `edge`, left positive: the body turned out of the road at its front, at its rear and at the road's end. In a
   * bend the road at the rear and at the front point to either side of it.
   */
  private _turned(slot: number, edge: number): number {
    const t = this._tracks;
    const there = this._endX[edge] * t.hy[slot] - this._endY[edge] * t.hx[slot];
    const front = this._outOf(slot, edge, t.s[slot]);
    const rear = this._outOf(slot, edge, t.s[slot] - t.length[slot]);
    if (front * there <= 0 || rear * there <= 0) return 0;
    const least = Math.min(Math.abs(there), Math.abs(front), Math.abs(rear), maxTurned);
    return headingWeight * (there > 0 ? least : -least);
  }

  /** Sine of the angle by which the body points to the left of the edge's direction at `s`. */
  private _outOf(slot: number, edge: number, s: number): number {
    const t = this._tracks;
    const { _direction: direction } = this;
    directionAt(this._graph, edge, Math.max(s, 0), direction);
    return direction[0] * t.hy[slot] - direction[1] * t.hx[slot];
  }
}

/**
 * Likelihood of the speed `v`, `toEnd` metres before a movement that drivers make with `pace`, for one who came with `cruise`, s/m: most have
 * braked down towards it, some are held up and slower than that, a few do anything.
 */
export function likelihood(v: number, pace: number, toEnd: number, cruise: number): number {
  const usual = Math.min(Math.sqrt(pace * pace + 2 * slowing * toEnd), Math.max(cruise, v));
  const spread = relativeSpread * usual + leastSpread;
  const off = (v - usual) / spread;
  const bell = Math.exp(-0.5 * off * off);
  return ((1 - heldUp) * bell) / (2.507 * spread) + (heldUp * (v < usual ? 1 : bell) + anything) / usualSpeed;
}
