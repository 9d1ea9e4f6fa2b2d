import { directionAt, EdgeFlag, pointAt } from '../roads/graph/index.ts';
import { boundElsewhere } from './bound-elsewhere.ts';
import { fastRoadLimit } from './fast-road.ts';
import type { Hazards } from './hazards.ts';
import { LaneShares, mostAhead } from './lane-shares.ts';
import { normalCdf } from './measures/normal.ts';
import { requiredBehindLeader } from './measures/required-deceleration.ts';
import { lineReach } from './queue-context.ts';
import { RearEnd } from './rear-end.ts';
import type { Scene } from './scene.ts';
import { Sidewise } from './sidewise.ts';
import { pedestrian } from './vehicle-flags.ts';

/** Vehicles looked at per edge before the search gives up. */
const maxScan = 24;
/** A driver this fast, m/s, needs more room to stop in comfort than the 75 m in which people on foot are surely seen (V1, L17). */
const outruns = 17;
const nobody = -1;
/** Vehicles in the way that are judged: behind the nearest stands what it may leave the lane for. */
const maxJudged = 3;
/** Bodies deeper one inside the other than this, m, hide nobody ahead of them (L8). */
const inside = -1;
/** Who needs as much will not stop behind the one ahead any more, m/s² (L13). */
const hardBraking = 5;
/** A leader older than this, and than a report lost, is not extrapolated but ignored, s. */
const maxAge = 2.5;
/** Rear ends up to this far beyond a fork may still be in the way to the other branch, m (L4). */
const parting = 6;
/** Probability of being in the way from which a leader is followed (queues), and from which a driver is told of him (L12). */
const followed = 0.4;
const told = 0.96;
/** The same of one who drives: many pass a slower one, and that they change lanes for it shows a second or two later. */
const toldOfMoving = 0.998;
const kept = 0.6;
/** Both are on the roads they are matched to when the probabilities of that multiply to this (L12). */
const sureMatch = 0.8;
/** Who would need so much, m/s², and was not warned before has long seen that it is another lane (R7). */
const unanswered = 8;
/** Who is less likely to be in the way is not weighed (R6). */
const weighed = 0.05;
/** Slower than this a vehicle may stand beside the lane, m/s; who drives by faster than `passing` shows that it does (L12). */
const standing = 1;
const passing = 5;
/** Probability that what stands is in the lane after so many have driven by. */
const standsInLane = [0.97, 0.5, 0.2, 0.05] as const;
/** In streets no fast road, who stands farther from the end of the road than that, or there for longer, ms, and has nobody standing behind him within so many metres may be parked. */
const queueReach = 25;
const longestWaitMs = 60_000;

/** Who is ahead of a vehicle on its path, and the rear-end danger behind them (rules L1 to L4, L10). */
export class Leaders {
  /** Leader of the last evaluated vehicle, -1 none, and the gap to it: read by lane-change and head-on. */
  leader = -1;
  gap = Infinity;
  private readonly _scene: Scene;
  private readonly _rearEnd: RearEnd;
  private readonly _sidewise: Sidewise;
  /** Station type that is nobody's leader now. */
  private _passedOver = nobody;
  private readonly _direction = new Float64Array(2);
  private readonly _point = new Float64Array(2);
  private readonly _foot = new Float64Array(2);
  /** Vehicles in the way, nearest first: slot, gap, how far left of the subject's track, probability of being in the way. */
  private _count = 0;
  private _judged = -1;
  /** Whether the lane of the subject, or of anybody ahead, is a matter of belief (R6). */
  private _believed = false;
  /** Start of the step of the path looked at, m: an argument would be an object on the heap. */
  private readonly _start = new Float64Array(1);
  private readonly _lanes: LaneShares;
  private readonly _ahead = new Int32Array(mostAhead);
  private readonly _gap = new Float64Array(mostAhead);
  private readonly _apart = new Float64Array(mostAhead);
  private readonly _share = new Float64Array(mostAhead);
  /** Nearest vehicle ahead at the last look, and how many have driven by a vehicle since it stands. */
  private readonly _before: Int32Array;
  private readonly _passed: Uint8Array;

  constructor(scene: Scene, hazards: Hazards) {
    this._scene = scene;
    this._rearEnd = new RearEnd(scene, hazards);
    this._sidewise = new Sidewise(scene);
    this._lanes = new LaneShares(scene.graph, scene.tracks, scene.laneBelief);
    this._before = new Int32Array(scene.tracks.capacity).fill(-1);
    this._passed = new Uint8Array(scene.tracks.capacity);
  }

  /** Evaluates `slot` on the path just built; reports the worst danger among the nearest vehicles in its way to the book. */
  evaluate(slot: number, nowMs: number): void {
    const { tracks: t, seen, book } = this._scene;
    const v = t.v[slot];
    if (!this._scene.between) this._rearEnd.forgetAside(slot);
    this._collect(slot, maxJudged, 20 + 3.5 * v + (v * v) / 5, nowMs);
    this._notePassing(slot, nowMs);
    if (this._believed) {
      this._evaluateLanes(slot, nowMs);
      return;
    }
    let worst = -1;
    let stage = -1;
    for (let i = 0; i < this._count; i += 1) {
      if (i > 0 && this._gap[i - 1] >= inside && !this._leaves(slot, i - 1) && !this._runsInto(i - 1, i)) break;
      if (!this._judge(slot, i, nowMs) || seen.onStage <= stage) continue;
      worst = i;
      stage = seen.onStage;
    }
    if (worst < 0) return;
    if (worst !== this._judged) this._judge(slot, worst, nowMs);
    book.observe(slot, seen, nowMs);
  }

  /** R6: what is ahead in every lane the driver may be in, together. */
  private _evaluateLanes(slot: number, nowMs: number): void {
    const { seen, book } = this._scene;
    this._lanes.restart();
    let best = -1;
    let most = 0;
    let warns = 0;
    let alarms = 0;
    let warned = 0;
    let alarmed = 0;
    for (let i = 0; i < this._count; i += 1) {
      const share = this._lanes.nearest(i);
      if (!this._judge(slot, i, nowMs)) continue;
      // Who would need so much and does nothing is in another lane (R7).
      const driven = seen.requiredDeceleration <= unanswered;
      if (driven && seen.onStage >= 2) warns += share;
      if (driven && seen.onStage >= 3) alarms += share;
      if (seen.holdStage >= 2) warned += share;
      if (seen.holdStage >= 3) alarmed += share;
      if (share * (1 + seen.onStage) <= most) continue;
      most = share * (1 + seen.onStage);
      best = i;
    }
    if (best < 0) return;
    const enough = this._scene.tracks.v[this._ahead[best]] > standing ? toldOfMoving : told;
    const on = alarms >= enough ? 3 : warns >= enough ? 2 : 0;
    const hold = alarmed >= kept ? 3 : warned >= kept ? 2 : 0;
    if (hold === 0) {
      this._quiet('L12', slot, best);
      return;
    }
    this._share[best] = on === 3 ? alarms : on === 2 ? warns : warned;
    this._judge(slot, best, nowMs);
    seen.onStage = on;
    seen.holdStage = Math.max(on, hold);
    book.observe(slot, seen, nowMs);
  }

  /** L3, L4: fills `leader` and `gap` for the path just built. */
  find(slot: number, nowMs: number): void {
    this._collect(slot, 1, 0, nowMs);
  }

  /** L12: whoever drives on and leaves behind what stood ahead of him has driven by. */
  private _notePassing(slot: number, nowMs: number): void {
    const { tracks: t } = this._scene;
    const before = this._before[slot];
    const nearest = this._count > 0 ? this._ahead[0] : -1;
    // Abreast of him it is plain that the lane is another; that it was his counts until he is behind.
    const sure = nearest >= 0 && (nearest === before || this._share[0] >= told * standsInLane[this._passed[nearest]]);
    this._before[slot] = sure ? nearest : -1;
    if (t.v[slot] > standing) this._passed[slot] = 0;
    if (before < 0 || before === this._before[slot] || t.v[slot] < passing || t.v[before] > standing) return;
    if (t.edge[before] !== t.edge[slot] || t.s[slot] + t.advance(slot, t.age(slot, nowMs)) < t.s[before] - 1) return;
    if (this._passed[before] < standsInLane.length - 1) this._passed[before] += 1;
  }

  /** L13: vehicle `i` ahead cannot stop short of the next one any more: it will strike it or swerve. */
  private _runsInto(i: number, next: number): boolean {
    const { tracks: t } = this._scene;
    const a = this._ahead[i];
    const b = this._ahead[next];
    const gap = this._gap[next] - this._gap[i] - t.length[a];
    return gap <= 0 || requiredBehindLeader(gap, t.v[a], t.v[b], Math.max(0, -t.a[b]), 0) >= hardBraking;
  }

  /** Fills `seen` with the danger behind vehicle `i` ahead; false when there is none. */
  private _judge(slot: number, i: number, nowMs: number): boolean {
    this._judged = i;
    if (!this._rearEnd.judge(slot, this._ahead[i], this._gap[i], this._share[i], nowMs)) return false;
    this._setAside(slot, i);
    return true;
  }

  /** L10: whether the driver leaves vehicle `i` ahead aside. */
  private _leaves(slot: number, i: number): boolean {
    const lead = this._ahead[i];
    return this._sidewise.moves(slot, lead) && this._sidewise.leaves(slot, lead, this._apart[i], this._gap[i]);
  }

  /** L10, L15: what was found behind vehicle `i` ahead begins no alert when the driver will not be there. */
  private _setAside(slot: number, i: number): void {
    const left = this._leaves(slot, i);
    if (!left && !boundElsewhere(this._scene, slot, this._ahead[i], this._gap[i], this._apart[i])) return;
    this._scene.seen.onStage = 0;
    this._rearEnd.leaveAside(slot, this._ahead[i]);
    this._quiet(left ? 'L10' : 'L15', slot, i);
  }

  /** E1: a rule of the lanes silenced what is behind vehicle `i` ahead. */
  private _quiet(rule: string, slot: number, i: number): void {
    const { tracks: t, trace } = this._scene;
    const other = this._ahead[i];
    const none = Number.NaN;
    if (trace !== null) trace.rearEnd(other, rule, this._gap[i], t.v[slot], t.v[other], none, none, none, none, none);
  }

  /** The nearest vehicle in the way, and up to `most` in all no farther than `horizon`. */
  private _collect(slot: number, most: number, horizon: number, nowMs: number): void {
    // People on foot come into the way from the side: V7 sees to them, as far as it looks.
    this._passedOver = this._scene.tracks.v[slot] < outruns ? pedestrian : nobody;
    const { path, graph, order } = this._scene;
    this._count = 0;
    this._believed = this._lanes.begin(slot);
    const wanted = this._believed && most > 1 ? mostAhead : most;
    for (let i = 0; path.has(i); i += 1) {
      if (this._count > 0 && path.start[i] > horizon) break;
      const edge = path.edge[i];
      const from = i === 0 ? order.ahead[slot] : order.head[edge];
      this._scan(slot, from, i, wanted, nowMs);
      if (this._count >= wanted) break;
      // Bodies that left over another movement of the same approach may still stand in this lane.
      if (path.has(i + 1) && (graph.edgeFlags[path.edge[i + 1]] & EdgeFlag.internal) !== 0)
        this._scanSiblings(slot, edge, i + 1, nowMs);
      if (this._count >= wanted) break;
    }
    let leader = 0;
    while (leader < this._count && this._share[leader] < followed) leader += 1;
    this.leader = leader < this._count ? this._ahead[leader] : -1;
    this.gap = leader < this._count ? this._gap[leader] : Infinity;
  }

  /** Walks downstream from `first` on step `i` of the path until `most` are found. */
  private _scan(slot: number, first: number, i: number, most: number, nowMs: number): void {
    const { tracks: t, order, path } = this._scene;
    const lateral = path.lateral[i];
    const least = most > 1 ? weighed : followed;
    let steps = 0;
    this._start[0] = path.start[i];
    for (let other = first; other >= 0 && steps < maxScan; other = order.ahead[other], steps += 1) {
      if (other === slot || other === t.companion[slot] || this._stale(other, nowMs)) continue;
      if (t.stationType[other] === this._passedOver) continue;
      const share = this._inTheWay(slot, other, lateral, nowMs);
      if (share < least) continue;
      const front = path.start[i] + t.s[other] + t.advance(other, t.age(other, nowMs));
      // Beside or behind: the order of s is that of the fixes, the fronts are those of now.
      if (front <= 0.5) continue;
      this._add(other, front - t.length[other], t.d[other] - lateral, share);
      if (this._count >= most) return;
    }
  }

  /** The nearest rear end that reaches out of another movement of the approach before step `i`. */
  private _scanSiblings(slot: number, approach: number, i: number, nowMs: number): void {
    const { tracks: t, order, graph, joins, path } = this._scene;
    const { turnStart, turnTo } = graph;
    let nearest = -1;
    let gap = Infinity;
    let apart = 0;
    let share = 0;
    this._start[0] = path.start[i];
    for (let k = turnStart[approach]; k < turnStart[approach + 1]; k += 1) {
      const sibling = turnTo[k];
      if (sibling === path.edge[i]) continue;
      const other = order.head[sibling];
      if (other < 0 || this._stale(other, nowMs) || t.stationType[other] === pedestrian) continue;
      const rear = t.s[other] + t.advance(other, t.age(other, nowMs)) - t.length[other];
      if (rear > parting || path.start[i] + rear >= gap) continue;
      const lateral = path.lateral[i - 1] - joins.shift[k] + this._aside(sibling, path.edge[i], rear);
      const p = this._inTheWay(slot, other, lateral, nowMs);
      if (p < followed) continue;
      nearest = other;
      gap = path.start[i] + rear;
      apart = t.d[other] - lateral;
      share = p;
    }
    if (nearest < 0) return;
    this._inTheWay(slot, nearest, t.d[nearest] - apart, nowMs);
    this._add(nearest, gap, apart, share);
  }

  /** How much farther left of `sibling` than at the fork its other branch `way` runs `s` m beyond it, m. */
  private _aside(sibling: number, way: number, s: number): number {
    if (s <= 0) return 0;
    const { graph } = this._scene;
    const { _point: point, _foot: foot, _direction: direction } = this;
    pointAt(graph, way, s, point);
    pointAt(graph, sibling, s, foot);
    directionAt(graph, sibling, s, direction);
    const beyond = (point[1] - foot[1]) * direction[0] - (point[0] - foot[0]) * direction[1];
    pointAt(graph, way, 0, point);
    pointAt(graph, sibling, 0, foot);
    directionAt(graph, sibling, 0, direction);
    return beyond - (point[1] - foot[1]) * direction[0] + (point[0] - foot[0]) * direction[1];
  }

  private _add(other: number, gap: number, apart: number, share: number): void {
    const n = this._count;
    this._ahead[n] = other;
    this._gap[n] = gap;
    this._apart[n] = apart;
    this._share[n] = share;
    this._lanes.keep(n);
    this._count = n + 1;
  }

  private _stale(other: number, nowMs: number): boolean {
    const t = this._scene.tracks;
    return nowMs - t.timeMs[other] > 1000 * Math.min(maxAge, 0.5 + 1.2 * t.period[other]);
  }

  /**
   * L3: probability that the bodies overlap sidewise, now or, where a drift is seen at a high update rate, within the drift time. `lateral`
   * is the subject's track on `edge`, the other's.
   */
  private _inTheWay(slot: number, other: number, lateral: number, nowMs: number): number {
    const { tracks: t } = this._scene;
    const reach = (t.width[slot] + t.width[other]) / 2;
    const apart = t.d[other] - lateral;
    const { laneBelief } = this._scene;
    if (laneBelief.has(slot, t.edge[slot]) || laneBelief.has(other, t.edge[other])) {
      this._believed = true;
      const onRoad = Math.min(1, (t.confidence[slot] * t.confidence[other]) / sureMatch);
      const there = onRoad * (t.v[other] <= standing ? this._standsInLane(other) : 1);
      const gap = this._start[0] + t.s[other] + t.advance(other, t.age(other, nowMs)) - t.length[other];
      const doubt2 = t.sSigma[slot] * t.sSigma[slot] + t.sSigma[other] * t.sSigma[other];
      return this._lanes.weigh(other, lateral - t.d[slot], reach, there, normalCdf(gap / Math.sqrt(doubt2)));
    }
    if (apart < reach && apart > -reach) return 1;
    if (!this._sidewise.drifts(slot)) return 0;
    const ahead = this._start[0] + t.s[other] + t.advance(other, t.age(other, nowMs));
    return this._sidewise.driftsInto(slot, other, apart, ahead) ? 1 : 0;
  }

  /** L12: probability that one who stands does so in the lane: less when others drove by, or in town when nobody stands behind him. */
  private _standsInLane(other: number): number {
    const { tracks: t, graph, order } = this._scene;
    const passed = this._passed[other];
    if (passed > 0) return standsInLane[passed];
    // In town only who shows signs of a crash is a hazard (H2), and those happen in lanes.
    if (this._scene.hazardOf[other] >= 0) return standsInLane[0];
    const edge = t.edge[other];
    if (graph.edgeLimit[edge] >= fastRoadLimit) return standsInLane[0];
    if (t.timeMs[other] - t.stoppedSinceMs[other] >= longestWaitMs) return standsInLane[1];
    if (graph.edgeLength[edge] - t.s[other] < lineReach) return standsInLane[0];
    const behind = order.behind[other];
    // A queue comes to rest from its head; one he came by and stopped before does not wait for him.
    const followedUp =
      behind >= 0 &&
      t.v[behind] <= standing &&
      t.s[other] - t.s[behind] < queueReach &&
      this._passed[behind] === 0 &&
      t.stoppedSinceMs[behind] >= t.stoppedSinceMs[other];
    return followedUp ? standsInLane[0] : standsInLane[1];
  }
}
