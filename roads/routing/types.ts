export type LonLat = readonly [number, number];

export interface RouteQuery {
  readonly from: LonLat;
  readonly to: LonLat;
  readonly via?: readonly LonLat[];
  /** 0..2 further routes beside the best. */
  readonly alternatives: number;
  readonly profile: 'car' | 'truck' | 'emergency' | 'bicycle' | 'foot';
  readonly language: 'fa' | 'en';
}

/** OSRM's shape (routes[].legs[].steps[]), with our own additions under `traffic`. */
export interface RouteAnswer {
  readonly code: 'Ok';
  readonly routes: readonly RouteOption[];
  readonly waypoints: readonly { readonly location: LonLat; readonly name: string; readonly distance: number }[];
}

export interface RouteOption {
  /** m and s with the live traffic. */
  readonly distance: number;
  readonly duration: number;
  readonly geometry: { readonly type: 'LineString'; readonly coordinates: readonly LonLat[] };
  readonly legs: readonly {
    readonly distance: number;
    readonly duration: number;
    readonly summary: string;
    readonly steps: readonly {
      readonly distance: number;
      readonly duration: number;
      readonly name: string;
      readonly instruction: string;
      readonly maneuver: { readonly type: string; readonly location: LonLat };
    }[];
  }[];
  readonly traffic: {
    /** s on the same way at free flow. */
    readonly freeFlowDuration: number;
    readonly delay: number;
    readonly minutesSlowerThanUsual: number;
    /** Share of the length with a live measurement, 0..1, and age of the oldest used, s. */
    readonly coverage: number;
    readonly dataAgeSeconds: number | null;
  };
}

export type RoutingFailure = {
  readonly code: 'Unavailable' | 'NoRoute' | 'NoSegment' | 'InvalidQuery';
  readonly message: string;
};

/** Edge index of our graph, speed m/s (0 closes the edge). */
export interface LiveSpeed {
  readonly edge: number;
  readonly speed: number;
}

export interface RoutingService {
  route(query: RouteQuery): Promise<RouteAnswer | RoutingFailure>;
  /** Seconds and metres from every source to every target with live traffic; null where there is no way. */
  matrix(
    sources: readonly LonLat[],
    targets: readonly LonLat[],
    profile: RouteQuery['profile'],
  ): Promise<{ durations: (number | null)[][]; distances: (number | null)[][] } | RoutingFailure>;
  /** Replaces the whole set of live speeds; edges not named go back to free flow. */
  setLiveSpeeds(speeds: readonly LiveSpeed[], nowMs: number): void;
  readonly available: boolean;
  stop(): Promise<void>;
}
