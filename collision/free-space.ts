import type { Approaches } from './approaches.ts';
import { ClassIndex } from './causes.ts';
import { Crosswalks } from './crosswalks.ts';
import { requiredToStop } from './measures/required-deceleration.ts';
import { PeopleAhead } from './people-ahead.ts';
import type { Scene } from './scene.ts';
import { imminentDeceleration, imminentReaction } from './thresholds.ts';
import { isPedestrian, isVulnerable, TrackFlag } from './vehicle-flags.ts';
import { across, straysInto, Walkers, warns } from './walkers.ts';

/** Side of a grid cell, m; two bodies farther apart than this are not compared (V1: 150 m at most). */
const cell = 75;
const buckets = 4096;
const maxScan = 96;
const maxAge = 2;
/** Entry into the other's box within these times calls for stages 2 and 3, s (V3). */
const warningTime = 3.5;
const imminentTime = 2.4;
/** Room kept around the bodies, m. */
const margin = 0.25;
const slowest = 1.2;
/** The same for one who reverses: he sees little, and is never fast (V4). */
const slowestReversing = 0.5;
/** Where one who stands, m/s, and whoever passes him are, is known together to less than this, m, nobody can tell whether he stands in the way or beside it (V12, as X10). */
const standing = 0.7;
const mostDoubt = 1.5;
/** Less than this is no braking, m/s² (V11). */
const leastBraking = 0.5;
/** Probability told of all others in the open. */
const cameTrue = 0.7;
/** A turn rate above this, rad/s, is carried on for this long, s: turns end (V2). */
const minYaw = 0.1;
const turnTime = 1;

/**
 * Danger in the plane, without roads (rules V1 to V3): everybody against pedestrians and cyclists, and against vehicles off the map. Only those
 * "loose" ones are filed in the grid, so ordinary traffic without any nearby pays nine reads of an empty bucket.
 */
export class FreeSpace {
  /** Whether the last vehicle evaluated had a loose one about it. */
  met = false;
  /** Looks into a cell with more loose ones than are looked at. */
  readonly counts = { crowdedCells: 0 };
  private readonly _scene: Scene;
  private readonly _first = new Int32Array(buckets).fill(-1);
  private readonly _next: Int32Array;
  private readonly _bucket: Int32Array;
  private _numLoose = 0;
  private readonly _people: PeopleAhead;
  /** Whether the subject's ways are laid: -1 not yet asked, 0 it has none, 1 they are. */
  private _laid = -1;
  /** Whose look it is. */
  private _subject = -1;
  private readonly _walkers: Walkers;

  constructor(scene: Scene, approaches: Approaches) {
    this._scene = scene;
    this._next = new Int32Array(scene.tracks.capacity).fill(-1);
    this._bucket = new Int32Array(scene.tracks.capacity).fill(-1);
    this._walkers = new Walkers(scene.tracks, new Crosswalks(scene.graph));
    this._people = new PeopleAhead(scene, approaches, this._walkers);
  }

  /** Files the vehicle after an update. */
  note(slot: number): void {
    const t = this._scene.tracks;
    this.remove(slot);
    if (t.edge[slot] >= 0 && !isVulnerable(t.stationType[slot])) return;
    if (isVulnerable(t.stationType[slot])) this._walkers.note(slot);
    const b = bucketOf(Math.floor(t.x[slot] / cell), Math.floor(t.y[slot] / cell));
    this._bucket[slot] = b;
    this._next[slot] = this._first[b];
    this._first[b] = slot;
    this._numLoose += 1;
  }

  remove(slot: number): void {
    const b = this._bucket[slot];
    if (b < 0) return;
    let i = this._first[b];
    if (i === slot) this._first[b] = this._next[slot];
    else {
      while (this._next[i] !== slot) i = this._next[i];
      this._next[i] = this._next[slot];
    }
    this._bucket[slot] = -1;
    this._numLoose -= 1;
  }

  evaluate(slot: number, nowMs: number): void {
    this.met = false;
    this._subject = slot;
    this._laid = -1;
    if (this._numLoose === 0) return;
    const t = this._scene.tracks;
    const column = Math.floor(t.x[slot] / cell);
    const row = Math.floor(t.y[slot] / cell);
    for (let i = column - 1; i <= column + 1; i += 1)
      for (let j = row - 1; j <= row + 1; j += 1) {
        let steps = 0;
        for (let other = this._first[bucketOf(i, j)]; other >= 0; other = this._next[other], steps += 1) {
          if (steps === maxScan) {
            this.counts.crowdedCells += 1;
            break;
          }
          if (other === slot || nowMs - t.timeMs[other] > 1000 * maxAge) continue;
          this.met = true;
          if (isVulnerable(t.stationType[slot]) && isVulnerable(t.stationType[other])) continue;
          if (this._ahead(slot, other, nowMs)) continue;
          this._pair(slot, other, nowMs);
          // The loose party hears of it too: it may be the one that can still stop.
          if (this._bucket[slot] < 0) this._pair(other, slot, nowMs);
        }
      }
  }

  /** Whether `other` walks, or rides over a crossing (V16), and the subject goes where its road goes (V7): then that is what decides. */
  private _ahead(slot: number, other: number, nowMs: number): boolean {
    const t = this._scene.tracks;
    if (t.edge[slot] < 0 || t.against[slot] !== 0) return false;
    if (!isPedestrian(t.stationType[other]) && this._walkers.crossing[other] === 0) return false;
    if ((t.flags[slot] & TrackFlag.reversing) !== 0) return false;
    if (this._laid < 0) this._laid = this._people.lay(slot, nowMs) ? 1 : 0;
    if (this._laid === 0) return false;
    this._people.judge(other, nowMs);
    return true;
  }

  /** Both move on as they do: when do the boxes meet (V2)? Told to `slot`. */
  private _pair(slot: number, other: number, nowMs: number): void {
    const { tracks: t, seen, book, friction } = this._scene;
    // Only what the subject itself is told of is explained (E1).
    const trace = slot === this._subject ? this._scene.trace : null;
    const walks = isPedestrian(t.stationType[slot]);
    const walksOther = isPedestrian(t.stationType[other]);
    const hx = walks ? this._walkers.x[slot] : t.hx[slot];
    const hy = walks ? this._walkers.y[slot] : t.hy[slot];
    const age = t.age(slot, nowMs);
    const ageOther = t.age(other, nowMs);
    const v = t.v[slot];
    const vOther = t.v[other];
    const back = (t.flags[slot] & TrackFlag.reversing) !== 0;
    const backOther = (t.flags[other] & TrackFlag.reversing) !== 0;
    if (v < (back ? slowestReversing : slowest) && vOther < (backOther ? slowestReversing : slowest)) return;
    if ((v < standing || vOther < standing) && this._statedDoubt2(slot, other) > mostDoubt * mostDoubt) {
      trace?.meeting('free-space', other, 'V12', Infinity, warningTime, Number.NaN);
      return;
    }
    // Along the body's heading; who reverses moves against it (V4).
    const u = back ? -v : v;
    const uOther = backOther ? -vOther : vOther;
    const ox = walksOther ? this._walkers.x[other] : t.hx[other];
    const oy = walksOther ? this._walkers.y[other] : t.hy[other];
    // The directions in which the two go on the average until they would meet: those of the chords of their turns.
    const bend = turned(t.yawRate[slot]);
    const cosBend = Math.cos(bend);
    const sinBend = Math.sin(bend);
    const gx = hx * cosBend - hy * sinBend;
    const gy = hx * sinBend + hy * cosBend;
    const bendOther = turned(t.yawRate[other]);
    const cosOther = Math.cos(bendOther);
    const sinOther = Math.sin(bendOther);
    // Centre of each body now; the reference point is the middle of the front.
    const ax = t.x[slot] + hx * (u * age - t.length[slot] / 2);
    const ay = t.y[slot] + hy * (u * age - t.length[slot] / 2);
    const bx = t.x[other] + ox * (uOther * ageOther - t.length[other] / 2);
    const by = t.y[other] + oy * (uOther * ageOther - t.length[other] / 2);
    const dx = bx - ax;
    const dy = by - ay;
    const wx = uOther * (ox * cosOther - oy * sinOther) - u * gx;
    const wy = uOther * (ox * sinOther + oy * cosOther) - u * gy;
    // In the frame of the subject: along and to the left.
    const along = dx * hx + dy * hy;
    const left = -dx * hy + dy * hx;
    const vAlong = wx * hx + wy * hy;
    const vLeft = -wx * hy + wy * hx;
    const cos = Math.abs(ox * hx + oy * hy);
    const sin = Math.abs(ox * hy - oy * hx);
    const vulnerable = isVulnerable(t.stationType[slot]) || isVulnerable(t.stationType[other]);
    const reachAlong = (t.length[slot] + t.length[other] * cos + t.width[other] * sin) / 2 + margin;
    const reachLeft = (t.width[slot] + t.length[other] * sin + t.width[other] * cos) / 2 + margin;
    // Outside the vehicle's track, along which he walks: he goes on along it.
    if (walks !== walksOther && sin < across) {
      const aside = walks ? dx * oy - dy * ox : left;
      if (aside > reachLeft || aside < -reachLeft) {
        trace?.meeting('free-space', other, 'V5', Infinity, warningTime, Math.abs(aside) - reachLeft);
        return;
      }
    }
    const timeIn = slabEntry(along, vAlong, reachAlong, left, vLeft, reachLeft);
    // Inside already: two devices in one vehicle, or contact that no warning prevents (V3).
    const stops = !vulnerable && (this._stopsWithin(slot, timeIn) || this._stopsWithin(other, timeIn));
    const rule =
      timeIn === Infinity ? 'V3' : timeIn > warningTime ? 'late' : timeIn <= 0 ? 'V3 inside' : stops ? 'V11' : '';
    trace?.meeting('free-space', other, rule, timeIn, warningTime, Math.abs(left) - reachLeft + margin);
    if (rule !== '') return;
    let probability = cameTrue;
    if (walks || walksOther) {
      const doubt2 = this._walkers.besideDoubt2(walks ? slot : other, walks ? other : slot);
      probability = straysInto(left + vLeft * timeIn, reachLeft, timeIn, doubt2);
      if (probability < warns) return;
    }
    const stop = v * timeIn;
    // Stage 3 only when the bodies themselves meet, not the room about them.
    const meet = slabEntry(along, vAlong, reachAlong - margin, left, vLeft, reachLeft - margin) <= imminentTime;
    const need = requiredToStop(stop, v, imminentReaction);
    const on = meet && (need >= imminentDeceleration(t.stationType[slot], friction) || v < slowest) ? 3 : 2;
    seen.reset(vulnerable ? ClassIndex.vulnerable : cos > 0.7 ? ClassIndex.rearEnd : ClassIndex.crossing, 'V3');
    seen.other = other;
    seen.onStage = on;
    seen.holdStage = on;
    const reach = back ? -(stop + t.length[slot]) : stop;
    seen.x = t.x[slot] + hx * reach;
    seen.y = t.y[slot] + hy * reach;
    seen.edge = t.edge[slot];
    seen.distance = stop;
    seen.eta = timeIn;
    seen.requiredDeceleration = requiredToStop(stop, v, 0);
    seen.probability = probability;
    seen.ownSpeed = v;
    seen.otherSpeed = vOther;
    seen.causeTimestampMs = Math.max(t.timeMs[slot], t.timeMs[other]);
    seen.urgent = timeIn < imminentTime;
    book.observe(slot, seen, nowMs);
  }

  /** What the receivers of the two state of their errors, m²; what says nothing of itself counts as good. */
  private _statedDoubt2(a: number, b: number): number {
    const { sSigma, stated } = this._scene.tracks;
    return stated[a] * sSigma[a] * sSigma[a] + stated[b] * sSigma[b] * sSigma[b];
  }

  /** V11: whether a vehicle, braking as it does, comes to rest before it has driven what it would at its present speed in `time` s. */
  private _stopsWithin(slot: number, time: number): boolean {
    const { v, a } = this._scene.tracks;
    return a[slot] < -leastBraking && v[slot] < -2 * a[slot] * time;
  }
}

/** Time at which the relative point enters the box |x| <= ex, |y| <= ey, s; 0 inside, Infinity never. */
function slabEntry(x: number, vx: number, ex: number, y: number, vy: number, ey: number): number {
  let enter = 0;
  let leave = Infinity;
  for (let axis = 0; axis < 2; axis += 1) {
    const p = axis === 0 ? x : y;
    const v = axis === 0 ? vx : vy;
    const e = axis === 0 ? ex : ey;
    if (v > -1e-6 && v < 1e-6) {
      if (p > e || p < -e) return Infinity;
      continue;
    }
    const t1 = (v > 0 ? -e - p : e - p) / v;
    const t2 = (v > 0 ? e - p : -e - p) / v;
    if (t1 > enter) enter = t1;
    if (t2 < leave) leave = t2;
  }
  return leave <= enter ? Infinity : enter;
}

/** Half the angle turned until the usual time of meeting, rad; slow turns are curves of the road or noise. */
function turned(yawRate: number): number {
  return yawRate > minYaw || yawRate < -minYaw ? (yawRate * turnTime) / 2 : 0;
}

function bucketOf(column: number, row: number): number {
  return (Math.imul(column, 73856093) ^ Math.imul(row, 19349663)) & (buckets - 1);
}
