import { classIndex } from './causes.ts';
import type { Hazards } from './hazards.ts';
import type { Matching } from './matching.ts';
import type { Scene } from './scene.ts';
import type { AlertClass } from './types.ts';

/** Dangers told from outside: by a driver, an operator, another system (rule H10). */
export class ReportedHazards {
  readonly counts = { hazardOffMap: 0, badHazard: 0 };
  private readonly _scene: Scene;
  private readonly _hazards: Hazards;
  private readonly _matching: Matching;

  constructor(scene: Scene, hazards: Hazards, matching: Matching) {
    this._scene = scene;
    this._hazards = hazards;
    this._matching = matching;
  }

  /** Id of the hazard; -1, counted by reason, when the report makes no sense or no road is near. Units as in `CollisionEngine.raiseHazard`. */
  raise(
    kind: AlertClass,
    lat: number,
    lon: number,
    headingDeg: number,
    confidence: number,
    nowMs: number,
    validMs: number,
  ): number {
    if (!(lat >= -90 && lat <= 90 && lon >= -180 && lon <= 180) || !(confidence >= 0 && confidence <= 1)) {
      this.counts.badHazard += 1;
      return -1;
    }
    const { plane } = this._scene;
    const heading = (headingDeg * Math.PI) / 180;
    const edge = this._matching.locate(plane.x(lon), plane.y(lat), Math.sin(heading), Math.cos(heading));
    if (edge < 0) {
      this.counts.hazardOffMap += 1;
      return -1;
    }
    return this._hazards.raise(classIndex(kind), edge, this._matching.s, confidence, nowMs, validMs);
  }
}
