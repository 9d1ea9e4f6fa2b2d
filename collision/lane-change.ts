import { EdgeFlag } from '../roads/graph/index.ts';
import { ClassIndex } from './causes.ts';
import type { Scene } from './scene.ts';

/** Lateral speed that counts as leaving the lane, m/s (N1). */
const minRate = 0.35;
/** The same where both receivers jitter by less than this, m. */
const minRateClean = 0.22;
const cleanNoise = 0.12;
/** A lateral speed of this confirms what the heading shows, and the heading may be ahead of it by the other, m/s. */
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
/** Lateral acceleration of a drift, m/s². */
const growth = 0.5;

/** Sideways danger: a vehicle drifts or changes towards an occupied slot of the next lane (rules N1 to N3). */
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
    if (t.v[slot] < 5 || t.dNoise[slot] > 0.4 || t.period[slot] > slowest) return;
    let other = order.ahead[slot];
    for (let n = 0; n < maxScan && other >= 0 && t.s[other] - t.s[slot] < reach; n += 1, other = order.ahead[other])
      this._pair(slot, other, nowMs);
    other = order.behind[slot];
    for (let n = 0; n < maxScan && other >= 0 && t.s[slot] - t.s[other] < reach; n += 1, other = order.behind[other])
      this._pair(slot, other, nowMs);
  }

  private _pair(slot: number, other: number, nowMs: number): void {
    const { tracks: t, seen, book } = this._scene;
    if (nowMs - t.timeMs[other] > 1000 * maxAge || t.against[other] === 1 || t.dNoise[other] > 0.4) return;
    const left = t.d[other] - t.d[slot];
    const side = left > 0 ? 1 : -1;
    const gap = Math.abs(left) - (t.width[slot] + t.width[other]) / 2;
    // Already behind each other: the leader rules see to it.
    if (gap < 0.05) return;
    // From farther than a lane away a change ends in the lane between.
    const { edgeWidth, edgeLanes } = this._scene.graph;
    const edge = t.edge[slot];
    if (Math.abs(left) > edgeWidth[edge] / edgeLanes[edge] + laneDoubt) return;
    const ownRate = t.dRate[slot];
    const otherRate = t.dRate[other];
    let closing = side * (ownRate - otherRate);
    // The heading against that of the vehicle beside shows a drift before the position does, whatever the curve of the road.
    const turned = t.hx[other] * t.hy[slot] - t.hy[other] * t.hx[slot];
    const byHeading = side * turned * Math.min(t.v[slot], t.v[other]);
    if (closing > begun && byHeading > closing && byHeading < closing + maxLead) closing = byHeading;
    const clean = t.dNoise[slot] < cleanNoise && t.dNoise[other] < cleanNoise;
    if (closing < (clean ? minRateClean : minRate)) return;
    // A drift that has begun grows: half a metre per second squared more is assumed until contact.
    const time = (Math.sqrt(closing * closing + 2 * growth * gap) - closing) / growth;
    if (time > warningTime) return;
    const ageOwn = t.age(slot, nowMs);
    const ageOther = t.age(other, nowMs);
    const front = t.s[slot] + t.advance(slot, ageOwn);
    const otherFront = t.s[other] + t.advance(other, ageOther);
    const relative = otherFront - front + (t.v[other] - t.v[slot]) * time;
    const beside = relative < t.length[other] + least && relative > -(t.length[slot] + least);
    const now = otherFront - front;
    const besideNow = now < t.length[other] + 2 && now > -(t.length[slot] + 2);
    if (!beside || !besideNow) return;
    const on = time <= imminentTime ? 3 : 2;
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
    book.observe(slot, seen, nowMs);
  }
}
