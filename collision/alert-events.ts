import type { AlertEntries } from './alert-entries.ts';
import { causeCode, subCauseCode } from './causes.ts';
import { type AlertEvent, type AlertStage, alertClasses } from './types.ts';

/** Projection back to degrees, handed in so that the book knows nothing of maps. */
export interface DegreePlane {
  lat(y: number): number;
  lon(x: number): number;
}

/** What an event says beyond what its entry knows. */
export interface EventNumbers {
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

/** Events of the book on their way out, in the words of the wire (C11). */
export class AlertEvents {
  private readonly _e: AlertEntries;
  private readonly _plane: DegreePlane;
  private _events: AlertEvent[] = [];

  constructor(entries: AlertEntries, plane: DegreePlane) {
    this._e = entries;
    this._plane = plane;
  }

  /** Events since the last call; the array is the caller's. */
  drain(): AlertEvent[] {
    const events = this._events;
    this._events = [];
    return events;
  }

  push(entry: number, e: EventNumbers): void {
    const cls = this._e.cls[entry];
    this._events.push({
      alertId: this._e.alertId[entry],
      slot: this._e.slot[entry],
      generation: this._e.generation[entry],
      otherSlot: this._e.other[entry],
      otherGeneration: this._e.otherGeneration[entry],
      hazardId: this._e.hazard[entry],
      stage: e.stage,
      prevStage: e.prevStage,
      class: alertClasses[cls],
      causeCode: causeCode(cls),
      subCauseCode: subCauseCode(cls),
      lat: this._plane.lat(this._e.y[entry]),
      lon: this._plane.lon(this._e.x[entry]),
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
}
