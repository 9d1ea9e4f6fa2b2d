import { EdgeFlag } from '../roads/graph/index.ts';
import { ClassIndex } from './causes.ts';
import { hazardNear } from './hazard-near.ts';
import type { Hazards } from './hazards.ts';
import type { RoadDemand } from './road-demand.ts';
import type { Scene } from './scene.ts';

/** A swerve leaves the track by this much, m, no farther than a lane, and is back within this, m, after at most this time, ms (H13). */
const leaves = 0.8;
const farthest = 2.5;
const back = 0.35;
const longestMs = 5000;
/** Slower drivers wind about for other reasons, m/s; noisier receivers show swerves that are none, m. */
const slowest = 5;
const noisiest = 0.15;
const longestPeriod = 1.1;
/** A brake this hard, m/s², from this speed with nobody within this distance ahead, m. */
const hardBrake = 3.5;
const hardBrakeSpeed = 8.3;
const freeAhead = 80;
/** Witnesses that make an obstacle: drivers who did the same within this distance, m, and time, ms. */
const witnesses = 3;
const sameCell = 30;
const rememberedMs = 600_000;
const confidence = 0.95;
/** A place told by a report is confirmed by one witness this near, m. */
const reportReach = 60;
/** Where a hazard is known already a swerve is no news, m behind and ahead. */
const knownBehind = 60;
const knownAhead = 300;
const events = 512;

const Kind = { swerveLeft: 1, swerveRight: 2, brake: 3 } as const;

/**
 * Obstacles that nobody reports: several drivers make the same swerve, or brake hard for nothing that is known, at the same place (H13); and
 * reports confirmed by one such witness.
 */
export class CommonSwerve {
  private readonly _scene: Scene;
  private readonly _hazards: Hazards;
  private readonly _demand: RoadDemand;
  /** Per vehicle: edge and lateral place it keeps to, and the swerve it is in (0 none, else its side), since when and where. */
  private readonly _edge: Int32Array;
  private readonly _keeps: Float32Array;
  private readonly _side: Int8Array;
  private readonly _sinceMs: Float64Array;
  private readonly _from: Float32Array;
  private readonly _brakeMs: Float64Array;
  /** The newest witnesses, a ring. */
  private readonly _eventKind = new Uint8Array(events);
  private readonly _eventSlot = new Int32Array(events);
  private readonly _eventEdge = new Int32Array(events).fill(-1);
  private readonly _eventS = new Float32Array(events);
  private readonly _eventMs = new Float64Array(events);
  private _next = 0;

  constructor(scene: Scene, hazards: Hazards, demand: RoadDemand) {
    const { capacity } = scene.tracks;
    this._scene = scene;
    this._hazards = hazards;
    this._demand = demand;
    this._edge = new Int32Array(capacity).fill(-1);
    this._keeps = new Float32Array(capacity);
    this._side = new Int8Array(capacity);
    this._sinceMs = new Float64Array(capacity);
    this._from = new Float32Array(capacity);
    this._brakeMs = new Float64Array(capacity).fill(-Infinity);
  }

  /** One look at a matched vehicle whose path is known. */
  note(slot: number): void {
    const { tracks: t, graph, habit } = this._scene;
    const edge = t.edge[slot];
    const straight = (graph.edgeFlags[edge] & EdgeFlag.internal) === 0 && t.against[slot] === 0;
    if (!straight || t.v[slot] < slowest || t.dNoise[slot] > noisiest || t.period[slot] > longestPeriod) {
      this._edge[slot] = -1;
      return;
    }
    if (this._edge[slot] !== edge) this._keep(slot, edge);
    else this._follow(slot, edge);
    if (-t.a[slot] >= habit.rare(hardBrake) && t.v[slot] > hardBrakeSpeed) this._brake(slot, edge);
  }

  forget(slot: number): void {
    this._edge[slot] = -1;
    this._brakeMs[slot] = -Infinity;
  }

  private _keep(slot: number, edge: number): void {
    this._edge[slot] = edge;
    this._keeps[slot] = this._scene.tracks.d[slot];
    this._side[slot] = 0;
  }

  private _follow(slot: number, edge: number): void {
    const { tracks: t } = this._scene;
    const off = t.d[slot] - this._keeps[slot];
    const aside = off < 0 ? -off : off;
    const side = this._side[slot];
    if (side === 0) {
      if (aside > leaves) {
        this._side[slot] = off > 0 ? 1 : -1;
        this._sinceMs[slot] = t.timeMs[slot];
        this._from[slot] = t.s[slot];
      } else if (aside < back) this._keeps[slot] += 0.2 * off;
      return;
    }
    // Too far or too long for a swerve: he has changed lanes.
    if (aside > farthest || t.timeMs[slot] - this._sinceMs[slot] > longestMs) this._keep(slot, edge);
    else if (aside < back) {
      this._side[slot] = 0;
      this._witness(slot, edge, this._from[slot], side > 0 ? Kind.swerveLeft : Kind.swerveRight);
    }
  }

  private _brake(slot: number, edge: number): void {
    const { tracks: t, order } = this._scene;
    const now = t.timeMs[slot];
    if (now - this._brakeMs[slot] < longestMs) return;
    this._brakeMs[slot] = now;
    const ahead = order.ahead[slot];
    if (ahead >= 0 && t.s[ahead] - t.s[slot] < freeAhead) return;
    if (this._demand.explains(slot)) return;
    this._witness(slot, edge, t.s[slot], Kind.brake);
  }

  private _witness(slot: number, edge: number, s: number, kind: number): void {
    const hz = this._hazards;
    const now = this._scene.tracks.timeMs[slot];
    const i = this._next;
    this._next = (i + 1) % events;
    this._eventKind[i] = kind;
    this._eventSlot[i] = slot;
    this._eventEdge[i] = edge;
    this._eventS[i] = s;
    this._eventMs[i] = now;
    const known = hazardNear(hz, edge, s, knownBehind, knownAhead);
    if (known >= 0) {
      const same = hz.edge[known] === edge && Math.abs(hz.s[known] - s) < reportReach;
      // A report, or an obstacle seen before; a brake wave is no place where something lies.
      const confirms = hz.confidence[known] < confidence || hz.cls[known] === ClassIndex.obstacle;
      if (same && confirms && hz.cls[known] !== ClassIndex.hardBraking) hz.extend(known, now, rememberedMs);
      return;
    }
    let seen = 0;
    let sum = 0;
    for (let j = 0; j < events; j += 1) {
      if (!this._agrees(j, edge, s, kind, now) || this._isRepeated(j, edge, s, kind, now)) continue;
      seen += 1;
      sum += this._eventS[j];
    }
    if (seen >= witnesses) hz.raise(ClassIndex.obstacle, edge, sum / seen, confidence, now, rememberedMs);
  }

  private _agrees(j: number, edge: number, s: number, kind: number, now: number): boolean {
    if (this._eventEdge[j] !== edge || this._eventKind[j] !== kind || now - this._eventMs[j] > rememberedMs)
      return false;
    return Math.abs(this._eventS[j] - s) <= sameCell;
  }

  /** Whether a later event of the same driver counts already. */
  private _isRepeated(j: number, edge: number, s: number, kind: number, now: number): boolean {
    for (let k = 0; k < j; k += 1)
      if (this._eventSlot[k] === this._eventSlot[j] && this._agrees(k, edge, s, kind, now)) return true;
    return false;
  }
}
