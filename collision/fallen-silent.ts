import type { Tracks } from './tracks.ts';

/** Deceleration beyond which no driver comes to rest any more on a common road, m/s² (H15). */
const unavoidable = 7;
/** Gaps are not known better than this, m. */
const leastGap = 0.5;
/** Silence: so many of his periods and this long, s; the loss of a report is no silence. */
const periods = 2;
const silence = 1;

/** Slot of the vehicle ahead in the way, -1 none, and m to it. */
export interface Ahead {
  readonly leader: number;
  readonly gap: number;
}

/**
 * Who falls silent when by his last report he could not help striking the vehicle ahead any more has struck it (rule H15): a collision ends the
 * reports of the one who struck, and the one struck, who may still report, stands there with nothing else to tell of it.
 */
export class FallenSilent {
  private readonly _tracks: Tracks;
  /** Those who are about to strike somebody, dense, and whom; `_at[slot]` = index + 1 or 0. */
  private readonly _slots: Int32Array;
  private readonly _struck: Int32Array;
  private readonly _generation: Uint32Array;
  private readonly _at: Int32Array;
  private _count = 0;

  constructor(tracks: Tracks) {
    this._tracks = tracks;
    this._slots = new Int32Array(tracks.capacity);
    this._struck = new Int32Array(tracks.capacity);
    this._generation = new Uint32Array(tracks.capacity);
    this._at = new Int32Array(tracks.capacity);
  }

  /** A look at `slot`; the gap is read here, as an argument it would be an object on the heap for everybody. */
  note(slot: number, ahead: Ahead): void {
    const { v, generation } = this._tracks;
    const { leader } = ahead;
    const closing = leader < 0 ? 0 : v[slot] - v[leader];
    if (!(closing > 0 && closing * closing >= 2 * unavoidable * Math.max(ahead.gap, leastGap))) {
      this.forget(slot);
      return;
    }
    if (this._at[slot] === 0) {
      this._slots[this._count] = slot;
      this._count += 1;
      this._at[slot] = this._count;
    }
    this._struck[this._at[slot] - 1] = leader;
    this._generation[this._at[slot] - 1] = generation[leader];
  }

  /** Next vehicle that was struck by one who has fallen silent since, or -1: to be asked until it is. */
  next(nowMs: number): number {
    const { timeMs, period, generation } = this._tracks;
    for (let i = this._count - 1; i >= 0; i -= 1) {
      const slot = this._slots[i];
      if (nowMs - timeMs[slot] < 1000 * (silence + periods * period[slot])) continue;
      const struck = this._struck[i];
      const known = timeMs[struck] > 0 && generation[struck] === this._generation[i];
      this.forget(slot);
      if (known) return struck;
    }
    return -1;
  }

  forget(slot: number): void {
    const at = this._at[slot];
    if (at === 0) return;
    this._count -= 1;
    const last = this._slots[this._count];
    this._slots[at - 1] = last;
    this._struck[at - 1] = this._struck[this._count];
    this._generation[at - 1] = this._generation[this._count];
    this._at[last] = at;
    this._at[slot] = 0;
  }
}
