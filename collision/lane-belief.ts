import { directionAt, EdgeFlag, type RoadGraph } from '../roads/graph/index.ts';
import type { Joins } from './joins.ts';
import type { Matching } from './matching.ts';
import { normalCdf } from './measures/normal.ts';
import { Message } from './message.ts';
import type { Tracks } from './tracks.ts';
import { TrackFlag } from './vehicle-flags.ts';

/** Lanes told apart; of a wider carriageway nothing is believed. */
export const mostLanes = 6;
/** From this stated error on the lane is a matter of belief, m (R1). */
export const goodReceiver = 0.4;
/** A receiver's slow error is forgotten with this time, s (R1). */
const errorTime = 60;
/** Share of the stated error that is new with every report (F9). */
const whiteShare = 0.2;
/** How far drivers keep from the middle of their lane, m, and for how long they keep to one side of it, s. */
const wander = 0.6;
const wanderTime = 4;
/** Changes of lane per second to each side of a driver at speed (R2), so many times more to the side he indicates; slower drivers change in proportion. */
const changeRate = 0.02;
const indicated = 12;
const changeSpeed = 8;
/** The other half of a two-way road where it is used to overtake is one lane more (R5), entered and left at these rates per second; found there at first. */
const overtakes = 0.01;
const returns = 0.1;
const overtaking = 0.02;
/** Likelihood left to a place that fits no lane at all: maps are wrong, too. */
const outlier = 1e-5;
/** A lane from which the map does not allow the movement taken is so much less likely (R3). */
const wrongLane = 0.25;
/** How far beside where his lane leads a driver comes out of a join, m. */
const crossing = 0.8;
const anyLane = 255;
/** No lane is ever impossible. */
const least = 1e-5;

/** Places in a record: variance of the error beside the road, number of lanes, edge, its direction, then per lane probability and error. */
const variance = 0;
const lanes = 1;
const onEdge = 2;
const alongX = 3;
const alongY = 4;
const first = 5;
const record = first + 2 * mostLanes;

/** Places in `LaneBelief.report`. */
export const reportDt = 0;
export const reportS = 1;
export const reportLateral = 2;
export const reportSpeed = 3;
export const reportSigma = 4;
export const reportNoise = 5;

/**
 * Which lane each vehicle with an ordinary receiver is in (rules R): per lane of its edge a probability and, if that is the lane, the
 * receiver's slow error beside the road. A Gaussian sum filter: the place beside the road's middle measures lane and error together; the
 * error walks slowly, lanes are changed seldom, and where the road has one lane (ramps, movements of a junction) the error shows by itself.
 */
export class LaneBelief {
  /** What `note` reads: seconds since the last report, m along the edge and to the left of its middle, m/s, the stated 1-sigma, and the noise seen, m. */
  readonly report = new Float64Array(6);
  /** What `note` found: m that the receiver is off by to the left, and its 1-sigma. */
  readonly error = new Float64Array(2);
  private readonly _graph: RoadGraph;
  private readonly _joins: Joins;
  private readonly _capacity: number;
  /** Made when the first receiver says that it is ordinary: fleets of good ones do not pay for it. */
  private _f: Float32Array = new Float32Array(0);
  private readonly _direction = new Float64Array(2);
  private readonly _weight = new Float64Array(mostLanes);
  private readonly _mean = new Float64Array(mostLanes);

  constructor(graph: RoadGraph, joins: Joins, capacity: number) {
    this._graph = graph;
    this._joins = joins;
    this._capacity = capacity;
  }

  /** Whether anything is believed of the vehicle's lane on `edge`. */
  has(slot: number, edge: number): boolean {
    const f = this._f;
    return f.length > 0 && f[record * slot + lanes] > 0 && f[record * slot + onEdge] === edge;
  }

  /** Lanes the vehicle may be in, that of oncoming traffic included (R5). */
  lanes(slot: number): number {
    return this._f[record * slot + lanes];
  }

  /** Probability that the vehicle is in `lane` (0 at the kerb) of its edge. */
  share(slot: number, lane: number): number {
    return this._f[record * slot + first + 2 * lane];
  }

  /** Nothing is known of the vehicle any more. */
  forget(slot: number): void {
    if (this._f.length > 0) this._f[record * slot + lanes] = 0;
  }

  /**
   * Takes from the matched lateral place what an ordinary receiver is believed to be off by (R4); the doubt left is `error[1]`. Allocates nothing
   * but once.
   */
  correct(slot: number, before: number, matching: Matching, message: Float64Array, t: Tracks): void {
    const { report, error } = this;
    const sigma = message[Message.sigma];
    error[0] = 0;
    error[1] = sigma;
    if (!(message[Message.accuracy] > goodReceiver) || matching.edge < 0 || matching.against === 1) {
      this.forget(slot);
      return;
    }
    report[reportDt] = message[Message.dt];
    report[reportS] = matching.s;
    report[reportLateral] = matching.lateral;
    report[reportSpeed] = t.v[slot];
    report[reportSigma] = sigma;
    report[reportNoise] = t.dNoise[slot];
    this.note(slot, before, matching.edge, t.flags[slot]);
    matching.lateral -= error[0];
  }

  /** Takes the `report` of a vehicle matched to `edge` (`before`: the edge of its last report, -1 none) and fills `error`. */
  note(slot: number, before: number, edge: number, flags: number): void {
    if (this._f.length === 0) this._f = new Float32Array(record * this._capacity);
    const f = this._f;
    const at = record * slot;
    const { report, error, _direction: along } = this;
    const n = this._lanesOf(edge);
    error[0] = 0;
    error[1] = report[reportSigma];
    if (n > mostLanes) {
      f[at + lanes] = 0;
      return;
    }
    directionAt(this._graph, edge, report[reportS], along);
    if (f[at + lanes] > 0 && f[at + onEdge] === before && report[reportDt] < errorTime) {
      this._age(at);
      if (before !== edge && !this._moveOn(at, before, edge)) this._anyLane(at, edge, n);
    } else {
      f[at + variance] = report[reportSigma] * report[reportSigma];
      this._anyOf(at, edge, n, 0);
    }
    f[at + onEdge] = edge;
    f[at + alongX] = along[0];
    f[at + alongY] = along[1];
    this._measure(at, edge, flags);
  }

  private _lanesOf(edge: number): number {
    const { edgeLanes, edgeFlags } = this._graph;
    return edgeLanes[edge] + ((edgeFlags[edge] & EdgeFlag.oppositeOvertaking) !== 0 ? 1 : 0);
  }

  /** Any lane is as likely, except that of oncoming traffic. */
  private _anyOf(at: number, edge: number, n: number, error: number): void {
    const f = this._f;
    const own = this._graph.edgeLanes[edge];
    const share = (n > own ? 1 - overtaking : 1) / own;
    f[at + lanes] = n;
    for (let k = 0; k < n; k += 1) {
      f[at + first + 2 * k] = k < own ? share : overtaking;
      f[at + first + 2 * k + 1] = error;
    }
  }

  /** The error walks: it is forgotten with `errorTime` and renewed as much; when the road turns another part of it shows (R1). */
  private _age(at: number): void {
    const f = this._f;
    const { report, _direction: along } = this;
    const turned = f[at + alongX] * along[0] + f[at + alongY] * along[1];
    const memory = Math.exp(-report[reportDt] / errorTime) * Math.max(turned, 0);
    const full = report[reportSigma] * report[reportSigma];
    f[at + variance] = full + memory * memory * (f[at + variance] - full);
    const end = at + first + 2 * f[at + lanes];
    for (let i = at + first; i < end; i += 2) f[i + 1] = memory * f[i + 1];
  }

  /** Carries the lanes of `from` over to those of `to`, up to three joins on; false when no such way is known. */
  private _moveOn(at: number, from: number, to: number): boolean {
    const { turnStart, turnTo } = this._graph;
    const { shift } = this._joins;
    for (let i = turnStart[from]; i < turnStart[from + 1]; i += 1) {
      const a = turnTo[i];
      if (a === to) return this._carry(at, from, a, to, shift[i]);
      for (let j = turnStart[a]; j < turnStart[a + 1]; j += 1) {
        const b = turnTo[j];
        if (b === to) return this._carry(at, from, a, to, shift[i] + shift[j]);
        for (let k = turnStart[b]; k < turnStart[b + 1]; k += 1)
          if (turnTo[k] === to) return this._carry(at, from, a, to, shift[i] + shift[j] + shift[k]);
      }
    }
    return false;
  }

  /**
   * Lanes of `from` to lanes of `to`, whose middle starts `shift` m to the left of where the other's ends; `movement` is the first edge on the
   * way and tells from which lanes it may be taken (R3). Where lanes run together the doubt between their errors becomes doubt of the one.
   */
  private _carry(at: number, from: number, movement: number, to: number, shift: number): true {
    const { edgeLanes, edgeWidth, edgeFromLaneLow, edgeFromLaneHigh } = this._graph;
    const f = this._f;
    const { _weight: weight, _mean: mean } = this;
    const n = this._lanesOf(to);
    const old = f[at + lanes];
    const middleOld = 0.5 * edgeLanes[from];
    const middle = 0.5 * edgeLanes[to];
    const widthOld = edgeWidth[from] / edgeLanes[from];
    const width = edgeWidth[to] / edgeLanes[to];
    const low = edgeFromLaneLow[movement];
    const high = edgeFromLaneHigh[movement];
    weight.fill(0, 0, n);
    mean.fill(0, 0, n);
    let sum = 0;
    let all = 0;
    let square = 0;
    for (let j = 0; j < old; j += 1) {
      const allowed = low === anyLane || high === anyLane || (j >= low && j <= high);
      const share = f[at + first + 2 * j] * (allowed ? 1 : wrongLane);
      const error = f[at + first + 2 * j + 1];
      const place = (j + 0.5 - middleOld) * widthOld - shift;
      // Where lanes are added nobody's middle is the middle of a new one: he may come out in either.
      let below = 0;
      for (let k = 0; k < n; k += 1) {
        const upTo = k === n - 1 ? 1 : normalCdf(((k + 1 - middle) * width - place) / crossing);
        weight[k] += share * (upTo - below);
        mean[k] += share * (upTo - below) * error;
        below = upTo;
      }
      sum += share;
      all += share * error;
      square += share * error * error;
    }
    let kept = 0;
    for (let k = 0; k < n; k += 1) {
      if (weight[k] > 0) kept += (mean[k] * mean[k]) / weight[k];
      f[at + first + 2 * k] = weight[k] / sum;
      f[at + first + 2 * k + 1] = weight[k] > 0 ? mean[k] / weight[k] : all / sum;
    }
    f[at + variance] = f[at + variance] + Math.max(0, (square - kept) / sum);
    f[at + lanes] = n;
    return true;
  }

  /** No way is known from the edge before: any lane, the error as far as it is known whatever the lane was. */
  private _anyLane(at: number, edge: number, n: number): void {
    const f = this._f;
    const end = at + first + 2 * f[at + lanes];
    let mean = 0;
    let square = 0;
    for (let i = at + first; i < end; i += 2) {
      mean += f[i] * f[i + 1];
      square += f[i] * f[i + 1] * f[i + 1];
    }
    f[at + variance] = f[at + variance] + Math.max(0, square - mean * mean);
    this._anyOf(at, edge, n, mean);
  }

  /** The measured place beside the middle against every lane he may be in now and have been in before (R2). */
  private _measure(at: number, edge: number, flags: number): void {
    const f = this._f;
    const { report, error, _weight: weight, _mean: mean } = this;
    const n = f[at + lanes];
    const own = this._graph.edgeLanes[edge];
    const width = this._graph.edgeWidth[edge] / own;
    const dt = Math.min(report[reportDt], 3);
    const white = Math.max(whiteShare * report[reportSigma], report[reportNoise]);
    const noise = white * white + wander * wander * Math.max(1, wanderTime / Math.max(dt, 0.05));
    const spread = f[at + variance] + noise;
    const gain = f[at + variance] / spread;
    const side = changeRate * dt * Math.min(1, report[reportSpeed] / changeSpeed);
    const toLeft = (flags & TrackFlag.leftIndicator) !== 0 ? indicated * side : side;
    const toRight = (flags & TrackFlag.rightIndicator) !== 0 ? indicated * side : side;
    const toOther = n > own ? overtakes * dt * Math.min(1, report[reportSpeed] / changeSpeed) : 0;
    let sum = 0;
    for (let k = 0; k < n; k += 1) {
      const off = report[reportLateral] - (k + 0.5 - 0.5 * own) * width;
      weight[k] = 0;
      mean[k] = 0;
      for (let j = Math.max(0, k - 1); j <= k + 1 && j < n; j += 1) {
        const i = at + first + 2 * j;
        const rest = off - f[i + 1];
        const away = j >= own ? returns * dt : (j > 0 ? toRight : 0) + (j < own - 1 ? toLeft : toOther);
        const way = j === k ? 1 - away : j >= own ? returns * dt : k >= own ? toOther : j < k ? toLeft : toRight;
        const likely = f[i] * way * (Math.exp((-0.5 * rest * rest) / spread) + outlier);
        weight[k] += likely;
        mean[k] += likely * (f[i + 1] + gain * rest);
      }
      sum += weight[k];
    }
    f[at + variance] = f[at + variance] * (1 - gain);
    let off = 0;
    let square = 0;
    for (let k = 0; k < n; k += 1) {
      const i = at + first + 2 * k;
      f[i] = Math.max(weight[k] / sum, least);
      if (weight[k] > 0) f[i + 1] = mean[k] / weight[k];
      off += f[i] * f[i + 1];
      square += f[i] * f[i + 1] * f[i + 1];
    }
    error[0] = off;
    error[1] = Math.sqrt(f[at + variance] + Math.max(0, square - off * off));
  }
}
