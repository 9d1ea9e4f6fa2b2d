import { AlertEntries, AlertState } from './alert-entries.ts';
import { AlertEvents, type DegreePlane } from './alert-events.ts';
import { ClassIndex } from './causes.ts';
import { goodReceiver } from './lane-belief.ts';
import type { Observation } from './observation.ts';
import { toldProbability } from './told-probability.ts';
import type { DecisionTrace } from './trace.ts';
import type { Tracks } from './tracks.ts';
import type { AlertEvent, AlertStage } from './types.ts';

/** A displayed stage stays at least this long, ms (C4). */
const persistenceMs = 4000;
/** A condition must have been gone this long before its stage falls, ms: advisory, warning, imminent (C5). */
const hysteresisMs = [5000, 5000, 3000, 1500] as const;
/** Tentative alerts unseen for this long are forgotten, ms. */
const tentativeMs = 4000;
/** Drivers hear within this time that a hazard is over, ms (C6). */
const clearedMs = 1000;
/** Re-notification at the same stage (C7). */
const renotifySpacingMs = 10_000;
const maxAdvisories = 3;
/** Two hazards nearer to each other than this are one to the driver, m. */
const samePlace = 140;
/** At most one audible alert per vehicle in this time, imminent ones excepted, ms (C8). */
const audibleSpacingMs = 8000;
/** An advisory sounds only when the driver has heard nothing for this long; its repetitions are silent, ms (C8). */
const advisorySpacingMs = 60_000;

/** All alerts are swept this often, ms, and so many in one tick. */
const sweepMs = 1000;
const mostSwept = 8192;
/** Nearer than this, s, an urgent imminent danger is told after two looks at a high rate, else after three (C3). */
const twoLooks = 2.5;

const { tentative, active } = AlertState;

/** Who knows where hazards are. */
export interface Surroundings {
  surrounds(hazard: number, slot: number): boolean;
}

/**
 * Every alert from its first suspicion to its cancel (rules C1 to C9). Key: subject, and the hazard or the other party, and the kind of danger.
 * Fixed capacity; entries of one subject form a list.
 */
export class AlertBook {
  readonly counters = { alertsFull: 0, issued: 0, escalated: 0, renotified: 0, downgraded: 0, cancelled: 0 };
  /** Set only while the subject is listened to (E1). */
  trace: DecisionTrace | null = null;
  private readonly _tracks: Tracks;
  private readonly _stageOf: Uint8Array;
  private readonly _lastAudibleMs: Float64Array;
  private readonly _e: AlertEntries;
  private readonly _events: AlertEvents;
  private _nextId = 1;
  /** Entries that the present sweep has still to see: the first ones of those in use. */
  private _unswept = 0;
  private _sweptMs = 0;

  constructor(tracks: Tracks, plane: DegreePlane, stageOf: Uint8Array) {
    this._tracks = tracks;
    this._stageOf = stageOf;
    this._e = new AlertEntries(tracks);
    this._events = new AlertEvents(this._e, plane);
    this._lastAudibleMs = new Float64Array(tracks.capacity).fill(-Infinity);
  }

  get numAlerts(): number {
    return this._e.numUsed;
  }

  /** Whether there is an alert to the vehicle, or a suspicion. */
  concerns(slot: number): boolean {
    return this._e.listOf[slot] >= 0;
  }

  /** Highest stage the vehicle is told now, 0 = none. */
  stageOf(slot: number): number {
    return this._stageOf[slot];
  }

  /** Events since the last call; the array is the caller's. */
  drain(): AlertEvent[] {
    return this._events.drain();
  }

  /** One observation about `slot` at its present evaluation (C1 to C3, C6, C7). */
  observe(slot: number, o: Observation, nowMs: number): void {
    // One vehicle is no danger to itself (D1).
    if (o.other >= 0 && this._tracks.companion[slot] === o.other) return;
    let entry = this._find(slot, o);
    if (entry < 0) {
      if (o.holdStage === 0) return;
      entry = this._e.open(slot, o, nowMs);
      if (entry < 0) {
        this.counters.alertsFull += 1;
        return;
      }
    }
    this._e.look(entry, slot, o.holdStage);
    this._e.lastSeenMs[entry] = nowMs;
    if (o.hazard >= 0) this._e.hazard[entry] = o.hazard;
    if (o.other >= 0) {
      this._e.other[entry] = o.other;
      this._e.otherGeneration[entry] = this._tracks.generation[o.other];
    }
    const stage = this._e.stage[entry];
    const confirmed = this._confirmed(entry, slot, o);
    if (this.trace !== null) this.trace.confirmation(o.cls, o.other, o.hazard, o.onStage, confirmed, stage);
    if (this._e.state[entry] === tentative) {
      if (confirmed > 0) {
        this._e.state[entry] = active;
        this._e.heldMs[entry] = nowMs;
        this._emit(entry, o, confirmed, nowMs);
        this.counters.issued += 1;
      }
      return;
    }
    if (Math.max(confirmed, o.holdStage) >= stage) this._e.heldMs[entry] = nowMs;
    if (confirmed > stage) {
      if (o.cls !== this._e.cls[entry] && confirmed >= 2) this._e.cls[entry] = o.cls;
      this._emit(entry, o, confirmed, nowMs);
      this.counters.escalated += 1;
      return;
    }
    if (stage > 1 && nowMs - this._e.heldMs[entry] >= hysteresisMs[stage] && this._persisted(entry, nowMs)) {
      const lower = Math.max(o.onStage, Math.min(o.holdStage, stage - 1), this._e.advised[entry]);
      if (lower > 0) this._lower(entry, lower, nowMs);
      else this._cancel(entry, o.rule, nowMs);
      return;
    }
    if (stage === 1 && o.onStage >= 1) this._renotify(entry, o, nowMs);
  }

  /** Keeps what was told of a hazard while the driver is in the middle of it: silent, never new (A5). */
  hold(slot: number, hazards: Surroundings, nowMs: number): void {
    for (let i = this._e.listOf[slot]; i >= 0; i = this._e.next[i]) {
      if (this._e.hazard[i] < 0 || this._e.state[i] !== active || this._e.stage[i] !== 1) continue;
      if (!hazards.surrounds(this._e.hazard[i], slot)) continue;
      this._e.look(i, slot, 1);
      this._e.lastSeenMs[i] = nowMs;
      this._e.heldMs[i] = nowMs;
    }
  }

  /** Two hazards became one: what was told of the first is now known under the second's id (H8). */
  rename(hazard: number, successor: number): void {
    for (let k = 0; k < this._e.numUsed; k += 1) {
      const i = this._e.used[k];
      if (this._e.hazard[i] === hazard) this._e.hazard[i] = successor;
    }
  }

  /** The hazard is over: what was told of it ends at the next look, unless another at the same place has taken it over (C6). */
  hazardOver(hazard: number, nowMs: number): void {
    for (let k = 0; k < this._e.numUsed; k += 1) {
      const i = this._e.used[k];
      if (this._e.hazard[i] === hazard && this._e.stage[i] === 1)
        this._e.heldMs[i] = Math.min(this._e.heldMs[i], nowMs - hysteresisMs[1] + clearedMs);
    }
  }

  /** After all detectors of one evaluation of `slot`: what was not seen any more falls or ends (C5). */
  endEvaluation(slot: number, nowMs: number): void {
    let i = this._e.listOf[slot];
    while (i >= 0) {
      const next = this._e.next[i];
      if (this._e.evaluation[i] !== this._tracks.evaluations[slot]) this._fade(i, nowMs);
      i = next;
    }
    this._updateStage(slot);
  }

  /**
   * Once a second ends alerts whose subject fell silent or left, or whose other party vanished (C6: a cancel always follows); so many in one call
   * that no tick gets long (T5). To be called with every tick.
   */
  sweep(nowMs: number): void {
    const { timeMs, generation } = this._tracks;
    if (nowMs - this._sweptMs >= sweepMs) {
      this._sweptMs = nowMs;
      this._unswept = this._e.numUsed;
    }
    const until = Math.max(0, Math.min(this._unswept, this._e.numUsed) - mostSwept);
    for (let k = Math.min(this._unswept, this._e.numUsed) - 1; k >= until; k -= 1) {
      const i = this._e.used[k];
      const slot = this._e.slot[i];
      const gone = timeMs[slot] === 0 || generation[slot] !== this._e.generation[i] || nowMs - timeMs[slot] > 5000;
      if (gone) {
        this._end(i, 'C6 subject silent', nowMs);
        this._updateStage(slot);
      } else if (nowMs - this._e.lastSeenMs[i] > 2000) {
        this._fade(i, nowMs);
        this._updateStage(slot);
      }
    }
    this._unswept = until;
  }

  /** Ends every alert of a vehicle that left. */
  endAll(slot: number, nowMs: number): void {
    while (this._e.listOf[slot] >= 0) this._end(this._e.listOf[slot], 'C6 subject left', nowMs);
    this._stageOf[slot] = 0;
    this._lastAudibleMs[slot] = -Infinity;
  }

  private _find(slot: number, o: Observation): number {
    let suspicion = -1;
    if (o.hazard >= 0)
      for (let i = this._e.listOf[slot]; i >= 0; i = this._e.next[i])
        if (this._e.hazard[i] === o.hazard) {
          if (this._e.state[i] === active) return i;
          suspicion = i;
        }
    for (let i = this._e.listOf[slot]; i >= 0; i = this._e.next[i]) {
      // Hazards regroup: news of the same place is the same alert (C1).
      if (o.hazard >= 0 && this._e.hazard[i] >= 0 && this._e.stage[i] === 1 && sameDanger(this._e.cls[i], o.cls)) {
        const dx = this._e.x[i] - o.x;
        const dy = this._e.y[i] - o.y;
        if (dx * dx + dy * dy < samePlace * samePlace) return i;
      }
      if (o.other >= 0 && this._e.other[i] === o.other && sameDanger(this._e.cls[i], o.cls)) return i;
    }
    return suspicion;
  }

  /**
   * Highest stage confirmed by M of N: 2 of 3 at 1-2 Hz, 3 of 5 at 5 Hz and more; urgent ones at once, at high rate after two looks (C2, C3).
   * A look counts when the switch-off thresholds hold, the newest must pass the switch-on ones: confirmation costs no time when the danger grew.
   */
  private _confirmed(entry: number, slot: number, o: Observation): AlertStage {
    const fast = this._tracks.period[slot] < 0.35;
    const window = fast ? 0b11111 : 0b111;
    const needed = fast ? 3 : 2;
    const urgentNeeded = fast && !o.certain ? 2 : 1;
    const seen3 = bits(this._e.seen3[entry] & window);
    // While there is time for a third look the warning comes first.
    if (o.onStage >= 3 && seen3 >= (o.urgent && (!fast || o.eta < twoLooks) ? urgentNeeded : needed)) return 3;
    const seen2 = bits(this._e.seen2[entry] & window);
    if (o.onStage >= 2 && seen2 >= (o.urgent ? urgentNeeded : needed)) return 2;
    const seen1 = bits(this._e.seen1[entry] & window);
    if (o.onStage >= 1 && seen1 >= (o.urgent ? urgentNeeded : needed)) return 1;
    return 0;
  }

  private _persisted(entry: number, nowMs: number): boolean {
    return nowMs - this._e.stageSinceMs[entry] >= persistenceMs;
  }

  private _fade(entry: number, nowMs: number): void {
    if (this._e.state[entry] === tentative) {
      if (nowMs - this._e.lastSeenMs[entry] > tentativeMs) this._e.free(entry);
      return;
    }
    const stage = this._e.stage[entry];
    if (nowMs - this._e.heldMs[entry] < hysteresisMs[stage] || !this._persisted(entry, nowMs)) return;
    if (stage > 1 && this._e.advised[entry] === 1) this._lower(entry, 1, nowMs);
    else this._end(entry, 'C6 danger no longer seen', nowMs);
  }

  /** A fall to a lower stage is silent tracking: the driver is already acting (C5). */
  private _lower(entry: number, stage: number, nowMs: number): void {
    this._e.stage[entry] = stage;
    this._e.heldMs[entry] = nowMs;
    this._e.stageSinceMs[entry] = nowMs;
    this.counters.downgraded += 1;
  }

  private _renotify(entry: number, o: Observation, nowMs: number): void {
    if (this._e.notifications[entry] >= maxAdvisories) return;
    if (nowMs - this._e.notifiedMs[entry] < renotifySpacingMs) return;
    const dx = o.x - this._e.x[entry];
    const dy = o.y - this._e.y[entry];
    const limit = Math.max(150, 0.1 * o.distance);
    const moved = dx * dx + dy * dy > limit * limit;
    const halved = o.distance <= 0.5 * this._e.notifiedDistance[entry];
    const changed = o.cls !== this._e.cls[entry];
    if (!moved && !halved && !changed) return;
    this._e.cls[entry] = o.cls;
    this._emit(entry, o, this._e.stage[entry] as AlertStage, nowMs);
    this.counters.renotified += 1;
  }

  private _emit(entry: number, o: Observation, stage: AlertStage, nowMs: number): void {
    const slot = this._e.slot[entry];
    const previous = this._e.stage[entry] as AlertStage;
    if (this._e.alertId[entry] === 0) {
      this._e.alertId[entry] = this._nextId;
      this._nextId += 1;
    }
    const spacing = stage === 1 ? advisorySpacingMs : audibleSpacingMs;
    const audible =
      stage === 3 || (stage > previous && (stage > 1 || o.sounds) && nowMs - this._lastAudibleMs[slot] >= spacing);
    if (audible) this._lastAudibleMs[slot] = nowMs;
    if (previous !== stage) this._e.stageSinceMs[entry] = nowMs;
    this._e.stage[entry] = stage;
    if (stage === 1) this._e.advised[entry] = 1;
    this._e.heldMs[entry] = nowMs;
    this._e.notifiedMs[entry] = nowMs;
    this._e.notifiedDistance[entry] = o.distance;
    this._e.notifications[entry] = Math.min(255, this._e.notifications[entry] + 1);
    this._e.x[entry] = o.x;
    this._e.y[entry] = o.y;
    const eta = Number.isFinite(o.eta) ? o.eta : 3600;
    this._events.push(entry, {
      stage,
      prevStage: previous,
      edge: o.edge,
      distance: o.distance,
      eta,
      requiredDeceleration: Math.min(o.requiredDeceleration, 99),
      probability: toldProbability(o.cls, stage, o.probability, o.otherSpeed, this._ordinary(slot, o.other)),
      adviceSpeed: o.adviceSpeed,
      why: `${o.rule}: own ${o.ownSpeed.toFixed(1)} m/s, danger ${o.otherSpeed.toFixed(1)} m/s at ${o.distance.toFixed(0)} m`,
      audible,
      nowMs,
      validUntilMs: nowMs + Math.min(600_000, Math.max(4000, 1000 * eta + 10_000)),
      causeTimestampMs: o.causeTimestampMs,
    });
    this._updateStage(slot);
  }

  /** Whether a receiver of the two says that it is no good one (R1). */
  private _ordinary(slot: number, other: number): boolean {
    const { stated, sSigma } = this._tracks;
    return stated[slot] * sSigma[slot] > goodReceiver || (other >= 0 && stated[other] * sSigma[other] > goodReceiver);
  }

  private _cancel(entry: number, why: string, nowMs: number): void {
    this._events.push(entry, {
      stage: 0,
      prevStage: this._e.stage[entry] as AlertStage,
      edge: -1,
      distance: 0,
      eta: 0,
      requiredDeceleration: 0,
      probability: 0,
      adviceSpeed: 0,
      why,
      audible: false,
      nowMs,
      validUntilMs: nowMs,
      causeTimestampMs: nowMs,
    });
    this.counters.cancelled += 1;
    this._e.free(entry);
  }

  private _end(entry: number, why: string, nowMs: number): void {
    if (this._e.state[entry] === active) this._cancel(entry, why, nowMs);
    else this._e.free(entry);
  }

  private _updateStage(slot: number): void {
    let highest = 0;
    for (let i = this._e.listOf[slot]; i >= 0; i = this._e.next[i])
      if (this._e.state[i] === active && this._e.stage[i] > highest) highest = this._e.stage[i];
    this._stageOf[slot] = highest;
  }
}

function bits(word: number): number {
  let n = 0;
  for (let w = word; w !== 0; w &= w - 1) n += 1;
  return n;
}

/** Two classes that are the same danger with the same party: a crossing seen first as a merge is one alert that changes its name. */
function sameDanger(a: number, b: number): boolean {
  return family(a) === family(b);
}

function family(cls: number): number {
  if (cls === ClassIndex.turnAcross || cls === ClassIndex.merge || cls === ClassIndex.crossing)
    return ClassIndex.crossing;
  if (cls === ClassIndex.wrongWay || cls === ClassIndex.headOn) return ClassIndex.headOn;
  if (cls <= ClassIndex.rearEnd) return ClassIndex.rearEnd;
  return cls;
}
