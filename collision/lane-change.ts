import { EdgeFlag } from '../roads/graph/index.ts';
import { ClassIndex } from './causes.ts';
import { laneOf, leavesLane } from './lane-position.ts';
import { requiredBehindLeader } from './measures/required-deceleration.ts';
import type { Scene } from './scene.ts';
import { imminentDeceleration, imminentReaction } from './thresholds.ts';
import { TrackFlag } from './vehicle-flags.ts';

/** Lateral speed that counts as leaving the lane, m/s (N1). */
const minRate = 0.35;
/** The same where both receivers jitter by less than this, m, and the drift grows by at least `minPush` m/s². */
const minRateClean = 0.22;
const cleanNoise = 0.12;
const minPush = 0.3;
/** A lateral speed of this confirms what the heading or an indicator shows; the heading may be ahead of it by `maxLead`, m/s. */
const begun = 0.08;
const maxLead = 0.5;
const warningTime = 3;
const imminentTime = 1.9;
/** Whoever changes over leaves less than this to the one in the lane: no driver does that on purpose, m. */
const least = 0.8;
const reach = 30;
const maxScan = 8;
const maxAge = 1.2;
const slowest = 0.35;
const laneDoubt = 0.2;
/** A drift that has begun is taken to grow by at least and at most this, m/s². */
const leastGrowth = 0.5;
const mostGrowth = 1.2;

/** Sideways danger: a vehicle drifts or changes towards an occupied slot of the next lane (rules N1 to N5). */
export class LaneChange {
  private readonly _scene: Scene;

  constructor(scene: Scene) {
    this._scene = scene;
  }

  evaluate(slot: number, nowMs: number): void {
    const { tracks: t, order, graph } = this._scene;
    const edge = t.edge[slot];
    if (graph.edgeLanes[edge] < 2 || (graph.edgeFlags[edge] & EdgeFlag.internal) !== 0) return;
    // Below 3 Hz a change of lane is over between two looks: its rate cannot be told from noise (N3).
    if (t.v[slot] < 3 || t.dNoise[slot] > 0.4 || t.period[slot] > slowest) return;
    let other = order.ahead[slot];
    for (let n = 0; n < maxScan && other >= 0 && t.s[other] - t.s[slot] < reach; n += 1, other = order.ahead[other])
      this._pair(slot, other, nowMs);
    other = order.behind[slot];
    for (let n = 0; n < maxScan && other >= 0 && t.s[slot] - t.s[other] < reach; n += 1, other = order.behind[other])
      this._pair(slot, other, nowMs);
  }

  private _pair(slot: number, other: number, nowMs: number): void {
    const { tracks: t, graph } = this._scene;
    if (nowMs - t.timeMs[other] > 1000 * maxAge || t.against[other] === 1 || t.dNoise[other] > 0.4) return;
    const left = t.d[other] - t.d[slot];
    const side = left > 0 ? 1 : -1;
    const gap = Math.abs(left) - (t.width[slot] + t.width[other]) / 2;
    // Already behind each other: the leader rules see to it.
    if (gap < 0.05) return;
    // From farther than a lane away a change ends in the lane between.
    const edge = t.edge[slot];
    if (Math.abs(left) > graph.edgeWidth[edge] / graph.edgeLanes[edge] + laneDoubt) return;
    const clean = t.dNoise[slot] < cleanNoise && t.dNoise[other] < cleanNoise;
    const sameLane = laneOf(graph, t, slot) === laneOf(graph, t, other);
    const ownLeaves = sameLane || leavesLane(graph, t, slot, side);
    const otherLeaves = sameLane || leavesLane(graph, t, other, -side);
    // N5: who moves towards the middle of his own lane ends a change there; his speed leads nowhere.
    const towards = ownLeaves ? side * t.dRate[slot] : 0;
    const towardsOther = otherLeaves ? -side * t.dRate[other] : 0;
    const rate = towards + towardsOther;
    // The heading against that of the vehicle beside shows a drift before the position does, whatever the curve of the road.
    const turned = t.hx[other] * t.hy[slot] - t.hy[other] * t.hx[slot];
    const byHeading = side * turned * Math.min(t.v[slot], t.v[other]);
    const closing = rate > begun && byHeading > rate && byHeading < rate + maxLead ? byHeading : rate;
    const push = (ownLeaves ? side * t.dPush[slot] : 0) - (otherLeaves ? side * t.dPush[other] : 0);
    const signalled =
      (towards > begun && indicates(t.flags[slot], side)) || (towardsOther > begun && indicates(t.flags[other], -side));
    const grows = clean && (push > minPush || signalled);
    if (closing < (grows ? minRateClean : minRate)) {
      this._scene.trace?.meeting('sidewise', other, 'N1', Infinity, warningTime, gap);
      return;
    }
    const growth = clean ? Math.max(leastGrowth, Math.min(push, mostGrowth)) : leastGrowth;
    const aside = (Math.sqrt(closing * closing + 2 * growth * gap) - closing) / growth;
    if (aside > warningTime) {
      this._scene.trace?.meeting('sidewise', other, 'late', aside, warningTime, gap);
      return;
    }
    const ageOwn = t.age(slot, nowMs);
    const ageOther = t.age(other, nowMs);
    const now = t.s[other] + t.advance(other, ageOther) - t.s[slot] - t.advance(slot, ageOwn);
    const then = t.s[other] + t.advance(other, ageOther + aside) - t.s[slot] - t.advance(slot, ageOwn + aside);
    if (then < t.length[other] + least && then > -(t.length[slot] + least)) {
      // Two signs that do not depend on each other need no second look: position and heading, or position and indicator.
      const certain = clean && ((rate >= minRateClean && byHeading >= minRateClean) || signalled);
      this._report(slot, other, aside, aside <= imminentTime ? 3 : 2, certain, nowMs);
      return;
    }
    // N4: cut in so close before the one behind that he cannot brake for it.
    this._scene.trace?.meeting('sidewise', other, 'N4', aside, warningTime, gap);
    if (aside > imminentTime) return;
    const behind = now > 0 ? slot : other;
    const before = now > 0 ? other : slot;
    if (before === slot ? towards <= begun : towardsOther <= begun) return;
    const room = Math.abs(now) - t.length[before];
    const v = t.v[behind];
    if (room <= 0 || v - t.v[before] < 1) return;
    const brake = t.a[before] < -0.5 ? -t.a[before] : 0;
    const needed = requiredBehindLeader(room, v, t.v[before], brake, imminentReaction);
    if (needed < imminentDeceleration(t.stationType[behind], this._scene.friction)) return;
    // Still time to swerve back: the bodies have to meet before the one behind can have braked.
    if (room > (v - t.v[before]) * imminentTime) return;
    this._report(slot, other, Math.max(aside, room / (v - t.v[before])), 3, signalled, nowMs);
  }

  private _report(slot: number, other: number, time: number, on: number, certain: boolean, nowMs: number): void {
    const { tracks: t, seen, book } = this._scene;
    this._scene.trace?.meeting('sidewise', other, '', time, warningTime, 0);
    seen.reset(ClassIndex.laneChange, 'N2');
    seen.other = other;
    seen.onStage = on;
    seen.holdStage = on;
    seen.x = t.x[slot] + t.hx[slot] * t.v[slot] * time;
    seen.y = t.y[slot] + t.hy[slot] * t.v[slot] * time;
    seen.edge = t.edge[slot];
    seen.distance = t.v[slot] * time;
    seen.eta = time;
    seen.probability = 0.7;
    seen.ownSpeed = t.v[slot];
    seen.otherSpeed = t.v[other];
    seen.causeTimestampMs = Math.max(t.timeMs[slot], t.timeMs[other]);
    seen.urgent = time < imminentTime;
    seen.certain = certain && time < imminentTime;
    book.observe(slot, seen, nowMs);
  }
}

/** Whether the indicator of that side (1 left, -1 right) is on, and only that one. */
function indicates(flags: number, side: number): boolean {
  const both = flags & (TrackFlag.leftIndicator | TrackFlag.rightIndicator);
  return both === (side > 0 ? TrackFlag.leftIndicator : TrackFlag.rightIndicator);
}
