import type { DrivenMovements } from './driven-movements.ts';
import { lineReach, type QueueContext } from './queue-context.ts';
import type { Scene } from './scene.ts';

/** Braking counts with at least this, m/s²: who has only begun will brake harder. */
const leastBraking = 4;
/** Drivers go over what a road allows by this much, and slower than a movement's pace by as much, m/s. */
const tolerance = 1;

/**
 * Whether the road itself is reason enough to brake: a line to stop at, a turn that some may make there, a lower limit (Q4). Only the path of the
 * vehicle under evaluation is looked at.
 */
export class RoadDemand {
  private readonly _scene: Scene;
  private readonly _driven: DrivenMovements;
  private readonly _queue: QueueContext;

  constructor(scene: Scene, driven: DrivenMovements, queue: QueueContext) {
    this._scene = scene;
    this._driven = driven;
    this._queue = queue;
  }

  /** Whether the vehicle's braking, kept on, has it as slow as the way asks no farther than 35 m short of there. */
  explains(slot: number): boolean {
    const { tracks: t, path, graph } = this._scene;
    const { turnStart, turnTo, edgeLimit } = graph;
    const v = t.v[slot];
    const twice = 2 * Math.max(-t.a[slot], leastBraking);
    for (let i = 0; path.has(i); i += 1) {
      const there = path.end[i] - lineReach;
      if (there > (v * v) / twice) return false;
      const edge = path.edge[i];
      if (this._queue.lineAtEnd[edge] === 1) return true;
      for (let k = turnStart[edge]; k < turnStart[edge + 1]; k += 1) {
        const next = turnTo[k];
        // What a straight way's pace was learned from may itself have braked for something.
        const turns = this._driven.curveSpeed[next] < edgeLimit[next];
        const asked = turns ? this._driven.pace[next] + tolerance : edgeLimit[next] - tolerance;
        if (asked < v && there < (v * v - asked * asked) / twice) return true;
      }
    }
    return false;
  }
}
