import { directionAt, EdgeFlag } from '../roads/graph/index.ts';
import { attentiveBraking, responds } from './attentive-driver.ts';
import { ClassIndex } from './causes.ts';
import type { Hazards } from './hazards.ts';
import { requiredBehindLeader } from './required-deceleration.ts';
import type { Scene } from './scene.ts';
import {
  attentiveGap,
  imminentDeceleration,
  imminentReaction,
  leaderReaction,
  warningDeceleration,
  warningReaction,
} from './thresholds.ts';
import { isVulnerable } from './vehicle-flags.ts';

/** Vehicles looked at per edge before the search gives up. */
const maxScan = 24;
/** A leader older than this, and than a report lost, is not extrapolated but ignored, s. */
const maxAge = 2.5;
/** What a braking driver behind a braking leader needs at most to be left alone, m/s² (L6). */
const comfortableBraking = 2.6;
/** Slower than this a driver who rolls up to the one ahead needs `creepingNeed` to be warned, m/s, m/s². */
const creeping = 4;
const creepingNeed = 1.2;
/** Acceleration that is more than the noise of two speeds, m/s². */
const minPush = 0.8;
/** Lateral doubt of two receivers beyond which their lanes cannot be told apart, m (L12). */
const laneDoubt = 1.5;
/** Slower than this nobody is hurt, and two noisy speeds differ by it, m/s (L7). */
const minClosing = 1.5;
/** The same for slow drivers at a high update rate: at speed it is the noise of two receivers. */
const minClosingFast = 1;
/** Contact this near calls for stage 2 and stage 3 however little braking is needed yet, s (S4). */
const warningContact = 2.2;
const imminentContact = 1.6;
/** Bodies closer sidewise than this beyond their half widths are in each other's way, m. */
const sideMargin = 0.15;
/** A change of lane is carried on this long, s, from this lateral speed, m/s. */
const driftTime = 1.2;
const minDrift = 0.45;
/** A driver moving sidewise at this speed, m/s, leaves his lane (L10); longer than this ahead nothing is made of it, s. */
const leavingRate = 0.6;
const leavingRateByHeading = 1.2;
const leavingTime = 4;

/** Rear-end danger behind the nearest vehicle on the path (rules L1 to L8). */
export class Leaders {
  /** Leader of the last evaluated vehicle, -1 none, and the gap to it: read by lane-change and head-on. */
  leader = -1;
  gap = Infinity;
  /** How far left of the subject's track the leader is, m. */
  private _apart = 0;
  private readonly _scene: Scene;
  private readonly _hazards: Hazards;
  private readonly _direction = new Float64Array(2);

  constructor(scene: Scene, hazards: Hazards) {
    this._scene = scene;
    this._hazards = hazards;
  }

  /** Evaluates `slot` on the path just built; reports to the book. */
  evaluate(slot: number, nowMs: number): void {
    this.find(slot, nowMs);
    if (this.leader >= 0) this._judge(slot, nowMs);
  }

  /** L3, L4: fills `leader` and `gap` for the path just built. */
  find(slot: number, nowMs: number): void {
    const { path, graph, order } = this._scene;
    this.leader = -1;
    this.gap = Infinity;
    for (let i = 0; path.has(i); i += 1) {
      const edge = path.edge[i];
      const from = i === 0 ? order.ahead[slot] : order.head[edge];
      if (this._scan(slot, from, path.start[i], path.lateral[i], nowMs)) return;
      // Bodies that left over another movement of the same approach may still stand in this lane.
      if (path.has(i + 1) && (graph.edgeFlags[path.edge[i + 1]] & EdgeFlag.internal) !== 0)
        this._scanSiblings(slot, edge, path.edge[i + 1], path.start[i + 1], path.lateral[i], nowMs);
      if (this.leader >= 0) return;
    }
  }

  /** Walks downstream from `first`; true when a leader was found. */
  private _scan(slot: number, first: number, start: number, lateral: number, nowMs: number): boolean {
    const { tracks: t, order } = this._scene;
    let steps = 0;
    for (let other = first; other >= 0 && steps < maxScan; other = order.ahead[other], steps += 1) {
      if (other === slot || this._stale(other, nowMs)) continue;
      if (!this._inTheWay(slot, other, lateral)) continue;
      const front = start + t.s[other] + t.advance(other, t.age(other, nowMs));
      // Beside or behind: the order of s is that of the fixes, the fronts are those of now.
      if (front <= 0.5) continue;
      this.leader = other;
      this.gap = front - t.length[other];
      this._apart = t.d[other] - lateral;
      return true;
    }
    return false;
  }

  private _scanSiblings(
    slot: number,
    approach: number,
    own: number,
    start: number,
    lateral: number,
    nowMs: number,
  ): void {
    const { tracks: t, order, graph, joins } = this._scene;
    const { turnStart, turnTo } = graph;
    for (let k = turnStart[approach]; k < turnStart[approach + 1]; k += 1) {
      const sibling = turnTo[k];
      if (sibling === own) continue;
      const other = order.head[sibling];
      if (other < 0 || this._stale(other, nowMs)) continue;
      const along = t.s[other] + t.advance(other, t.age(other, nowMs));
      const rear = along - t.length[other];
      if (rear > 0.5) continue;
      if (!this._inTheWay(slot, other, lateral - joins.shift[k])) continue;
      const gap = start + rear;
      if (gap < this.gap) {
        this.leader = other;
        this.gap = gap;
        this._apart = t.d[other] - lateral + joins.shift[k];
      }
    }
  }

  private _stale(other: number, nowMs: number): boolean {
    const t = this._scene.tracks;
    return nowMs - t.timeMs[other] > 1000 * Math.min(maxAge, 0.5 + 1.2 * t.period[other]);
  }

  /** L3: bodies overlap sidewise, now or, where a drift is seen at a high update rate, within the drift time. */
  private _inTheWay(slot: number, other: number, lateral: number): boolean {
    const t = this._scene.tracks;
    const reach = (t.width[slot] + t.width[other]) / 2 + sideMargin;
    const apart = t.d[other] - lateral;
    if (apart < reach && apart > -reach) return true;
    if (t.period[slot] > 0.35 || t.dNoise[slot] > 0.3 || t.v[other] > 0.8 * t.v[slot]) return false;
    const rate = t.dRate[slot];
    if (rate < minDrift && rate > -minDrift) return false;
    const later = apart - rate * driftTime;
    return (later < reach && later > -reach) || apart * later < 0;
  }

  /** L10: keeping on sidewise as they do, the subject is clear of the leader before it reaches him in `time` s. */
  private _leaves(slot: number, time: number): boolean {
    const { tracks: t, graph } = this._scene;
    const lead = this.leader;
    let rate = t.dRate[slot];
    let least = leavingRate;
    if (t.period[slot] > 0.35) {
      // Between slow reports a change of lane shows in the heading first.
      directionAt(graph, t.edge[slot], t.s[slot], this._direction);
      rate = t.v[slot] * (this._direction[0] * t.hy[slot] - this._direction[1] * t.hx[slot]);
      least = leavingRateByHeading;
    } else if (t.dNoise[slot] > 0.3) return false;
    if (rate < least && rate > -least) return false;
    const later = this._apart - rate * Math.min(time, leavingTime);
    const reach = (t.width[slot] + t.width[lead]) / 2;
    return rate > 0 ? later < -reach : later > reach;
  }

  private _judge(slot: number, nowMs: number): void {
    const { tracks: t, graph, seen, book, friction, hazardOf } = this._scene;
    const lead = this.leader;
    const age = t.age(slot, nowMs);
    const leadAge = t.age(lead, nowMs);
    const v = t.speedAfter(slot, age);
    const vLead = t.speedAfter(lead, leadAge);
    const a = t.a[slot];
    const gap = this.gap;
    const slowest = t.period[slot] < 0.35 && v < creeping ? minClosingFast : minClosing;
    if (v + a < slowest || gap > 400) return;
    // Two devices in one vehicle, or a body already inside another: not a danger that can be warned of (L8).
    if (gap < -1) return;
    // Two poor receivers within their own doubt cannot be told to follow each other at all (L12).
    const doubt = Math.sqrt(t.dSigma[slot] * t.dSigma[slot] + t.dSigma[lead] * t.dSigma[lead]);
    if (doubt > laneDoubt && gap < 2 * doubt) return;
    const brakeLead = vLead > 0.5 && t.a[lead] < -0.5 ? -t.a[lead] : 0;
    // L9: who still accelerates goes on doing so until he reacts.
    const push = a > minPush ? Math.min(a, 3) : 0;
    const closing = v - vLead + push * imminentReaction;
    if (closing < slowest && (brakeLead === 0 || closing < -2)) return;
    const class2 = warningDeceleration(t.stationType[slot], friction);
    const class3 = imminentDeceleration(t.stationType[slot], friction);
    const room = Math.max(gap, 0.1);
    const now = needed(room, v, push, vLead, brakeLead, push > 0 ? 0.5 : 0);
    const reaction = brakeLead > 0 ? warningReaction : leaderReaction(closing, t.period[slot]);
    const late = needed(room, v, push, vLead, brakeLead, reaction);
    const imminent = needed(room, v, push, vLead, brakeLead, imminentReaction);
    // L6: a driver who already brakes as hard as needed, or as an attentive one would, is not warned.
    const expected = attentiveBraking(room, v, v - vLead, graph.edgeLimit[t.edge[slot]]);
    const acts = responds(a, now, expected);
    const brakes = acts || (a < -0.8 && (now <= -a + 0.4 || (brakeLead > 0 && now <= comfortableBraking)));
    const attentive = brakeLead > 0 || push > 0 || room < attentiveGap(v, closing);
    const least = v < 9 && push === 0 ? 1.4 : v < creeping ? creepingNeed : 0.6;
    // S4: at low speed little braking is needed until late, but contact is near.
    const contact = contactTime(room, v, a, vLead, brakeLead);
    let on = 0;
    if (!brakes && attentive && late >= class2 && (now >= least || contact <= warningContact)) on = 2;
    if (imminent >= class3 && (now >= 1.5 || contact <= imminentContact) && !acts && !(a < -1 && now <= -a + 0.2))
      on = 3;
    if (on > 0 && this._leaves(slot, closing > 0.1 ? room / closing : Infinity)) on = 0;
    let hold = on;
    if (hold < 3 && imminent >= 3.5 && !brakes) hold = 3;
    if (hold < 2 && late >= 2 && !brakes) hold = 2;
    if (hold === 0) return;
    seen.reset(isVulnerable(t.stationType[lead]) ? ClassIndex.vulnerable : ClassIndex.rearEnd, on >= 3 ? 'S3' : 'S2');
    seen.other = lead;
    seen.hazard = hazardOf[lead] >= 0 ? this._hazards.idOf(hazardOf[lead]) : -1;
    seen.onStage = on;
    seen.holdStage = hold;
    seen.x = t.x[lead];
    seen.y = t.y[lead];
    seen.edge = t.edge[lead];
    seen.distance = room;
    seen.eta = closing > 0.1 ? room / closing : room / Math.max(v, 0.1);
    seen.requiredDeceleration = now;
    seen.probability = on === 3 ? 0.9 : 0.6;
    seen.ownSpeed = v;
    seen.otherSpeed = vLead;
    seen.causeTimestampMs = Math.max(t.timeMs[slot], t.timeMs[lead]);
    // What is not heard of any more may be gone: it takes a second look (C3).
    const fresh = leadAge <= 0.5 * t.period[lead] + 0.25;
    seen.urgent = fresh && (now > 5 || (on === 3 && imminent > 2 * class3));
    book.observe(slot, seen, nowMs);
  }
}

/** Seconds until the gap is used up when the follower goes on at `a` and the leader brakes to rest; Infinity when it never is. */
function contactTime(gap: number, v: number, a: number, vLead: number, brakeLead: number): number {
  const closing = v - vLead;
  const change = Math.max(-9, Math.min(a, 3)) + (vLead > 0 ? brakeLead : 0);
  const root = closing * closing + 2 * change * gap;
  if (root < 0) return Infinity;
  const sum = closing + Math.sqrt(root);
  return sum > 0 ? (2 * gap) / sum : Infinity;
}

/** Required deceleration after `reaction` s during which the follower goes on accelerating with `push` >= 0 (L9). */
function needed(gap: number, v: number, push: number, vLead: number, brakeLead: number, reaction: number): number {
  if (push === 0) return requiredBehindLeader(gap, v, vLead, brakeLead, reaction);
  const left = gap - (v - vLead) * reaction - 0.5 * (push + brakeLead) * reaction * reaction;
  if (left <= 0) return Infinity;
  const lead = vLead - brakeLead * reaction;
  return requiredBehindLeader(left, v + push * reaction, Math.max(lead, 0), lead > 0 ? brakeLead : 0, 0);
}
