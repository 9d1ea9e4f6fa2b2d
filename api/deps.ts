import type { FastifyBaseLogger } from 'fastify';
import type { IncidentService } from '../incidents/index.ts';
import type { LiveVehicle, RejectReason, SegmentUpdate, TrafficSegment } from '../messages/index.ts';
import type { RoadGraph } from '../roads/graph/index.ts';
import type { RoutingService } from '../roads/routing/index.ts';
import type { AccountStore } from './accounts/account-store.ts';
import type { ApiConfig } from './config.ts';

/** [west, south, east, north], degrees. */
export type BoundingBox = readonly [number, number, number, number];

/** A place of help on the map, as `roads/import` gives it. */
export interface Facility {
  /** n, w or r (node, way, relation) and the number. */
  readonly osmId: string;
  readonly kind: string;
  /** '' when the map has none. */
  readonly name: string;
  readonly nameFa?: string;
  readonly lat: number;
  readonly lon: number;
}

export interface CongestionView {
  /** All segments with a measurement or a known free flow that touch the box. */
  segments(bbox: BoundingBox): readonly TrafficSegment[];
  /** What changed after `revision`; 0 asks for everything known. The answer's `revision` is the next argument. */
  changedSince(revision: number): { readonly revision: number; readonly items: readonly SegmentUpdate[] };
}

/** Public transport is ETSI station type 6 (bus) and 11 (tram). */
export type VehicleScope = 'all' | 'public-transport';

export interface VehicleView {
  /** `total` counts what is in view before `limit` cuts. */
  inView(
    view: BoundingBox,
    limit: number,
    scope: VehicleScope,
  ): { readonly total: number; readonly items: readonly LiveVehicle[] };
  get(vehicleId: string): LiveVehicle | undefined;
}

/** One report of a telephone in the OsmAnd/Traccar dialect, as it came: `query` of a GET, or `body` of a POST. */
export interface PhoneMessage {
  readonly vehicleId: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly receivedMs: number;
}

export type PhoneVerdict =
  | { readonly accepted: true }
  | { readonly accepted: false; readonly reason: RejectReason; readonly detail?: string };

export interface PhoneDoor {
  /** Whether this vehicle id and password belong together (the broker's credentials, with its back-off by address). */
  verify(vehicleId: string, password: string, address: string): Promise<boolean>;
  /** Feeds the ingest pipeline. */
  receive(message: PhoneMessage): Promise<PhoneVerdict>;
}

export interface ReadinessCheck {
  readonly name: string;
  readonly ok: boolean;
  readonly detail?: string;
}

/** Everything the API needs, handed in by the composition root. */
export interface ApiDeps {
  readonly config: ApiConfig;
  readonly incidents: IncidentService;
  readonly routing: RoutingService;
  readonly graph: RoadGraph;
  readonly facilities: readonly Facility[];
  readonly congestion: CongestionView;
  readonly vehicles: VehicleView;
  readonly phones: PhoneDoor;
  /** Prometheus text of the rest of the platform. */
  readonly metricsText: () => Promise<string>;
  readonly readiness: () => Promise<readonly ReadinessCheck[]>;
  readonly accounts: AccountStore;
  /** 32 bytes; see `loadTokenKey`. */
  readonly tokenKey: Uint8Array;
  /** The AsyncAPI document of the MQTT side. */
  readonly asyncApi: Readonly<Record<string, unknown>>;
  /** The platform's clock, UTC ms; may run faster than life in a replay. */
  readonly nowMs: () => number;
  /** The wall clock, UTC ms: sessions and back-off must not run fast. */
  readonly wallNowMs: () => number;
  /** Cryptographically strong. */
  readonly randomBytes: (size: number) => Uint8Array;
  readonly log: FastifyBaseLogger;
}
