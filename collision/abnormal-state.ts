import { ClassIndex } from './causes.ts';
import type { Evidence } from './evidence.ts';
import { isFastRoad } from './fast-road.ts';
import type { Hazards } from './hazards.ts';
import { lineReach, type QueueContext, spillDistance } from './queue-context.ts';
import type { Scene } from './scene.ts';
import { isPedestrian, TrackFlag } from './vehicle-flags.ts';

/** Shares of the usual speed below which a vehicle is a hazard at once, and a slow vehicle after a while (H1). */
const slowShare = 0.35;
const crawlShare = 0.58;
const crawlMs = 20_000;
/** Who has become faster by this meanwhile, m/s, gathers speed: he has not driven slowly yet (H1). */
const gathering = 2;
/** Recovered above this share (H4). */
const recoveredShare = 0.62;
const standing = 1.4;
/** Faster than this and gaining speed, a driver leaves the danger behind, m/s (H4). */
const drivingOff = 4;
/**
 * In town a sudden stop counts as a crash once the vehicle has stood for so long, ms, from within so long after it, ms (H3): a driver who only stopped
 * hard, or whose receiver lost its place for a moment, drives on; wrecks stay. One that a warning had foretold needs less.
 */
const crashRestMs = 10_000;
const foretoldRestMs = 1500;
const rollingOutMs = 2000;
const warning = 2;
/** A vehicle of which it is not known on which road it is may stand where it should, probability (H14). */
const leastConfidence = 0.8;
/** Change of speed no brake achieves, m/s² (collision.md 6.1). */
const crashDeceleration = 10.5;

/** Decides per update whether a vehicle is itself a danger to those behind it (rules H1 to H4, Q2, Q3). */
export class AbnormalState {
  private readonly _scene: Scene;
  private readonly _hazards: Hazards;
  private readonly _queue: QueueContext;
  private readonly _evidence: Evidence;
  /** Slowest since `crawlSinceMs`, m/s. */
  private readonly _crawlSpeed: Float32Array;
  /** How long the vehicle must stay after its sudden stop, ms. */
  private readonly _restMs: Float32Array;

  constructor(scene: Scene, hazards: Hazards, queue: QueueContext, evidence: Evidence) {
    this._scene = scene;
    this._hazards = hazards;
    this._queue = queue;
    this._evidence = evidence;
    this._crawlSpeed = new Float32Array(scene.tracks.capacity);
    this._restMs = new Float32Array(scene.tracks.capacity);
  }

  /** What the road ahead of the vehicle allows: the lower limit of this edge and the next one within 150 m. */
  private _usual(): number {
    const { graph, path } = this._scene;
    let usual = graph.edgeLimit[path.edge[0]];
    for (let i = 1; i < path.length && path.start[i] < 150; i += 1) {
      const limit = Math.min(graph.edgeLimit[path.edge[i]], this._scene.turns.driven.curveSpeed[path.edge[i]]);
      if (limit < usual) usual = limit;
    }
    return usual;
  }

  /** Called once per accepted state of a matched vehicle, after its path and its queue context are known. */
  evaluate(slot: number): void {
    const { tracks: t } = this._scene;
    const now = t.timeMs[slot];
    const v = t.v[slot];
    const usual = this._usual();
    t.stoppedSinceMs[slot] = v < standing ? t.stoppedSinceMs[slot] || now : 0;
    t.slowSinceMs[slot] = v < slowShare * usual ? t.slowSinceMs[slot] || now : 0;
    this._noteCrawl(slot, now, v < crawlShare * usual && v > standing);
    this._evidence.look(slot, t.slowSinceMs[slot] > 0 && !this._normalStop(slot), v > recoveredShare * usual);
    if (t.suddenMs[slot] > 0) this._weighSudden(slot, now, v, usual);
    const leaving = v > drivingOff && t.a[slot] > 0.4 && t.against[slot] === 0;
    const cls = leaving ? -1 : this._class(slot, now, v, usual);
    if (cls >= 0) this._hazards.join(slot, cls);
    else if (this._hazards.isListed(slot) && (leaving || v > recoveredShare * usual || this._normalStop(slot)))
      this._hazards.leave(slot);
  }

  /** Since when the vehicle has been slow without gathering speed. */
  private _noteCrawl(slot: number, now: number, crawls: boolean): void {
    const { crawlSinceMs, v } = this._scene.tracks;
    const slowest = this._crawlSpeed;
    if (!crawls) crawlSinceMs[slot] = 0;
    else if (crawlSinceMs[slot] === 0 || v[slot] > slowest[slot] + gathering) {
      crawlSinceMs[slot] = now;
      slowest[slot] = v[slot];
    } else if (v[slot] < slowest[slot]) slowest[slot] = v[slot];
  }

  private _class(slot: number, now: number, v: number, usual: number): number {
    const { tracks: t } = this._scene;
    if (t.against[slot] === 1) return this._surely(slot, ClassIndex.wrongWay);
    const flags = t.flags[slot];
    if ((flags & TrackFlag.parked) !== 0) return -1;
    if ((flags & (TrackFlag.airbagDeployed | TrackFlag.eCall)) !== 0)
      return this._surely(slot, ClassIndex.crashedVehicle);
    const crashed = t.crashMs[slot] > 0 && now - t.crashMs[slot] < 120_000;
    if (crashed && v < slowShare * usual) return this._surely(slot, ClassIndex.crashedVehicle);
    if (crashed && v >= slowShare * usual && now - t.crashMs[slot] > rollingOutMs) t.crashMs[slot] = 0;
    // Who walks or stands beside the carriageway is no slow vehicle (V1 sees to those in it).
    if (isPedestrian(t.stationType[slot])) return -1;
    const edge = t.edge[slot];
    const fast = isFastRoad(this._scene.graph, edge) && usual >= 16;
    const stands = v < standing;
    if (this._normalStop(slot) || (t.confidence[slot] < leastConfidence && !this._hazards.isListed(slot))) return -1;
    if (!fast) return -1;
    if (t.slowSinceMs[slot] > 0 && t.fixes[slot] >= 3)
      return stands ? ClassIndex.stationaryVehicle : ClassIndex.slowVehicle;
    if (t.crawlSinceMs[slot] > 0 && now - t.crawlSinceMs[slot] >= crawlMs)
      return this._surely(slot, ClassIndex.slowVehicle);
    return -1;
  }

  /** For a class whose rule leaves no doubt (H11). */
  private _surely(slot: number, cls: number): number {
    this._evidence.certain(slot);
    return cls;
  }

  /** H3: on a fast road a sudden stop is a danger at once; in town the vehicle must have stayed where it stopped. */
  private _weighSudden(slot: number, now: number, v: number, usual: number): void {
    const { tracks: t } = this._scene;
    const sudden = t.suddenMs[slot];
    const stopped = t.stoppedSinceMs[slot];
    const stays = stopped > 0 && stopped < sudden + rollingOutMs && now - stopped >= this._restMs[slot];
    if (stays || isFastRoad(this._scene.graph, t.edge[slot])) t.crashMs[slot] = now;
    else if (now - sudden < rollingOutMs || (stopped > 0 && v < slowShare * usual)) return;
    t.suddenMs[slot] = 0;
  }

  /** Q2, Q3: part of a chain that waits at its stop line, or slowing down for one. */
  private _normalStop(slot: number): boolean {
    const { tracks: t } = this._scene;
    if (t.crashMs[slot] > 0) return false;
    const toLine = this._queue.toLine[slot];
    const headToLine = this._queue.headToLine[slot];
    const v = t.v[slot];
    if (headToLine < lineReach + (v > standing ? (v * v) / 3 : 0))
      return !isFastRoad(this._scene.graph, t.edge[slot]) || toLine < spillDistance;
    return false;
  }

  /** H3: called by the engine with the measured change of speed of one update, m/s over dt s. */
  noteSpeedChange(slot: number, change: number, dt: number): void {
    if (dt <= 0 || dt > 1.6) return;
    if (change / dt >= -crashDeceleration || change >= -4) return;
    const { tracks, book } = this._scene;
    tracks.suddenMs[slot] = tracks.timeMs[slot];
    this._restMs[slot] = book.stageOf(slot) >= warning ? foretoldRestMs : crashRestMs;
  }
}
