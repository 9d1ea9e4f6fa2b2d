import type { Learner, Memory } from './learned.ts';
import type { QueueContext } from './queue-context.ts';
import type { Tracks } from './tracks.ts';

/** Braking that begins a stop, m/s², from at least and to at most these speeds, m/s; less than this, m/s², breaks it off, as does silence, ms. */
const begins = -0.5;
const fromSpeed = 8;
const atRest = 1;
const breaksOff = -0.1;
const silentMs = 2000;
/** How near its line a stop ends, m; who stops elsewhere stops for somebody. */
const nearLine = 35;
/** Bins of the need of a beginning stop, m/s²; the last, 4.5, holds all above: no habit is later, and forged stops cannot put the alarms off any more than it does. */
const binWidth = 0.1;
const bins = 45;
/** Early brakers taken for granted at first, their need, and the number of stops at which all count half. */
const priorStops = 40;
const priorNeed = 1.25;
const memory = 2000;
/** The need that this share of the drivers has not passed when they begin, and up to which the rules' own timing holds, m/s². */
const share = 0.75;
const early = 1.5;
/** Braking that frightens is harder by this share of what they begin later. */
const harder = 0.6;

/**
 * How late the drivers of this city begin to brake (rule L18), learned from stops that nobody warns of: those first at a line they must stop at. A
 * stop from v that takes the distance d began when v²/2d was needed. Bounded: a histogram and four numbers a vehicle.
 */
export class BrakingHabit implements Learner {
  /** By how much the need at which drivers begin exceeds that of early brakers, m/s²; 0 where they brake early. */
  later = 0;
  /** The need at which they begin, m/s²; 0 where they brake early. */
  begins = 0;
  private readonly _tracks: Tracks;
  private readonly _queue: QueueContext;
  private readonly _stops = new Float64Array(bins);
  private _count = priorStops;
  /** Per vehicle: speed the stop began from (0: none), metres since, speed and time at the last look. */
  private readonly _from: Float32Array;
  private readonly _since: Float32Array;
  private readonly _speed: Float32Array;
  private readonly _timeMs: Float64Array;

  constructor(tracks: Tracks, queue: QueueContext) {
    const { capacity } = tracks;
    this._tracks = tracks;
    this._queue = queue;
    this._stops[Math.floor(priorNeed / binWidth)] = priorStops;
    this._from = new Float32Array(capacity);
    this._since = new Float32Array(capacity);
    this._speed = new Float32Array(capacity);
    this._timeMs = new Float64Array(capacity).fill(-Infinity);
  }

  get memory(): readonly Memory[] {
    return [this._stops];
  }

  recall(): void {
    this._count = this._stops.reduce((sum, stops) => sum + stops, 0);
    if (!(this._count >= priorStops && this._count < memory)) throw new RangeError(`${this._count} stops`);
    this._conclude();
  }

  /** One look at a matched vehicle whose queue context is known. */
  note(slot: number): void {
    const t = this._tracks;
    const v = t.v[slot];
    const before = this._speed[slot];
    const ms = t.timeMs[slot] - this._timeMs[slot];
    if (ms <= 0) return;
    this._timeMs[slot] = t.timeMs[slot];
    this._speed[slot] = v;
    const gain = (v - before) / (0.001 * ms);
    if (ms > silentMs || gain > breaksOff) {
      this._from[slot] = 0;
      return;
    }
    if (this._from[slot] === 0) {
      if (gain > begins || before < fromSpeed) return;
      this._from[slot] = before;
      this._since[slot] = 0;
    }
    this._since[slot] = this._since[slot] + 0.0005 * (v + before) * ms;
    if (v > atRest) return;
    if (this._queue.chain[slot] === 1 && this._queue.toLine[slot] < nearLine)
      this._learn(this._from[slot] ** 2 / (2 * this._since[slot]));
    this._from[slot] = 0;
  }

  /** Braking, m/s², that is as rare here as `hard` is where drivers brake early. */
  rare(hard: number): number {
    return hard + harder * this.later;
  }

  forget(slot: number): void {
    this._from[slot] = 0;
    this._timeMs[slot] = -Infinity;
  }

  private _learn(need: number): void {
    const { _stops: stops } = this;
    stops[Math.min(bins - 1, Math.floor(need / binWidth))] += 1;
    this._count += 1;
    if (this._count >= memory) {
      for (let i = 0; i < bins; i += 1) stops[i] = stops[i] / 2;
      this._count = this._count / 2;
    }
    this._conclude();
  }

  private _conclude(): void {
    const { _stops: stops } = this;
    let i = 0;
    for (let sum = stops[0]; sum < share * this._count; sum += stops[i]) i += 1;
    const passed = binWidth * (i + 1);
    this.later = Math.max(0, passed - early);
    this.begins = passed > early + 0.5 * binWidth ? passed : 0;
  }
}
