import { directionAt, EdgeFlag } from '../roads/graph/index.ts';
import { laneMiddle, leavesLane } from './lane-position.ts';
import { contactTime } from './measures/contact-time.ts';
import type { Scene } from './scene.ts';

/** A change of lane is carried on this long, s, from this lateral speed, m/s (L3). */
const driftTime = 1.2;
const minDrift = 0.45;
/** A driver moving sidewise at this speed, m/s, leaves his lane (L10); longer than this ahead nothing is made of it, s. */
const leavingRate = 0.6;
const leavingRateByHeading = 1.2;
const leavingTime = 4;
/** A lateral speed must be so many times the lateral noise per second to be believed. */
const surelyMoving = 1.5;

/** Changes of lane of a vehicle and of those ahead of it: who comes into whose way, and who leaves it in time (rules L3, L10). */
export class Sidewise {
  private readonly _scene: Scene;
  private readonly _direction = new Float64Array(2);

  constructor(scene: Scene) {
    this._scene = scene;
  }

  /** L3: whether a drift of `slot` is seen, at a high update rate, that is more than the end of a change of lane. */
  drifts(slot: number): boolean {
    const { tracks: t, graph } = this._scene;
    if (t.period[slot] > 0.35 || t.dNoise[slot] > 0.3) return false;
    const rate = t.dRate[slot];
    if (rate < minDrift && rate > -minDrift) return false;
    return leavesLane(graph, t, slot, rate > 0 ? 1 : -1);
  }

  /**
   * L3: whether such a drift leads into the way of `other` by the time `slot` comes up to him. `apart` is how far left of its track he is, `ahead` how far
   * before its front his front, both m.
   */
  driftsInto(slot: number, other: number, apart: number, ahead: number): boolean {
    const { tracks: t } = this._scene;
    if (t.v[other] > 0.8 * t.v[slot]) return false;
    const rate = t.dRate[slot];
    const closing = t.v[slot] - t.v[other];
    const first = (ahead - t.length[other]) / closing;
    const last = (ahead + t.length[slot]) / closing;
    const from = apart - rate * Math.min(Math.max(first, 0), driftTime);
    const to = apart - rate * Math.min(last, driftTime);
    const reach = (t.width[slot] + t.width[other]) / 2;
    return Math.min(from, to) < reach && Math.max(from, to) > -reach;
  }

  /** L10: whether either of the two moves sidewise so that `leaves` is to be asked. */
  moves(slot: number, lead: number): boolean {
    const { tracks: t } = this._scene;
    if (isMoving(t.dRate[slot], t.dNoise[slot]) || isMoving(t.dRate[lead], t.dNoise[lead])) return true;
    return t.period[slot] > 0.35;
  }

  /** L10: going on sidewise as they do, `slot` and `lead`, `apart` m left of its track, are clear of each other before the `gap` between them is used up. */
  leaves(slot: number, lead: number, apart: number, gap: number): boolean {
    const { tracks: t } = this._scene;
    const rate = this._ownRate(slot) - this._leadRate(slot, lead, apart);
    if (rate === 0) return false;
    const time = contactTime(Math.max(gap, 0), t.v[slot], Math.max(0, t.a[slot]), t.v[lead], Math.max(0, -t.a[lead]));
    const later = apart - rate * Math.min(time, leavingTime);
    const reach = (t.width[slot] + t.width[lead]) / 2;
    return rate > 0 ? later < -reach : later > reach;
  }

  /** Lateral speed at which the driver leaves his track, m/s, left positive; 0 where he surely does not. */
  private _ownRate(slot: number): number {
    const { tracks: t, graph } = this._scene;
    const rate = t.dRate[slot];
    if (isMoving(rate, t.dNoise[slot])) return rate;
    if (t.period[slot] <= 0.35) return 0;
    // Between slow reports a change of lane may show in the heading first.
    directionAt(graph, t.edge[slot], t.s[slot], this._direction);
    const turned = t.v[slot] * (this._direction[0] * t.hy[slot] - this._direction[1] * t.hx[slot]);
    return turned >= leavingRateByHeading || turned <= -leavingRateByHeading ? turned : 0;
  }

  /**
   * The same of the one ahead: from beyond the middle of his lane, or towards it in a lane beside, and away from the track of `slot` that he is `apart` m
   * left of; in a junction he turns.
   */
  private _leadRate(slot: number, lead: number, apart: number): number {
    const { tracks: t, graph } = this._scene;
    const rate = t.dRate[lead];
    if (!isMoving(rate, t.dNoise[lead]) || rate * apart <= 0) return 0;
    if ((graph.edgeFlags[t.edge[lead]] & EdgeFlag.internal) !== 0) return 0;
    const beside = Math.abs(laneMiddle(graph, t, lead) - t.d[lead] + apart);
    if (beside >= (t.width[slot] + t.width[lead]) / 2) return rate;
    return leavesLane(graph, t, lead, rate > 0 ? 1 : -1) ? rate : 0;
  }
}

/** A lateral speed, m/s, at which a lane is left, and that is more than the `noise` of the receiver, m. */
function isMoving(rate: number, noise: number): boolean {
  const least = Math.max(leavingRate, surelyMoving * noise);
  return rate >= least || rate <= -least;
}
