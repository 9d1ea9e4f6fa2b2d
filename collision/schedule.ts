import type { Scene } from './scene.ts';
import { isVulnerable } from './vehicle-flags.ts';

/** Every vehicle with news gets its full look within this time, however many report at once, ms (T2). */
const roundMs = 800;
/** Looks per tick that even a small fleet may have beyond the pressing ones. */
const leastPerTick = 32;
/** Looks of one tick at most, and how many of them are kept for those who wait for their turn (T5). */
export const mostPerTick = 1024;
const keptForCalm = 128;
/**
 * Work of one tick at most, of which as much is kept for those who wait (T5): a look counts for `lookWork` and one for every pair at a junction. About a
 * microsecond each; it is counted, never timed, so that replays stay equal.
 */
export const mostWork = 6000;
export const lookWork = 5;
const workForCalm = 750;
/** A pause longer than this between two ticks is no reason for more looks in the next one, ms. */
const longestPauseMs = 100;
/** A track this young is followed at message rate. */
const youngFixes = 6;
/** Change of speed, m/s, and of lateral position, m, since the last look that calls for another one. */
const speedChange = 1.5;
const lateralChange = 0.5;
/** Lateral speed, m/s, of one who may be changing lanes. */
const restless = 0.3;

/** Between two reports a vehicle in danger is looked at again after this, ms, where its reports are farther apart than `sparse`, s; so many in one tick (T6). */
const againMs = 250;
const sparse = 0.35;
const mostAgain = 256;
/** A state older than this many periods is not carried on once more (T6). */
const carriedPeriods = 1.5;
/** Closing in on a leader this fast, m/s, and this near, s, is dangerous enough to look again (T6). */
const closesIn = 1.5;
const closesSoon = 3.5;

/** What is known of a vehicle lies in one record, a cache line of 16 words of 4 bytes; doubles are addressed in half as many steps. */
const record = 16;
/** Time of the last look and of the state it saw. */
const lookedMs = 0;
const stateMs = 1;
/** What the last look saw. */
const edge = 4;
const flags = 5;
const speed = 6;
const lateral = 7;
const leader = 8;
const gap = 9;
const marks = 10;
/** Pairs that the last look judged. */
const pairs = 11;

const live = 1;
const news = 2;
/** Waits for its turn; waits because something presses. */
const waits = 4;
const presses = 8;
/** Looked at with every message (T3). */
const watched = 16;
/** Is to be looked at again before its next report (T6). */
const recurs = 32;

/** What of the scene the schedule reads. */
export type Traffic = Pick<Scene, 'tracks' | 'order' | 'hazardOf'>;

/**
 * Which vehicles the tick looks at (rules T1 to T5). Filter, order on the edge and the questions below are answered at message rate; path, junctions,
 * hazards and all pairs of a vehicle for whom nothing presses are looked at about once a second, a share of the fleet per tick.
 */
export class Schedule {
  /** Vehicles to look at in this tick: `work[0 .. numWork)`. */
  readonly work = new Int32Array(mostPerTick);
  numWork = 0;
  /** Vehicles without news to look at again, where they will be by now: `again[0 .. numAgain)`. */
  readonly again = new Int32Array(mostAgain);
  numAgain = 0;
  private readonly _scene: Traffic;
  /** Vehicles with a state newer than the last tick. */
  private readonly _news: Int32Array;
  private _numNews = 0;
  private readonly _pressing: Ring;
  private readonly _calm: Ring;
  private readonly _recurring: Ring;
  private readonly _f64: Float64Array;
  private readonly _f32: Float32Array;
  private readonly _i32: Int32Array;
  private _numLive = 0;
  private _chosenMs = 0;
  /** Work chosen for this tick, and looks that those who wait should have had by now (T2). */
  private _work = 0;
  private _owed = 0;

  constructor(scene: Traffic) {
    const { capacity } = scene.tracks;
    this._scene = scene;
    this._news = new Int32Array(capacity);
    this._pressing = new Ring(capacity);
    this._calm = new Ring(capacity);
    this._recurring = new Ring(capacity);
    const records = new ArrayBuffer(4 * record * capacity);
    this._f64 = new Float64Array(records);
    this._f32 = new Float32Array(records);
    this._i32 = new Int32Array(records);
    for (let slot = 0; slot < capacity; slot += 1) {
      this._i32[record * slot + edge] = -1;
      this._i32[record * slot + leader] = -1;
    }
  }

  /** Vehicles for whom something presses, or whose turn has come, and whom the last tick did not get to. */
  get pending(): number {
    return this._pressing.length + Math.min(this._owed, this._calm.length);
  }

  /** The vehicle has a new state. */
  note(slot: number): void {
    const i = this._i32;
    const at = record * slot + marks;
    let now = i[at];
    if ((now & live) === 0) {
      now |= live | watched;
      this._numLive += 1;
    }
    if ((now & news) === 0) {
      now |= news;
      this._news[this._numNews] = slot;
      this._numNews += 1;
    }
    i[at] = now;
  }

  /** T4: whoever comes onto an edge, or moves sidewise, is news to the vehicles before and behind it. */
  stir(slot: number): void {
    const { tracks: t, order } = this._scene;
    const changed = t.edge[slot] !== this._i32[record * slot + edge];
    if (!changed && !(t.dRate[slot] > restless || t.dRate[slot] < -restless)) return;
    const behind = order.behind[slot];
    if (behind >= 0) this._watch(behind);
    const ahead = order.ahead[slot];
    if (ahead >= 0 && !changed) this._watch(ahead);
  }

  private _watch(slot: number): void {
    const at = record * slot + marks;
    this._i32[at] = this._i32[at] | watched;
  }

  /** The vehicle is gone. */
  forget(slot: number): void {
    const at = record * slot;
    this._numLive -= this._i32[at + marks] & live;
    this._i32[at + marks] = this._i32[at + marks] & ~live;
    this._i32[at + leader] = -1;
    this._i32[at + pairs] = 0;
    this._f64[(at >> 1) + stateMs] = 0;
  }

  /**
   * Fills `work`: everybody for whom something presses, in order of the news, then who has waited longest, as many as keep the round (T1, T2),
   * all together no more than one tick may look at (T5): what a look will cost is what the vehicle's last one did.
   */
  choose(nowMs: number): void {
    this.numWork = 0;
    this._work = 0;
    this._sort(nowMs);
    const pause = this._chosenMs === 0 ? longestPauseMs : Math.min(nowMs - this._chosenMs, longestPauseMs);
    this._chosenMs = nowMs;
    const share = Math.max(leastPerTick, Math.ceil((this._numLive * pause) / roundMs));
    const owed = Math.min(this._owed + share, this._calm.length);
    const kept = Math.min(owed, keptForCalm);
    this._serve(this._pressing, presses, mostPerTick - kept, kept > 0 ? mostWork - workForCalm : mostWork, nowMs);
    const before = this.numWork;
    this._serve(this._calm, waits, Math.min(before + owed, mostPerTick), mostWork, nowMs);
    this._owed = owed - (this.numWork - before);
    this._serveAgain(nowMs);
  }

  /** T6: who was looked at a quarter of a second ago and has not reported since. */
  private _serveAgain(nowMs: number): void {
    const i = this._i32;
    const { timeMs, period, edge: road, hidden, against } = this._scene.tracks;
    this.numAgain = 0;
    while (this._recurring.length > 0 && this.numAgain < mostAgain) {
      const slot = this._recurring.first;
      const at = record * slot;
      const looked = this._f64[(at >> 1) + lookedMs];
      if (nowMs - looked < againMs && timeMs[slot] !== 0) break;
      this._recurring.take();
      i[at + marks] = i[at + marks] & ~recurs;
      if (nowMs - timeMs[slot] > 1000 * carriedPeriods * period[slot]) continue;
      if (road[slot] < 0 || hidden[slot] !== 0 || against[slot] !== 0) continue;
      this._f64[(at >> 1) + lookedMs] = nowMs;
      this.again[this.numAgain] = slot;
      this.numAgain += 1;
    }
  }

  /** Puts everybody with news into the row where he waits. */
  private _sort(nowMs: number): void {
    const i = this._i32;
    const { timeMs } = this._scene.tracks;
    for (let k = 0; k < this._numNews; k += 1) {
      const slot = this._news[k];
      const at = record * slot + marks;
      i[at] = i[at] & ~news;
      if (timeMs[slot] === 0) continue;
      const why = this._presses(slot, nowMs) ? presses : waits;
      if ((i[at] & (why | presses)) !== 0) continue;
      i[at] = i[at] | why;
      if (why === presses) this._pressing.add(slot);
      else this._calm.add(slot);
    }
    this._numNews = 0;
  }

  /** Takes from a row until `work` holds `until` vehicles or costs `most`; passes over those looked at meanwhile, or gone. */
  private _serve(ring: Ring, why: number, until: number, most: number, nowMs: number): void {
    const i = this._i32;
    const { timeMs } = this._scene.tracks;
    while (this.numWork < until && this._work < most && ring.length > 0) {
      const slot = ring.take();
      const at = record * slot;
      i[at + marks] = i[at + marks] & ~why;
      const seenMs = this._f64[(at >> 1) + stateMs];
      if (timeMs[slot] === 0 || seenMs === timeMs[slot]) continue;
      this._f64[(at >> 1) + lookedMs] = nowMs;
      this._f64[(at >> 1) + stateMs] = timeMs[slot];
      this._work += lookWork + i[at + pairs];
      this.work[this.numWork] = slot;
      this.numWork += 1;
    }
  }

  /**
   * After a look: what it saw, whether the vehicle is to be looked at with every message, and whether there is an alert to it or a suspicion.
   * `ahead` is the gap to `lead` now.
   */
  looked(slot: number, lead: number, ahead: number, watch: boolean, concerned: boolean): void {
    const t = this._scene.tracks;
    const i = this._i32;
    const f = this._f32;
    const at = record * slot;
    i[at + edge] = t.edge[slot];
    i[at + flags] = t.flags[slot];
    f[at + speed] = t.v[slot];
    f[at + lateral] = t.d[slot];
    i[at + leader] = lead;
    f[at + gap] = ahead;
    i[at + marks] = watch ? i[at + marks] | watched : i[at + marks] & ~watched;
    if (t.period[slot] < sparse || (i[at + marks] & recurs) !== 0) return;
    const closing = lead < 0 ? 0 : t.v[slot] - t.v[lead];
    if (!concerned && !(closing > closesIn && ahead < closing * closesSoon)) return;
    i[at + marks] = i[at + marks] | recurs;
    this._recurring.add(slot);
  }

  /** How many pairs a look at the vehicle has just judged: so much work the next one is taken for (T5). */
  weigh(slot: number, judged: number): void {
    this._i32[record * slot + pairs] = judged;
  }

  /** T3: whether the vehicle cannot wait for its turn. */
  private _presses(slot: number, nowMs: number): boolean {
    const { tracks: t, hazardOf } = this._scene;
    const i = this._i32;
    const f = this._f32;
    const at = record * slot;
    if ((i[at + marks] & watched) !== 0 || hazardOf[slot] >= 0 || t.hidden[slot] !== 0) return true;
    if (t.fixes[slot] < youngFixes || t.edge[slot] !== i[at + edge] || t.flags[slot] !== i[at + flags] >>> 0)
      return true;
    if (t.edge[slot] < 0 || t.against[slot] === 1 || isVulnerable(t.stationType[slot])) return true;
    const v = t.v[slot];
    const faster = v - f[at + speed];
    if (faster > speedChange || faster < -speedChange) return true;
    const aside = t.d[slot] - f[at + lateral];
    if (aside > lateralChange || aside < -lateralChange) return true;
    if (t.dRate[slot] > restless || t.dRate[slot] < -restless) return true;
    const lead = i[at + leader];
    if (lead < 0 || t.timeMs[lead] === 0) return false;
    const closing = v - t.v[lead];
    const elapsed = (nowMs - this._f64[(at >> 1) + lookedMs]) / 1000;
    const left = f[at + gap] - Math.max(0, closing + 1) * elapsed;
    if (t.a[lead] < -0.5 && left < 2.5 * v + (v * v) / 8 + 10) return true;
    const push = closing + 1.3 * Math.max(0, t.a[slot]);
    return push > 1 && left < push * (4 + push / 5) + 5;
  }
}

/** Slots in order of arrival; none is in it twice. */
class Ring {
  length = 0;
  private readonly _slots: Int32Array;
  private _head = 0;

  constructor(capacity: number) {
    this._slots = new Int32Array(capacity);
  }

  add(slot: number): void {
    const size = this._slots.length;
    const at = this._head + this.length;
    this._slots[at < size ? at : at - size] = slot;
    this.length += 1;
  }

  get first(): number {
    return this._slots[this._head];
  }

  take(): number {
    const slot = this._slots[this._head];
    this._head = this._head + 1 === this._slots.length ? 0 : this._head + 1;
    this.length -= 1;
    return slot;
  }
}
