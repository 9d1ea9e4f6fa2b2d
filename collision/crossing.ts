import { ConflictRule, EdgeFlag, TurnKind } from '../roads/graph/index.ts';
import { Approaches, bodyWord, lateralWord, movementWord, nextWord, piWord, startWord } from './approaches.ts';
import { bodiesMeet } from './bodies-meet.ts';
import { ClassIndex } from './causes.ts';
import { evidenceOfGoing, insists, violation } from './compliance.ts';
import { ContactTables, crossingReach, mergeBefore, mergeBeyond } from './contact-tables.ts';
import { Danger } from './danger.ts';
import { Meeting } from './meeting.ts';
import { Party } from './party.ts';
import type { Scene } from './scene.ts';
import { imminentDeceleration, imminentReaction, warningDeceleration, warningReaction } from './thresholds.ts';
import { isPedestrian, isVulnerable } from './vehicle-flags.ts';
import { goingTime, Way } from './way.ts';
import { ZoneKind, type Zones } from './zones.ts';

/** Other vehicles looked at per movement, and other parties per subject (bounds of a crowded junction). */
const maxScan = 32;
const maxDangers = 16;
const maxAge = 2;
/** Farther in time no pair is judged (2.3), s. */
const horizon = 7;
/** Stays this far apart in time are not brought together within a second, s. */
const restTime = 2.5;
/** Less than this is not added up; what lies more than `hopeless` sigmas apart in time is less. */
const leastConflict = 0.02;
const hopeless = 2.06;
/** Pairs whose paths are less likely together are not looked at. */
const minPi = 0.04;
/** Probability of a collision that switches stage 2 and 3 on, and that keeps stage 2; stage 3 is kept by that of stage 2. */
const warningProbability = 0.25;
const imminentProbability = 0.45;
const holdProbability = 0.15;
/** Merging drivers sort themselves out beside each other: their stage 2 asks for a surer one. */
const mergeProbability = 0.3;
/** A single look suffices only for one this sure: for stage 3 above 3 Hz and stage 2 below, and for stage 3 below, where the next look says a second later whether he goes on. */
const sureProbability = 0.6;
const surestProbability = 0.8;
/** Stage 3 is for contact within this, s. */
const imminentTime = 3;
/** Lateral doubt of both together beyond which bodies that stand are not judged, m (as L12). */
const mostDoubt = 1.5;
/** Room beside a body that stands, m. */
const standingRoom = 0.1;
/** Drivers give way to whoever would pass within this time before or after them, s. */
const politeGap = 1.5;
/** Two who are both slower than this see each other and stop within a car's length (X14), m/s. */
const creeping = 4;
/** Where the ways meet within this, s, the bodies themselves must be seen to meet (X15). */
const atHand = 1.2;
/** Slower than this a party stands in the way: right of way says nothing, the other must stop (X10), m/s. */
const standingSpeed = 0.7;
/** A driver is warned when he needs this share of what stage 2 asks for: before that he can wait and see (X11). */
const ownShare = 0.8;

/** Crossing, turning and merging conflicts at junctions (rules X1 to X12). */
export class Crossing {
  pairs = 0;
  /** Whether the last vehicle evaluated has a pair that a change of speed within a second may bring together (T3). */
  met = false;
  private readonly _scene: Scene;
  private readonly _zones: Zones;
  private readonly _approaches: Approaches;
  private readonly _a = new Party();
  private readonly _b = new Party();
  private readonly _wayA: Way;
  private readonly _wayB: Way;
  private readonly _meeting = new Meeting();
  private readonly _tables: ContactTables;
  private readonly _dangers: Danger[] = [];
  private _numDangers = 0;
  /** For which entry of the subject and which zone its way is laid out at present. */
  private _laidEntry = -1;
  private _laidZone = -1;

  constructor(scene: Scene, zones: Zones, approaches: Approaches) {
    this._scene = scene;
    this._zones = zones;
    this._approaches = approaches;
    this._wayA = new Way(scene.graph, scene.joins);
    this._wayB = new Way(scene.graph, scene.joins);
    this._tables = new ContactTables(scene.graph, scene.joins, zones);
    for (let i = 0; i < maxDangers; i += 1) this._dangers.push(new Danger());
  }

  evaluate(slot: number, nowMs: number): void {
    const { tracks: t } = this._scene;
    const { first: zonesOf, foe, kind, ownS } = this._zones;
    const { _approaches: ap, _a: a } = this;
    this.met = false;
    // People on foot take no part in movements of the carriageway: V1 sees to them.
    if (isPedestrian(t.stationType[slot])) return;
    if (t.v[slot] + Math.max(0, t.a[slot]) < 0.5 || ap.firstOf(slot) === ap.endOf(slot)) return;
    this._numDangers = 0;
    this._laidEntry = -1;
    this._move(a, slot, nowMs);
    this._b.slot = -1;
    const { f32, i32 } = ap;
    for (let i = ap.firstOf(slot); i < ap.endOf(slot); i += Approaches.stride) {
      if (!ap.shares(i)) continue;
      const movement = i32[i + movementWord];
      const pi = f32[i + piWord];
      const at = t.s[slot] + a.gone - f32[i + startWord];
      for (let z = zonesOf[movement]; z < zonesOf[movement + 1]; z += 1) {
        // Who can still wait and see is not asked anything (X13).
        const reach = kind[z] === ZoneKind.merge ? mergeBefore : crossingReach;
        if (ownS[z] - reach - at > a.pressing) continue;
        let steps = 0;
        for (let j = ap.first[foe[z]]; j >= 0 && steps < maxScan; j = i32[j + nextWord], steps += 1) {
          if (pi * f32[j + piWord] < minPi) continue;
          const other = Approaches.slotOf(j);
          if (other === slot || nowMs - t.timeMs[other] > 1000 * maxAge || isPedestrian(t.stationType[other])) continue;
          this._pair(slot, i, other, j, z, nowMs);
        }
      }
    }
    for (let i = 0; i < this._numDangers; i += 1) this._tell(slot, this._dangers[i], nowMs);
  }

  /** Adds what one way of each may lead to. */
  private _pair(slot: number, i: number, other: number, j: number, zone: number, nowMs: number): void {
    const { tracks: t, friction } = this._scene;
    const { f32, i32 } = this._approaches;
    const z = this._zones;
    this.pairs += 1;
    const { _a: a, _b: b, _wayA: wayA, _wayB: wayB, _meeting: meeting } = this;
    if (b.slot !== other) this._move(b, other, nowMs);
    const merge = z.kind[zone] === ZoneKind.merge;
    const before = merge ? mergeBefore : crossingReach;
    const beyond = merge ? mergeBeyond : crossingReach;
    const atA = t.s[slot] + a.gone - f32[i + startWord];
    const atB = t.s[other] + b.gone - f32[j + startWord];
    const fromA = z.ownS[zone] - before;
    const fromB = z.foeS[zone] - before;
    const toA = z.ownS[zone] + beyond + t.length[slot];
    const toB = z.foeS[zone] + beyond + t.length[other];
    if (atA > toA || atB > toB) return;
    a.at = atA;
    b.at = atB;
    const movementA = i32[i + movementWord];
    const movementB = i32[j + movementWord];
    a.slowest = this._scene.turns.driven.pace[movementA];
    b.slowest = this._scene.turns.driven.pace[movementB];
    const stands = b.v < standingSpeed && b.a < 0.3;
    // Whether a body stands in the way or beside it, poor receivers do not tell.
    if (stands && t.sSigma[slot] * t.sSigma[slot] + t.sSigma[other] * t.sSigma[other] > mostDoubt * mostDoubt) return;
    const slow = !stands && a.v < creeping && b.v < creeping && !this._vulnerable(slot, other);
    if (slow && (creeps(a) || creeps(b))) return;
    // Nearly all pairs end here, before anything dear is computed.
    if (fromA - atA > horizon * (a.v + 1) || (!stands && fromB - atB > horizon * (b.v + 1))) return;
    if (stands) {
      if (goingTime(fromA - atA, a.v, a.a, a.slowest) > horizon) return;
      if (this._laidEntry !== i || this._laidZone !== zone) {
        this._laidEntry = i;
        this._laidZone = zone;
        wayA.lay(movementA, f32[i + lateralWord], t.length[slot], atA, fromA, toA);
        wayA.time(a.v, a.a, a.slowest);
      }
      wayB.stand(t.x[other], t.y[other], t.hx[other], t.hy[other], t.length[other]);
      meeting.stand(wayA, wayB, t.length[slot], t.width[slot], t.length[other], t.width[other], standingRoom);
    } else {
      this._tables.find(zone, movementA, i32[i + bodyWord], movementB, i32[j + bodyWord]);
      if (!this._tables.touch || !this._mayMeet()) return;
      meeting.cross(this._tables, a, b);
    }
    if (meeting.nearA === Infinity || meeting.timeA > horizon) return;
    if (meeting.late > -restTime && meeting.early < restTime)
      if (meeting.nearA < a.pressing || meeting.nearB < b.pressing) this.met = true;
    const sigma = Math.sqrt(
      this._variance(a, meeting.timeA, t.sSigma[other]) +
        (stands ? 0 : this._variance(b, meeting.timeB, t.sSigma[slot])),
    );
    // Too far apart in time for any conflict that counts.
    const apart = politeGap + hopeless * sigma;
    if (meeting.early > apart || meeting.late < -apart) return;
    // A body that is in the way already is there whatever movement it makes.
    const known = t.sSigma[slot] * t.sSigma[slot] + t.sSigma[other] * t.sSigma[other] <= mostDoubt * mostDoubt;
    const inA = known && meeting.nearA <= 0;
    const inB = stands || (known && meeting.nearB <= 0);
    const isIn = inA || inB;
    const pi = (inA ? 1 : f32[i + piWord]) * (inB ? 1 : f32[j + piWord]);
    const conflict = meeting.overlap(sigma, politeGap) * pi;
    if (conflict < leastConflict) return;
    if (merge && !stands) {
      const lead = meeting.nearA - meeting.nearB;
      if (this._fallsIn(a, b, lead) || this._fallsIn(b, a, -lead)) return;
    }
    const danger = this._danger(other);
    if (danger === undefined) return;
    const share = meeting.overlap(sigma, 0) * pi;
    if (isIn) {
      danger.probability = Math.max(danger.probability, share);
      danger.conflict = Math.max(danger.conflict, conflict);
    } else {
      danger.probability += share;
      danger.conflict += conflict;
    }
    if (share <= danger.share) return;
    a.needs(meeting.nearA, stands);
    b.needs(meeting.nearB, false);
    const rule = z.rule[zone];
    const lateA = a.need2 >= warningDeceleration(t.stationType[slot], friction);
    const lateB = b.need2 >= warningDeceleration(t.stationType[other], friction);
    const { begins } = this._scene.habit;
    const goesA = evidenceOfGoing(a.near, a.v, a.a, a.slowest, lateA, begins);
    const goesB = evidenceOfGoing(b.near, b.v, b.a, b.slowest, lateB, begins);
    const yields = stands || rule === ConflictRule.mustYield;
    const priority = !yields && rule === ConflictRule.hasPriority;
    danger.share = share;
    danger.goes = goesA;
    danger.otherGoes = stands ? Infinity : goesB;
    danger.yields = yields;
    danger.near = a.near;
    danger.time = meeting.timeA;
    danger.otherTime = stands ? 0 : meeting.timeB;
    danger.needNow = a.needNow;
    danger.need2 = a.need2;
    danger.need3 = a.need3;
    danger.stopNeed3 = yields ? a.need3 : priority ? b.need3 : Math.min(a.need3, b.need3);
    danger.otherSpeed = b.v;
    danger.otherNeedLater = stands ? Infinity : b.needLater;
    danger.edge = movementA;
    danger.otherEdge = movementB;
    danger.merge = merge;
    danger.priority = priority;
    danger.signed = !stands && (yields || priority);
    danger.stands = stands;
    danger.slow = slow;
  }

  /**
   * Whether the times at which both are where they can touch at all come so near each other that a conflict of any account may follow; the
   * answer is false only where `_pair` would find nothing.
   */
  private _mayMeet(): boolean {
    const { _a: a, _b: b, _tables: tables } = this;
    const { sSigma } = this._scene.tracks;
    const soonA = goingTime(tables.beginA - a.at, a.v, a.a, a.slowest);
    if (soonA > horizon) return false;
    const soonB = goingTime(tables.beginB - b.at, b.v, b.a, b.slowest);
    const lastA = goingTime(tables.endA - a.at, a.v, a.a, a.slowest);
    const lastB = goingTime(tables.endB - b.at, b.v, b.a, b.slowest);
    const apart = Math.max(restTime, politeGap);
    if (soonA - lastB <= apart && soonB - lastA <= apart) return true;
    const sigma = Math.sqrt(this._variance(a, lastA, sSigma[b.slot]) + this._variance(b, lastB, sSigma[a.slot]));
    const doubtful = politeGap + hopeless * sigma;
    return soonA - lastB <= doubtful && soonB - lastA <= doubtful;
  }

  /** X19: whether a merging driver, `lead` m behind the front of `first`, can come in behind it before anybody need be warned. */
  private _fallsIn(behind: Party, first: Party, lead: number): boolean {
    const { tracks: t, friction } = this._scene;
    const need = behind.needBehind(first, lead - t.length[first.slot]);
    return need < ownShare * warningDeceleration(t.stationType[behind.slot], friction);
  }

  /** The record of `other`, a new one where there is none; undefined when there are too many. */
  private _danger(other: number): Danger | undefined {
    for (let i = 0; i < this._numDangers; i += 1) if (this._dangers[i].other === other) return this._dangers[i];
    if (this._numDangers === maxDangers) return undefined;
    const danger = this._dangers[this._numDangers];
    this._numDangers += 1;
    danger.other = other;
    danger.probability = 0;
    danger.conflict = 0;
    danger.share = -1;
    return danger;
  }

  private _tell(slot: number, d: Danger, nowMs: number): void {
    const { graph, tracks: t, book, seen, friction } = this._scene;
    const conflict = Math.min(1, d.conflict);
    const merging = d.merge && !d.stands;
    // Who has right of way goes on unless he is seen to stop; where nobody has it, each may be the one to give way.
    const takes = violation(conflict, d.goes, merging, d.signed) * insists(d.otherGoes);
    const taken = violation(conflict, d.otherGoes, merging, d.signed) * insists(d.goes);
    const both = d.yields ? takes : d.priority ? taken : 0.5 * (takes + taken);
    const probability = Math.min(1, d.probability) * both;
    const limit2 = warningDeceleration(t.stationType[slot], friction);
    if (probability < holdProbability) {
      this._explain(d, 0, probability, limit2);
      return;
    }
    if (Math.max(d.time, d.otherTime) < atHand && !bodiesMeet(t, slot, d.other, nowMs)) return;
    const limit3 = imminentDeceleration(t.stationType[slot], friction);
    let on = probability >= (d.merge ? mergeProbability : warningProbability) ? 2 : 0;
    if (d.near > 0 && d.need2 < ownShare * limit2) on = 0;
    if (this._otherStops(d)) on = 0;
    const pressing =
      d.time <= imminentTime && d.otherTime <= imminentTime && d.need3 >= limit3 && d.stopNeed3 >= limit3;
    if (on === 2 && pressing && probability >= imminentProbability) on = 3;
    if (d.slow && (on < 3 || probability < sureProbability || Math.max(d.time, d.otherTime) > imminentReaction)) return;
    this._explain(d, on, probability, limit2);
    const opposed = this._opposed(slot, d.other);
    const left = graph.edgeTurn[d.edge] === TurnKind.left || graph.edgeTurn[d.otherEdge] === TurnKind.left;
    let cls: number = d.merge ? ClassIndex.merge : ClassIndex.crossing;
    if (!d.merge && opposed && left) cls = ClassIndex.turnAcross;
    if (this._vulnerable(slot, d.other)) cls = ClassIndex.vulnerable;
    seen.reset(cls, on >= 3 ? 'X8' : 'X7');
    seen.other = d.other;
    seen.onStage = on;
    seen.holdStage = pressing && probability >= warningProbability ? 3 : 2;
    seen.x = t.x[slot] + t.hx[slot] * Math.max(0, d.near);
    seen.y = t.y[slot] + t.hy[slot] * Math.max(0, d.near);
    seen.edge = d.edge;
    seen.distance = Math.max(0, d.near);
    seen.eta = Math.max(0, d.time);
    seen.requiredDeceleration = d.needNow;
    seen.probability = probability;
    seen.ownSpeed = this._a.v;
    seen.otherSpeed = d.otherSpeed;
    seen.causeTimestampMs = Math.max(t.timeMs[slot], t.timeMs[d.other]);
    seen.urgent =
      d.time < 3.5 &&
      d.otherTime < 3.5 &&
      probability >= (t.period[slot] < 0.35 ? warningProbability : on === 3 ? surestProbability : sureProbability);
    seen.certain = on === 3 && probability >= sureProbability;
    book.observe(slot, seen, nowMs);
  }

  /** X18: whether it is for the other to stop, by the map or else by who is seen to go on, and he brakes enough for it. */
  private _otherStops(d: Danger): boolean {
    const { tracks: t, friction } = this._scene;
    if (d.yields || (!d.priority && d.otherGoes >= d.goes)) return false;
    return d.otherNeedLater < warningDeceleration(t.stationType[d.other], friction);
  }

  /** E1: what silenced the danger: they hardly meet, somebody gives way, or who has right of way can wait. */
  private _explain(d: Danger, on: number, probability: number, limit2: number): void {
    const { trace } = this._scene;
    if (trace === null) return;
    const meets = Math.min(1, d.probability) >= warningProbability;
    const waits = this._otherStops(d) ? 'X18' : 'X11';
    const rule = on > 0 ? '' : !meets ? 'X6' : probability >= warningProbability ? waits : 'X12';
    const yields = d.yields ? 1 : d.priority ? -1 : 0;
    trace.crossing(d.other, rule, yields, d.time, d.otherTime, probability, warningProbability, d.need2, limit2);
  }

  private _vulnerable(slot: number, other: number): boolean {
    const { stationType } = this._scene.tracks;
    return isVulnerable(stationType[slot]) || isVulnerable(stationType[other]);
  }

  private _opposed(slot: number, other: number): boolean {
    const { joins } = this._scene;
    const a = this._approachOf(slot);
    const b = this._approachOf(other);
    return joins.endX[a] * joins.endX[b] + joins.endY[a] * joins.endY[b] < -0.7;
  }

  /** The edge the vehicle is on, or inside a junction the one it came by. */
  private _approachOf(slot: number): number {
    const { graph, tracks } = this._scene;
    const edge = tracks.edge[slot];
    const come = graph.comeStart[edge];
    const inside = (graph.edgeFlags[edge] & EdgeFlag.internal) !== 0 && come < graph.comeStart[edge + 1];
    return inside ? graph.comeFrom[come] : edge;
  }

  private _move(p: Party, slot: number, nowMs: number): void {
    const t = this._scene.tracks;
    const age = t.age(slot, nowMs);
    p.slot = slot;
    p.gone = t.advance(slot, age);
    p.v = t.speedAfter(slot, age);
    p.a = t.a[slot];
    p.pressing = pressingDistance(p.v);
  }

  /** Of the party's arrival, s²: its own place and pace, and the other's lateral place, which moves the point. */
  private _variance(p: Party, time: number, otherLateral: number): number {
    const speed = Math.max(p.v, 1);
    const pace = 0.08 * Math.min(time, horizon);
    return (
      (this._scene.tracks.positionVariance(p.slot) + otherLateral * otherLateral) / (speed * speed) + pace * pace + 0.01
    );
  }
}

/** Whether the party is slow and will still be when its driver could answer an alarm (X14). */
function creeps(p: Party): boolean {
  return p.v + imminentReaction * Math.max(0, p.a) < creeping;
}

/** Distance to a place of conflict below which pairs are looked at with every message, m: a second more than warning and stopping take. */
function pressingDistance(v: number): number {
  return (warningReaction + 1) * v + (v * v) / 6.8 + 10;
}
