import { directionAt, EdgeFlag } from '../roads/graph/index.ts';
import { ClassIndex } from './causes.ts';
import type { Followers } from './followers.ts';
import { requiredBehindLeader } from './measures/required-deceleration.ts';
import type { Scene } from './scene.ts';
import { leaderReaction, warningDeceleration, warningReaction } from './thresholds.ts';
import { TrackFlag } from './vehicle-flags.ts';

/** Slower than this a vehicle that says of itself that it skids endangers nobody, m/s. */
const slowest = 5;
/** A body at more than this angle to its own motion, rad, that turns faster than tyres hold, m/s² of sidewise acceleration, spins (K1) … */
const slipAngle = 0.5;
const grip = 7;
/** … at this speed and above, m/s, when it has done so for this long, ms. */
const slipSpeed = 8;
const slipMs = 1000;
/** Who reports less often than this, s, is past the bend between two reports: of him only his own statement tells (as N3). */
const rarely = 0.35;
/** Tyres that slide brake a vehicle by this, m/s²: it may come to rest across the road (K2). */
const sliding = 6;
/** Less sure than this on which road the vehicle is, its direction against the road says nothing, probability (as H14). */
const leastConfidence = 0.8;
/** How far back, m, and how long before the meeting, s, others are told and warned (K2). */
const reach = 300;
const meetingTime = 8;
const warningTime = 4;
/** Need of slowing down from which it is worth an advisory, m/s² (as A6). */
const comfortable = 1.5;
/** How sure the rule is that the vehicle has lost its grip. */
const sure = 0.8;

/**
 * Loss of control (rules K1 and K2): a vehicle whose brakes or stability control say that it skids, or whose body points elsewhere than it moves, is told
 * to those who come up behind it in any lane, and to those who come towards it on the other half of the road.
 */
export class ControlLoss {
  private readonly _scene: Scene;
  private readonly _followers: Followers;
  /** Since when the vehicle has been seen to slide, ms; 0 = it does not. */
  private readonly _sinceMs: Float64Array;
  private readonly _way = new Float64Array(2);

  constructor(scene: Scene, followers: Followers) {
    this._scene = scene;
    this._followers = followers;
    this._sinceMs = new Float64Array(scene.tracks.capacity);
  }

  forget(slot: number): void {
    this._sinceMs[slot] = 0;
  }

  /** K1, once per look: by its own statement, or by its motion. */
  isLost(slot: number): boolean {
    const { tracks: t } = this._scene;
    const v = t.v[slot];
    if (v < slowest || t.against[slot] === 1) return false;
    if ((t.flags[slot] & (TrackFlag.absActive | TrackFlag.stabilityActive)) !== 0) return true;
    if (v < slipSpeed || t.period[slot] > rarely || !this._slides(slot)) {
      this._sinceMs[slot] = 0;
      return false;
    }
    const now = t.timeMs[slot];
    if (this._sinceMs[slot] === 0) this._sinceMs[slot] = now;
    return now - this._sinceMs[slot] >= slipMs;
  }

  /** Whether the body turns away from its own motion faster than tyres hold, wherever along the road under it that is measured; inside junctions the road says too little. */
  private _slides(slot: number): boolean {
    const { tracks: t, graph } = this._scene;
    const edge = t.edge[slot];
    const rear = t.s[slot] - t.length[slot];
    if (Math.abs(t.yawRate[slot]) * t.v[slot] < grip || t.confidence[slot] < leastConfidence) return false;
    if ((graph.edgeFlags[edge] & EdgeFlag.internal) !== 0 || rear < 0) return false;
    const drift = Math.atan2(t.dRate[slot], t.v[slot]);
    return this._points(slot, t.s[slot], drift) && this._points(slot, rear, drift);
  }

  /** Whether the body points elsewhere than `drift` rad to the left of the road at `s`. */
  private _points(slot: number, s: number, drift: number): boolean {
    const { tracks: t, graph } = this._scene;
    directionAt(graph, t.edge[slot], s, this._way);
    const along = this._way[0] * t.hx[slot] + this._way[1] * t.hy[slot];
    // Nearly everybody: the body lies along the road, and so does its motion.
    if (along > 0.97) return false;
    const aside = this._way[0] * t.hy[slot] - this._way[1] * t.hx[slot];
    return Math.abs(Math.atan2(aside, along) - drift) > slipAngle;
  }

  /** Tells those about a vehicle that `isLost`. */
  announce(slot: number, nowMs: number): void {
    const { tracks: t, friction } = this._scene;
    const f = this._followers;
    f.find(slot, reach, nowMs);
    for (let i = 0; i < f.count; i += 1) {
      const other = f.slot[i];
      const v = t.v[other];
      const need = requiredBehindLeader(f.gap[i], v, t.v[slot], sliding, warningReaction);
      const unhurried = requiredBehindLeader(f.gap[i], v, t.v[slot], sliding, leaderReaction(v, t.period[other]));
      const stage = need >= warningDeceleration(t.stationType[other], friction) ? 2 : unhurried >= comfortable ? 1 : 0;
      this._tell(other, slot, f.gap[i], f.gap[i] / Math.max(v, 1), stage, nowMs);
    }
    f.findOncoming(slot, reach, nowMs);
    for (let i = 0; i < f.count; i += 1) {
      const other = f.slot[i];
      const time = f.gap[i] / (t.v[other] + t.v[slot]);
      this._tell(other, slot, t.v[other] * time, time, time < warningTime ? 2 : time < meetingTime ? 1 : 0, nowMs);
    }
  }

  private _tell(slot: number, lost: number, distance: number, eta: number, stage: number, nowMs: number): void {
    const { tracks: t, seen, book } = this._scene;
    if (stage === 0) return;
    const v = t.v[slot];
    seen.reset(ClassIndex.controlLoss, 'K2');
    seen.other = lost;
    seen.onStage = stage;
    seen.holdStage = stage;
    seen.x = t.x[lost];
    seen.y = t.y[lost];
    seen.edge = t.edge[lost];
    seen.distance = distance;
    seen.eta = eta;
    seen.requiredDeceleration = requiredBehindLeader(distance, v, t.v[lost], sliding, 0);
    seen.probability = sure;
    seen.ownSpeed = v;
    seen.otherSpeed = t.v[lost];
    seen.causeTimestampMs = Math.max(t.timeMs[slot], t.timeMs[lost]);
    seen.urgent = true;
    book.observe(slot, seen, nowMs);
  }
}
