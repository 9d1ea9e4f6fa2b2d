import { ClassIndex } from './causes.ts';
import { isFastRoad } from './fast-road.ts';
import type { Followers } from './followers.ts';
import { requiredBehindLeader } from './measures/required-deceleration.ts';
import { lineReach, type QueueContext, spillDistance } from './queue-context.ts';
import type { RoadDemand } from './road-demand.ts';
import type { Scene } from './scene.ts';
import { leaderReaction } from './thresholds.ts';
import { TrackFlag } from './vehicle-flags.ts';

/** A brake this hard is an emergency, m/s² (SAE J2945/1: 0.4 g); slower than this it frightens nobody, m/s. */
const hardBrake = 4;
const slowest = 5;
/** How far back the drivers are told, m (L14). */
const reach = 300;
/** Room that each vehicle in between leaves when all stand, m. */
const standstill = 2;
/** Who brakes harder than this has seen it, m/s². */
const braking = -1;
/** Need of slowing down from which it is worth an advisory, m/s² (as A6). */
const comfortable = 1.5;
/** How often those behind such a driver came upon slow traffic, in recorded traffic (as S6). */
const reallySlow = 0.9;
/** Drivers who brake one after the other are one piece of news to those behind, ms. */
const sameNewsMs = 10_000;

/**
 * Emergency brake light (rule L14): a driver brakes hard, and those behind him in his lane cannot see it because somebody drives between. They are told
 * when, with everybody between brought to rest behind him, they would have to brake themselves.
 */
export class EmergencyBrake {
  private readonly _scene: Scene;
  private readonly _followers: Followers;
  private readonly _queue: QueueContext;
  private readonly _demand: RoadDemand;
  /** Of whom each vehicle was told last, and when. */
  private readonly _toldOf: Int32Array;
  private readonly _toldMs: Float64Array;

  constructor(scene: Scene, followers: Followers, queue: QueueContext, demand: RoadDemand) {
    this._scene = scene;
    this._followers = followers;
    this._queue = queue;
    this._demand = demand;
    this._toldOf = new Int32Array(scene.tracks.capacity).fill(-1);
    this._toldMs = new Float64Array(scene.tracks.capacity).fill(-Infinity);
  }

  forget(slot: number): void {
    this._toldMs[slot] = -Infinity;
  }

  /** Whether the vehicle brakes so hard: by its own statement or by its motion. */
  brakes(slot: number): boolean {
    const { tracks: t, habit } = this._scene;
    if (t.v[slot] < slowest || t.against[slot] === 1) return false;
    return (
      -t.a[slot] >= habit.rare(hardBrake) || ((t.flags[slot] & TrackFlag.hardBraking) !== 0 && t.a[slot] < braking)
    );
  }

  /** Tells those behind a vehicle that `brakes`, unless it stops for a line, as far as its braking takes it, or for a queue. */
  announce(slot: number, nowMs: number): void {
    if (this._demand.explains(slot) || this._joinsQueue(slot)) return;
    const f = this._followers;
    f.find(slot, reach, nowMs);
    for (let i = 0; i < f.count; i += 1)
      if (f.inTrack[i] === 1 && f.between[i] > 0)
        this._tell(f.slot[i], slot, f.gap[i], f.between[i], f.taken[i], nowMs);
  }

  /** Whether the next vehicle ahead on the road waits in the ordinary way (Q2, Q3), or rolls up to do so. */
  private _joinsQueue(slot: number): boolean {
    const { tracks: t, order, graph } = this._scene;
    const lead = order.ahead[slot];
    if (lead < 0 || (isFastRoad(graph, t.edge[slot]) && this._queue.toLine[slot] > spillDistance)) return false;
    const v = t.v[lead];
    return v < t.v[slot] && this._queue.headToLine[lead] < lineReach + (v * v) / 3;
  }

  private _tell(slot: number, lead: number, distance: number, between: number, taken: number, nowMs: number): void {
    const { tracks: t, seen, book } = this._scene;
    const v = t.v[slot];
    const vLead = t.v[lead];
    if (t.a[slot] < braking || (this._toldOf[slot] !== lead && nowMs - this._toldMs[slot] < sameNewsMs)) return;
    // When all have come to rest, those between stand behind each other before him.
    const room = distance - taken - standstill * between;
    const brake = Math.max(-t.a[lead], 0);
    if (requiredBehindLeader(room, v, vLead, brake, leaderReaction(v, t.period[slot])) < comfortable) return;
    this._toldOf[slot] = lead;
    this._toldMs[slot] = nowMs;
    seen.reset(ClassIndex.hardBraking, 'L14');
    seen.other = lead;
    seen.onStage = 1;
    seen.holdStage = 1;
    seen.x = t.x[lead];
    seen.y = t.y[lead];
    seen.edge = t.edge[lead];
    seen.distance = distance;
    seen.eta = distance / Math.max(v, 1);
    seen.requiredDeceleration = requiredBehindLeader(room, v, vLead, brake, 0);
    seen.probability = reallySlow;
    seen.ownSpeed = v;
    seen.otherSpeed = vLead;
    seen.causeTimestampMs = t.timeMs[lead];
    seen.urgent = true;
    book.observe(slot, seen, nowMs);
  }
}
