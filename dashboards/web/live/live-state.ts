import type { IncidentSummary, LiveWarning, Role, StreamFrame } from '../../../messages/index.ts';

/** `lost` also means: shown data is old. `connecting` only before the first connection. */
export type ConnectionPhase = 'connecting' | 'open' | 'lost';

/** What the page knows from the stream, apart from vehicles and segments, which change too often for the page's tree. */
export interface LiveState {
  readonly phase: ConnectionPhase;
  /** This computer's clock, UTC ms, when the last frame came; null before the first. */
  readonly lastFrameMs: number | null;
  /** Server clock minus this computer's clock, ms. */
  readonly clockOffsetMs: number;
  readonly role: Role | 'citizen';
  readonly totalVehicles: number;
  /** By alertId; at most `maxWarnings`, those that end first are dropped. */
  readonly warnings: ReadonlyMap<string, LiveWarning>;
  /** By tracking code; at most `maxIncidents`, the oldest are dropped. */
  readonly incidents: ReadonlyMap<string, IncidentSummary>;
  /** Raised whenever something was missed: whoever shows fetched data fetches again. */
  readonly refetch: number;
}

export type LiveEvent =
  | { readonly type: 'opened' }
  | { readonly type: 'lost' }
  | { readonly type: 'frame'; readonly frame: StreamFrame; readonly nowMs: number }
  | { readonly type: 'tick'; readonly nowMs: number }
  | { readonly type: 'incidents-fetched'; readonly items: readonly IncidentSummary[] };

export const maxWarnings = 200;
export const maxIncidents = 500;

export const initialLiveState: LiveState = {
  phase: 'connecting',
  lastFrameMs: null,
  clockOffsetMs: 0,
  role: 'citizen',
  totalVehicles: 0,
  warnings: new Map(),
  incidents: new Map(),
  refetch: 0,
};

/** Next state; the same object when nothing changed. Pure. */
export function reduceLive(state: LiveState, event: LiveEvent): LiveState {
  switch (event.type) {
    case 'opened':
      // After a loss everything between is missing: fetch again.
      return { ...state, phase: 'open', refetch: state.phase === 'lost' ? state.refetch + 1 : state.refetch };
    case 'lost':
      return state.phase === 'lost' ? state : { ...state, phase: 'lost' };
    case 'tick':
      return withoutEnded(state, event.nowMs);
    case 'incidents-fetched':
      return { ...state, incidents: withIncidents(state.incidents, event.items) };
    case 'frame':
      return reduceFrame({ ...state, lastFrameMs: event.nowMs }, event.frame, event.nowMs);
  }
}

function reduceFrame(state: LiveState, frame: StreamFrame, nowMs: number): LiveState {
  switch (frame.type) {
    case 'hello':
      return { ...state, role: frame.role, clockOffsetMs: frame.serverTimeMs - nowMs };
    case 'vehicles':
      return { ...state, totalVehicles: frame.total };
    case 'warning':
      return { ...state, warnings: withWarning(state.warnings, frame.item) };
    case 'incident':
      return { ...state, incidents: withIncidents(state.incidents, [frame.item]) };
    case 'gap':
      return { ...state, refetch: state.refetch + 1 };
    case 'congestion':
      return state;
  }
}

function withWarning(before: LiveState['warnings'], item: LiveWarning): LiveState['warnings'] {
  const next = new Map(before);
  next.delete(item.alertId);
  if (item.stage !== 0) next.set(item.alertId, item);
  if (next.size > maxWarnings) {
    let first: LiveWarning | undefined;
    for (const one of next.values()) if (first === undefined || one.validUntilMs < first.validUntilMs) first = one;
    if (first !== undefined) next.delete(first.alertId);
  }
  return next;
}

function withIncidents(before: LiveState['incidents'], items: readonly IncidentSummary[]): LiveState['incidents'] {
  const next = new Map(before);
  for (const item of items) {
    const known = next.get(item.trackingCode);
    // A fetched list may be older than what the stream said meanwhile.
    if (known === undefined || known.recordedAt <= item.recordedAt) next.set(item.trackingCode, item);
  }
  if (next.size <= maxIncidents) return next;
  const newest = [...next.values()].sort((a, b) => b.occurredAt.localeCompare(a.occurredAt)).slice(0, maxIncidents);
  return new Map(newest.map((item) => [item.trackingCode, item]));
}

function withoutEnded(state: LiveState, nowMs: number): LiveState {
  const serverNow = nowMs + state.clockOffsetMs;
  const alive = [...state.warnings].filter(([, warning]) => warning.validUntilMs > serverNow);
  return alive.length === state.warnings.size ? state : { ...state, warnings: new Map(alive) };
}
