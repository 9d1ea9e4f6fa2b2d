import { evidenceOfGoing, violation } from './compliance.ts';
import { overlapProbability } from './measures/arrival-overlap.ts';
import { requiredAfterBraking } from './measures/required-deceleration.ts';
import type { Scene } from './scene.ts';
import { warningDeceleration, warningReaction } from './thresholds.ts';
import type { Walkers } from './walkers.ts';
import { maxPlaces, spacing, type WaysAhead } from './ways-ahead.ts';

/** Meetings later than this are not looked at, s. */
export const crosswalkHorizon = 5.5;
/** Room kept around the bodies, m. */
const margin = 0.25;
/** Drivers stop this far short of people, m. */
const short = 0.5;
/** Slower than this across a vehicle's track, m/s, he is on no way across it. */
const leastAcross = 0.3;
/** What a walker's pace over a crossing differs from his pace now by, 1 sigma, m/s. */
const paceChange = 0.2;
/** Who would come within this of the other, s, has reason to give way (X12). */
const politeGap = 1.5;
/** Share of a time ahead by which a driver may be wrong about it, and what all clocks are, s². */
const pace = 0.08;
const clocks = 0.01;

/**
 * One who walks over a crossing of the map and a vehicle that comes to it: the time for which he is in its track against the time for which it is
 * where he crosses, each as uncertain as it is far ahead, and what the driver, who must give way, shows of it (V14).
 */
export class CrosswalkWindow {
  /** That both are there at once and the driver does not give way. */
  probability = 0.1;
  /** Until the front bumper is where he crosses, s, and how far that is, m. */
  contact = 0.1;
  distance = 0.1;
  private readonly _scene: Scene;
  private readonly _walkers: Walkers;
  private readonly _ways: WaysAhead;

  constructor(scene: Scene, walkers: Walkers, ways: WaysAhead) {
    this._scene = scene;
    this._walkers = walkers;
    this._ways = ways;
  }

  /** The vehicle `slot`, whose ways are laid, and one on foot. */
  meet(slot: number, walker: number, nowMs: number): void {
    const { tracks: t, habit, friction } = this._scene;
    const { x: wayX, y: wayY, hx, hy, time: timeAt, places, share, count, v, a } = this._ways;
    this.probability = 0;
    this.contact = Infinity;
    this.distance = 0;
    const on = this._walkers.crossing[walker];
    if (on === 0) return;
    const age = t.age(walker, nowMs);
    const wx = t.v[walker] * this._walkers.x[walker];
    const wy = t.v[walker] * this._walkers.y[walker];
    const x = t.x[walker] + wx * age;
    const y = t.y[walker] + wy * age;
    const reach = (t.width[slot] + t.width[walker]) / 2 + margin;
    const stays = (t.length[slot] + t.length[walker]) / Math.max(v, 1);
    const doubt2 = this._walkers.besideDoubt2(walker, slot);
    const placeDoubt2 = t.positionVariance(slot) / Math.max(v * v, 1);
    let both = 0;
    let near = 0;
    let most = 0;
    for (let w = 0; w < count; w += 1) {
      const base = w * maxPlaces;
      const end = base + places[w];
      let i = base;
      // How far the front bumper has still to go to where he is by then.
      let before = 0;
      let toGo = margin;
      for (; i < end; i += 1) {
        toGo = (x + wx * timeAt[i] - wayX[i]) * hx[i] + (y + wy * timeAt[i] - wayY[i]) * hy[i] - margin;
        if (!(toGo > 0)) break;
        before = toGo;
      }
      if (i === base || i === end || !(timeAt[i] <= crosswalkHorizon)) continue;
      const part = before / (before - toGo);
      const time = timeAt[i - 1] + part * (timeAt[i] - timeAt[i - 1]);
      const across = -wx * hy[i] + wy * hx[i];
      const speed = Math.abs(across);
      if (speed < leastAcross) continue;
      // How far he has to go to the middle of the track; negative when he is past it.
      const left = -(x - wayX[i]) * hy[i] + (y - wayY[i]) * hx[i];
      const ahead = across > 0 ? -left : left;
      if (ahead < -reach) continue;
      const strays = paceChange * time;
      const late = pace * time;
      const sigma = Math.sqrt((strays * strays + doubt2) / (speed * speed) + placeDoubt2 + late * late + clocks);
      const apart = time - (ahead - reach) / speed;
      const walks = (2 * reach) / speed;
      const met = share[w] * overlapProbability(apart, stays, walks, sigma);
      both += met;
      near += share[w] * overlapProbability(apart, stays + politeGap, walks + politeGap, sigma);
      if (met <= most) continue;
      most = met;
      this.contact = time;
      this.distance = (i - 1 - base + part) * spacing;
    }
    if (most === 0) return;
    const need = requiredAfterBraking(this.distance - short, v, Math.max(0, -a), warningReaction);
    const late = need >= warningDeceleration(t.stationType[slot], friction);
    const goes = evidenceOfGoing(this.distance, v, a, v, late, habit.begins);
    this.probability = Math.min(1, both) * on * violation(Math.min(1, near) * on, goes, false, true);
  }
}
