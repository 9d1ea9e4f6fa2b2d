import type { Scene } from './scene.ts';
import { TrackFlag } from './vehicle-flags.ts';

/** Two tracks that move like one this long are one vehicle, ms; at once when one of them began inside the other (D1). */
const togetherMs = 20_000;
const beginning = 4;
/** Apart or at different speeds for this long they are two again, ms. */
const partedMs = 2000;
/** Speeds that differ by less, m/s, are one; receivers worse than this, m, cannot tell one vehicle from two side by side (D2). */
const sameSpeed = 1;
const laneLevel = 1;
const sameWay = 0.94;
/** Devices of one vehicle lie deeper inside each other than bodies that touch, m along and aside. */
const along = 1.5;
const aside = 0.6;
const maxScan = 4;
const staleMs = 3000;

/** `Tracks.hidden` of the second device of a vehicle, and of a track that cannot be true (D3). */
export const secondDevice = 1;

/** Two devices in one vehicle, or one device under two names (rules D1, D2): the younger track is taken out of the traffic while it lasts. */
export class Companions {
  readonly counts = { secondDevices: 0 };
  private readonly _scene: Scene;
  private readonly _sinceMs: Float64Array;
  private readonly _lastMs: Float64Array;
  private readonly _candidate: Int32Array;

  constructor(scene: Scene) {
    this._scene = scene;
    const { capacity } = scene.tracks;
    this._sinceMs = new Float64Array(capacity);
    this._lastMs = new Float64Array(capacity);
    this._candidate = new Int32Array(capacity).fill(-1);
  }

  /** At each look at a vehicle on the map: meets a companion, stays with it, or parts from it. */
  note(slot: number): void {
    const { tracks: t } = this._scene;
    const now = t.timeMs[slot];
    const known = this._candidate[slot];
    if (known >= 0) {
      const gone = t.timeMs[known] === 0 || now - t.timeMs[known] > staleMs;
      if (!gone && this._together(slot, known)) this._lastMs[slot] = now;
      else if (gone || now - this._lastMs[slot] > partedMs) {
        this.forget(slot);
        return;
      }
      const young = t.fixes[slot] < beginning || t.fixes[known] < beginning;
      if (t.companion[slot] < 0 && (young || now - this._sinceMs[slot] >= togetherMs)) this._join(slot, known);
      else if (t.companion[slot] >= 0) this._hide(slot, known);
      return;
    }
    const other = this._neighbour(slot);
    if (other < 0) return;
    this._candidate[slot] = other;
    this._sinceMs[slot] = now;
    this._lastMs[slot] = now;
    if (t.fixes[slot] < beginning || t.fixes[other] < beginning) this._join(slot, other);
  }

  /** The vehicle left, or is no companion any more. */
  forget(slot: number): void {
    const { tracks: t } = this._scene;
    const other = t.companion[slot];
    this._candidate[slot] = -1;
    t.companion[slot] = -1;
    t.hidden[slot] &= ~secondDevice;
    if (other < 0 || t.companion[other] !== slot) return;
    this._candidate[other] = -1;
    t.companion[other] = -1;
    t.hidden[other] &= ~secondDevice;
  }

  private _join(slot: number, other: number): void {
    const { tracks: t } = this._scene;
    if (t.companion[other] >= 0) return;
    t.companion[slot] = other;
    t.companion[other] = slot;
    this._candidate[other] = slot;
    this._lastMs[other] = this._lastMs[slot];
    this._hide(slot, other);
  }

  /** D2: the younger track is hidden, unless its receiver is poor or it reports an accident. */
  private _hide(slot: number, other: number): void {
    const { tracks: t } = this._scene;
    const second = t.fixes[slot] < t.fixes[other] || (t.fixes[slot] === t.fixes[other] && slot > other) ? slot : other;
    if (((t.hidden[slot] | t.hidden[other]) & secondDevice) !== 0) {
      const hidden = (t.hidden[slot] & secondDevice) !== 0 ? slot : other;
      if ((t.flags[hidden] & accident) !== 0) t.hidden[hidden] &= ~secondDevice;
      return;
    }
    if ((t.flags[second] & accident) !== 0) return;
    if (t.sSigma[slot] > laneLevel || t.sSigma[other] > laneLevel) return;
    t.hidden[second] |= secondDevice;
    this.counts.secondDevices += 1;
  }

  private _neighbour(slot: number): number {
    const { tracks: t, order } = this._scene;
    let other = order.ahead[slot];
    for (
      let n = 0;
      n < maxScan && other >= 0 && t.s[other] - t.s[slot] < t.length[other];
      n += 1, other = order.ahead[other]
    )
      if (this._together(slot, other)) return other;
    other = order.behind[slot];
    for (
      let n = 0;
      n < maxScan && other >= 0 && t.s[slot] - t.s[other] < t.length[slot];
      n += 1, other = order.behind[other]
    )
      if (this._together(slot, other)) return other;
    return -1;
  }

  private _together(a: number, b: number): boolean {
    const { tracks: t } = this._scene;
    const dv = t.v[a] - t.v[b];
    if (dv > sameSpeed || dv < -sameSpeed || t.v[a] < 1) return t.companion[a] === b && t.v[a] < 1;
    const { hx, hy } = t;
    if (hx[a] * hx[b] + hy[a] * hy[b] < sameWay) return false;
    // The states of the two are not of the same moment.
    const late = ((t.timeMs[a] - t.timeMs[b]) / 1000) * t.v[b];
    const dx = t.x[b] + hx[b] * late - t.x[a];
    const dy = t.y[b] + hy[b] * late - t.y[a];
    const ahead = dx * hx[a] + dy * hy[a];
    const left = dy * hx[a] - dx * hy[a];
    const depth = ahead > 0 ? t.length[b] - ahead : t.length[a] + ahead;
    const beside = (t.width[a] + t.width[b]) / 2 - Math.abs(left);
    return depth > along && beside > aside;
  }
}

const accident = TrackFlag.airbagDeployed | TrackFlag.eCall;
