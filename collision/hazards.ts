import { directionAt, pointAt } from '../roads/graph/index.ts';
import { ClassIndex } from './causes.ts';
import { confidenceOf, type Evidence } from './evidence.ts';
import { fieldRadius } from './field-radius.ts';
import type { Scene } from './scene.ts';
import { UpstreamFields } from './upstream.ts';

export const maxHazards = 4096;
/** Vehicles farther than this from the hazard's tail and members start their own, m. */
const joinDistance = 120;
/** Members this far downstream of the tail still belong, m. */
const memberDistance = 220;
/** Who stands within this of the place, m, has not passed it (A5); slower than this he stands, m/s. */
const beside = 30;
const standing = 1.4;
/** A hazard without members ends after this, ms. */
const lingerMs = 1500;
/** What moves at this share of the limit or more rolls on; slower it is a jam, whose end moves as it is seen to (H7). */
const rollingShare = 0.3;
/** A member not heard of for this long is no longer known to be there, ms. */
const silenceMs = 4_000;
/** A queue's end comes upstream no faster than this, m/s. */
const fastestTail = -5;
/** Fields are built this much wider than needed, so that a moving hazard does not renew them at every step, m. */
const fieldSlack = 250;

/**
 * Hazard objects (rules H1 to H9): clusters of vehicles in an abnormal state, each with a tail (the place the next driver meets), its
 * speed along the road, a class and a field of distances upstream. `join` is called by the detectors per abnormal vehicle, `refresh` twice a second.
 */
export class Hazards {
  readonly fields: UpstreamFields;
  readonly alive = new Uint8Array(maxHazards);
  readonly cls = new Uint8Array(maxHazards);
  readonly edge = new Int32Array(maxHazards);
  /** Place of the tail: metres along `edge`, and plane. */
  readonly s = new Float64Array(maxHazards);
  readonly x = new Float64Array(maxHazards);
  readonly y = new Float64Array(maxHazards);
  readonly hx = new Float64Array(maxHazards);
  readonly hy = new Float64Array(maxHazards);
  /** Speed of the tail along the direction of travel: negative = it comes towards drivers. */
  readonly u = new Float32Array(maxHazards);
  readonly confidence = new Float32Array(maxHazards);
  readonly members = new Int32Array(maxHazards);
  /** From the tail to the member farthest downstream, m. */
  readonly extent = new Float32Array(maxHazards);
  /** Speed of the slowest member near the tail. */
  readonly speed = new Float32Array(maxHazards);
  readonly sourceMs = new Float64Array(maxHazards);
  readonly tail = new Int32Array(maxHazards).fill(-1);
  /** Increases for every hazard raised: the public id is serial * maxHazards + index. */
  readonly serial = new Int32Array(maxHazards);
  private readonly _scene: Scene;
  private readonly _evidence: Evidence;
  private readonly _score = new Float32Array(maxHazards);
  private readonly _lastMs = new Float64Array(maxHazards);
  private readonly _fixedUntilMs = new Float64Array(maxHazards);
  private readonly _fieldEdge = new Int32Array(maxHazards).fill(-1);
  private readonly _fieldRadius = new Float32Array(maxHazards);
  private readonly _movedMs = new Float64Array(maxHazards);
  private readonly _best = new Float64Array(maxHazards);
  private readonly _least = new Float64Array(maxHazards);
  /** Speed of the foremost member where it is a slow vehicle that rolls on along a single lane: what stops behind it will follow it (H7). 0: none, -1: a wreck is among them. */
  private readonly _headSpeed = new Float32Array(maxHazards);
  private readonly _free = new Int32Array(maxHazards);
  private _numFree = maxHazards;
  private _nextSerial = 1;
  /** Slots now in an abnormal state, dense; `_listedAt[slot]` = index + 1 or 0. */
  private readonly _listed: Int32Array;
  private readonly _listedAt: Int32Array;
  private readonly _kind: Uint8Array;
  private readonly _point = new Float64Array(2);
  private _numListed = 0;
  readonly counters = { raised: 0, ended: 0, full: 0 };

  constructor(scene: Scene, evidence: Evidence) {
    this._scene = scene;
    this._evidence = evidence;
    this.fields = new UpstreamFields(scene.graph, scene.turns, maxHazards);
    this._listed = new Int32Array(scene.tracks.capacity);
    this._listedAt = new Int32Array(scene.tracks.capacity);
    this._kind = new Uint8Array(scene.tracks.capacity);
    for (let i = 0; i < maxHazards; i += 1) this._free[i] = maxHazards - 1 - i;
  }

  get numHazards(): number {
    return maxHazards - this._numFree;
  }

  idOf(h: number): number {
    return this.serial[h] * maxHazards + h;
  }

  /** Marks the vehicle as part of a danger of class `cls` from now until `leave`. */
  join(slot: number, cls: number): void {
    this._kind[slot] = cls;
    if (this._listedAt[slot] > 0) return;
    this._listed[this._numListed] = slot;
    this._numListed += 1;
    this._listedAt[slot] = this._numListed;
  }

  leave(slot: number): void {
    const at = this._listedAt[slot];
    if (at === 0) return;
    this._numListed -= 1;
    const last = this._listed[this._numListed];
    this._listed[at - 1] = last;
    this._listedAt[last] = at;
    this._listedAt[slot] = 0;
    this._scene.hazardOf[slot] = -1;
  }

  isListed(slot: number): boolean {
    return this._listedAt[slot] > 0;
  }

  /** A hazard known from elsewhere; returns its public id, or -1 when none can be held. */
  raise(cls: number, edge: number, s: number, confidence: number, nowMs: number, validMs: number): number {
    const h = this._open(cls, nowMs);
    if (h < 0) return -1;
    this._put(h, edge, s);
    this.confidence[h] = confidence;
    this._fixedUntilMs[h] = nowMs + validMs;
    this._field(h);
    return this.idOf(h);
  }

  /** News of a hazard that no vehicle is part of: it is sure, and holds for `validMs` more. */
  extend(h: number, nowMs: number, validMs: number): void {
    if (this.members[h] > 0 || nowMs >= this._fixedUntilMs[h]) return;
    this._fixedUntilMs[h] = Math.max(this._fixedUntilMs[h], nowMs + validMs);
    this.confidence[h] = Math.max(this.confidence[h], 0.95);
    this.sourceMs[h] = nowMs;
  }

  clear(id: number, nowMs: number): void {
    const h = id % maxHazards;
    if (this.alive[h] === 1 && this.idOf(h) === id) this._close(h, nowMs);
  }

  /** H5 to H8: assigns members, finds tails, their motion and class, drops what is over, renews fields. */
  refresh(nowMs: number): void {
    const { tracks: t, hazardOf } = this._scene;
    for (let k = this._numListed - 1; k >= 0; k -= 1) {
      const slot = this._listed[k];
      if (t.timeMs[slot] === 0 || t.edge[slot] < 0 || nowMs - t.timeMs[slot] > silenceMs) this.leave(slot);
    }
    for (let h = 0; h < maxHazards; h += 1) if (this.alive[h] === 1) this._beginCount(h);
    const previousTail = this.tail;
    for (let k = 0; k < this._numListed; k += 1) {
      const slot = this._listed[k];
      let h = hazardOf[slot];
      if (h >= 0 && (this.alive[h] === 0 || !this._belongs(slot, h, memberDistance))) h = -1;
      if (h < 0) h = this._neighbours(slot);
      if (h < 0) h = this._open(this._kind[slot], nowMs, slot);
      hazardOf[slot] = h;
      if (h < 0) continue;
      // Who drives off again is no danger to come (H4).
      if (t.v[slot] > 1.4 && t.a[slot] > 0.4 && this._kind[slot] !== ClassIndex.wrongWay) continue;
      this.members[h] += 1;
      this._score[h] = Math.max(this._score[h], this._evidence.of(slot));
      const wreck = this._kind[slot] === ClassIndex.crashedVehicle;
      const pace = wreck ? 0 : this._evidence.pace(slot);
      if (pace < this.speed[h]) this.speed[h] = pace;
      if (wreck) this._headSpeed[h] = -1;
      const upstream = this._upstreamOf(slot, h);
      if (upstream < this._least[h] && this._headSpeed[h] >= 0) this._headSpeed[h] = this._leads(slot, h) ? pace : 0;
      if (upstream < this._least[h]) this._least[h] = upstream;
      if (upstream > this._best[h]) {
        this._best[h] = upstream;
        previousTail[h] = slot;
      }
    }
    for (let h = 0; h < maxHazards; h += 1) if (this.alive[h] === 1) this._renew(h, nowMs);
    this._mergeOverlaps(nowMs);
  }

  /** Whether somebody is part of the hazard now, or it was told from outside: what has just dissolved is no news (A3). */
  isThere(h: number, nowMs: number): boolean {
    return this.members[h] > 0 || nowMs < this._fixedUntilMs[h];
  }

  private _beginCount(h: number): void {
    this.members[h] = 0;
    this._best[h] = -Infinity;
    this._least[h] = Infinity;
    this._score[h] = -Infinity;
    this._headSpeed[h] = 0;
    this.speed[h] = Infinity;
  }

  private _renew(h: number, nowMs: number): void {
    const { tracks: t } = this._scene;
    if (this.members[h] === 0) {
      this.tail[h] = -1;
      this.speed[h] = 0;
      if (nowMs < this._fixedUntilMs[h]) return;
      if (nowMs - this._lastMs[h] > lingerMs) this._close(h, nowMs);
      return;
    }
    this._lastMs[h] = nowMs;
    const tail = this.tail[h];
    const kind = this._kind[tail];
    const age = t.age(tail, nowMs);
    const wrongWay = kind === ClassIndex.wrongWay;
    const along = t.s[tail] + (wrongWay ? -t.v[tail] * age : t.advance(tail, age) - t.length[tail]);
    const v = t.v[tail];
    if (this._headSpeed[h] > 0) this.speed[h] = this._headSpeed[h];
    if (this.speed[h] === Infinity) this.speed[h] = v;
    const dt = (nowMs - this._movedMs[h]) / 1000;
    // Motion of the tail: the vehicle's own while it is one, the measured drift of the end of the queue otherwise (H7).
    if (wrongWay) this.u[h] = -v;
    else if (this.members[h] < 3 || this._isRolling(this.speed[h], h)) this.u[h] = this.speed[h];
    else if (dt > 0 && this._movedMs[h] > 0) {
      const drift = Math.max(fastestTail, Math.min(this.speed[h], -this._best[h] / dt));
      const gain = Math.min(1, dt / 15);
      this.u[h] += gain * (drift - this.u[h]);
      if (this.u[h] > this.speed[h]) this.u[h] = this.speed[h];
    }
    if (wrongWay) this.speed[h] = v;
    this.sourceMs[h] = t.timeMs[tail];
    this._movedMs[h] = nowMs;
    this.confidence[h] = confidenceOf(this._score[h], this.members[h]);
    this.extent[h] = this._best[h] - this._least[h];
    this.cls[h] = this.members[h] >= 3 && kind !== ClassIndex.wrongWay ? ClassIndex.queueTail : kind;
    this._put(h, t.edge[tail], along);
    this._field(h);
  }

  /** Metres the vehicle's rear lies upstream of the hazard's present place. */
  private _upstreamOf(slot: number, h: number): number {
    const { tracks: t } = this._scene;
    const edge = t.edge[slot];
    const rear = t.s[slot] - (this.cls[h] === ClassIndex.wrongWay ? 0 : t.length[slot]);
    for (let i = this.fields.firstOnEdge[edge]; i >= 0; i = this.fields.nextOnEdge[i])
      if (this.fields.hazard[i] === h) return this.fields.distance[i] + this.s[h] - rear;
    const dx = t.x[slot] - this.x[h];
    const dy = t.y[slot] - this.y[h];
    return -(dx * this.hx[h] + dy * this.hy[h]) + t.length[slot];
  }

  private _belongs(slot: number, h: number, reach: number): boolean {
    const t = this._scene.tracks;
    const dx = t.x[slot] - this.x[h];
    const dy = t.y[slot] - this.y[h];
    if (dx * dx + dy * dy > reach * reach) return false;
    if ((this._kind[slot] === ClassIndex.wrongWay) !== (this.cls[h] === ClassIndex.wrongWay)) return false;
    // Places without vehicles of their own (H12, H13).
    if (this.cls[h] === ClassIndex.hardBraking || this.cls[h] === ClassIndex.obstacle) return false;
    const { edgeClass, edgeLimit } = this._scene.graph;
    const a = t.edge[slot];
    const b = this.edge[h];
    if (edgeClass[a] !== edgeClass[b] || Math.abs(edgeLimit[a] - edgeLimit[b]) > 9) return false;
    if (this._kind[slot] === ClassIndex.wrongWay) return true;
    // The road's direction, not the body's: a wreck may lie askew.
    directionAt(this._scene.graph, a, t.s[slot], this._point);
    return this._point[0] * this.hx[h] + this._point[1] * this.hy[h] > 0.7;
  }

  /** Whether the vehicle is part of the hazard, among its members, or waits beside it (A5). */
  surrounds(id: number, slot: number): boolean {
    const h = id % maxHazards;
    if (this.alive[h] === 0 || this.idOf(h) !== id) return false;
    const { tracks: t, hazardOf } = this._scene;
    if (hazardOf[slot] === h) return true;
    const dx = t.x[slot] - this.x[h];
    const dy = t.y[slot] - this.y[h];
    if (t.v[slot] < standing && dx * dx + dy * dy < beside * beside) return true;
    if (t.hx[slot] * this.hx[h] + t.hy[slot] * this.hy[h] < 0.5) return false;
    return dx * this.hx[h] + dy * this.hy[h] > 0 && dx * dx + dy * dy < this.extent[h] * this.extent[h];
  }

  /** Hazard of the vehicle before or behind on the same edge, or one whose tail is near. */
  private _neighbours(slot: number): number {
    const { tracks: t, order, hazardOf } = this._scene;
    let near = order.ahead[slot];
    for (let n = 0; n < 6 && near >= 0 && t.s[near] - t.s[slot] < joinDistance; n += 1, near = order.ahead[near]) {
      const h = hazardOf[near];
      if (h >= 0 && this.alive[h] === 1 && this._belongs(slot, h, memberDistance)) return h;
    }
    near = order.behind[slot];
    for (let n = 0; n < 6 && near >= 0 && t.s[slot] - t.s[near] < joinDistance; n += 1, near = order.behind[near]) {
      const h = hazardOf[near];
      if (h >= 0 && this.alive[h] === 1 && this._belongs(slot, h, memberDistance)) return h;
    }
    const edge = t.edge[slot];
    for (let i = this.fields.firstOnEdge[edge]; i >= 0; i = this.fields.nextOnEdge[i]) {
      const h = this.fields.hazard[i];
      if (this.alive[h] === 1 && this._belongs(slot, h, joinDistance)) return h;
    }
    return -1;
  }

  private _open(cls: number, nowMs: number, slot = -1): number {
    if (this._numFree === 0) {
      this.counters.full += 1;
      return -1;
    }
    this._numFree -= 1;
    const h = this._free[this._numFree];
    this.alive[h] = 1;
    this.cls[h] = cls;
    this.serial[h] = this._nextSerial;
    this._nextSerial += 1;
    this.u[h] = 0;
    this.confidence[h] = 0;
    this.extent[h] = 0;
    this.tail[h] = slot;
    this.sourceMs[h] = nowMs;
    this._beginCount(h);
    // Nobody is part of a place told from outside: it stands.
    if (slot < 0) this.speed[h] = 0;
    this._lastMs[h] = nowMs;
    this._movedMs[h] = 0;
    this._fixedUntilMs[h] = 0;
    this._fieldEdge[h] = -1;
    this.counters.raised += 1;
    if (slot >= 0) {
      const t = this._scene.tracks;
      this._put(h, t.edge[slot], t.s[slot] - (cls === ClassIndex.wrongWay ? 0 : t.length[slot]));
      this._field(h);
    }
    return h;
  }

  private _close(h: number, nowMs: number): void {
    this.alive[h] = 0;
    this._scene.book.hazardOver(this.idOf(h), nowMs);
    this.fields.drop(h);
    this._fieldEdge[h] = -1;
    this._free[this._numFree] = h;
    this._numFree += 1;
    this.counters.ended += 1;
  }

  private _put(h: number, edge: number, s: number): void {
    const { graph } = this._scene;
    this.edge[h] = edge;
    this.s[h] = s;
    const point = this._point;
    pointAt(graph, edge, s, point);
    this.x[h] = point[0];
    this.y[h] = point[1];
    directionAt(graph, edge, s, point);
    this.hx[h] = point[0];
    this.hy[h] = point[1];
  }

  private _field(h: number): void {
    const wrongWay = this.cls[h] === ClassIndex.wrongWay;
    const radius = fieldRadius(wrongWay, this.u[h], this._scene.graph.edgeLimit[this.edge[h]]);
    // The field is measured from the edge's first point, the radius from the hazard: a hazard that comes nearer to it sees farther.
    const beyond = Math.max(0, radius - Math.max(0, this.s[h]));
    if (this._fieldEdge[h] === this.edge[h] && beyond <= this._fieldRadius[h]) return;
    this._fieldEdge[h] = this.edge[h];
    this._fieldRadius[h] = beyond + fieldSlack;
    const stands = this.cls[h] === ClassIndex.crashedVehicle || this.cls[h] === ClassIndex.stationaryVehicle;
    this.fields.build(h, this.edge[h], beyond + fieldSlack, wrongWay, stands);
  }

  /** Two clusters that grew together become the older one. */
  private _mergeOverlaps(nowMs: number): void {
    const { hazardOf } = this._scene;
    for (let k = 0; k < this._numListed; k += 1) {
      const slot = this._listed[k];
      const h = hazardOf[slot];
      if (h < 0 || this.alive[h] === 0 || this.tail[h] !== slot) continue;
      const edge = this.edge[h];
      for (let i = this.fields.firstOnEdge[edge]; i >= 0; i = this.fields.nextOnEdge[i]) {
        const g = this.fields.hazard[i];
        if (g === h || this.alive[g] === 0 || this.members[g] === 0) continue;
        if (!this._belongs(slot, g, joinDistance)) continue;
        const [keep, end] = this.serial[g] < this.serial[h] ? [g, h] : [h, g];
        for (let m = 0; m < this._numListed; m += 1)
          if (hazardOf[this._listed[m]] === end) hazardOf[this._listed[m]] = keep;
        this._scene.book.rename(this.idOf(end), this.idOf(keep));
        this._close(end, nowMs);
        break;
      }
    }
  }

  /** Whether it is a slow vehicle that rolls on where those behind have no other lane (H7). */
  private _leads(slot: number, h: number): boolean {
    const { tracks: t, graph } = this._scene;
    if (this._kind[slot] !== ClassIndex.slowVehicle || graph.edgeLanes[t.edge[slot]] !== 1) return false;
    return this._isRolling(t.v[slot], h);
  }

  /** Whether the hazard moves on, slow but steadily (H7). */
  rolls(h: number): boolean {
    return this._isRolling(this.u[h], h);
  }

  private _isRolling(speed: number, h: number): boolean {
    return speed >= rollingShare * this._scene.graph.edgeLimit[this.edge[h]];
  }
}
