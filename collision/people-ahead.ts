import type { Approaches } from './approaches.ts';
import { ClassIndex } from './causes.ts';
import { CrosswalkWindow, crosswalkHorizon } from './crosswalk-window.ts';
import {
  requiredAfterBraking,
  requiredBehindSlowing,
  requiredToStop,
  stoppingDistance,
} from './measures/required-deceleration.ts';
import type { Scene } from './scene.ts';
import { imminentDeceleration, imminentReaction, warningDeceleration, warningReaction } from './thresholds.ts';
import { across, crosses, straysInto, type Walkers, warns } from './walkers.ts';
import { maxPlaces, spacing, WaysAhead } from './ways-ahead.ts';

/** Slower than this, m/s, a vehicle strikes nobody. */
const slowest = 1.2;
/** Contact within these times calls for stages 2 and 3, s. */
const warningTime = 3.5;
const imminentTime = 2.4;
/** Room kept around the bodies, m; drivers stop this far short of people. */
const margin = 0.25;
const short = 0.5;
/** Stopping of one on foot: reaction, s, and deceleration, m/s², at leisure and as soon as he can (V8). */
const leisureReaction = 1.4;
const leisureStop = 1;
const soonestReaction = 0.9;
const soonestStop = 2;
/** A driver who brakes this near to what he needs, m/s², stops (V9). */
const allowance = 0.3;
/** Share of what calls for stage 2 below which a driver may still wait and see (X11). */
const waitAndSee = 0.8;
/** Slower than this, m/s, a driver meets only those who are in his track already, or so near, m (V9). */
const creeping = 4;
const inTrack = 0.3;
/** Who speeds up like this, m/s², is not creeping; he is taken to go on until he reacts, by that at most (X17). */
const minPush = 0.8;
const mostPush = 3;
/** Least probability of stage 3. */
const alarms = 0.5;

/** People on foot in the ways of a vehicle on the road (rules V5 to V9). For one vehicle at a time: `lay` its ways, then `judge` each one near. */
export class PeopleAhead {
  private readonly _scene: Scene;
  private readonly _ways: WaysAhead;
  private readonly _walkers: Walkers;
  private readonly _window: CrosswalkWindow;
  private _slot = -1;
  private _rule: 'V7' | 'V14' = 'V7';
  /** Of the pair judged; fields, not arguments: numbers handed on would be objects on the heap. */
  private readonly _met = { probability: 0.1, contact: 0.1, distance: 0.1, outside: 0.1, pace: 0.1, along: false };

  constructor(scene: Scene, approaches: Approaches, walkers: Walkers) {
    this._scene = scene;
    this._walkers = walkers;
    this._ways = new WaysAhead(scene, approaches);
    this._window = new CrosswalkWindow(scene, walkers, this._ways);
  }

  /** Lays out the ways of the vehicle whose path the scene holds; false when it does not go where its road goes. */
  lay(slot: number, nowMs: number): boolean {
    this._slot = slot;
    if (this._ways.lay(slot, crosswalkHorizon, nowMs)) {
      if (this._ways.v < slowest) this._ways.count = 0;
      return true;
    }
    return false;
  }

  /** One on foot; tells both. */
  judge(walker: number, nowMs: number): void {
    const { tracks: t } = this._scene;
    const slot = this._slot;
    const met = this._met;
    this._rule = 'V7';
    this._meet(walker, nowMs);
    this._window.meet(slot, walker, nowMs);
    const free = this._stage();
    const onCrossing = this._crossingStage();
    let stage = Math.max(free, onCrossing);
    if (onCrossing > 0 && (free === 0 || this._window.probability > met.probability)) this._takeWindow();
    // Whom nobody can tell from one who will wait is no warning (V13).
    const waits = this._walkers.waits[walker] !== 0 && (stage < 3 || met.pace < crosses);
    if (waits) stage = 0;
    this._scene.trace?.meeting('free-space', walker, this._why(waits, stage), met.contact, warningTime, met.outside);
    if (stage === 0) return;
    this._tell(slot, walker, stage, met.distance, nowMs);
    this._tell(walker, slot, stage, t.v[walker] * met.contact, nowMs);
  }

  /** E1: the rule that silenced the pair; '' when it is told. */
  private _why(waits: boolean, stage: number): string {
    const { contact, along } = this._met;
    if (contact === Infinity) return along ? 'V5' : 'V7';
    if (contact <= 0) return 'V3 inside';
    if (waits) return 'V13';
    return stage === 0 ? 'V8' : '';
  }

  /** What is known of him from the crossing is surer (V14). */
  private _takeWindow(): void {
    this._rule = 'V14';
    this._met.probability = this._window.probability;
    this._met.contact = this._window.contact;
    this._met.distance = this._window.distance;
  }

  /** Fills `_met`: the first contact, and the probability of any, over all ways. */
  private _meet(walker: number, nowMs: number): void {
    const { tracks: t } = this._scene;
    const { x: wayX, y: wayY, hx, hy, time: timeAt, places, share, count } = this._ways;
    const met = this._met;
    const slot = this._slot;
    const pace = t.v[walker];
    const age = t.age(walker, nowMs);
    const wx = pace * this._walkers.x[walker];
    const wy = pace * this._walkers.y[walker];
    const x = t.x[walker] + wx * age;
    const y = t.y[walker] + wy * age;
    const reach = (t.width[slot] + t.width[walker]) / 2 + margin;
    const doubt2 = this._walkers.besideDoubt2(walker, slot);
    met.probability = 0;
    met.contact = Infinity;
    met.distance = 0;
    met.outside = Infinity;
    met.pace = pace;
    met.along = false;
    // Too far off to be met within the time looked at.
    const range = warningTime * (this._ways.v + pace + warningTime) + t.length[slot] + reach;
    const offX = x - t.x[slot];
    const offY = y - t.y[slot];
    if (offX * offX + offY * offY > range * range) return;
    for (let w = 0; w < count; w += 1) {
      const base = w * maxPlaces;
      for (let i = base; i < base + places[w]; i += 1) {
        const time = timeAt[i];
        if (!(time <= warningTime)) break;
        const dx = x + wx * time - wayX[i];
        const dy = y + wy * time - wayY[i];
        const along = dx * hx[i] + dy * hy[i];
        if (along > spacing || along < -t.length[slot]) continue;
        const left = -dx * hy[i] + dy * hx[i];
        if (left > reach || left < -reach) continue;
        // How far he is now beside the track he will be in then.
        const now = -(x - wayX[i]) * hy[i] + (y - wayY[i]) * hx[i];
        const outside = Math.max(0, Math.abs(now) - reach + margin);
        // Who walks along beside the track goes on along it (V5).
        if (outside > 0 && Math.abs(-wx * hy[i] + wy * hx[i]) < across * pace) {
          met.along = true;
          continue;
        }
        met.probability += share[w] * straysInto(left, reach, time, doubt2);
        if (time < met.contact) {
          met.contact = time;
          met.distance = (i - base) * spacing;
          met.outside = outside;
        }
        break;
      }
    }
  }

  private _stage(): 0 | 2 | 3 {
    const { probability, contact, distance, outside, pace } = this._met;
    // Beside or inside the body already: no warning prevents that.
    if (probability < warns || contact === Infinity || contact <= 0) return 0;
    if (outside > stoppingDistance(pace, leisureStop, leisureReaction)) return 0;
    // Who drives that slowly watches those beside him, and stops within a step of theirs.
    if (this._ways.v < creeping && outside > inTrack) return 0;
    const { tracks: t, friction } = this._scene;
    const type = t.stationType[this._slot];
    const stop = distance - short;
    const v = this._ways.v;
    if (-this._ways.a >= requiredToStop(stop, v, 0) - allowance) return 0;
    if (
      probability >= alarms &&
      contact <= imminentTime &&
      outside <= stoppingDistance(pace, soonestStop, soonestReaction) &&
      this._needs(stop, imminentReaction) >= imminentDeceleration(type, friction)
    )
      return 3;
    return this._needs(stop, warningReaction) >= waitAndSee * warningDeceleration(type, friction) ? 2 : 0;
  }

  /** V15: what one on a crossing calls for. */
  private _crossingStage(): 0 | 2 | 3 {
    const { probability, contact, distance } = this._window;
    const { v, a } = this._ways;
    if (probability < warns || (v < creeping && a < minPush)) return 0;
    const { tracks: t, friction } = this._scene;
    const type = t.stationType[this._slot];
    const stop = distance - short;
    if (
      probability >= alarms &&
      contact <= imminentTime &&
      this._needs(stop, imminentReaction) >= imminentDeceleration(type, friction)
    )
      return 3;
    return this._needs(stop, warningReaction) >= waitAndSee * warningDeceleration(type, friction) ? 2 : 0;
  }

  /** What the driver needs to stop `stop` m on, going on until he reacts as he does: braking, or speeding up from rest (X17). */
  private _needs(stop: number, reaction: number): number {
    const { v, a } = this._ways;
    return v < creeping && a >= minPush
      ? requiredBehindSlowing(stop, v, Math.min(a, mostPush), 0, 0, 0, reaction)
      : requiredAfterBraking(stop, v, Math.max(0, -a), reaction);
  }

  private _tell(slot: number, other: number, stage: number, distance: number, nowMs: number): void {
    const { tracks: t, seen, book } = this._scene;
    const { contact, probability } = this._met;
    const v = slot === this._slot ? this._ways.v : t.v[slot];
    seen.reset(ClassIndex.vulnerable, this._rule);
    seen.other = other;
    seen.onStage = stage;
    seen.holdStage = stage;
    seen.x = t.x[slot] + t.hx[slot] * distance;
    seen.y = t.y[slot] + t.hy[slot] * distance;
    seen.edge = t.edge[slot];
    seen.distance = distance;
    seen.eta = contact;
    seen.requiredDeceleration = requiredToStop(distance, v, 0);
    seen.probability = Math.min(1, probability);
    seen.ownSpeed = v;
    seen.otherSpeed = other === this._slot ? this._ways.v : t.v[other];
    seen.causeTimestampMs = Math.max(t.timeMs[slot], t.timeMs[other]);
    seen.urgent = contact < imminentTime;
    book.observe(slot, seen, nowMs);
  }
}
