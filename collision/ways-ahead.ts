import { EdgeFlag, poseAt } from '../roads/graph/index.ts';
import { Approaches, lateralWord, movementWord, piWord, startWord } from './approaches.ts';
import { mostTurns } from './path.ts';
import type { Scene } from './scene.ts';
import { goingTime } from './way.ts';

/** Spacing of the places looked at along a way, m; how many at most, and how many ways (V7). */
export const spacing = 1;
export const maxPlaces = 140;
const maxWays = 4;
const minShare = 0.1;
/** A turn taken by this share or more is no choice. */
const certain = 0.9;
/** Speed, m/s, to which braking counts. */
const crawl = 0.1;
/** A body turned more than this out of its way, rad, goes where it points, not where the map says. */
const turnedOut = 0.25;

/**
 * Where one vehicle on the road will be in the next seconds, metre by metre (V7): along its path and the movements of the next junction, or along those
 * it may have begun, each with its share. Place i of way w is entry `maxPlaces * w + i`. Reused: `lay`, then read.
 */
export class WaysAhead {
  /** Front bumper, m, and direction of the way there. */
  readonly x = new Float64Array(maxPlaces * maxWays);
  readonly y = new Float64Array(maxPlaces * maxWays);
  readonly hx = new Float64Array(maxPlaces * maxWays);
  readonly hy = new Float64Array(maxPlaces * maxWays);
  /** When the front bumper is there, s; Infinity: he comes to rest before (P3). */
  readonly time = new Float64Array(maxPlaces * maxWays);
  /** Places and share of each way. */
  readonly places = new Int32Array(maxWays);
  readonly share = new Float64Array(maxWays);
  count = 0;
  /** Speed and acceleration now, m/s, m/s². */
  v = 0;
  a = 0;
  private readonly _scene: Scene;
  private readonly _approaches: Approaches;
  private readonly _pose = new Float64Array(4);
  private _reach = 0;

  constructor(scene: Scene, approaches: Approaches) {
    this._scene = scene;
    this._approaches = approaches;
  }

  /** Lays out the next `horizon` s of the vehicle whose path the scene holds; false when its body points out of every way. */
  lay(slot: number, horizon: number, nowMs: number): boolean {
    const { tracks: t, path, graph } = this._scene;
    this.count = 0;
    if (!path.has(0)) return false;
    const { edge, start, lateral } = path;
    this.v = t.speedAfter(slot, t.age(slot, nowMs));
    this.a = t.a[slot];
    this._reach = horizon * this.v + 0.5 * Math.max(0, this.a) * horizon * horizon + spacing;
    if ((graph.edgeFlags[t.edge[slot]] & EdgeFlag.internal) !== 0) return this._layBegun(slot);
    // The step at whose end he has a choice within reach, -1 none.
    let fork = -1;
    for (let i = 0; fork < 0 && path.has(i) && path.end[i] < this._reach; i += 1)
      if (path.has(i + 1) && path.pi[i + 1] < certain * path.pi[i]) fork = i;
    if (fork < 0) this._layOne(edge[0], start[0], lateral[0], -1, -1, 1);
    else {
      const first = graph.turnStart[edge[fork]];
      const last = Math.min(graph.turnStart[edge[fork] + 1], first + mostTurns);
      for (let k = first; k < last; k += 1)
        this._layOne(edge[0], start[0], lateral[0], fork, k, path.share[mostTurns * fork + k - first]);
    }
    return this.count > 0 && this._inLine(slot, edge[0], start[0], lateral[0], 0);
  }

  /** The movements he may have begun (X3). */
  private _layBegun(slot: number): boolean {
    const { path } = this._scene;
    const { f32, i32 } = this._approaches;
    const driven = -path.start[0];
    let inLine = false;
    for (let i = this._approaches.firstOf(slot); i < this._approaches.endOf(slot); i += Approaches.stride) {
      const start = f32[i + startWord] - driven;
      const movement = i32[i + movementWord];
      // Those of junctions to come and of the one left are not where he is.
      if (start > 0 || -start > this._scene.graph.edgeLength[movement]) continue;
      const before = this.count;
      this._layOne(movement, start, f32[i + lateralWord], -1, -1, f32[i + piWord]);
      if (this.count > before && this._inLine(slot, movement, start, f32[i + lateralWord], before)) inLine = true;
    }
    return inLine;
  }

  /** One way: from `edge`, whose first point is `start` m ahead, along the path until the end of step `fork`, then turn `k` and what follows it. */
  private _layOne(edge: number, start: number, lateral: number, fork: number, k: number, share: number): void {
    if (share < minShare || this.count === maxWays) return;
    const { graph, joins } = this._scene;
    const { turnTo, edgeLength } = graph;
    const w = this.count;
    const base = w * maxPlaces;
    let step = 0;
    let on = edge;
    let from = start;
    let beside = lateral;
    let count = 0;
    for (let q = 0; q <= this._reach && count < maxPlaces; q += spacing) {
      while (on >= 0 && q >= from + edgeLength[on]) {
        const turn = this._turnAfter(on, step, fork, k);
        from += edgeLength[on];
        beside -= turn < 0 ? 0 : joins.shift[turn];
        on = turn < 0 ? -1 : turnTo[turn];
        step += 1;
      }
      if (on < 0) break;
      poseAt(graph, on, q - from, this._pose);
      const hx = this._pose[2];
      const hy = this._pose[3];
      this.x[base + count] = this._pose[0] - beside * hy;
      this.y[base + count] = this._pose[1] + beside * hx;
      this.hx[base + count] = hx;
      this.hy[base + count] = hy;
      this.time[base + count] = goingTime(q, this.v, this.a, crawl);
      count += 1;
    }
    this.places[w] = count;
    this.share[w] = share;
    this.count = w + 1;
  }

  /** The turn by which a way leaves step `step`, on edge `on`: the one chosen at the fork, a movement's only exit, else the path's; -1 at its end. */
  private _turnAfter(on: number, step: number, fork: number, k: number): number {
    const { path, graph } = this._scene;
    const { turnStart, turnTo } = graph;
    if (step === fork) return k;
    const first = turnStart[on];
    const end = turnStart[on + 1];
    if (end - first === 1) return first;
    if ((fork >= 0 && step > fork) || !path.has(step + 1)) return -1;
    for (let i = first; i < end; i += 1) if (turnTo[i] === path.edge[step + 1]) return i;
    return -1;
  }

  /** Whether the body lies along the way: its rear where the front was a length before. */
  private _inLine(slot: number, edge: number, start: number, lateral: number, way: number): boolean {
    const { tracks: t, graph, joins } = this._scene;
    const { turnStart, turnTo, edgeLength } = graph;
    const pose = this._pose;
    const previous = t.previousEdge[slot];
    let rear = -start - t.length[slot];
    let on = edge;
    let beside = lateral;
    // Just out of a junction the rear is still on the movement that led here.
    if (rear < 0 && previous >= 0 && turnStart[previous + 1] > turnStart[previous]) {
      const turn = turnStart[previous];
      if (turnTo[turn] === edge && (graph.edgeFlags[previous] & EdgeFlag.internal) !== 0) {
        on = previous;
        rear += edgeLength[previous];
        beside += joins.shift[turn];
      }
    }
    poseAt(graph, on, Math.max(0, rear), pose);
    if (rear < 0) {
      pose[0] += rear * joins.startX[on];
      pose[1] += rear * joins.startY[on];
    }
    const dx = this.x[maxPlaces * way] - (pose[0] - beside * pose[3]);
    const dy = this.y[maxPlaces * way] - (pose[1] + beside * pose[2]);
    const norm = Math.sqrt(dx * dx + dy * dy);
    return dx * t.hx[slot] + dy * t.hy[slot] > Math.cos(turnedOut) * norm;
  }
}
