import type { IncidentSummary, Role, TrafficSegment } from '../../../messages/index.ts';

/** Answers of the platform as this page reads them; fields the page does not use are left out. */

export type LonLat = readonly [number, number];

export interface Status {
  readonly version: string;
  readonly demo: boolean;
  readonly map: {
    /** [west, south, east, north], degrees. */
    readonly bounds: readonly [number, number, number, number];
    readonly attribution: string;
  };
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly next?: string | null;
}

/** The public part always; the rest by role. */
export interface IncidentDetail extends IncidentSummary {
  readonly vehicleIds?: readonly string[];
  readonly logOdds?: number;
  readonly evidence?: readonly { readonly rule: string; readonly weight: number; readonly detail: string }[];
  readonly reports?: readonly { readonly vehicleId: string; readonly occurredAtMs: number; readonly kind: string }[];
  readonly alerts?: readonly {
    readonly vehicleId: string;
    readonly stage: number;
    readonly class: string;
    readonly issuedMs: number;
    readonly distance: number;
  }[];
  readonly rawMessages?: number;
  readonly hash?: string;
}

export interface CityTraffic {
  /** Length-weighted jam factor of the measured network, 0..10; null when nothing is measured. */
  readonly index: number | null;
  /** Share of the network's length with a live measurement, 0..1. */
  readonly coverage: number;
  /** ISO 8601 UTC; null before the first measurement. */
  readonly updatedAt: string | null;
  /** Those that cost the most time first, with the line of the segment. */
  readonly worst: readonly (TrafficSegment & { readonly geometry?: { readonly coordinates: readonly LonLat[] } })[];
}

export interface RouteAnswer {
  readonly code: 'Ok';
  readonly routes: readonly RouteOption[];
  readonly waypoints: readonly { readonly location: LonLat; readonly name: string }[];
}

/** OSRM's shape; m and s with live traffic. */
export interface RouteOption {
  readonly distance: number;
  readonly duration: number;
  readonly geometry: { readonly type: 'LineString'; readonly coordinates: readonly LonLat[] };
  readonly legs: readonly {
    readonly summary: string;
    readonly steps: readonly {
      readonly distance: number;
      readonly duration: number;
      readonly instruction: string;
      readonly maneuver: { readonly type: string; readonly location: LonLat };
    }[];
  }[];
  readonly traffic: {
    readonly freeFlowDuration: number;
    readonly delay: number;
    readonly minutesSlowerThanUsual: number;
    readonly coverage: number;
    readonly dataAgeSeconds: number | null;
  };
}

export interface Place {
  readonly name: string;
  readonly kind: string;
  readonly lon: number;
  readonly lat: number;
}

export interface TokenPair {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** s until the access token ends. */
  readonly expiresIn: number;
  readonly role: Role;
  readonly name: string;
}

/** A session as this tab keeps it. */
export interface SessionGrant extends Omit<TokenPair, 'expiresIn'> {
  /** UTC ms of this computer's clock. */
  readonly endsMs: number;
}
