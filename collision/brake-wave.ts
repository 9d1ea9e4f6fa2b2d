import { directionAt } from '../roads/graph/index.ts';
import { ClassIndex } from './causes.ts';
import { isFastRoad } from './fast-road.ts';
import { hazardNear } from './hazard-near.ts';
import type { Hazards } from './hazards.ts';
import type { Scene } from './scene.ts';

/** A brake this hard, m/s², from this speed, m/s, is an emergency; one driver's counts once in this time, ms. */
const hardBrake = 3.5;
const hardBrakeSpeed = 13.9;
const oneBrakeMs = 6000;
/**
 * Behind this many others, later by at least and at most this, ms, and within this distance, m, it is a wave (H12): one who brakes, and the one
 * behind who brakes for him, are one event that is over when they drive on, and all at once is something else.
 */
const others = 2;
const soonestMs = 400;
const waveMs = 6000;
const waveReach = 300;
/** What is known there already needs no second hazard, m behind and ahead. */
const knownBehind = 300;
const knownAhead = 500;
const confidence = 0.95;
const validMs = 20_000;
const remembered = 64;

/** Hard brakes that follow each other on one fast road: the precursor of a queue's end, told to those a kilometre upstream (H12). */
export class BrakeWave {
  private readonly _scene: Scene;
  private readonly _hazards: Hazards;
  private readonly _lastMs: Float64Array;
  /** The newest brakes, a ring. */
  private readonly _slot = new Int32Array(remembered).fill(-1);
  private readonly _timeMs = new Float64Array(remembered);
  private readonly _edge = new Int32Array(remembered);
  private readonly _s = new Float64Array(remembered);
  private readonly _x = new Float64Array(remembered);
  private readonly _y = new Float64Array(remembered);
  private _next = 0;
  private readonly _way = new Float64Array(2);
  private readonly _other = new Float64Array(2);

  constructor(scene: Scene, hazards: Hazards) {
    this._scene = scene;
    this._hazards = hazards;
    this._lastMs = new Float64Array(scene.tracks.capacity).fill(-Infinity);
  }

  /** One look at a matched vehicle. */
  note(slot: number): void {
    const { tracks: t, habit } = this._scene;
    if (-t.a[slot] < habit.rare(hardBrake) || t.v[slot] < hardBrakeSpeed || t.against[slot] === 1) return;
    const now = t.timeMs[slot];
    if (now - this._lastMs[slot] < oneBrakeMs || !isFastRoad(this._scene.graph, t.edge[slot])) return;
    this._lastMs[slot] = now;
    const follows = this._follows(slot, now);
    const i = this._next;
    this._next = (i + 1) % remembered;
    this._slot[i] = slot;
    this._timeMs[i] = now;
    this._edge[i] = t.edge[slot];
    this._s[i] = t.s[slot];
    this._x[i] = t.x[slot];
    this._y[i] = t.y[slot];
    if (follows) this._raise(slot, now);
  }

  forget(slot: number): void {
    this._lastMs[slot] = -Infinity;
  }

  /** Whether others ahead on the same road braked just before. */
  private _follows(slot: number, now: number): boolean {
    const { tracks: t, graph } = this._scene;
    const edge = t.edge[slot];
    directionAt(graph, edge, t.s[slot], this._way);
    let before = 0;
    for (let i = 0; i < remembered; i += 1) {
      const later = now - this._timeMs[i];
      if (this._slot[i] < 0 || this._slot[i] === slot || later > waveMs || later < soonestMs) continue;
      if (graph.edgeClass[this._edge[i]] !== graph.edgeClass[edge]) continue;
      const dx = this._x[i] - t.x[slot];
      const dy = this._y[i] - t.y[slot];
      if (dx * dx + dy * dy > waveReach * waveReach || dx * this._way[0] + dy * this._way[1] < 0) continue;
      directionAt(graph, this._edge[i], this._s[i], this._other);
      if (this._way[0] * this._other[0] + this._way[1] * this._other[1] > 0.9) before += 1;
      if (before >= others) return true;
    }
    return false;
  }

  private _raise(slot: number, now: number): void {
    const { tracks: t } = this._scene;
    const edge = t.edge[slot];
    const known = hazardNear(this._hazards, edge, t.s[slot], knownBehind, knownAhead);
    if (known < 0) this._hazards.raise(ClassIndex.hardBraking, edge, t.s[slot], confidence, now, validMs);
    else if (this._hazards.cls[known] === ClassIndex.hardBraking) this._hazards.extend(known, now, validMs);
  }
}
