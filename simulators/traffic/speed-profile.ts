import { pointAt, type RoadGraph } from '../../roads/graph/index.ts';

/** Spacing of the profile's samples, m. */
const spacing = 4;
/** Half of the stretch over which a bend is measured, m: a map draws fast roads with few, far points. */
const halfWindow = (limit: number): number => (limit < 15 ? 6 : limit < 21 ? 15 : 28);
/** Comfortable sideways acceleration in bends and braking before them, m/s². */
const sidewaysAcceleration = 2.2;
export const bendBraking = 1.3;
const slowest = 2.5;

/**
 * How fast the shape of each edge lets a comfortable driver go: `speedAt` in m/s, ahead-looking within the edge (braking for a
 * bend begins before it). Computed edge by edge when first asked for. Bounded by the number of edges.
 */
export class SpeedProfiles {
  readonly #graph: RoadGraph;
  readonly #profiles: (Float32Array | undefined)[];
  readonly #p = new Float64Array(2);

  constructor(graph: RoadGraph) {
    this.#graph = graph;
    this.#profiles = new Array(graph.numEdges);
  }

  /** m/s at `s` metres along the edge. */
  speedAt(edge: number, s: number): number {
    const profile = this.#profiles[edge] ?? this.#build(edge);
    this.#profiles[edge] = profile;
    return profile[Math.min(profile.length - 1, Math.max(0, Math.floor(s / spacing)))];
  }

  #build(edge: number): Float32Array {
    const length = this.#graph.edgeLength[edge];
    const limit = this.#graph.edgeLimit[edge];
    const profile = new Float32Array(Math.floor(length / spacing) + 1);
    for (let i = 0; i < profile.length; i++) {
      const bend = this.#bendAt(edge, i * spacing, length, halfWindow(limit));
      profile[i] = Math.min(limit, Math.max(slowest, Math.sqrt(sidewaysAcceleration / Math.max(1e-4, bend))));
    }
    for (let i = profile.length - 2; i >= 0; i--)
      profile[i] = Math.min(profile[i], Math.sqrt(profile[i + 1] ** 2 + 2 * bendBraking * spacing));
    return profile;
  }

  /** Curvature about `s`, 1/m: change of direction between two chords over the length between their middles. */
  #bendAt(edge: number, s: number, length: number, reach: number): number {
    const from = Math.max(0, Math.min(s - reach, length - 2 * reach));
    const to = Math.min(length, from + 2 * reach);
    const [ax, ay] = this.#point(edge, from);
    const [bx, by] = this.#point(edge, (from + to) / 2);
    const [cx, cy] = this.#point(edge, to);
    const turn = Math.atan2(
      (bx - ax) * (cy - by) - (by - ay) * (cx - bx),
      (bx - ax) * (cx - bx) + (by - ay) * (cy - by),
    );
    return Math.abs(turn) / Math.max(0.5, (to - from) / 2);
  }

  #point(edge: number, s: number): [number, number] {
    pointAt(this.#graph, edge, s, this.#p);
    return [this.#p[0], this.#p[1]];
  }
}
