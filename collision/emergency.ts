import { ClassIndex } from './causes.ts';
import type { Scene } from './scene.ts';
import { isEmergency } from './vehicle-flags.ts';

/** Told to those it reaches within this, s, and who are no farther, m (U1). */
const arrival = 20;
const farthest = 350;
/** Slower than this it stands in a jam or at a scene, m/s. */
const slowest = 4;
const maxScan = 32;
const maxAge = 3;

/** An emergency vehicle under way with its siren on is announced to those ahead on its path (rule U1): silent once it is past. */
export class Emergency {
  private readonly _scene: Scene;

  constructor(scene: Scene) {
    this._scene = scene;
  }

  /** Whether the vehicle runs with siren. */
  runs(slot: number): boolean {
    const { tracks: t } = this._scene;
    return isEmergency(t.stationType[slot], t.flags[slot]) && t.v[slot] > slowest;
  }

  /** On the path just built of a vehicle that `runs`. */
  announce(slot: number, nowMs: number): void {
    const { tracks: t, path, order } = this._scene;
    const horizon = Math.min(farthest, arrival * t.v[slot]);
    for (let i = 0; path.has(i) && path.start[i] < horizon; i += 1) {
      const first = i === 0 ? order.ahead[slot] : order.head[path.edge[i]];
      let steps = 0;
      for (let other = first; other >= 0 && steps < maxScan; other = order.ahead[other], steps += 1) {
        const gap = path.start[i] + t.s[other] + t.advance(other, t.age(other, nowMs)) - t.length[other];
        if (gap > horizon) break;
        if (gap > 0 && nowMs - t.timeMs[other] < 1000 * maxAge) this._tell(other, slot, gap, nowMs);
      }
    }
  }

  private _tell(slot: number, emergency: number, gap: number, nowMs: number): void {
    const { tracks: t, seen, book } = this._scene;
    if (t.against[slot] === 1 || this.runs(slot)) return;
    seen.reset(ClassIndex.emergencyVehicle, 'U1');
    seen.other = emergency;
    seen.onStage = 1;
    seen.holdStage = 1;
    seen.x = t.x[emergency];
    seen.y = t.y[emergency];
    seen.edge = t.edge[emergency];
    seen.distance = gap;
    seen.eta = gap / t.v[emergency];
    seen.probability = 0.9;
    seen.ownSpeed = t.v[slot];
    seen.otherSpeed = t.v[emergency];
    seen.causeTimestampMs = t.timeMs[emergency];
    // Its own statement needs no second look.
    seen.urgent = true;
    seen.certain = true;
    book.observe(slot, seen, nowMs);
  }
}
