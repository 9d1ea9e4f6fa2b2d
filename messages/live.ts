import type { Stage, WarningClass } from './warning.ts';

/**
 * Frames of the live stream `GET /api/v1/stream` (WebSocket, JSON text frames), as the browser sees them.
 * The client sends `StreamRequest`; a new one replaces the last.
 */
export interface StreamRequest {
  /** [west, south, east, north] degrees; vehicles outside are not sent. */
  readonly view?: readonly [number, number, number, number];
  readonly channels: readonly ('vehicles' | 'warnings' | 'incidents' | 'congestion')[];
}

/** [id, lon, lat, headingDeg, speed m/s, station type, stage, age s]. Anonymous visitors get public transport only. */
export type LiveVehicle = readonly [string, number, number, number, number, number, Stage, number];

export type StreamFrame =
  | {
      readonly type: 'hello';
      readonly serverTimeMs: number;
      readonly role: Role | 'citizen';
      readonly revision: string;
    }
  | { readonly type: 'vehicles'; readonly t: number; readonly total: number; readonly items: readonly LiveVehicle[] }
  | { readonly type: 'warning'; readonly item: LiveWarning }
  | { readonly type: 'incident'; readonly item: IncidentSummary }
  | { readonly type: 'congestion'; readonly t: number; readonly items: readonly SegmentUpdate[] }
  /** The server dropped frames because this client was slow; the client should refetch. */
  | { readonly type: 'gap'; readonly dropped: number };

/** Place-centred; `vehicleId` only for roles that may see vehicles. */
export interface LiveWarning {
  readonly alertId: string;
  readonly vehicleId?: string;
  readonly stage: Stage;
  readonly class: WarningClass;
  readonly lat: number;
  readonly lon: number;
  readonly street?: string;
  readonly distance: number;
  readonly probability: number;
  readonly issuedMs: number;
  readonly validUntilMs: number;
}

/** Public view of an incident: nothing personal. */
export interface IncidentSummary {
  readonly trackingCode: string;
  readonly kind: 'crash' | 'single-vehicle' | 'ecall' | 'breakdown' | 'near-miss';
  readonly state: 'suspected' | 'probable' | 'confirmed' | 'cleared' | 'rejected';
  readonly severity: 'unknown' | 'damage' | 'injury-possible' | 'injury-likely';
  readonly place: { readonly lat: number; readonly lon: number; readonly street?: string };
  /** ISO 8601 UTC. */
  readonly occurredAt: string;
  readonly recordedAt: string;
  readonly vehicles: number;
}

/** [segmentId (edge index), jam factor 0..10, current speed km/h, confidence 0..1]. */
export type SegmentUpdate = readonly [number, number, number, number];

/** Names as the market uses them (TomTom, HERE); speeds km/h, times s, length m. */
export interface TrafficSegment {
  readonly segmentId: number;
  readonly street?: string;
  readonly currentSpeed: number | null;
  readonly freeFlowSpeed: number;
  readonly currentTravelTime: number | null;
  readonly freeFlowTravelTime: number;
  /** 0 free .. 10 closed; null unknown (fewer than k distinct vehicles). */
  readonly jamFactor: number | null;
  readonly confidence: number;
  readonly length: number;
  readonly updatedAt: string | null;
}

export const roles = ['driver', 'police', 'insurer', 'dispatcher', 'traffic_manager', 'operator'] as const;
export type Role = (typeof roles)[number];
