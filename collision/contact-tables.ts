import type { RoadGraph } from '../roads/graph/index.ts';
import { BodySweep } from './body-sweep.ts';
import type { Joins } from './joins.ts';
import { maxPlaces, step, Way } from './way.ts';
import { ZoneKind, type Zones } from './zones.ts';

/** Bodies and their places beside the line are rounded to these, m. */
const lengthStep = 0.25;
const widthStep = 0.1;
const lateralStep = 0.2;
/** From these lateral doubts on, m, to two and four times the last one: nobody knows better where the body is. */
const doubtful = 0.5;
const veryDoubtful = 1;
const farthestAside = 255;
/** The ways are compared this far before and beyond the place where the lines meet, m. */
export const crossingReach = 11;
export const mergeBefore = 8;
export const mergeBeyond = 5;
/** Room between two bodies on their ways, m. */
export const room = 0.3;
/** A place of a that no place of b touches. */
export const none = 255;

/** A record: what it is of (zone, body of a, body of b), the next one of its bucket, then the extent and the rows. */
const zoneWord = 0;
const bodyA = 1;
const bodyB = 2;
const nextWord = 3;
/** First touching place of a, number of places from there to the last one; first and last touching place of b, a byte each. */
export const extentWord = 4;
/**
 * First and last place of b that each place of a touches, a byte each, two places in a word. The byte of the last one bears two marks: no place of a
 * before it touches as late a one of b, and no place after it as early a one.
 */
export const rowsWord = 5;
export const latestYet = 0x40;
export const earliestStill = 0x80;
const largest = rowsWord + maxPlaces / 2;
const wordsPerZone = 5;
const leastWords = 1 << 18;
const mostWords = 1 << 23;
/** Words of the table for each list of records. */
const wordsPerBucket = 8;

/** Body and place beside the line in one number, rounded: what the tables are kept by. */
export function bodyKey(length: number, width: number, lateral: number, doubt: number): number {
  const coarse = doubt < doubtful ? 1 : doubt < veryDoubtful ? 2 : 4;
  const aside = coarse * Math.round(lateral / (lateralStep * coarse));
  const bounded = Math.max(-farthestAside, Math.min(aside, farthestAside)) + farthestAside;
  return (Math.round(length / lengthStep) << 15) | (Math.round(width / widthStep) << 9) | bounded;
}

/**
 * Where two bodies on the ways of a conflict touch (X1): for each metre of the one the first and last metre of the other. Nothing of it
 * depends on where they are now, so it is laid out once for each zone and pair of bodies and kept; when there is no room left all are
 * forgotten. A zone and its mirror image share their tables. Fields hold the answer of the last `find`.
 */
export class ContactTables {
  /** Whether the two can touch at all; whether a is the foe of the zone the table was made for, and its places the rows' contents. */
  touch = false;
  mirrored = false;
  /** Where its extent and rows are in `words`. */
  record = 0;
  /** Metres along the movements of the first place of the table's own and foe body. */
  ownFrom = 0;
  foeFrom = 0;
  /** Metres along each movement from the first touching place to a step beyond the last one. */
  beginA = 0;
  endA = 0;
  beginB = 0;
  endB = 0;
  readonly words: Int32Array;
  private readonly _buckets: Int32Array;
  /** Of each zone the record found last, -1 none: most bodies are alike, so that it is mostly the one looked for. */
  private readonly _latest: Int32Array;
  private _end = 0;
  private readonly _zones: Zones;
  private readonly _own: Way;
  private readonly _foe: Way;
  private readonly _sweep = new BodySweep();
  private readonly _first = new Uint8Array(maxPlaces);
  private readonly _last = new Uint8Array(maxPlaces);

  constructor(graph: RoadGraph, joins: Joins, zones: Zones) {
    this._zones = zones;
    this._own = new Way(graph, joins);
    this._foe = new Way(graph, joins);
    const size = Math.max(leastWords, Math.min(wordsPerZone * zones.foe.length, mostWords));
    this.words = new Int32Array(size);
    this._buckets = new Int32Array(2 ** Math.ceil(Math.log2(size / wordsPerBucket))).fill(-1);
    this._latest = new Int32Array(zones.foe.length).fill(-1);
  }

  /** Contacts of bodies `a`, on the own movement of `zone`, and `b`, on its foe. */
  find(zone: number, movementA: number, a: number, movementB: number, b: number): void {
    const frame = this._zones.frame[zone];
    this.mirrored = frame !== zone;
    const own = this.mirrored ? b : a;
    const foe = this.mirrored ? a : b;
    let at = this._latest[zone];
    if (at < 0 || !this._isOf(at, frame, own, foe)) {
      const bucket = hash(frame, own, foe) & (this._buckets.length - 1);
      at = this._buckets[bucket];
      while (at >= 0 && !this._isOf(at, frame, own, foe)) at = this.words[at + nextWord];
      if (at < 0)
        at = this._make(bucket, frame, this.mirrored ? movementB : movementA, own, this._zones.foe[frame], foe);
      this._latest[zone] = at;
    }
    this.record = at;
    this._answer(frame, this.words[at + extentWord]);
  }

  private _isOf(record: number, frame: number, own: number, foe: number): boolean {
    const { words } = this;
    return words[record + zoneWord] === frame && words[record + bodyA] === own && words[record + bodyB] === foe;
  }

  private _answer(frame: number, extent: number): void {
    const { kind, ownS, foeS } = this._zones;
    this.touch = (extent & 0xff00) !== 0;
    const before = kind[frame] === ZoneKind.merge ? mergeBefore : crossingReach;
    const ownFrom = ownS[frame] - before;
    const foeFrom = foeS[frame] - before;
    this.ownFrom = ownFrom;
    this.foeFrom = foeFrom;
    const ownBegin = ownFrom + step * (extent & 255);
    const ownEnd = ownBegin + step * ((extent >> 8) & 255);
    const foeBegin = foeFrom + step * ((extent >> 16) & 255);
    const foeEnd = foeFrom + step * (((extent >> 24) & 255) + 1);
    this.beginA = this.mirrored ? foeBegin : ownBegin;
    this.endA = this.mirrored ? foeEnd : ownEnd;
    this.beginB = this.mirrored ? ownBegin : foeBegin;
    this.endB = this.mirrored ? ownEnd : foeEnd;
  }

  /** Lays both bodies along their ways and files what touches. Returns the record. */
  private _make(
    bucket: number,
    zone: number,
    ownMovement: number,
    own: number,
    foeMovement: number,
    foe: number,
  ): number {
    const { words, _buckets: buckets, _first: first, _last: last } = this;
    if (this._end + largest > words.length) {
      buckets.fill(-1);
      this._latest.fill(-1);
      this._end = 0;
    }
    const at = this._end;
    words[at + zoneWord] = zone;
    words[at + bodyA] = own;
    words[at + bodyB] = foe;
    words[at + nextWord] = buckets[bucket];
    buckets[bucket] = at;
    const { kind, ownS, foeS } = this._zones;
    const merge = kind[zone] === ZoneKind.merge;
    lay(this._own, ownMovement, own, ownS[zone], merge);
    lay(this._foe, foeMovement, foe, foeS[zone], merge);
    this._sweep.choose(lengthOf(own), widthOf(own), lengthOf(foe), widthOf(foe), room);
    let begin = none;
    let end = 0;
    let least: number = none;
    let most = 0;
    first.fill(none);
    for (let k = 0; k < this._own.count; k += 1) {
      const l = this._sweep.first(this._own, k, this._foe);
      if (l < 0) {
        // The whole of the other way is this far away: the next places are too far as well.
        k += -l - 1;
        continue;
      }
      first[k] = l;
      last[k] = this._sweep.last(this._own, k, this._foe, l);
      if (begin === none) begin = k;
      end = k + 1;
      if (l < least) least = l;
      if (last[k] > most) most = last[k];
    }
    this._mark(begin, end);
    const count = begin === none ? 0 : end - begin;
    words[at + extentWord] = begin | (count << 8) | (least << 16) | (most << 24);
    for (let k = 0; k < count; k += 2) {
      const next = k + 1 < count ? first[begin + k + 1] | (last[begin + k + 1] << 8) : none;
      words[at + rowsWord + (k >> 1)] = first[begin + k] | (last[begin + k] << 8) | (next << 16);
    }
    this._end = at + rowsWord + ((count + 1) >> 1);
    return at;
  }

  /** Puts the marks on the places `begin .. end` of a. */
  private _mark(begin: number, end: number): void {
    const { _first: first, _last: last } = this;
    let most = -1;
    for (let k = begin; k < end; k += 1) {
      if (first[k] === none || last[k] <= most) continue;
      most = last[k];
      last[k] |= latestYet;
    }
    let least: number = none;
    for (let k = end - 1; k >= begin; k -= 1) {
      if (first[k] >= least) continue;
      least = first[k];
      last[k] |= earliestStill;
    }
  }
}

function lay(way: Way, movement: number, body: number, meets: number, merge: boolean): void {
  const from = meets - (merge ? mergeBefore : crossingReach);
  const length = lengthOf(body);
  const lateral = lateralStep * ((body & 0x1ff) - farthestAside);
  way.lay(movement, lateral, length, from, from, meets + (merge ? mergeBeyond : crossingReach) + length);
}

function lengthOf(body: number): number {
  return lengthStep * (body >> 15);
}

function widthOf(body: number): number {
  return widthStep * ((body >> 9) & 0x3f);
}

function hash(zone: number, a: number, b: number): number {
  let h = Math.imul(zone, 0x9e3779b1) ^ Math.imul(a, 0x85ebca6b) ^ Math.imul(b, 0xc2b2ae35);
  h ^= h >>> 15;
  h = Math.imul(h, 0x2c1b3c6d);
  return h ^ (h >>> 13);
}
