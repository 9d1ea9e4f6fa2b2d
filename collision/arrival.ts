import type { RoadGraph } from '../roads/graph/index.ts';
import { isFastRoad } from './fast-road.ts';
import type { Tracks } from './tracks.ts';

/** A driver comes back to his own speed with this time constant, s (collision.md 3.4). */
export const speedTime = 20;
/** How far ahead the road is looked at, joins. */
const maxEdges = 96;
/** A driver's own ratio to what the road allows is learned over this time, s, within these bounds, where he drives freely. */
const ratioTime = 60;
/** What hinders a driver only slows him, his own speed is nearer to the upper ones: those are learned this much faster. */
const hindrance = 1.6;
const leastRatio = 0.6;
const mostRatio = 1.4;
const freely = 0.65;
/**
 * Spread of the speed about the driver's own, as a share of what the road allows: most drivers on a fast road are steady, the others are
 * held up or set free by something not seen yet; in town nobody is steady.
 */
const steadySpread = 0.013;
const shakenSpread = 0.15;
const shakenShare = 0.28;
const townSpread = 0.2;
/** Traffic on an edge is remembered this long, s, counts each driver seen for this share, and is disturbed below this share of what the road allows. */
const trafficTime = 60;
const trafficGain = 0.15;
const disturbed = 0.75;
/** Slower than this share of his own speed a driver is about to change it. */
const settled = 0.8;
/** A signal, a yield line or a crossing on the way may cost this, s, 1 sigma. */
const lineSpread = 12;

/**
 * When a driver will be at a place up to 1,500 m ahead, and how surely (P6): his speed wanders about his own ratio of what the road allows
 * (Ornstein-Uhlenbeck), edge by edge. Fields hold the last answer; nothing is allocated.
 */
export class Arrival {
  /** Seconds until the place is reached, and 1 sigma; Infinity when it is not. */
  time = Infinity;
  timeSigma = 0;
  /** Metres driven, and 1 sigma: of all drivers, of the steady and of the others (`shakenShare` of them). */
  distance = 0;
  distanceSigma = 0;
  steadySigma = 0;
  shakenSigma = 0;
  /** Whether nothing is known that will change his pace: a fast road, his own speed, undisturbed traffic, no line to stop at. */
  free = false;
  /** Learned ratio of each driver. */
  readonly ratio: Float32Array;
  private readonly _graph: RoadGraph;
  private readonly _tracks: Tracks;
  private readonly _usual: Float32Array;
  private readonly _weight: Float32Array;
  private readonly _lineAtEnd: Uint8Array;
  private readonly _notedMs: Float64Array;
  /** Speed of the traffic on each edge as a share of what it allows, and when that was last seen. */
  private readonly _flow: Float32Array;
  private readonly _flowMs: Float64Array;
  private readonly _edges = new Int32Array(maxEdges);

  /** `usual`: m/s an edge allows; `weight`: how often each turn is taken; `lineAtEnd`: 1 where traffic may have to stop at the edge's end. */
  constructor(graph: RoadGraph, tracks: Tracks, usual: Float32Array, weight: Float32Array, lineAtEnd: Uint8Array) {
    this._graph = graph;
    this._tracks = tracks;
    this._usual = usual;
    this._weight = weight;
    this._lineAtEnd = lineAtEnd;
    this.ratio = new Float32Array(tracks.capacity).fill(1);
    this._notedMs = new Float64Array(tracks.capacity);
    this._flow = new Float32Array(graph.numEdges).fill(1);
    this._flowMs = new Float64Array(graph.numEdges);
  }

  /** Learns from the vehicle's present speed; to be called now and then. */
  note(slot: number): void {
    const t = this._tracks;
    const now = t.timeMs[slot];
    const dt = (now - this._notedMs[slot]) / 1000;
    this._notedMs[slot] = now;
    // A vehicle that is new here, or that was silent for long.
    if (dt > ratioTime) this.ratio[slot] = 1;
    const edge = t.edge[slot];
    const seen = t.v[slot] / this._usual[edge];
    const flow = this._flowNow(edge, now);
    this._flow[edge] = flow + trafficGain * (Math.min(1, seen / this.ratio[slot]) - flow);
    this._flowMs[edge] = now;
    if (!(seen > freely)) return;
    const time = seen > this.ratio[slot] ? ratioTime / hindrance : ratioTime;
    const gain = dt > time ? 1 : dt / time;
    const ratio = this.ratio[slot] + gain * (seen - this.ratio[slot]);
    this.ratio[slot] = ratio < leastRatio ? leastRatio : Math.min(ratio, mostRatio);
  }

  /** What is known of an edge's traffic fades. */
  private _flowNow(edge: number, nowMs: number): number {
    const flow = this._flow[edge];
    return flow > 0.95 ? flow : 1 - (1 - flow) * Math.exp((this._flowMs[edge] - nowMs) / (1000 * trafficTime));
  }

  /** Along the most used movements: fills all fields for the place `distance` m ahead. */
  reach(slot: number, distance: number): void {
    this._drive(slot, this._edges, this._ahead(slot, distance), distance, Infinity);
  }

  /** `CollisionEngine.foresee`. */
  foresee(slot: number, seconds: number, edges: Int32Array, count: number, out: Float64Array): boolean {
    if (this._tracks.timeMs[slot] === 0 || this._tracks.edge[slot] !== edges[0]) return false;
    this.after(slot, seconds, edges, count);
    if (this.time < seconds - 0.01) return false;
    out[0] = this.distance;
    out[1] = this.steadySigma;
    out[2] = this.shakenSigma;
    out[3] = shakenShare;
    return this.free;
  }

  /** The same for `seconds` from now. `edges[0]` is the edge the vehicle is on, `count` edges are known. */
  after(slot: number, seconds: number, edges: Int32Array, count: number): void {
    this._drive(slot, edges, count, Infinity, seconds);
  }

  private _ahead(slot: number, distance: number): number {
    const { turnStart, turnTo, edgeLength } = this._graph;
    const t = this._tracks;
    let edge = t.edge[slot];
    let rest = distance + t.s[slot];
    let n = 0;
    while (n < maxEdges) {
      this._edges[n] = edge;
      n += 1;
      rest -= edgeLength[edge];
      if (rest <= 0) break;
      let best = -1;
      for (let k = turnStart[edge]; k < turnStart[edge + 1]; k += 1)
        if (best < 0 || this._weight[k] > this._weight[best]) best = k;
      if (best < 0) break;
      edge = turnTo[best];
    }
    return n;
  }

  /** Edge by edge until the distance or the time is used up, or the road ends. */
  private _drive(slot: number, edges: Int32Array, count: number, distance: number, seconds: number): void {
    const { edgeLength } = this._graph;
    const t = this._tracks;
    let v = t.v[slot];
    let driven = 0;
    let time = 0;
    let steady = 0;
    let shaken = 0;
    let lines = 0;
    this.free = v > settled * this.ratio[slot] * this._usual[edges[0]];
    for (let i = 0; i < count && driven < distance && time < seconds; i += 1) {
      const edge = edges[i];
      const flow = this._flowNow(edge, t.timeMs[slot]);
      const own = Math.max(1, this.ratio[slot] * this._usual[edge] * (flow < disturbed ? flow : 1));
      const whole = edgeLength[edge] - (i === 0 ? t.s[slot] : 0);
      const length = Math.min(whole, distance - driven);
      const left = seconds - time;
      let dt = crossing(length, v, own);
      let metres = length;
      if (dt > left) {
        dt = left;
        metres = own * dt + (v - own) * speedTime * (1 - Math.exp(-dt / speedTime));
      } else if (length === whole && this._lineAtEnd[edge] === 1) lines += 1;
      v = own + (v - own) * Math.exp(-dt / speedTime);
      driven += metres;
      time += dt;
      const fast = isFastRoad(this._graph, edge);
      if (!fast || flow < disturbed) this.free = false;
      const usual = this._usual[edge] * this._usual[edge];
      steady += (fast ? steadySpread * steadySpread : townSpread * townSpread) * usual * dt;
      shaken += (fast ? shakenSpread * shakenSpread : townSpread * townSpread) * usual * dt;
    }
    if (lines > 0) this.free = false;
    this.distance = driven;
    this.time = driven < distance - 0.5 && distance < Infinity ? Infinity : time;
    this._doubt(slot, steady, shaken, lines > 0 ? lineSpread : 0);
  }

  /** Sigmas after the drive just foreseen; `steady`, `shaken`: variance of the speed's wandering times the time, m²/s. */
  private _doubt(slot: number, steady: number, shaken: number, waiting: number): void {
    const t = this._tracks;
    const { time, distance } = this;
    const driven = Number.isFinite(time) ? time : speedTime;
    const fade = Math.exp(-driven / speedTime);
    const reach = speedTime * (1 - fade);
    // Wandering from a speed that is known now (the filter's doubt of it fades): the integral of an Ornstein-Uhlenbeck process.
    const steps = driven / speedTime;
    const wander =
      driven > 0 ? (speedTime * speedTime * Math.max(0, 2 * steps - 3 + 4 * fade - fade * fade)) / driven : 0;
    const begin = t.positionVariance(slot) + 2 * t.p01[slot] * reach + t.p11[slot] * reach * reach;
    const pace = Math.max(1, driven > 0 ? distance / driven : t.v[slot]);
    const wait = waiting * pace * (waiting * pace);
    this.steadySigma = Math.sqrt(begin + wander * steady + wait);
    this.shakenSigma = Math.sqrt(begin + wander * shaken + wait);
    const variance = (1 - shakenShare) * this.steadySigma ** 2 + shakenShare * this.shakenSigma ** 2;
    this.distanceSigma = Math.sqrt(variance);
    this.timeSigma = this.distanceSigma / pace;
  }
}

/** Seconds to cover `length` m at `v` m/s now, coming to `own` m/s with `speedTime`: three Newton steps, exact to a millisecond. */
function crossing(length: number, v: number, own: number): number {
  let t = length / Math.max(1, 0.5 * (v + own));
  for (let n = 0; n < 4; n += 1) {
    const fade = Math.exp(-t / speedTime);
    const place = own * t + (v - own) * speedTime * (1 - fade);
    t = Math.max(0, t + (length - place) / Math.max(0.5, own + (v - own) * fade));
  }
  return t;
}
