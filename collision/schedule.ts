import type { Scene } from './scene.ts';
import { isVulnerable } from './vehicle-flags.ts';

/** Every vehicle with news gets its full look within this many ticks, however many report at once (T2). */
const ticksPerRound = 8;
/** Looks per tick that even a small fleet may have beyond the pressing ones. */
const leastPerTick = 32;
/** A track this young is followed at message rate. */
const youngFixes = 6;
/** Change of speed, m/s, and of lateral position, m, since the last look that calls for another one. */
const speedChange = 1.5;
const lateralChange = 0.5;
/** Lateral speed, m/s, of one who may be changing lanes. */
const restless = 0.3;

/** What of the scene the schedule reads. */
export type Traffic = Pick<Scene, 'tracks' | 'order' | 'hazardOf'>;

/**
 * Which vehicles the tick looks at (rules T1 to T4). Filter, order on the edge and the questions below are answered at message rate; path, junctions,
 * hazards and all pairs of a vehicle for whom nothing presses are looked at about once a second, a share of the fleet per tick.
 */
export class Schedule {
  /** Vehicles to look at in this tick: `work[0 .. numWork)`. */
  readonly work: Int32Array;
  numWork = 0;
  private readonly _scene: Traffic;
  /** Vehicles with a state newer than the last tick. */
  private readonly _news: Int32Array;
  private readonly _hasNews: Uint8Array;
  private _numNews = 0;
  /** Ring of vehicles that wait for their turn, in order of their news. */
  private readonly _ring: Int32Array;
  private readonly _waits: Uint8Array;
  private _head = 0;
  private _numWaiting = 0;
  /** 1 = look at every message (T3). */
  private readonly _watched: Uint8Array;
  /** What the last look saw. */
  private readonly _edge: Int32Array;
  private readonly _flags: Uint32Array;
  private readonly _v: Float32Array;
  private readonly _d: Float32Array;
  private readonly _leader: Int32Array;
  private readonly _gap: Float32Array;
  private readonly _lookedMs: Float64Array;
  private readonly _stateMs: Float64Array;
  private readonly _live: Uint8Array;
  private _numLive = 0;

  constructor(scene: Traffic) {
    const { capacity } = scene.tracks;
    this._scene = scene;
    this.work = new Int32Array(capacity);
    this._news = new Int32Array(capacity);
    this._hasNews = new Uint8Array(capacity);
    this._ring = new Int32Array(capacity);
    this._waits = new Uint8Array(capacity);
    this._watched = new Uint8Array(capacity);
    this._edge = new Int32Array(capacity).fill(-1);
    this._flags = new Uint32Array(capacity);
    this._v = new Float32Array(capacity);
    this._d = new Float32Array(capacity);
    this._leader = new Int32Array(capacity).fill(-1);
    this._gap = new Float32Array(capacity);
    this._lookedMs = new Float64Array(capacity);
    this._stateMs = new Float64Array(capacity);
    this._live = new Uint8Array(capacity);
  }

  /** The vehicle has a new state. */
  note(slot: number): void {
    if (this._live[slot] === 0) {
      this._live[slot] = 1;
      this._numLive += 1;
      this._watched[slot] = 1;
    }
    if (this._hasNews[slot] === 1) return;
    this._hasNews[slot] = 1;
    this._news[this._numNews] = slot;
    this._numNews += 1;
  }

  /** T4: whoever comes onto an edge, or moves sidewise, is news to the vehicles before and behind it. */
  stir(slot: number): void {
    const { tracks: t, order } = this._scene;
    const changed = t.edge[slot] !== this._edge[slot];
    if (!changed && !(t.dRate[slot] > restless || t.dRate[slot] < -restless)) return;
    const behind = order.behind[slot];
    if (behind >= 0) this._watched[behind] = 1;
    const ahead = order.ahead[slot];
    if (ahead >= 0 && !changed) this._watched[ahead] = 1;
  }

  /** The vehicle is gone. */
  forget(slot: number): void {
    this._numLive -= this._live[slot];
    this._live[slot] = 0;
    this._stateMs[slot] = 0;
    this._leader[slot] = -1;
  }

  /** Fills `work`: everybody for whom something presses, then who has waited longest, as many as keep the round (T1, T2). */
  choose(nowMs: number): void {
    this.numWork = 0;
    const { timeMs } = this._scene.tracks;
    const size = this._ring.length;
    for (let i = 0; i < this._numNews; i += 1) {
      const slot = this._news[i];
      this._hasNews[slot] = 0;
      if (timeMs[slot] === 0) continue;
      if (this._presses(slot, nowMs)) this._take(slot, nowMs);
      else if (this._waits[slot] === 0) {
        this._waits[slot] = 1;
        this._ring[(this._head + this._numWaiting) % size] = slot;
        this._numWaiting += 1;
      }
    }
    this._numNews = 0;
    let budget = Math.max(leastPerTick, Math.ceil(this._numLive / ticksPerRound));
    while (budget > 0 && this._numWaiting > 0) {
      const slot = this._ring[this._head];
      this._head = this._head + 1 === size ? 0 : this._head + 1;
      this._numWaiting -= 1;
      this._waits[slot] = 0;
      // Looked at meanwhile because something pressed, or gone.
      if (timeMs[slot] === 0 || this._stateMs[slot] === timeMs[slot]) continue;
      this._take(slot, nowMs);
      budget -= 1;
    }
  }

  /** After a look: what it saw, and whether the vehicle is to be looked at with every message. `gap` is that to `leader` now. */
  looked(slot: number, leader: number, gap: number, watch: boolean): void {
    const t = this._scene.tracks;
    this._edge[slot] = t.edge[slot];
    this._flags[slot] = t.flags[slot];
    this._v[slot] = t.v[slot];
    this._d[slot] = t.d[slot];
    this._leader[slot] = leader;
    this._gap[slot] = gap;
    this._watched[slot] = watch ? 1 : 0;
  }

  private _take(slot: number, nowMs: number): void {
    this._lookedMs[slot] = nowMs;
    this._stateMs[slot] = this._scene.tracks.timeMs[slot];
    this.work[this.numWork] = slot;
    this.numWork += 1;
  }

  /** T3: whether the vehicle cannot wait for its turn. */
  private _presses(slot: number, nowMs: number): boolean {
    const { tracks: t, hazardOf } = this._scene;
    if (this._watched[slot] === 1 || hazardOf[slot] >= 0) return true;
    if (t.fixes[slot] < youngFixes || t.edge[slot] !== this._edge[slot] || t.flags[slot] !== this._flags[slot])
      return true;
    if (t.edge[slot] < 0 || t.against[slot] === 1 || isVulnerable(t.stationType[slot])) return true;
    const v = t.v[slot];
    const faster = v - this._v[slot];
    if (faster > speedChange || faster < -speedChange) return true;
    const aside = t.d[slot] - this._d[slot];
    if (aside > lateralChange || aside < -lateralChange) return true;
    if (t.dRate[slot] > restless || t.dRate[slot] < -restless) return true;
    const leader = this._leader[slot];
    if (leader < 0 || t.timeMs[leader] === 0) return false;
    const closing = v - t.v[leader];
    const elapsed = (nowMs - this._lookedMs[slot]) / 1000;
    const gap = this._gap[slot] - Math.max(0, closing + 1) * elapsed;
    if (t.a[leader] < -0.5 && gap < 2.5 * v + (v * v) / 8 + 10) return true;
    const push = closing + 1.3 * Math.max(0, t.a[slot]);
    return push > 1 && gap < push * (4 + push / 5) + 5;
  }
}
