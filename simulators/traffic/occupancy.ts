import { EdgeFlag, type RoadGraph } from '../../roads/graph/index.ts';
import type { Vehicle } from './vehicle.ts';

/** Anything that takes up room on a road. `odometer` is the way of its front, m, from any beginning. */
export interface Body {
  readonly length: number;
  odometer: number;
  speed: number;
}

/** A body on an edge; its front is `body.odometer - entry` metres along it (beyond the end while only its rear is left there). */
export interface Place {
  readonly body: Body;
  readonly entry: number;
  /** The body as a driving vehicle; undefined for what only lies there. */
  readonly vehicle: Vehicle | undefined;
}

/** Ways part slowly behind a junction: a body there is still in the way of those behind it that turn off otherwise, m. */
const parting = 6;
const none: readonly Place[] = [];

/** Which bodies are on which edge, in the order they came (first the one ahead). Bounded by bodies times the edges one covers. */
export class Occupancy {
  readonly #graph: RoadGraph;
  readonly #clearance: Float32Array;
  readonly #lists = new Map<number, Place[]>();

  /** `clearance` = metres beyond the end of each movement that a rear must have passed. */
  constructor(graph: RoadGraph, clearance: Float32Array) {
    this.#graph = graph;
    this.#clearance = clearance;
  }

  on(edge: number): readonly Place[] {
    return this.#lists.get(edge) ?? none;
  }

  /** `entry` = the body's odometer where its front crossed the start of the edge. */
  enter(edge: number, body: Body, entry: number, vehicle?: Vehicle): void {
    const place = { body, entry, vehicle };
    const list = this.#lists.get(edge);
    if (list === undefined) this.#lists.set(edge, [place]);
    else list.push(place);
  }

  /** Enters at its place in the order, for bodies that appear in the middle of an edge. */
  insert(edge: number, body: Body, entry: number, vehicle?: Vehicle): void {
    this.enter(edge, body, entry, vehicle);
    this.#lists.get(edge)?.sort((a, b) => b.body.odometer - b.entry - (a.body.odometer - a.entry));
  }

  leave(edge: number, body: Body): void {
    const list = this.#lists.get(edge);
    if (list === undefined) return;
    const at = list.findIndex((place) => place.body === body);
    if (at >= 0) list.splice(at, 1);
    if (list.length === 0) this.#lists.delete(edge);
  }

  /** Whether the rear of a body that entered at `entry` has left the edge (and the room where ways part behind it). */
  isPast(edge: number, body: Body, entry: number): boolean {
    const internal = (this.#graph.edgeFlags[edge] & EdgeFlag.internal) !== 0;
    return (
      body.odometer - entry - body.length > this.#graph.edgeLength[edge] + (internal ? this.#clearance[edge] : parting)
    );
  }

  /** The body next ahead of `body` on an edge (the last one when `body` has not come there yet). */
  ahead(edge: number, body: Body): Place | undefined {
    const list = this.#lists.get(edge);
    if (list === undefined) return undefined;
    for (let i = list.length - 1, found = -1; i >= 0; i--) {
      if (list[i].body === body) found = i;
      else if (found >= 0 || !list.some((place) => place.body === body)) return list[i];
    }
    return undefined;
  }
}
