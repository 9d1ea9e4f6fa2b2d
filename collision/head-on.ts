import { directionAt, EdgeFlag, projectNear } from '../roads/graph/index.ts';
import { ClassIndex } from './causes.ts';
import { Overtaking } from './overtaking.ts';
import type { Scene } from './scene.ts';

/** Closing times of stages 2 and 3, s (W3). */
const warningTime = 8;
const imminentTime = 4;
/** For a vehicle that only leans into the other lane of a two-way road the warning is later: overtakers return (W4). */
const leaningWarningTime = 3.6;
const leaningImminentTime = 2.6;
/** An imminent warning this long before the meeting is of use, delivery included, s. */
const lastMoment = 1.3;
/** Drift is carried on at most this long, s. */
const driftTime = 1.6;
/** Part of the body beyond the middle of the road from which a vehicle counts as leaning over, m. */
const overLine = 0.35;
/** Room to the middle line within which a drift towards it is taken seriously, m. */
const touchLine = 0.3;
/** Slower than this together nobody is warned of a meeting in a narrow street, m/s. */
const minClosing = 14;
/** The last metre of an edge may be beyond it, m. */
const beforeEnd = 1;
/** So many sigmas of the receiver must lie beyond the line as well. */
const surety = 2.5;
/** A receiver worse than this cannot tell the two halves of a road apart, m: it is never taken for leaning (W4). */
const laneLevel = 0.9;
/** Who is less likely than that to be on this road drives on another one, not over the middle of this (W4). */
const likelyHere = 0.5;
const margin = 0.3;
const maxScan = 48;
/** Cosine of the greatest angle to an edge that still lies straight ahead. */
const ahead = 0.3;
const maxAge = 2;
/** Slower than this a wrong-way driver is one who stands in the way, m/s. */
const atRest = 1;
/** A wrong-way driver in the next lane is warned of as well: room between the bodies, m. */
const besideRoom = 2;
/** Who is past the fork this long before a wrong-way driver comes out of the other branch does not meet him, s. */
const pastFork = 1;

/**
 * Head-on danger (rules W2 to W4): against a driver who goes the wrong way on one's own carriageway, and against one who leaves his half of a
 * two-way road. Vehicles of both kinds are counted per edge, so that ordinary roads cost one array read per path edge.
 */
export class HeadOn {
  /** Whether the last vehicle evaluated had anybody of either kind on its way. */
  met = false;
  /** Vehicles on each edge that drive against it or lean over its middle. */
  private readonly _odd: Uint16Array;
  private readonly _oddEdge: Int32Array;
  private _numOdd = 0;
  private readonly _scene: Scene;
  private readonly _overtaking: Overtaking;
  private readonly _projected = new Float64Array(3);
  private readonly _direction = new Float64Array(2);

  constructor(scene: Scene) {
    this._scene = scene;
    this._overtaking = new Overtaking(scene);
    this._odd = new Uint16Array(scene.graph.numEdges);
    this._oddEdge = new Int32Array(scene.tracks.capacity).fill(-1);
  }

  /** Renews the vehicle's entry after each update. */
  note(slot: number): void {
    const { tracks: t } = this._scene;
    const edge = t.edge[slot];
    const odd = edge >= 0 && (t.against[slot] === 1 || this._leans(slot)) ? edge : -1;
    const before = this._oddEdge[slot];
    if (odd === before) return;
    this.remove(slot);
    if (odd < 0) return;
    this._odd[odd] += 1;
    this._numOdd += 1;
    this._oddEdge[slot] = odd;
  }

  remove(slot: number): void {
    const before = this._oddEdge[slot];
    if (before < 0) return;
    this._odd[before] -= 1;
    this._numOdd -= 1;
    this._oddEdge[slot] = -1;
  }

  evaluate(slot: number, nowMs: number): void {
    const { tracks: t, path, graph, order, joins } = this._scene;
    const own = this._oddEdge[slot] >= 0;
    this.met = own;
    if (t.against[slot] === 1) {
      this._ownWay(slot, nowMs);
      return;
    }
    const horizon = warningTime * (t.v[slot] + 30);
    if (this._numOdd === 0) return;
    let straight = true;
    for (let i = 0; path.has(i) && path.start[i] < horizon; i += 1) {
      const edge = path.edge[i];
      if (this._odd[edge] > 0) {
        this.met = true;
        let steps = 0;
        for (let other = order.head[edge]; other >= 0 && steps < maxScan; other = order.ahead[other], steps += 1)
          if (t.against[other] === 1) this._wrongWay(slot, other, path.start[i], path.lateral[i], nowMs);
      }
      if (path.has(i + 1)) this._otherBranches(slot, i, nowMs);
      // A place beside the middle says nothing about the road after a turn, least of all after turning round.
      const { startX, startY } = joins;
      if (i > 0 && startX[edge] * t.hx[slot] + startY[edge] * t.hy[slot] < ahead) straight = false;
      const reverse = graph.edgeReverse[edge];
      if (!straight || reverse < 0 || (!own && this._odd[reverse] === 0)) continue;
      this.met = true;
      let steps = 0;
      for (let other = order.head[reverse]; other >= 0 && steps < maxScan; other = order.ahead[other], steps += 1)
        if (own || this._oddEdge[other] >= 0) this._oncoming(slot, other, i, nowMs);
    }
  }

  /** The body reaches over the left edge of its half, or will within the drift time (W4). */
  private _leans(slot: number): boolean {
    const { tracks: t, graph } = this._scene;
    const edge = t.edge[slot];
    if (graph.edgeReverse[edge] < 0 || t.v[slot] < 3 || t.sSigma[slot] > laneLevel) return false;
    if (t.confidence[slot] < likelyHere) return false;
    if ((graph.edgeFlags[edge] & EdgeFlag.internal) !== 0) return false;
    // Past the end of an edge that bends on a place beside it says nothing.
    if (t.s[slot] > graph.edgeLength[edge] - beforeEnd) return false;
    // Where the body is now counts; a drift is carried on only once the body touches the line, or a lane change would look like it.
    const side = t.d[slot] + t.width[slot] / 2 - graph.edgeWidth[edge] / 2;
    if (side < -touchLine) return false;
    const rate = t.dRate[slot] > 0.4 ? t.dRate[slot] : 0;
    return side + rate * driftTime > overLine + surety * t.dSigma[slot];
  }

  /** W2: the wrong-way driver himself. */
  private _ownWay(slot: number, nowMs: number): void {
    const { tracks: t, seen, book, order } = this._scene;
    const v = t.v[slot];
    if (v < 2) return;
    const edge = t.edge[slot];
    let gap = Infinity;
    let near = -1;
    for (let other = order.behind[slot], n = 0; other >= 0 && n < maxScan; other = order.behind[other], n += 1) {
      if (t.against[other] === 1 || nowMs - t.timeMs[other] > 1000 * maxAge) continue;
      if (Math.abs(t.d[other] - t.d[slot]) > (t.width[slot] + t.width[other]) / 2 + besideRoom) continue;
      const distance = t.s[slot] - v * t.age(slot, nowMs) - (t.s[other] + t.advance(other, t.age(other, nowMs)));
      if (distance < gap) {
        gap = distance;
        near = other;
      }
    }
    const ttc = near >= 0 ? Math.max(0, gap) / (v + t.v[near]) : Infinity;
    seen.reset(ClassIndex.wrongWay, 'W2');
    seen.other = slot;
    seen.onStage = ttc <= imminentTime ? 3 : 2;
    seen.holdStage = seen.onStage;
    seen.x = t.x[slot];
    seen.y = t.y[slot];
    seen.edge = edge;
    seen.distance = Number.isFinite(gap) ? Math.max(0, gap) : 1000;
    seen.eta = Number.isFinite(ttc) ? ttc : seen.distance / v;
    seen.probability = t.confidence[slot];
    seen.ownSpeed = v;
    seen.otherSpeed = near >= 0 ? t.v[near] : 0;
    seen.causeTimestampMs = t.timeMs[slot];
    seen.urgent = true;
    book.observe(slot, seen, nowMs);
  }

  /** W3: someone comes towards us on our own carriageway. */
  private _wrongWay(slot: number, other: number, start: number, lateral: number, nowMs: number): void {
    const { tracks: t, graph } = this._scene;
    if (other === slot || nowMs - t.timeMs[other] > 1000 * maxAge) return;
    // Who came to rest comes towards nobody: the leader rules see to him.
    if (t.v[other] < atRest) return;
    const gap = start + t.s[other] - t.v[other] * t.age(other, nowMs);
    if (gap <= 0) return;
    const ttc = gap / (t.v[slot] + t.v[other] + 0.1);
    directionAt(graph, t.edge[other], t.s[other], this._direction);
    const crosswise = t.v[other] * (this._direction[0] * t.hy[other] - this._direction[1] * t.hx[other]);
    this._approach(slot, other, gap, ttc, t.d[other] + drift(crosswise) * Math.min(ttc, driftTime) - lateral, nowMs);
  }

  /** W5: a wrong-way driver on the branch not taken comes out of it onto the road the subject is still on. */
  private _otherBranches(slot: number, step: number, nowMs: number): void {
    const { turnStart, turnTo, edgeLength } = this._scene.graph;
    const edge = this._scene.path.edge[step];
    const taken = this._scene.path.edge[step + 1];
    for (let k = turnStart[edge]; k < turnStart[edge + 1]; k += 1) {
      const branch = turnTo[k];
      if (branch === taken) continue;
      if (this._odd[branch] > 0) this._fromBranch(slot, step, k, branch, 0, nowMs);
      // Most branches begin with a movement of the junction.
      if ((this._scene.graph.edgeFlags[branch] & EdgeFlag.internal) === 0) continue;
      const next = turnTo[turnStart[branch]];
      if (turnStart[branch] < turnStart[branch + 1] && this._odd[next] > 0)
        this._fromBranch(slot, step, k, next, edgeLength[branch], nowMs);
    }
  }

  /** Vehicles that come against the direction of `branch`, whose first point is `before` metres beyond the fork over turn `k`. */
  private _fromBranch(slot: number, step: number, k: number, branch: number, before: number, nowMs: number): void {
    const { tracks: t, path, order, joins } = this._scene;
    const fork = path.start[step + 1];
    const edge = path.edge[step];
    let steps = 0;
    for (let other = order.head[branch]; other >= 0 && steps < maxScan; other = order.ahead[other], steps += 1) {
      if (t.against[other] !== 1 || nowMs - t.timeMs[other] > 1000 * maxAge || t.v[other] < atRest) continue;
      this.met = true;
      const rest = Math.max(0, before + t.s[other] - t.v[other] * t.age(other, nowMs));
      const out = rest / t.v[other];
      if (fork < (out - pastFork) * t.v[slot]) continue;
      const ttc = (fork + rest) / (t.v[slot] + t.v[other] + 0.1);
      // Out of the branch he goes on in its direction, crosswise to our road.
      const { startX, startY, endX, endY } = joins;
      const crosswise = t.v[other] * (endY[edge] * startX[branch] - endX[edge] * startY[branch]);
      const theirs = t.d[other] + joins.shift[k] + crosswise * Math.min(Math.max(0, ttc - out), driftTime);
      // Which lane he takes out there nobody knows: everybody on the road is warned.
      const widest = (t.width[slot] + t.width[other]) / 2 + besideRoom;
      const apart = Math.max(-widest, Math.min(theirs - path.lateral[step], widest));
      this._approach(slot, other, fork + rest, ttc, apart, nowMs);
    }
  }

  /** Stages of W3: `apart` is how far left of the subject's track the wrong-way driver will be when the two meet. */
  private _approach(slot: number, other: number, gap: number, ttc: number, apart: number, nowMs: number): void {
    const { tracks: t } = this._scene;
    const bodies = (t.width[slot] + t.width[other]) / 2;
    const aside = Math.abs(apart);
    const rule = aside > bodies + besideRoom ? 'W3 aside' : ttc > warningTime ? 'late' : '';
    this._scene.trace?.meeting('head-on', other, rule, ttc, warningTime, aside - bodies);
    if (rule !== '') return;
    const same = aside < bodies + margin;
    this._report(
      slot,
      other,
      ClassIndex.wrongWay,
      'W3',
      gap,
      ttc,
      ttc <= imminentTime && same ? 3 : 2,
      same ? 0.9 : 0.5,
      nowMs,
    );
  }

  /** W4: oncoming traffic of a two-way road, one of us beyond the middle. `step` is the path step whose reverse the other is on. */
  private _oncoming(slot: number, other: number, step: number, nowMs: number): void {
    const { tracks: t, path, graph } = this._scene;
    if (nowMs - t.timeMs[other] > 1000 * maxAge || t.v[other] < 1 || t.against[other] === 1) return;
    const edge = path.edge[step];
    const reverse = t.edge[other];
    const out = this._projected;
    const about = graph.edgeLength[edge] * (1 - t.s[other] / graph.edgeLength[reverse]);
    projectNear(graph, edge, about, 60, t.x[other], t.y[other], out);
    const gap = path.start[step] + out[0] - t.advance(other, t.age(other, nowMs));
    if (gap <= 0 || t.v[slot] + t.v[other] < minClosing) return;
    const ttc = gap / (t.v[slot] + t.v[other] + 0.1);
    if (ttc > leaningWarningTime) {
      this._scene.trace?.meeting('head-on', other, 'late', ttc, leaningWarningTime, out[1] - path.lateral[step]);
      return;
    }
    const carry = Math.min(ttc, driftTime);
    // Both laterals in the frame of our edge, left positive; the other's drift to its left comes towards us.
    const ours = path.lateral[step] + drift(t.dRate[slot]) * carry;
    const theirs = out[1] - drift(t.dRate[other]) * carry;
    const reach = (t.width[slot] + t.width[other]) / 2 + margin;
    const apart = theirs - ours - reach;
    const leaning = this._oddEdge[other] >= 0 ? other : slot;
    const rule =
      apart >= 0 ? 'W4 aside' : ttc > lastMoment && this._overtaking.returnsBefore(leaning, ttc, nowMs) ? 'W8' : '';
    this._scene.trace?.meeting('head-on', other, rule, ttc, leaningWarningTime, apart + margin);
    if (rule !== '') return;
    const on = ttc <= leaningImminentTime ? 3 : 2;
    this._report(slot, other, ClassIndex.headOn, 'W4', gap, ttc, on, 0.8, nowMs);
  }

  private _report(
    slot: number,
    other: number,
    cls: number,
    rule: string,
    gap: number,
    ttc: number,
    on: number,
    probability: number,
    nowMs: number,
  ): void {
    const { tracks: t, seen, book } = this._scene;
    if (on === 0) return;
    const v = t.v[slot];
    seen.reset(cls, rule);
    seen.other = other;
    seen.onStage = on;
    seen.holdStage = on;
    const meet = v * ttc;
    seen.x = t.x[slot] + t.hx[slot] * meet;
    seen.y = t.y[slot] + t.hy[slot] * meet;
    seen.edge = t.edge[slot];
    seen.distance = meet;
    seen.eta = ttc;
    // To be at rest where the two meet at best; the other's braking is not counted on.
    seen.requiredDeceleration = v > 0 ? (v * v) / (2 * Math.max(0.5, gap / 2)) : 0;
    seen.probability = probability;
    seen.ownSpeed = v;
    seen.otherSpeed = t.v[other];
    seen.causeTimestampMs = Math.max(t.timeMs[slot], t.timeMs[other]);
    // Overtakers return: what lasts until the next look is told then, unless that would be too late (C3).
    seen.urgent = cls === ClassIndex.wrongWay || ttc < lastMoment + t.period[other];
    book.observe(slot, seen, nowMs);
  }
}

/** Lateral speed that counts as a drift. */
function drift(rate: number): number {
  return rate > 0.35 || rate < -0.35 ? rate : 0;
}
