import { ClassIndex } from './causes.ts';
import type { Hazards } from './hazards.ts';
import { requiredBehindLeader, requiredToStop } from './measures/required-deceleration.ts';
import { PlaceAhead } from './place-ahead.ts';
import type { Scene } from './scene.ts';
import { latency } from './thresholds.ts';

/** Path metres at which the driver should know (the kilometre), and what confirmation and motion may cost beyond it. */
const target = 1000;
const allowance = 100;
const nearest = 150;
/** What stands for good is told of later, too, m and s ahead: there is no second chance to hear of it in time (A1). */
const nearestStanding = 60;
const latestTime = 4;
const slowestSubject = 8.33;
/** Who brakes harder than this has seen something already: he is told without a sound, m/s² (A6). */
const braking = -1;
/** What recurs sounds only where slowing down for it after this time calls for more than comfortable braking, s (A6). */
const unhurried = 2.5;
/** A second hazard within this distance behind a nearer one is the same news to the driver, m (A4): the book, too, takes it for the same place (C1). */
const sameNews = 140;
const comfortableStop = 1.5;
/**
 * What rolls will be met farther down the road; the end of stop-and-go traffic neither keeps its pace nor its growth for a minute, so its
 * place is told at most this far from where it is now, m (A2).
 */
const farthestDrift = 100;
/** Arrival, s, beyond which nobody knows whether a queue will still be there (A3). */
const farthestArrival = 60;
/** A wrong-way driver is told of within this path distance or closing time (A1). */
const wrongWayReach = 2000;
const wrongWayTime = 60;

/** Stage 1: tells drivers upstream of a hazard, about a kilometre before they meet it (rules A1 to A4). */
export class Advisories {
  private readonly _scene: Scene;
  private readonly _hazards: Hazards;
  private readonly _place: PlaceAhead;

  constructor(scene: Scene, hazards: Hazards) {
    this._scene = scene;
    this._hazards = hazards;
    this._place = new PlaceAhead(scene.graph, scene.turns);
  }

  evaluate(slot: number, nowMs: number): void {
    const { tracks: t, hazardOf } = this._scene;
    const { fields } = this._hazards;
    const edge = t.edge[slot];
    const own = hazardOf[slot];
    if (this._scene.book.concerns(slot)) this._scene.book.hold(slot, this._hazards, nowMs);
    let entry = fields.firstOnEdge[edge];
    if (entry < 0 || t.against[slot] === 1) return;
    const front = t.s[slot] + t.advance(slot, t.age(slot, nowMs));
    for (; entry >= 0; entry = fields.nextOnEdge[entry]) {
      const h = fields.hazard[entry];
      if (this._hazards.tail[h] === slot || own === h) continue;
      const distance = fields.distance[entry] + this._hazards.s[h] - front;
      if (distance > 0) this._judge(slot, h, distance, fields.pi[entry], front, nowMs);
    }
  }

  /**
   * A4: whether no other hazard on the way says the same: one shortly before it (what rolls does not stand for what stands), or, for what rolls, one that stands: nearer than it the driver is held up, and what rolls will be gone; farther
   * on what rolls will have run up to it before the driver reaches it.
   */
  private _isNews(slot: number, h: number, distance: number, drift: number, front: number): boolean {
    const hz = this._hazards;
    const { tracks: t, hazardOf } = this._scene;
    const rolls = hz.rolls(h);
    for (let i = hz.fields.firstOnEdge[t.edge[slot]]; i >= 0; i = hz.fields.nextOnEdge[i]) {
      const g = hz.fields.hazard[i];
      if (g === h || hazardOf[slot] === g || hz.fields.pi[i] < 0.5 || hz.cls[g] === ClassIndex.wrongWay) continue;
      const gRolls = hz.rolls(g);
      if (gRolls && !rolls) continue;
      const before = distance - (hz.fields.distance[i] + hz.s[g] - front);
      if (before > 0 && before < Math.min(distance, sameNews)) return false;
      if (rolls && !gRolls && hz.confidence[g] >= 0.5 && before > -drift - sameNews && before < distance) return false;
    }
    return true;
  }

  /** A1: nearer than this, m, stage 2 has the word. */
  private _nearest(h: number, v: number): number {
    const cls = this._hazards.cls[h];
    const stands = cls === ClassIndex.crashedVehicle || cls === ClassIndex.stationaryVehicle;
    return Math.max(stands ? nearestStanding : nearest, latestTime * v);
  }

  /** A3: whether the hazard is of those that dissolve as they came. */
  private _passes(h: number): boolean {
    const cls = this._hazards.cls[h];
    return cls === ClassIndex.queueTail || cls === ClassIndex.slowVehicle;
  }

  /**
   * A6: a sound is for what a driver does not meet every day (a wreck, a vehicle standing in a lane, one that comes the wrong way), and for
   * what he comes upon too late to slow down at ease. Queues and slow vehicles a kilometre ahead are shown; if he does not slow, stage 2 sounds.
   */
  private _sounds(slot: number, h: number, distance: number): boolean {
    const { tracks: t } = this._scene;
    const hz = this._hazards;
    if (hz.cls[h] === ClassIndex.wrongWay) return true;
    if (t.a[slot] <= braking) return false;
    if (!this._passes(h) && hz.cls[h] !== ClassIndex.hardBraking) return true;
    const needed = requiredBehindLeader(distance, t.v[slot], Math.max(0, hz.speed[h]), 0, unhurried);
    return needed > comfortableStop;
  }

  /** E1: the first condition of A1 and A4 that the hazard fails. */
  private _explain(
    slot: number,
    h: number,
    distance: number,
    pi: number,
    near: boolean,
    concerned: boolean,
    on: boolean,
  ): void {
    const hz = this._hazards;
    const v = this._scene.tracks.v[slot];
    let rule = 'A4';
    if (on) rule = '';
    else if (!near) rule = 'A1 far';
    else if (hz.confidence[h] < 0.9) rule = 'A1 unsure';
    else if (pi < 0.5) rule = 'A1 elsewhere';
    else if (!concerned) {
      if (distance <= this._nearest(h, v)) rule = 'A1 near';
      else if (v <= slowestSubject) rule = 'A1 slow';
      else rule = v - Math.max(0, hz.speed[h]) > 0.3 * v ? 'A3' : 'A1 same pace';
    }
    this._scene.trace?.hazard(hz.idOf(h), hz.cls[h], rule, distance, pi, hz.confidence[h], hz.speed[h]);
  }

  private _judge(slot: number, h: number, distance: number, pi: number, front: number, nowMs: number): void {
    const { tracks: t, seen, book } = this._scene;
    const hz = this._hazards;
    const v = t.v[slot];
    const u = hz.u[h];
    const closing = Math.max(v - u, 0.1);
    // A2: where driver and hazard meet, not where the hazard is now.
    const eta = distance / closing;
    const meeting = Math.min(v * eta, 5 * distance);
    const wrongWay = hz.cls[h] === ClassIndex.wrongWay;
    const reach = target + allowance + v * (latency + 2 * Math.min(1, t.period[slot]));
    const near = wrongWay ? distance <= Math.max(wrongWayReach, wrongWayTime * closing) : meeting <= reach;
    // A wrong-way driver is told of where he is, anything else where the two will meet.
    const drift = wrongWay
      ? 0
      : hz.rolls(h)
        ? u * eta
        : Math.max(-farthestDrift, Math.min(farthestDrift, 0.5 * u * eta));
    const concerned =
      wrongWay ||
      (distance > this._nearest(h, v) &&
        v > slowestSubject &&
        (!this._passes(h) || (t.slowSinceMs[slot] === 0 && eta <= farthestArrival)) &&
        v - Math.max(0, hz.speed[h]) > 0.3 * v);
    const on =
      hz.confidence[h] >= 0.9 &&
      pi >= 0.5 &&
      hz.isThere(h, nowMs) &&
      near &&
      concerned &&
      (wrongWay || this._isNews(slot, h, distance, drift, front));
    if (this._scene.trace !== null) this._explain(slot, h, distance, pi, near, concerned, on);
    const hold = on || (hz.confidence[h] >= 0.5 && pi >= 0.2);
    // What is still far is not looked at yet: a driver may have a dozen hazards within two kilometres.
    if (!hold || (!on && distance > reach + 100 + 2 * v)) return;
    seen.reset(hz.cls[h], 'S1');
    seen.hazard = hz.idOf(h);
    // A single vehicle is named; a queue is a place.
    seen.other = hz.members[h] === 1 ? hz.tail[h] : -1;
    seen.onStage = on ? 1 : 0;
    seen.holdStage = 1;
    this._place.find(hz.edge[h], hz.s[h], drift);
    seen.x = this._place.point[0];
    seen.y = this._place.point[1];
    seen.edge = this._place.edge;
    seen.distance = Math.max(1, meeting);
    seen.eta = eta;
    seen.requiredDeceleration = requiredToStop(distance, v, latency);
    seen.probability = pi * hz.confidence[h];
    const advice = Math.sqrt(2 * comfortableStop * Math.max(distance - 150, 50));
    seen.adviceSpeed = Math.max(Math.floor((advice * 3.6) / 10) / 0.36, hz.speed[h]);
    seen.ownSpeed = v;
    seen.otherSpeed = hz.speed[h];
    seen.causeTimestampMs = Math.max(t.timeMs[slot], hz.sourceMs[h]);
    seen.sounds = this._sounds(slot, h, distance);
    book.observe(slot, seen, nowMs);
  }
}
