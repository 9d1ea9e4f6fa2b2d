import { ClassIndex, causeCode, subCauseCode } from './causes.ts';
import type { Observation } from './observation.ts';
import type { Tracks } from './tracks.ts';
import { type AlertEvent, type AlertStage, alertClasses } from './types.ts';

/** Alerts one vehicle may have at a time, tentative ones included; more are counted and dropped (C9). */
const maxPerVehicle = 12;
/** A displayed stage stays at least this long, ms (C4). */
const persistenceMs = 4000;
/** A condition must have been gone this long before its stage falls, ms: advisory, warning, imminent (C5). */
const hysteresisMs = [5000, 5000, 3000, 1500] as const;
/** Tentative alerts unseen for this long are forgotten, ms. */
const tentativeMs = 4000;
/** Re-notification at the same stage (C7). */
const renotifySpacingMs = 10_000;
const maxAdvisories = 3;
/** Two hazards nearer to each other than this are one to the driver, m. */
const samePlace = 140;
/** At most one audible alert per vehicle in this time, imminent ones excepted, ms (C8). */
const audibleSpacingMs = 8000;

const free = 0;
const tentative = 1;
const active = 2;

/** Projection back to degrees, handed in so that the book knows nothing of maps. */
export interface DegreePlane {
  lat(y: number): number;
  lon(x: number): number;
}

/**
 * Every alert from its first suspicion to its cancel (rules C1 to C9). Key: subject, and the hazard or the other party, and the kind of danger.
 * Fixed capacity; entries of one subject form a list.
 */
export class AlertBook {
  readonly counters = { alertsFull: 0, issued: 0, escalated: 0, renotified: 0, downgraded: 0, cancelled: 0 };
  private readonly _tracks: Tracks;
  private readonly _plane: DegreePlane;
  private readonly _stageOf: Uint8Array;
  private readonly _listOf: Int32Array;
  private readonly _lastAudibleMs: Float64Array;
  private readonly _next: Int32Array;
  private readonly _state: Uint8Array;
  private readonly _slot: Int32Array;
  private readonly _generation: Uint32Array;
  private readonly _other: Int32Array;
  private readonly _otherGeneration: Uint32Array;
  private readonly _hazard: Int32Array;
  private readonly _cls: Uint8Array;
  private readonly _stage: Uint8Array;
  /** One bit per past evaluation, newest lowest, per stage. */
  private readonly _seen1: Uint32Array;
  private readonly _seen2: Uint32Array;
  private readonly _seen3: Uint32Array;
  private readonly _evaluation: Uint32Array;
  private readonly _lastSeenMs: Float64Array;
  private readonly _heldMs: Float64Array;
  private readonly _stageSinceMs: Float64Array;
  private readonly _notifiedMs: Float64Array;
  private readonly _notifiedDistance: Float32Array;
  private readonly _notifications: Uint8Array;
  private readonly _x: Float64Array;
  private readonly _y: Float64Array;
  private readonly _alertId: Float64Array;
  private _freeHead = 0;
  private _nextId = 1;
  private _events: AlertEvent[] = [];
  /** Entries in use, for the sweep; swapped on removal. */
  private readonly _used: Int32Array;
  private readonly _usedAt: Int32Array;
  private _numUsed = 0;

  constructor(tracks: Tracks, plane: DegreePlane, stageOf: Uint8Array) {
    const n = Math.max(64, Math.min(tracks.capacity * 4, 262_144));
    this._tracks = tracks;
    this._plane = plane;
    this._stageOf = stageOf;
    this._listOf = new Int32Array(tracks.capacity).fill(-1);
    this._lastAudibleMs = new Float64Array(tracks.capacity).fill(-Infinity);
    this._next = new Int32Array(n);
    for (let i = 0; i < n; i += 1) this._next[i] = i + 1 < n ? i + 1 : -1;
    this._state = new Uint8Array(n);
    this._slot = new Int32Array(n);
    this._generation = new Uint32Array(n);
    this._other = new Int32Array(n);
    this._otherGeneration = new Uint32Array(n);
    this._hazard = new Int32Array(n);
    this._cls = new Uint8Array(n);
    this._stage = new Uint8Array(n);
    this._seen1 = new Uint32Array(n);
    this._seen2 = new Uint32Array(n);
    this._seen3 = new Uint32Array(n);
    this._evaluation = new Uint32Array(n);
    this._lastSeenMs = new Float64Array(n);
    this._heldMs = new Float64Array(n);
    this._stageSinceMs = new Float64Array(n);
    this._notifiedMs = new Float64Array(n);
    this._notifiedDistance = new Float32Array(n);
    this._notifications = new Uint8Array(n);
    this._x = new Float64Array(n);
    this._y = new Float64Array(n);
    this._alertId = new Float64Array(n);
    this._used = new Int32Array(n);
    this._usedAt = new Int32Array(n);
  }

  get numAlerts(): number {
    return this._numUsed;
  }

  /** Events since the last call; the array is the caller's. */
  drain(): AlertEvent[] {
    const events = this._events;
    this._events = [];
    return events;
  }

  /** Whether the vehicle now has an active alert of at least this stage about `other`. */
  warned(slot: number, other: number, stage: number): boolean {
    for (let i = this._listOf[slot]; i >= 0; i = this._next[i])
      if (this._state[i] === active && this._other[i] === other && this._stage[i] >= stage) return true;
    return false;
  }

  /** One observation about `slot` at its present evaluation (C1 to C3, C6, C7). */
  observe(slot: number, o: Observation, nowMs: number): void {
    let entry = this._find(slot, o);
    if (entry < 0) {
      if (o.holdStage === 0) return;
      entry = this._open(slot, o, nowMs);
      if (entry < 0) return;
    }
    const evaluation = this._tracks.evaluations[slot];
    const passed = evaluation - this._evaluation[entry];
    if (passed > 0) {
      this._seen1[entry] = passed > 31 ? 0 : this._seen1[entry] << passed;
      this._seen2[entry] = passed > 31 ? 0 : this._seen2[entry] << passed;
      this._seen3[entry] = passed > 31 ? 0 : this._seen3[entry] << passed;
      this._evaluation[entry] = evaluation;
    }
    if (o.holdStage >= 1) this._seen1[entry] = this._seen1[entry] | 1;
    if (o.holdStage >= 2) this._seen2[entry] = this._seen2[entry] | 1;
    if (o.holdStage >= 3) this._seen3[entry] = this._seen3[entry] | 1;
    this._lastSeenMs[entry] = nowMs;
    if (o.hazard >= 0) this._hazard[entry] = o.hazard;
    if (o.other >= 0) {
      this._other[entry] = o.other;
      this._otherGeneration[entry] = this._tracks.generation[o.other];
    }
    const stage = this._stage[entry];
    const confirmed = this._confirmed(entry, slot, o);
    if (this._state[entry] === tentative) {
      if (confirmed > 0) {
        this._state[entry] = active;
        this._heldMs[entry] = nowMs;
        this._emit(entry, o, confirmed, nowMs);
        this.counters.issued += 1;
      }
      return;
    }
    if (Math.max(confirmed, o.holdStage) >= stage) this._heldMs[entry] = nowMs;
    if (confirmed > stage) {
      if (o.cls !== this._cls[entry] && confirmed >= 2) this._cls[entry] = o.cls;
      this._emit(entry, o, confirmed, nowMs);
      this.counters.escalated += 1;
      return;
    }
    if (stage > 1 && nowMs - this._heldMs[entry] >= hysteresisMs[stage] && this._persisted(entry, nowMs)) {
      const lower = Math.max(o.onStage, Math.min(o.holdStage, stage - 1));
      if (lower > 0) {
        // Downgrade is silent tracking: the driver is already acting (C5).
        this._stage[entry] = lower;
        this._heldMs[entry] = nowMs;
        this._stageSinceMs[entry] = nowMs;
        this.counters.downgraded += 1;
      } else this._cancel(entry, o.rule, nowMs);
      return;
    }
    if (stage === 1 && o.onStage >= 1) this._renotify(entry, o, nowMs);
  }

  /** After all detectors of one evaluation of `slot`: what was not seen any more falls or ends (C5). */
  endEvaluation(slot: number, nowMs: number): void {
    let i = this._listOf[slot];
    while (i >= 0) {
      const next = this._next[i];
      if (this._evaluation[i] !== this._tracks.evaluations[slot]) this._fade(i, nowMs);
      i = next;
    }
    this._updateStage(slot);
  }

  /** Once a second: ends alerts whose subject fell silent or left, or whose other party vanished (C6: a cancel always follows). */
  sweep(nowMs: number): void {
    const { timeMs, generation } = this._tracks;
    for (let k = this._numUsed - 1; k >= 0; k -= 1) {
      const i = this._used[k];
      const slot = this._slot[i];
      const gone = timeMs[slot] === 0 || generation[slot] !== this._generation[i] || nowMs - timeMs[slot] > 5000;
      if (gone) {
        this._end(i, 'C6 subject silent', nowMs);
        this._updateStage(slot);
      } else if (nowMs - this._lastSeenMs[i] > 2000) {
        this._fade(i, nowMs);
        this._updateStage(slot);
      }
    }
  }

  /** Ends every alert of a vehicle that left. */
  endAll(slot: number, nowMs: number): void {
    while (this._listOf[slot] >= 0) this._end(this._listOf[slot], 'C6 subject left', nowMs);
    this._stageOf[slot] = 0;
    this._lastAudibleMs[slot] = -Infinity;
  }

  private _find(slot: number, o: Observation): number {
    if (o.hazard >= 0)
      for (let i = this._listOf[slot]; i >= 0; i = this._next[i]) if (this._hazard[i] === o.hazard) return i;
    for (let i = this._listOf[slot]; i >= 0; i = this._next[i]) {
      // Hazards regroup: news of the same place is the same alert (C1).
      if (o.hazard >= 0 && this._hazard[i] >= 0 && this._stage[i] === 1 && sameDanger(this._cls[i], o.cls)) {
        const dx = this._x[i] - o.x;
        const dy = this._y[i] - o.y;
        if (dx * dx + dy * dy < samePlace * samePlace) return i;
      }
      if (o.other >= 0 && this._other[i] === o.other && sameDanger(this._cls[i], o.cls)) return i;
    }
    return -1;
  }

  private _open(slot: number, o: Observation, nowMs: number): number {
    let count = 0;
    for (let i = this._listOf[slot]; i >= 0; i = this._next[i]) count += 1;
    const entry = count >= maxPerVehicle ? -1 : this._freeHead;
    if (entry < 0) {
      this.counters.alertsFull += 1;
      return -1;
    }
    this._freeHead = this._next[entry];
    this._next[entry] = this._listOf[slot];
    this._listOf[slot] = entry;
    this._state[entry] = tentative;
    this._slot[entry] = slot;
    this._generation[entry] = this._tracks.generation[slot];
    this._other[entry] = o.other;
    this._otherGeneration[entry] = o.other >= 0 ? this._tracks.generation[o.other] : 0;
    this._hazard[entry] = o.hazard;
    this._cls[entry] = o.cls;
    this._stage[entry] = 0;
    this._seen1[entry] = 0;
    this._seen2[entry] = 0;
    this._seen3[entry] = 0;
    this._evaluation[entry] = this._tracks.evaluations[slot];
    this._lastSeenMs[entry] = nowMs;
    this._heldMs[entry] = nowMs;
    this._notifications[entry] = 0;
    this._alertId[entry] = 0;
    this._usedAt[entry] = this._numUsed;
    this._used[this._numUsed] = entry;
    this._numUsed += 1;
    return entry;
  }

  /**
   * Highest stage confirmed by M of N: 2 of 3 at 1-2 Hz, 3 of 5 at 5 Hz and more; urgent ones at once, at high rate after two looks (C2, C3).
   * A look counts when the switch-off thresholds hold, the newest must pass the switch-on ones: confirmation costs no time when the danger grew.
   */
  private _confirmed(entry: number, slot: number, o: Observation): AlertStage {
    const fast = this._tracks.period[slot] < 0.35;
    const window = fast ? 0b11111 : 0b111;
    const needed = fast ? 3 : 2;
    const urgentNeeded = fast ? 2 : 1;
    const seen3 = bits(this._seen3[entry] & window);
    if (o.onStage >= 3 && seen3 >= (o.urgent ? urgentNeeded : needed)) return 3;
    const seen2 = bits(this._seen2[entry] & window);
    if (o.onStage >= 2 && seen2 >= (o.urgent ? urgentNeeded : needed)) return 2;
    const seen1 = bits(this._seen1[entry] & window);
    if (o.onStage >= 1 && seen1 >= (o.urgent ? urgentNeeded : needed)) return 1;
    return 0;
  }

  private _persisted(entry: number, nowMs: number): boolean {
    return nowMs - this._stageSinceMs[entry] >= persistenceMs;
  }

  private _fade(entry: number, nowMs: number): void {
    if (this._state[entry] === tentative) {
      if (nowMs - this._lastSeenMs[entry] > tentativeMs) this._free(entry);
      return;
    }
    const stage = this._stage[entry];
    if (nowMs - this._heldMs[entry] >= hysteresisMs[stage] && this._persisted(entry, nowMs))
      this._end(entry, 'C6 danger no longer seen', nowMs);
  }

  private _renotify(entry: number, o: Observation, nowMs: number): void {
    if (this._notifications[entry] >= maxAdvisories) return;
    if (nowMs - this._notifiedMs[entry] < renotifySpacingMs) return;
    const dx = o.x - this._x[entry];
    const dy = o.y - this._y[entry];
    const limit = Math.max(150, 0.1 * o.distance);
    const moved = dx * dx + dy * dy > limit * limit;
    const halved = o.distance <= 0.5 * this._notifiedDistance[entry];
    const changed = o.cls !== this._cls[entry];
    if (!moved && !halved && !changed) return;
    this._cls[entry] = o.cls;
    this._emit(entry, o, this._stage[entry] as AlertStage, nowMs);
    this.counters.renotified += 1;
  }

  private _emit(entry: number, o: Observation, stage: AlertStage, nowMs: number): void {
    const slot = this._slot[entry];
    const previous = this._stage[entry] as AlertStage;
    if (this._alertId[entry] === 0) {
      this._alertId[entry] = this._nextId;
      this._nextId += 1;
    }
    const audible = stage === 3 || nowMs - this._lastAudibleMs[slot] >= audibleSpacingMs;
    if (audible) this._lastAudibleMs[slot] = nowMs;
    if (previous !== stage) this._stageSinceMs[entry] = nowMs;
    this._stage[entry] = stage;
    this._heldMs[entry] = nowMs;
    this._notifiedMs[entry] = nowMs;
    this._notifiedDistance[entry] = o.distance;
    this._notifications[entry] = Math.min(255, this._notifications[entry] + 1);
    this._x[entry] = o.x;
    this._y[entry] = o.y;
    const eta = Number.isFinite(o.eta) ? o.eta : 3600;
    this._push(entry, {
      stage,
      prevStage: previous,
      edge: o.edge,
      distance: o.distance,
      eta,
      requiredDeceleration: Math.min(o.requiredDeceleration, 99),
      probability: o.probability,
      adviceSpeed: o.adviceSpeed,
      why: `${o.rule}: own ${o.ownSpeed.toFixed(1)} m/s, danger ${o.otherSpeed.toFixed(1)} m/s at ${o.distance.toFixed(0)} m`,
      audible,
      nowMs,
      validUntilMs: nowMs + Math.min(600_000, Math.max(4000, 1000 * eta + 10_000)),
      causeTimestampMs: o.causeTimestampMs,
    });
    this._updateStage(slot);
  }

  private _cancel(entry: number, why: string, nowMs: number): void {
    this._push(entry, {
      stage: 0,
      prevStage: this._stage[entry] as AlertStage,
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
    this._free(entry);
  }

  private _push(entry: number, e: EventNumbers): void {
    const cls = this._cls[entry];
    this._events.push({
      alertId: this._alertId[entry],
      slot: this._slot[entry],
      generation: this._generation[entry],
      otherSlot: this._other[entry],
      otherGeneration: this._otherGeneration[entry],
      hazardId: this._hazard[entry],
      stage: e.stage,
      prevStage: e.prevStage,
      class: alertClasses[cls],
      causeCode: causeCode(cls),
      subCauseCode: subCauseCode(cls),
      lat: this._plane.lat(this._y[entry]),
      lon: this._plane.lon(this._x[entry]),
      edge: e.edge,
      distance: e.distance,
      eta: e.eta,
      requiredDeceleration: e.requiredDeceleration,
      probability: e.probability,
      adviceSpeed: e.adviceSpeed,
      why: e.why,
      audible: e.audible,
      issuedMs: e.nowMs,
      validUntilMs: e.validUntilMs,
      causeTimestampMs: e.causeTimestampMs,
    });
  }

  private _end(entry: number, why: string, nowMs: number): void {
    if (this._state[entry] === active) this._cancel(entry, why, nowMs);
    else this._free(entry);
  }

  private _free(entry: number): void {
    const slot = this._slot[entry];
    let i = this._listOf[slot];
    if (i === entry) this._listOf[slot] = this._next[entry];
    else {
      while (this._next[i] !== entry) i = this._next[i];
      this._next[i] = this._next[entry];
    }
    this._state[entry] = free;
    this._next[entry] = this._freeHead;
    this._freeHead = entry;
    this._numUsed -= 1;
    const moved = this._used[this._numUsed];
    this._used[this._usedAt[entry]] = moved;
    this._usedAt[moved] = this._usedAt[entry];
  }

  private _updateStage(slot: number): void {
    let highest = 0;
    for (let i = this._listOf[slot]; i >= 0; i = this._next[i])
      if (this._state[i] === active && this._stage[i] > highest) highest = this._stage[i];
    this._stageOf[slot] = highest;
  }
}

interface EventNumbers {
  readonly stage: AlertStage;
  readonly prevStage: AlertStage;
  readonly edge: number;
  readonly distance: number;
  readonly eta: number;
  readonly requiredDeceleration: number;
  readonly probability: number;
  readonly adviceSpeed: number;
  readonly why: string;
  readonly audible: boolean;
  readonly nowMs: number;
  readonly validUntilMs: number;
  readonly causeTimestampMs: number;
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
