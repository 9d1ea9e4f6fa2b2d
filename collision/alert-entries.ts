import type { Observation } from './observation.ts';
import type { Tracks } from './tracks.ts';

/** States of an entry. */
export const AlertState = { free: 0, tentative: 1, active: 2 } as const;

/** Alerts one vehicle may have at a time, tentative ones included; more are refused (C9). */
const maxPerVehicle = 12;

/** Memory of the alert book: entries of fixed number in one list per subject and one dense list of all in use. */
export class AlertEntries {
  /** First entry of each subject, -1 none; continue with `next`. */
  readonly listOf: Int32Array;
  readonly next: Int32Array;
  readonly state: Uint8Array;
  readonly slot: Int32Array;
  readonly generation: Uint32Array;
  readonly other: Int32Array;
  readonly otherGeneration: Uint32Array;
  readonly hazard: Float64Array;
  readonly cls: Uint8Array;
  readonly stage: Uint8Array;
  /** One bit per past evaluation, newest lowest, per stage. */
  readonly seen1: Uint32Array;
  readonly seen2: Uint32Array;
  readonly seen3: Uint32Array;
  readonly evaluation: Uint32Array;
  readonly lastSeenMs: Float64Array;
  readonly heldMs: Float64Array;
  readonly stageSinceMs: Float64Array;
  readonly notifiedMs: Float64Array;
  readonly notifiedDistance: Float32Array;
  readonly notifications: Uint8Array;
  /** 1 = the driver was told of it as an advisory: when a warning about it passes, that remains. */
  readonly advised: Uint8Array;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly alertId: Float64Array;
  /** Entries in use: `used[0 .. numUsed)`. */
  readonly used: Int32Array;
  numUsed = 0;
  private readonly _usedAt: Int32Array;
  private readonly _tracks: Tracks;
  private _freeHead = 0;

  constructor(tracks: Tracks) {
    const n = Math.max(64, Math.min(tracks.capacity * 4, 65_536));
    this._tracks = tracks;
    this.listOf = new Int32Array(tracks.capacity).fill(-1);
    this.next = new Int32Array(n);
    for (let i = 0; i < n; i += 1) this.next[i] = i + 1 < n ? i + 1 : -1;
    this.state = new Uint8Array(n);
    this.slot = new Int32Array(n);
    this.generation = new Uint32Array(n);
    this.other = new Int32Array(n);
    this.otherGeneration = new Uint32Array(n);
    this.hazard = new Float64Array(n);
    this.cls = new Uint8Array(n);
    this.stage = new Uint8Array(n);
    this.seen1 = new Uint32Array(n);
    this.seen2 = new Uint32Array(n);
    this.seen3 = new Uint32Array(n);
    this.evaluation = new Uint32Array(n);
    this.lastSeenMs = new Float64Array(n);
    this.heldMs = new Float64Array(n);
    this.stageSinceMs = new Float64Array(n);
    this.notifiedMs = new Float64Array(n);
    this.notifiedDistance = new Float32Array(n);
    this.notifications = new Uint8Array(n);
    this.advised = new Uint8Array(n);
    this.x = new Float64Array(n);
    this.y = new Float64Array(n);
    this.alertId = new Float64Array(n);
    this.used = new Int32Array(n);
    this._usedAt = new Int32Array(n);
  }

  /** A tentative entry for what was seen, or -1 when the subject or the book is full. */
  open(slot: number, o: Observation, nowMs: number): number {
    let count = 0;
    for (let i = this.listOf[slot]; i >= 0; i = this.next[i]) count += 1;
    // A suspicion of something far ahead never stands in the way of a danger at hand (C9).
    if (count >= maxPerVehicle && o.holdStage >= 2 && this._dropSuspicion(slot)) count -= 1;
    const entry = count >= maxPerVehicle ? -1 : this._freeHead;
    if (entry < 0) return -1;
    const { generation, evaluations } = this._tracks;
    this._freeHead = this.next[entry];
    this.next[entry] = this.listOf[slot];
    this.listOf[slot] = entry;
    this.state[entry] = AlertState.tentative;
    this.slot[entry] = slot;
    this.generation[entry] = generation[slot];
    this.other[entry] = o.other;
    this.otherGeneration[entry] = o.other >= 0 ? generation[o.other] : 0;
    this.hazard[entry] = o.hazard;
    this.cls[entry] = o.cls;
    this.stage[entry] = 0;
    this.seen1[entry] = 0;
    this.seen2[entry] = 0;
    this.seen3[entry] = 0;
    this.evaluation[entry] = evaluations[slot];
    this.lastSeenMs[entry] = nowMs;
    this.heldMs[entry] = nowMs;
    this.notifications[entry] = 0;
    this.advised[entry] = 0;
    this.alertId[entry] = 0;
    this._usedAt[entry] = this.numUsed;
    this.used[this.numUsed] = entry;
    this.numUsed += 1;
    return entry;
  }

  /** Frees the longest unseen of the subject's unconfirmed advisories; false when it has none. */
  private _dropSuspicion(slot: number): boolean {
    let oldest = -1;
    for (let i = this.listOf[slot]; i >= 0; i = this.next[i])
      if (this.state[i] === AlertState.tentative && this.seen2[i] === 0)
        if (oldest < 0 || this.lastSeenMs[i] < this.lastSeenMs[oldest]) oldest = i;
    if (oldest < 0) return false;
    this.free(oldest);
    return true;
  }

  free(entry: number): void {
    const slot = this.slot[entry];
    let i = this.listOf[slot];
    if (i === entry) this.listOf[slot] = this.next[entry];
    else {
      while (this.next[i] !== entry) i = this.next[i];
      this.next[i] = this.next[entry];
    }
    this.state[entry] = AlertState.free;
    this.next[entry] = this._freeHead;
    this._freeHead = entry;
    this.numUsed -= 1;
    const moved = this.used[this.numUsed];
    this.used[this._usedAt[entry]] = moved;
    this._usedAt[moved] = this._usedAt[entry];
  }

  /** Shifts the looks to the subject's present evaluation and enters what is held now (C2). */
  look(entry: number, slot: number, holdStage: number): void {
    const evaluation = this._tracks.evaluations[slot];
    const passed = evaluation - this.evaluation[entry];
    if (passed > 0) {
      this.seen1[entry] = passed > 31 ? 0 : this.seen1[entry] << passed;
      this.seen2[entry] = passed > 31 ? 0 : this.seen2[entry] << passed;
      this.seen3[entry] = passed > 31 ? 0 : this.seen3[entry] << passed;
      this.evaluation[entry] = evaluation;
    }
    if (holdStage >= 1) this.seen1[entry] = this.seen1[entry] | 1;
    if (holdStage >= 2) this.seen2[entry] = this.seen2[entry] | 1;
    if (holdStage >= 3) this.seen3[entry] = this.seen3[entry] | 1;
  }
}
