import { join } from 'node:path';
import type { RoadGraph } from '../graph/index.ts';
import { untimedRoutes, waypoints } from './answer.ts';
import { buildEdgeMap, type EdgeMap } from './edge-map.ts';
import { listAt, numberAt } from './json-path.ts';
import { openRoutingFiles, type RoutingFiles } from './tiles.ts';
import { encodeLiveSpeed, TrafficFile } from './traffic-file.ts';
import type {
  LiveSpeed,
  LonLat,
  RouteAnswer,
  RouteOption,
  RouteQuery,
  RoutingFailure,
  RoutingService,
} from './types.ts';
import { loadValhalla, type ValhallaActor } from './valhalla.ts';

export interface RoutingOptions {
  readonly mapFile: string;
  readonly graph: RoadGraph;
  /** Folder for tiles and the traffic archive. */
  readonly folder: string;
  readonly nowMs: () => number;
  /** Usual speed of one of our edges at this hour of the week, m/s; undefined where there is no history. */
  readonly usualSpeed: (edge: number) => number | undefined;
  readonly log: { info(text: string): void; warn(text: string): void };
  /** Ends the building of tiles when the start is broken off. */
  readonly signal?: AbortSignal;
}

const costing: Readonly<Record<RouteQuery['profile'], string>> = {
  car: 'auto',
  truck: 'truck',
  emergency: 'auto',
  bicycle: 'bicycle',
  foot: 'pedestrian',
};
const staticSpeeds = ['freeflow', 'constrained', 'predicted'];
const liveSpeeds = [...staticSpeeds, 'current'];

/** An ambulance on duty is not held by turn bans and pays less for manoeuvres and closed service roads. */
const emergencyCosting = {
  ignore_restrictions: true,
  maneuver_penalty: 1,
  service_penalty: 0,
  destination_only_penalty: 0,
  gate_penalty: 0,
};

function costingOptions(profile: RouteQuery['profile'], live: boolean): object {
  const own = profile === 'emergency' ? emergencyCosting : {};
  return { [costing[profile]]: { ...own, speed_types: live ? liveSpeeds : staticSpeeds } };
}

const place = ([lon, lat]: LonLat): object => ({ lat, lon });

/** The engine answers failures with sentences; these are the ones with a meaning for the caller. */
function failureOf(error: unknown): RoutingFailure {
  const message = error instanceof Error ? error.message : String(error);
  if (/no suitable edges/i.test(message)) return { code: 'NoSegment', message: 'No road near one of the places' };
  if (/no path|not reachable|disconnected/i.test(message))
    return { code: 'NoRoute', message: 'No way between these places' };
  return { code: 'InvalidQuery', message };
}

const unavailable = (message: string): RoutingService => {
  const failure: RoutingFailure = { code: 'Unavailable', message };
  return {
    available: false,
    route: async () => failure,
    matrix: async () => failure,
    setLiveSpeeds: () => {},
    stop: async () => {},
  };
};

/** Routing over the city's map with our live speeds; a service that says why when the machine or the map cannot do it. */
export async function createRoutingService(options: RoutingOptions): Promise<RoutingService> {
  const valhalla = loadValhalla();
  if ('unavailable' in valhalla) return unavailable(valhalla.unavailable);
  if (!options.mapFile.endsWith('.osm.pbf'))
    return unavailable(`routes need an OpenStreetMap file; this map is ${options.mapFile}`);
  try {
    const files = await openRoutingFiles(
      valhalla,
      options.mapFile,
      options.graph.mapHash,
      options.folder,
      options.nowMs(),
      options.signal,
    );
    const edges = await buildEdgeMap(
      files.actor,
      options.graph,
      join(files.folder, `edges-${options.graph.numEdges}.bin`),
    );
    options.log.info(`routing: ${files.tiles.length} tiles, ${edges.toRouting.size} edges take live speeds`);
    return new ValhallaRouting(options, files, edges);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    options.log.warn(`routing is not available: ${message}`);
    return unavailable(message);
  }
}

class ValhallaRouting implements RoutingService {
  readonly available = true;
  private readonly actor: ValhallaActor;
  private readonly traffic: TrafficFile;
  private readonly options: RoutingOptions;
  private readonly edges: EdgeMap;
  /** Speeds now in the traffic file by our edge, and when they were set. */
  private live = new Map<number, number>();
  private liveSinceMs = 0;

  constructor(options: RoutingOptions, files: RoutingFiles, edges: EdgeMap) {
    this.options = options;
    this.actor = files.actor;
    this.edges = edges;
    this.traffic = new TrafficFile(files.trafficPath, files.tiles);
  }

  setLiveSpeeds(speeds: readonly LiveSpeed[], nowMs: number): void {
    const next = new Map(speeds.map(({ edge, speed }) => [edge, speed]));
    for (const edge of this.live.keys()) if (!next.has(edge)) this.writeEdge(edge, 0n);
    for (const [edge, speed] of next) if (this.live.get(edge) !== speed) this.writeEdge(edge, encodeLiveSpeed(speed));
    this.live = next;
    this.liveSinceMs = nowMs;
  }

  private writeEdge(edge: number, bits: bigint): void {
    for (const id of this.edges.toRouting.get(edge) ?? [])
      this.traffic.write(id % 2 ** 25, Math.floor(id / 2 ** 25), bits);
  }

  async route(query: RouteQuery): Promise<RouteAnswer | RoutingFailure> {
    try {
      const raw = await this.actor.route({
        locations: [query.from, ...(query.via ?? []), query.to].map(place),
        costing: costing[query.profile],
        costing_options: costingOptions(query.profile, true),
        date_time: { type: 0 },
        alternates: (query.via?.length ?? 0) > 0 ? 0 : query.alternatives,
        format: 'osrm',
        shape_format: 'geojson',
        language: 'en-US',
      });
      const routes = await Promise.all(
        untimedRoutes(raw, query.language).map(
          async (route): Promise<RouteOption> => ({ ...route, traffic: await this.trafficOf(route, query.profile) }),
        ),
      );
      if (routes.length === 0) return { code: 'NoRoute', message: 'No way between these places' };
      return { code: 'Ok', routes, waypoints: waypoints(raw) };
    } catch (error) {
      return failureOf(error);
    }
  }

  /** What the live speeds cost on this very way: the same way driven at free flow, and at the usual speeds where they are known. */
  private async trafficOf(
    route: Omit<RouteOption, 'traffic'>,
    profile: RouteQuery['profile'],
  ): Promise<RouteOption['traffic']> {
    const shape = route.geometry.coordinates.map(place);
    const trace = {
      shape,
      shape_match: 'walk_or_snap',
      costing: costing[profile],
      costing_options: costingOptions(profile, false),
    };
    const [free, walked] = await Promise.all([
      this.actor.traceRoute({ ...trace, format: 'osrm' }),
      this.actor.traceAttributes({
        ...trace,
        filters: { attributes: ['edge.id', 'edge.length', 'edge.speed'], action: 'include' },
      }),
    ]);
    const freeFlowDuration = numberAt(listAt(free, 'matchings')[0], 'duration') || route.duration;
    let covered = 0;
    let total = 0;
    let atFree = 0;
    let atUsual = 0;
    for (const walkedEdge of listAt(walked, 'edges')) {
      const length = 1000 * numberAt(walkedEdge, 'length');
      const freeSpeed = Math.max(1, numberAt(walkedEdge, 'speed') / 3.6);
      const edge = this.edges.toGraph.get(numberAt(walkedEdge, 'id'));
      total += length;
      if (edge !== undefined && this.live.has(edge)) covered += length;
      atFree += length / freeSpeed;
      atUsual += length / ((edge === undefined ? undefined : this.options.usualSpeed(edge)) ?? freeSpeed);
    }
    const usualDuration = atFree > 0 ? (freeFlowDuration * atUsual) / atFree : freeFlowDuration;
    return {
      freeFlowDuration,
      delay: Math.max(0, route.duration - freeFlowDuration),
      minutesSlowerThanUsual: (route.duration - usualDuration) / 60,
      coverage: total > 0 ? covered / total : 0,
      dataAgeSeconds: covered > 0 ? Math.max(0, (this.options.nowMs() - this.liveSinceMs) / 1000) : null,
    };
  }

  async matrix(sources: readonly LonLat[], targets: readonly LonLat[], profile: RouteQuery['profile']) {
    try {
      const raw = await this.actor.matrix({
        sources: sources.map(place),
        targets: targets.map(place),
        costing: costing[profile],
        costing_options: costingOptions(profile, true),
        date_time: { type: 0 },
      });
      const rows = listAt(raw, 'sources_to_targets').map((row) => (Array.isArray(row) ? row : []));
      const pick = (key: string, factor: number) =>
        rows.map((row) =>
          row.map((cell): number | null => {
            const value = numberAt(cell, key);
            return Number.isFinite(value) ? value * factor : null;
          }),
        );
      return { durations: pick('time', 1), distances: pick('distance', 1000) };
    } catch (error) {
      return failureOf(error);
    }
  }

  async stop(): Promise<void> {
    this.traffic.close();
  }
}
