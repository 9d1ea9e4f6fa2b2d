import type { Scene } from './scene.ts';

/** Vehicles before and behind an overtaker that are looked at, and how far, m. */
const maxScan = 6;
const reach = 80;
/** Faster than those in his own half by this he passes them, m/s; nearer sidewise than this they are not in it, m. */
const passing = 1;
const aside = 1;
/** Who brakes by this much, m/s², behind or beside others gives up and goes back. */
const givingUp = 1;
/** Who cuts in leaves at least this, m. */
const cutIn = 2;
/** Coming back over takes this long, s. */
const returnTime = 1;

/** Whether one who is beyond the middle of a two-way road passes others and can still go back before he meets oncoming traffic (W8). */
export class Overtaking {
  private readonly _scene: Scene;
  private _passes = false;
  private _besideNow = false;
  private _besideThen = false;

  constructor(scene: Scene) {
    this._scene = scene;
  }

  /** `meeting` s from now the vehicle `slot` meets somebody in the other half. */
  returnsBefore(slot: number, meeting: number, nowMs: number): boolean {
    this._passes = false;
    this._besideNow = false;
    this._besideThen = false;
    const { order } = this._scene;
    const time = meeting - returnTime;
    if (time < 0) return false;
    this._look(slot, order.ahead, time, nowMs);
    this._look(slot, order.behind, time, nowMs);
    return this._passes && !(this._besideNow && this._besideThen);
  }

  private _look(slot: number, next: Int32Array, time: number, nowMs: number): void {
    const { tracks: t } = this._scene;
    const front = t.s[slot] + t.advance(slot, t.age(slot, nowMs));
    let other = next[slot];
    for (let n = 0; other >= 0 && n < maxScan; n += 1, other = next[other]) {
      const off = front - t.s[other] - t.advance(other, t.age(other, nowMs));
      if (off > reach || off < -reach) return;
      const faster = t.v[slot] - t.v[other];
      if (t.against[other] === 1 || t.d[slot] - t.d[other] < aside) continue;
      if (faster < passing && t.a[slot] > -givingUp) continue;
      this._passes = true;
      const then = off + faster * time;
      const before = t.length[slot] + cutIn;
      const behind = -t.length[other] - cutIn;
      if (off < before && off > behind) this._besideNow = true;
      if (then < before && then > behind) this._besideThen = true;
    }
  }
}
