import { boxesOverlap } from './measures/swept-boxes.ts';
import type { Scene } from './scene.ts';
import { isPedestrian } from './vehicle-flags.ts';

/** Side of a grid cell, m: no body is longer than two of them. */
const cell = 16;
const buckets = 4096;
const maxScan = 16;
/** Slower than this a vehicle is at rest, m/s. */
const rest = 0.5;
/** Both must have been seen at rest one inside the other for this long, ms: bodies that brush in a turn do not stay. */
const lasting = 2000;
/** Bodies one behind or beside the other are taken this much smaller on every side, m (bumpers may touch in a queue); positions must be this certain, m. */
const tolerance = 0.05;
const bestAccuracy = 0.3;
/** Two devices in one vehicle point the same way and lie deeper inside each other than bodies that met do, m (H3). */
const sameWay = 0.94;
const deepest = 1.5;
/** Pointing the same way they must overlap by half their width: long bodies side by side reach into one another's outline. */
const abreast = 0.5;
/** Slower than this a vehicle creeps, faster than that it moves, m/s; the one who moved last, and had crept so far to where it stands, m, struck nobody (H3). */
const creeping = 1;
const moving = 0.1;
const mostCrept = 1.5;
const longestLook = 2;
/** Unless one was seen to drive faster than this, m/s, when the other had been at rest for so long, ms: they came together. */
const arriving = 2;
const atRestBefore = 1000;
const maxAgeMs = 3000;
/** Who drives on after a contact faster than this, m/s, has no new one for so long, ms: the bodies may stay hooked (H3). */
const drivesOn = 4;
const excusedMs = 600_000;

/**
 * Bodies at rest one inside the other (rule H3): a collision too slow for its speed change to tell. Only vehicles at rest whose position
 * is known to decimetres are filed, so moving traffic pays one comparison.
 */
export class Contacts {
  private readonly _scene: Scene;
  private readonly _first = new Int32Array(buckets).fill(-1);
  private readonly _next: Int32Array;
  private readonly _bucket: Int32Array;
  /** Since when the vehicle touches another, ms; 0 = it does not. */
  private readonly _sinceMs: Float64Array;
  /** Since when the vehicle is at rest, and when it last drove on, ms. */
  private readonly _restMs: Float64Array;
  private readonly _droveMs: Float64Array;
  /** Last report of one who creeps or stands, when it last moved, ms, and how far it has crept since it drove, m. */
  private readonly _slowMs: Float64Array;
  private readonly _movedMs: Float64Array;
  private readonly _crept: Float32Array;
  /** 1 = its contact counted as a crash and it has not driven on since. */
  private readonly _crashed: Uint8Array;
  private readonly _excusedUntilMs: Float64Array;

  constructor(scene: Scene) {
    this._scene = scene;
    const { capacity } = scene.tracks;
    this._next = new Int32Array(capacity).fill(-1);
    this._bucket = new Int32Array(capacity).fill(-1);
    this._sinceMs = new Float64Array(capacity);
    this._restMs = new Float64Array(capacity);
    this._droveMs = new Float64Array(capacity);
    this._slowMs = new Float64Array(capacity);
    this._movedMs = new Float64Array(capacity);
    this._crept = new Float32Array(capacity);
    this._crashed = new Uint8Array(capacity);
    this._excusedUntilMs = new Float64Array(capacity);
  }

  /** After an update of a matched vehicle: files it, and notes a crash of both when it has lain in another for long enough. */
  note(slot: number): void {
    const { tracks: t } = this._scene;
    // People on foot stand close to each other and to vehicles.
    if (isPedestrian(t.stationType[slot])) return;
    this._noteCreeping(slot, t.v[slot], t.timeMs[slot]);
    if (t.v[slot] > rest || t.sSigma[slot] > bestAccuracy) {
      if (t.v[slot] > arriving) this._droveMs[slot] = t.timeMs[slot];
      if (this._bucket[slot] >= 0) this._unfile(slot);
      if (this._crashed[slot] === 1 && t.v[slot] > drivesOn) {
        this._crashed[slot] = 0;
        this._excusedUntilMs[slot] = t.timeMs[slot] + excusedMs;
      }
      return;
    }
    this._atRest(slot, t.timeMs[slot]);
  }

  private _noteCreeping(slot: number, v: number, now: number): void {
    const before = this._slowMs[slot];
    if (v > creeping) {
      if (before > 0) this._forgetCreeping(slot);
      return;
    }
    if (before > 0) this._crept[slot] += v * Math.min(longestLook, (now - before) / 1000);
    if (v > moving) this._movedMs[slot] = now;
    this._slowMs[slot] = now;
  }

  private _forgetCreeping(slot: number): void {
    this._slowMs[slot] = 0;
    this._movedMs[slot] = 0;
    this._crept[slot] = 0;
  }

  private _atRest(slot: number, now: number): void {
    const { tracks: t } = this._scene;
    const column = Math.floor(t.x[slot] / cell);
    const row = Math.floor(t.y[slot] / cell);
    const b = bucketOf(column, row);
    if (this._bucket[slot] !== b) {
      if (this._bucket[slot] < 0) this._restMs[slot] = now;
      this._unfile(slot);
      this._bucket[slot] = b;
      this._next[slot] = this._first[b];
      this._first[b] = slot;
    }
    const other = this._touched(slot, column, row);
    if (other < 0) this._sinceMs[slot] = 0;
    else if (this._sinceMs[slot] === 0) this._sinceMs[slot] = now;
    else if (now - this._sinceMs[slot] >= lasting) {
      const struck = this._crept[this._movedMs[slot] > this._movedMs[other] ? slot : other] < mostCrept;
      if (struck || this._crashed[slot] === 1) this._noteCrash(slot, now);
      if (struck || this._crashed[other] === 1) this._noteCrash(other, now);
    }
  }

  private _noteCrash(slot: number, now: number): void {
    if (now < this._excusedUntilMs[slot]) return;
    this._scene.tracks.crashMs[slot] = now;
    this._crashed[slot] = 1;
  }

  /** Forgets the slot's vehicle. */
  remove(slot: number): void {
    this._unfile(slot);
    this._forgetCreeping(slot);
    this._crashed[slot] = 0;
    this._excusedUntilMs[slot] = 0;
    this._droveMs[slot] = 0;
  }

  private _unfile(slot: number): void {
    this._sinceMs[slot] = 0;
    const b = this._bucket[slot];
    if (b < 0) return;
    let i = this._first[b];
    if (i === slot) this._first[b] = this._next[slot];
    else {
      while (this._next[i] !== slot) i = this._next[i];
      this._next[i] = this._next[slot];
    }
    this._bucket[slot] = -1;
  }

  private _touched(slot: number, column: number, row: number): number {
    for (let i = column - 1; i <= column + 1; i += 1)
      for (let j = row - 1; j <= row + 1; j += 1) {
        let other = this._first[bucketOf(i, j)];
        for (let n = 0; n < maxScan && other >= 0; n += 1, other = this._next[other])
          if (other !== slot && this._overlap(slot, other)) return other;
      }
    return -1;
  }

  /** Whether one of the two was still driving when the other had come to rest: two devices in one vehicle never are. */
  private _cameTogether(a: number, b: number): boolean {
    return this._droveMs[a] > this._restMs[b] + atRestBefore || this._droveMs[b] > this._restMs[a] + atRestBefore;
  }

  private _overlap(a: number, b: number): boolean {
    const { tracks: t, graph } = this._scene;
    if (Math.abs(t.timeMs[a] - t.timeMs[b]) > maxAgeMs || t.edge[b] < 0) return false;
    if (graph.edgeLevel[t.edge[a]] !== graph.edgeLevel[t.edge[b]]) return false;
    const ahx = t.hx[a];
    const ahy = t.hy[a];
    const bhx = t.hx[b];
    const bhy = t.hy[b];
    const dx = t.x[b] - t.x[a];
    const dy = t.y[b] - t.y[a];
    const turned = ahx * bhx + ahy * bhy;
    if (turned > sameWay && !this._cameTogether(a, b)) {
      // One behind the other: how far the front of the rear one reaches into the other body.
      const along = dx * ahx + dy * ahy;
      const depth = along > 0 ? t.length[b] - along : t.length[a] + along;
      if (depth > deepest) return false;
    }
    const margin = turned > sameWay || turned < -sameWay ? 2 * tolerance : 0;
    // Two abreast in narrow lanes overlap by what their headings and outlines are off: they must lie one behind the other.
    const breadth = turned > sameWay ? abreast : 1;
    return boxesOverlap(
      t.x[a] - (ahx * t.length[a]) / 2,
      t.y[a] - (ahy * t.length[a]) / 2,
      ahx,
      ahy,
      t.length[a] - margin,
      breadth * t.width[a] - margin,
      t.x[b] - (bhx * t.length[b]) / 2,
      t.y[b] - (bhy * t.length[b]) / 2,
      bhx,
      bhy,
      t.length[b] - margin,
      breadth * t.width[b] - margin,
    );
  }
}

function bucketOf(column: number, row: number): number {
  return ((Math.imul(column, 73_856_093) ^ Math.imul(row, 19_349_663)) >>> 0) % buckets;
}
