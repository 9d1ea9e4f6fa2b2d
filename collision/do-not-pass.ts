import { EdgeFlag, TurnKind } from '../roads/graph/index.ts';
import { ClassIndex } from './causes.ts';
import type { Leaders } from './leaders.ts';
import { requiredToStop } from './measures/required-deceleration.ts';
import type { Scene } from './scene.ts';
import { TrackFlag } from './vehicle-flags.ts';

/** Nobody overtakes in a jam, m/s; nor one who is farther ahead than this, s, m. */
const slowest = 8;
const followTime = 2.5;
const followRoom = 10;
/** How an overtaker speeds up, m/s², the gap he leaves before he returns, s, and how long he is out at most, s. */
const speedingUp = 1.5;
const returnGap = 0.7;
const longest = 12;
/** Room kept between his return and the meeting, s. */
const spare = 1;
/** Who turns off to the left within this, s, m, indicates for that. */
const turnTime = 4;
const turnRoom = 30;
const braking = -0.5;
const maxScan = 48;
const maxAge = 2;
/** How sure the rule is that he will pull out. */
const pullsOut = 0.5;

/**
 * Do not pass (rule W7): on a road where one overtakes through the opposite lane a driver behind another shows that he is about to overtake, and somebody comes towards him
 * who will be there before he is back. Once he leans over the middle, W4 sees to it.
 */
export class DoNotPass {
  private readonly _scene: Scene;
  private readonly _leaders: Leaders;

  constructor(scene: Scene, leaders: Leaders) {
    this._scene = scene;
    this._leaders = leaders;
  }

  /** After the leaders of the vehicle are known. */
  evaluate(slot: number, nowMs: number): void {
    const { tracks: t, graph } = this._scene;
    const both = TrackFlag.leftIndicator | TrackFlag.rightIndicator;
    if ((t.flags[slot] & both) !== TrackFlag.leftIndicator) return;
    const edge = t.edge[slot];
    const v = t.v[slot];
    if (v < slowest || t.a[slot] < braking || (graph.edgeFlags[edge] & EdgeFlag.oppositeOvertaking) === 0) return;
    if (this._turnsOff(v)) return;
    const { leader, gap } = this._leaders;
    if (leader < 0 || gap > followTime * v + followRoom || t.v[leader] > v + speedingUp) return;
    const time = this._timeOut(slot, leader, gap);
    if (time < longest) this._lookAhead(slot, time, nowMs);
  }

  private _turnsOff(v: number): boolean {
    const { path, graph } = this._scene;
    const reach = turnTime * v + turnRoom;
    for (let i = 1; path.has(i) && path.start[i] < reach; i += 1)
      if (graph.edgeTurn[path.edge[i]] === TurnKind.left || graph.edgeTurn[path.edge[i]] === TurnKind.uTurn)
        return true;
    return false;
  }

  /** Seconds until he is back in his lane before `leader`. */
  private _timeOut(slot: number, leader: number, gap: number): number {
    const { tracks: t } = this._scene;
    const way = gap + t.length[leader] + t.length[slot] + returnGap * t.v[leader];
    const faster = t.v[slot] - t.v[leader];
    return (Math.sqrt(faster * faster + 2 * speedingUp * way) - faster) / speedingUp;
  }

  /** The nearest who comes towards him, if he will be there within `time` s. */
  private _lookAhead(slot: number, time: number, nowMs: number): void {
    const { tracks: t, path, graph, order } = this._scene;
    const v = t.v[slot] + 0.5 * speedingUp * time;
    let nearest = -1;
    let soonest = time + spare;
    for (let i = 0; path.has(i) && path.start[i] < soonest * (v + 30); i += 1) {
      const reverse = graph.edgeReverse[path.edge[i]];
      if (reverse < 0) continue;
      const scale = graph.edgeLength[path.edge[i]] / graph.edgeLength[reverse];
      let steps = 0;
      for (let other = order.tail[reverse]; other >= 0 && steps < maxScan; other = order.behind[other], steps += 1) {
        if (nowMs - t.timeMs[other] > 1000 * maxAge || t.against[other] === 1 || t.v[other] < 1) continue;
        const distance = path.end[i] - scale * (t.s[other] + t.advance(other, t.age(other, nowMs)));
        if (distance <= 0 || distance >= soonest * (v + t.v[other])) continue;
        nearest = other;
        soonest = distance / (v + t.v[other]);
      }
    }
    if (nearest >= 0) this._tell(slot, nearest, soonest, soonest * (v + t.v[nearest]), nowMs);
  }

  private _tell(slot: number, other: number, time: number, distance: number, nowMs: number): void {
    const { tracks: t, seen, book } = this._scene;
    seen.reset(ClassIndex.headOn, 'W7');
    seen.other = other;
    seen.onStage = 1;
    seen.holdStage = 1;
    seen.distance = t.v[slot] * time;
    seen.x = t.x[slot] + t.hx[slot] * seen.distance;
    seen.y = t.y[slot] + t.hy[slot] * seen.distance;
    seen.edge = t.edge[slot];
    seen.eta = time;
    seen.requiredDeceleration = requiredToStop(distance / 2, t.v[slot], 0);
    seen.probability = pullsOut;
    seen.ownSpeed = t.v[slot];
    seen.otherSpeed = t.v[other];
    seen.causeTimestampMs = Math.max(t.timeMs[slot], t.timeMs[other]);
    seen.urgent = true;
    book.observe(slot, seen, nowMs);
  }
}
