import { directionAt, type RoadGraph, TurnControl } from '../../roads/graph/index.ts';

/** Fixed program of every signalled junction, s: green and amber with all-red of each of its two phases. */
const green = 22;
const clearance = 5;
const cycle = 2 * (green + clearance);

/**
 * Signals with a simple fixed program: the approaches of a junction form two groups by direction (the axis of its first
 * approach, and what crosses it), which are green in turn. Junctions are offset against each other by their number.
 */
export class Signals {
  readonly #graph: RoadGraph;
  /** Phase 0 or 1 of each signalled movement, -1 for the others. */
  readonly #phase: Int8Array;

  constructor(graph: RoadGraph) {
    this.#graph = graph;
    this.#phase = new Int8Array(graph.numEdges).fill(-1);
    const axis = new Map<number, readonly [number, number]>();
    const d = new Float64Array(2);
    for (let m = 0; m < graph.numEdges; m++) {
      if (graph.edgeControl[m] !== TurnControl.signal) continue;
      directionAt(graph, m, 0, d);
      const node = graph.edgeTo[m];
      const main = axis.get(node) ?? [d[0], d[1]];
      axis.set(node, main);
      this.#phase[m] = Math.abs(main[0] * d[0] + main[1] * d[1]) > Math.SQRT1_2 ? 0 : 1;
    }
  }

  /** Whether a movement may be begun at `time`, s. True for those without a signal. */
  isGreen(movement: number, time: number): boolean {
    const phase = this.#phase[movement];
    if (phase < 0) return true;
    const at = (time + (this.#graph.edgeTo[movement] % 7) * 8) % cycle;
    const begin = phase * (green + clearance);
    return at >= begin && at < begin + green;
  }
}
