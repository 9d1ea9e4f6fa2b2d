import { ConflictRule, TurnKind } from '../roads/graph/index.ts';
import { Approaches } from './approaches.ts';
import { blockedAt } from './blocked-junction.ts';
import { ClassIndex } from './causes.ts';
import { overlapProbability } from './measures/arrival-overlap.ts';
import { requiredToStop } from './measures/required-deceleration.ts';
import type { Scene } from './scene.ts';
import { imminentDeceleration, imminentReaction, warningDeceleration, warningReaction } from './thresholds.ts';
import { isPedestrian, isVulnerable } from './vehicle-flags.ts';
import { ZoneKind, type Zones } from './zones.ts';

/** Other vehicles looked at per movement (bound of a crowded junction). */
const maxScan = 32;
const maxAge = 2;
/** Extra room around the bodies, m. */
const margin = 0.3;
/** Farther in time no pair is judged (2.3), s. */
const horizon = 7;
const warningOverlap = 0.3;
const imminentOverlap = 0.5;
/** At a low update rate a single look suffices only for an overlap this sure. */
const sureOverlap = 0.6;
/** Less overlap than this is not looked at; no normal deviate beyond `hopeless` sigmas reaches it. */
const minOverlap = 0.1;
const hopeless = 1.29;
/** Stays this far apart in time are not brought together within a second, s. */
const restTime = 2.5;
/** Pairs whose paths are less likely together are not looked at. */
const minPi = 0.15;
const mergeOverlap = 0.65;
const mergeSpeed = 8;
/** Slower than this a party stands in the way: right of way says nothing, the other must stop (X10), m/s. */
const standingSpeed = 0.7;
/** Contact with it this near calls for stages 2 and 3 however little braking is needed yet, s. */
const warningContact = 2.2;
const imminentContact = 1.6;
/** Less than this needs no warning unless contact is near, m/s². */
const leastNeed = 1.2;
/** A driver with right of way is warned when he needs this share of the usual: before that the other's warning has its chance (X11). */
const priorityShare = 0.6;

/** One party's way to the conflict zone; reused. */
class Party {
  slot = 0;
  v = 0;
  a = 0;
  /** Metres driven since the fix. */
  gone = 0;
  /** Front bumper to the zone's near and rear bumper to its far side, m. */
  near = 0;
  far = 0;
  timeIn = 0;
  timeOut = 0;
  /** Deceleration needed now, after the reaction of stage 2 and of stage 3, to stop short of the zone. */
  needNow = 0;
  need2 = 0;
  need3 = 0;
}

/** Crossing, turning and merging conflicts at junctions (rules X1 to X9). */
export class Crossing {
  pairs = 0;
  /** Whether the last vehicle evaluated has a pair that a change of speed within a second may bring together (T3). */
  met = false;
  private readonly _scene: Scene;
  private readonly _zones: Zones;
  private readonly _approaches: Approaches;
  private readonly _a = new Party();
  private readonly _b = new Party();

  constructor(scene: Scene, zones: Zones, approaches: Approaches) {
    this._scene = scene;
    this._zones = zones;
    this._approaches = approaches;
  }

  evaluate(slot: number, nowMs: number): void {
    const { tracks: t } = this._scene;
    const { first: zonesOf, foe } = this._zones;
    const ap = this._approaches;
    this.met = false;
    // People on foot take no part in movements of the carriageway: V1 sees to them.
    if (isPedestrian(t.stationType[slot])) return;
    if (t.v[slot] + Math.max(0, t.a[slot]) < 0.5 || ap.firstOf(slot) === ap.endOf(slot)) return;
    this._move(this._a, slot, nowMs);
    for (let i = ap.firstOf(slot); i < ap.endOf(slot); i += 1) {
      if (!ap.shares(i)) continue;
      const movement = ap.movement[i];
      for (let z = zonesOf[movement]; z < zonesOf[movement + 1]; z += 1) {
        let steps = 0;
        for (let j = ap.first[foe[z]]; j >= 0 && steps < maxScan; j = ap.next[j], steps += 1) {
          if (ap.pi[i] * ap.pi[j] < minPi) continue;
          const other = Approaches.slotOf(j);
          if (other === slot || nowMs - t.timeMs[other] > 1000 * maxAge || isPedestrian(t.stationType[other])) continue;
          this._pair(slot, i, other, j, z, nowMs);
        }
      }
    }
  }

  private _pair(slot: number, i: number, other: number, j: number, zone: number, nowMs: number): void {
    const { graph, tracks: t, book, seen, friction } = this._scene;
    const ap = this._approaches;
    const z = this._zones;
    const pi = ap.pi[i] * ap.pi[j];
    this.pairs += 1;
    const a = this._a;
    const b = this._b;
    if (!this._place(slot, i, other, j, zone, nowMs)) return;
    const sigma = Math.sqrt(this._variance(a) + this._variance(b));
    const mu = a.timeIn - b.timeIn;
    const stayA = a.timeOut - a.timeIn;
    const stayB = b.timeOut - b.timeIn;
    const soon = stayB - mu > -restTime && -stayA - mu < restTime;
    if (soon && (a.near < pressingDistance(a.v) || b.near < pressingDistance(b.v))) this.met = true;
    // Nearly all pairs end here, before anything dear is computed.
    if (stayB - mu < -hopeless * sigma || -stayA - mu > hopeless * sigma) return;
    const overlap = overlapProbability(mu, stayA, stayB, sigma) * pi;
    if (overlap < minOverlap) return;
    const stands = b.v < standingSpeed;
    if (stands && !this._blocked(slot, i, other)) return;
    this._needs(a);
    this._needs(b);
    const rule = z.rule[zone];
    const limit2 = warningDeceleration(t.stationType[slot], friction);
    const aFails = this._fails(a, limit2);
    const bFails = this._fails(b, warningDeceleration(t.stationType[other], friction));
    // X5: the party that must give way cannot any more; without a known rule, neither can.
    let danger: boolean;
    if (rule === ConflictRule.mustYield) danger = aFails;
    else if (rule === ConflictRule.hasPriority) danger = bFails;
    else danger = aFails && bFails;
    if (stands) danger = aFails && (a.needNow >= leastNeed || a.timeIn <= warningContact);
    else if (rule === ConflictRule.hasPriority && a.near > 0 && a.need2 < priorityShare * limit2) danger = false;
    const limit3 = imminentDeceleration(t.stationType[slot], friction);
    let on = 0;
    const merge = z.kind[zone] === ZoneKind.merge;
    // Two that roll into one lane sort themselves out.
    if (merge && !stands && a.v < mergeSpeed && b.v < mergeSpeed) return;
    if (danger && overlap >= (merge ? mergeOverlap : warningOverlap)) on = 2;
    const yielderNeed =
      rule === ConflictRule.mustYield
        ? a.need3
        : rule === ConflictRule.hasPriority
          ? b.need3
          : Math.min(a.need3, b.need3);
    if (on === 2 && overlap >= imminentOverlap && yielderNeed >= limit3 && a.need3 >= limit3) on = 3;
    if (stands && on === 2) {
      const near = a.needNow >= leastNeed || a.timeIn <= imminentContact;
      on = a.need3 >= limit3 && near && !(a.a < -1 && a.needNow <= -a.a + 0.2) ? 3 : 2;
    }
    let hold = on;
    if (hold === 0) hold = danger || overlap >= 0.3 ? 2 : 0;
    if (hold === 0) return;
    const turnA = graph.edgeTurn[ap.movement[i]];
    const turnB = graph.edgeTurn[ap.movement[j]];
    const opposed = this._opposed(slot, other);
    let cls: number = merge ? ClassIndex.merge : ClassIndex.crossing;
    if (!merge && opposed && (turnA === TurnKind.left || turnB === TurnKind.left)) cls = ClassIndex.turnAcross;
    if (isVulnerable(t.stationType[other]) || isVulnerable(t.stationType[slot])) cls = ClassIndex.vulnerable;
    seen.reset(cls, on >= 3 ? 'X8' : 'X7');
    seen.other = other;
    seen.onStage = on;
    seen.holdStage = hold;
    seen.x = t.x[slot] + t.hx[slot] * Math.max(0, a.near);
    seen.y = t.y[slot] + t.hy[slot] * Math.max(0, a.near);
    seen.edge = ap.movement[i];
    seen.distance = Math.max(0, a.near);
    seen.eta = Math.max(0, a.timeIn);
    seen.requiredDeceleration = a.needNow;
    seen.probability = Math.min(1, overlap);
    seen.ownSpeed = a.v;
    seen.otherSpeed = b.v;
    seen.causeTimestampMs = Math.max(t.timeMs[slot], t.timeMs[other]);
    seen.urgent = a.timeIn < 3.5 && b.timeIn < 3.5 && overlap >= (t.period[slot] < 0.35 ? warningOverlap : sureOverlap);
    book.observe(slot, seen, nowMs);
  }

  /** X10: the body of `other`, which stands, is in the track of the subject's movement; sets the distance to it. */
  private _blocked(slot: number, i: number, other: number): boolean {
    const { graph, tracks: t } = this._scene;
    const ap = this._approaches;
    const a = this._a;
    const at = blockedAt(graph, t, ap.movement[i], ap.lateral[i], t.width[slot], other);
    a.near = ap.start[i] - t.s[slot] + at - a.gone;
    if (at === Infinity || a.near < -0.5) return false;
    a.timeIn = travelTime(a.near, a.v, a.a);
    return a.timeIn < horizon;
  }

  /** X6: cannot stop short of the zone at the comfortable rate, and is not braking enough to do so. */
  private _fails(p: Party, limit: number): boolean {
    if (p.near <= 0) return true;
    return p.need2 >= limit && !(p.a < -1 && p.needNow <= -p.a + 0.4);
  }

  private _opposed(slot: number, other: number): boolean {
    const { joins, graph, tracks: t } = this._scene;
    const from = (s: number): number => {
      const edge = t.edge[s];
      const come = graph.comeStart[edge];
      return (graph.edgeFlags[edge] & 1) !== 0 && come < graph.comeStart[edge + 1] ? graph.comeFrom[come] : edge;
    };
    const a = from(slot);
    const b = from(other);
    return joins.endX[a] * joins.endX[b] + joins.endY[a] * joins.endY[b] < -0.7;
  }

  /** Fills both parties' windows; false when one is past the zone, never comes, or their lanes do not meet. */
  private _place(slot: number, i: number, other: number, j: number, zone: number, nowMs: number): boolean {
    const { tracks: t } = this._scene;
    const ap = this._approaches;
    const z = this._zones;
    const a = this._a;
    const b = this._b;
    const widthA = t.width[slot];
    const widthB = t.width[other];
    const lateralA = ap.lateral[i];
    const lateralB = ap.lateral[j];
    let zoneA: number;
    let zoneB: number;
    let halfA = 0;
    let halfB = 0;
    let stretch = 0;
    if (z.kind[zone] === ZoneKind.merge) {
      const apart = lateralA + z.ownExit[zone] - (lateralB + z.foeExit[zone]);
      if (Math.abs(apart) > (widthA + widthB) / 2 + margin) return false;
      zoneA = z.ownS[zone];
      zoneB = z.foeS[zone];
      stretch = 3;
    } else {
      const cos = z.cos[zone];
      const raw = z.sin[zone];
      const sin = Math.abs(raw) < 0.25 ? (raw < 0 ? -0.25 : 0.25) : raw;
      zoneA = z.ownS[zone] + (lateralA * cos - lateralB) / sin;
      zoneB = z.foeS[zone] + (lateralA - lateralB * cos) / sin;
      const tan = Math.abs(cos / sin);
      halfA = widthB / 2 / Math.abs(sin) + (widthA / 2) * tan + margin;
      halfB = widthA / 2 / Math.abs(sin) + (widthB / 2) * tan + margin;
    }
    const toA = ap.start[i] - t.s[slot] + zoneA;
    a.near = toA - halfA - a.gone;
    a.far = toA + halfA + stretch + t.length[slot] - a.gone;
    if (!enters(a)) return false;
    this._move(b, other, nowMs);
    const toB = ap.start[j] - t.s[other] + zoneB;
    b.near = toB - halfB - b.gone;
    b.far = toB + halfB + stretch + t.length[other] - b.gone;
    return enters(b);
  }

  private _move(p: Party, slot: number, nowMs: number): void {
    const t = this._scene.tracks;
    const age = t.age(slot, nowMs);
    p.slot = slot;
    p.gone = t.advance(slot, age);
    p.v = t.speedAfter(slot, age);
    p.a = t.a[slot];
  }

  /** Of the party's arrival, s². */
  private _variance(p: Party): number {
    const speed = Math.max(p.v, 1);
    return this._scene.tracks.positionVariance(p.slot) / (speed * speed) + 0.01 * p.timeIn * p.timeIn * 0.64 + 0.01;
  }

  private _needs(p: Party): void {
    const stop = p.near - 0.3;
    p.needNow = requiredToStop(stop, p.v, 0);
    p.need2 = requiredToStop(stop, p.v, warningReaction);
    p.need3 = requiredToStop(stop, p.v, imminentReaction);
  }
}

/** Times of the party's stay in the zone from its distances; false when it is past, never comes or comes later than the horizon. */
function enters(p: Party): boolean {
  if (p.far <= 0) return false;
  // Not even at its top speed of the next seconds.
  if (p.near > (p.v + 2 * Math.max(p.a, 0)) * horizon) return false;
  p.timeIn = travelTime(p.near, p.v, p.a);
  if (p.timeIn > horizon) return false;
  p.timeOut = travelTime(p.far, p.v, p.a);
  if (p.timeOut === Infinity) p.timeOut = p.timeIn + 20;
  return true;
}

/** Distance to a zone below which pairs are looked at with every message, m: a second more than warning and stopping take. */
function pressingDistance(v: number): number {
  return (warningReaction + 1) * v + (v * v) / 6.8 + 10;
}

/** Seconds to travel `distance` at `v` with `a` (braking kept on, accelerating for 2 s at most); 0 when already there, Infinity when it stops before (P3). */
export function travelTime(distance: number, v: number, a: number): number {
  if (distance <= 0) return 0;
  if (a < -0.3) {
    const root = v * v + 2 * a * distance;
    return root <= 0 ? Infinity : (v - Math.sqrt(root)) / -a;
  }
  if (a > 0.3) {
    const during = 2;
    const reach = v * during + 0.5 * a * during * during;
    if (distance <= reach) return (-v + Math.sqrt(v * v + 2 * a * distance)) / a;
    return during + (distance - reach) / (v + a * during);
  }
  return v > 0.2 ? distance / v : Infinity;
}
