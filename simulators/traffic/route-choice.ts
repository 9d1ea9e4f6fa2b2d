import { EdgeFlag, FeatureKind, RoadClass, type RoadGraph, ShortestPath, TurnKind } from '../../roads/graph/index.ts';
import type { Random } from '../random.ts';
import { isDrivable } from './drivable.ts';
import type { PlannedStop } from './vehicle.ts';

/** Shorter edges are no place to start or end a trip, m. */
const shortestEnd = 30;
const busDwell = 14;
/** A place to wait at that lies farther before the junction, m, makes a way seem longer by so many seconds. */
const tight = 5;
const tightSeconds = 90;
/** Ways found at most for one choice before the caller tries again later. */
const attempts = 6;

/** Chooses where vehicles go: quickest ways at the legal limits between random places of the city's core. */
export class RouteChoice {
  readonly ends: readonly number[];
  readonly #graph: RoadGraph;
  readonly #paths: ShortestPath;
  readonly #random: Random;
  readonly #setback: Float32Array | undefined;
  /** Edges that drivers are kept away from while something is prepared there. */
  readonly #avoided = new Set<number>();

  /** `setback` as in `MovementConflicts`, where it is known: drivers keep away from junctions drawn so tight that nobody can wait. */
  constructor(graph: RoadGraph, core: readonly number[], random: Random, setback?: Float32Array) {
    this.#setback = setback;
    this.#graph = graph;
    this.#paths = new ShortestPath(graph);
    this.#random = random;
    this.ends = core.filter((e) => graph.edgeLength[e] >= shortestEnd);
    if (this.ends.length < 2) throw new Error('the map has no two connected streets of 30 m to drive between');
  }

  avoid(edges: Iterable<number>): void {
    for (const edge of edges) this.#avoided.add(edge);
  }

  allow(edges: Iterable<number>): void {
    for (const edge of edges) this.#avoided.delete(edge);
  }

  isAvoided(edge: number): boolean {
    return this.#avoided.has(edge);
  }

  /** A way from `from` to a random place of the core; undefined when none was found this time. */
  tripFrom(from: number): number[] | undefined {
    for (let i = 0; i < attempts; i++) {
      const to = this.ends[this.#random.below(this.ends.length)];
      if (to === from || this.#avoided.has(to)) continue;
      const way = this.wayTo(from, to);
      if (way !== undefined) return way;
    }
    return undefined;
  }

  /** Quickest way, both ends included. */
  wayTo(from: number, to: number): number[] | undefined {
    return this.#paths.find(from, to, this.#cost)?.edges;
  }

  /** A closed way over a few random main roads, with its bus stops; undefined when none was found. */
  busLoop(): { readonly route: number[]; readonly stops: readonly PlannedStop[] } | undefined {
    const { edgeClass } = this.#graph;
    const main = this.ends.filter((e) => edgeClass[e] > RoadClass.unknown && edgeClass[e] <= RoadClass.tertiary);
    const pool = main.length >= 8 ? main : this.ends;
    for (let i = 0; i < attempts; i++) {
      const corners = Array.from({ length: 3 }, () => pool[this.#random.below(pool.length)]);
      const route: number[] = [corners[0]];
      let complete = new Set(corners).size === 3;
      for (const corner of [corners[1], corners[2], corners[0]]) {
        const way = complete ? this.wayTo(route[route.length - 1], corner) : undefined;
        if (way === undefined) complete = false;
        else route.push(...way.slice(1));
      }
      if (complete && !route.some((e) => this.#graph.edgeTurn[e] === TurnKind.uTurn && this.#isInternal(e)))
        return { route, stops: this.stopsOn(route) };
    }
    return undefined;
  }

  /** Bus stops of the map along a route. */
  stopsOn(route: readonly number[]): PlannedStop[] {
    const { featureStart, featureKind, featureS, edgeLength } = this.#graph;
    const stops: PlannedStop[] = [];
    route.forEach((edge, leg) => {
      for (let k = featureStart[edge]; k < featureStart[edge + 1]; k++) {
        const s = featureS[k];
        if (featureKind[k] !== FeatureKind.busStop || s < 12 || s > edgeLength[edge] - 12) continue;
        stops.push({ leg, s, seconds: busDwell });
      }
    });
    return stops;
  }

  #isInternal(edge: number): boolean {
    return (this.#graph.edgeFlags[edge] & EdgeFlag.internal) !== 0;
  }

  readonly #cost = (edge: number): number => {
    const { edgeLength, edgeLimit, edgeClass, edgeTurn } = this.#graph;
    if (!isDrivable(this.#graph, edge)) return Infinity;
    let seconds = edgeLength[edge] / edgeLimit[edge];
    if (edgeClass[edge] >= RoadClass.livingStreet) seconds *= 4;
    if ((this.#setback?.[edge] ?? 0) > tight) seconds += tightSeconds;
    if (this.#isInternal(edge)) seconds += edgeTurn[edge] === TurnKind.uTurn ? 60 : 1;
    return this.#avoided.has(edge) ? seconds * 50 + 600 : seconds;
  };
}
