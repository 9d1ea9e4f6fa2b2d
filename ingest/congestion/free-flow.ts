import { RoadClass, type RoadGraph } from '../../roads/graph/index.ts';

/** Share of the legal limit that is driven on a free road of a class, before anything is learned: signals and bends cost the rest. */
const startShare: Readonly<Record<number, number>> = {
  [RoadClass.motorway]: 1,
  [RoadClass.trunk]: 0.97,
  [RoadClass.primary]: 0.9,
  [RoadClass.secondary]: 0.88,
  [RoadClass.tertiary]: 0.85,
};
const otherShare = 0.8;
const quantile = 0.85;
/** A sample below this share of free flow was made in a queue or at a light, not on a free road. */
const freeAbove = 0.5;
/** Bounds of what is learned, as shares of the legal limit. */
const lowestShare = 0.4;
const highestShare = 1.3;
/** First and last step of the estimate as shares of the limit; the step falls with the samples seen. */
const firstStep = 0.02;
const lastStep = 0.001;
const samplesToSettle = 200;

/**
 * Free-flow speed per edge: starts from legal limit and road class, then follows the 85th percentile of the speeds driven in
 * free conditions. The percentile is found by steps that balance when 15 % of the samples lie above (stochastic
 * approximation, Robbins and Monro 1951): one number per edge, nothing allocated.
 */
export class FreeFlow {
  readonly #graph: RoadGraph;
  readonly #speed: Float32Array;
  readonly #seen: Uint16Array;

  constructor(graph: RoadGraph) {
    this.#graph = graph;
    this.#seen = new Uint16Array(graph.numEdges);
    this.#speed = Float32Array.from(
      { length: graph.numEdges },
      (_, edge) => graph.edgeLimit[edge] * (startShare[graph.edgeClass[edge]] ?? otherShare),
    );
  }

  /** m/s, > 0. */
  of(edge: number): number {
    return this.#speed[edge];
  }

  /** Takes one vehicle's speed on the edge, m/s. */
  learn(edge: number, speed: number): void {
    const now = this.#speed[edge];
    if (speed < now * freeAbove) return;
    const limit = this.#graph.edgeLimit[edge];
    const seen = this.#seen[edge];
    if (seen < 0xffff) this.#seen[edge] = seen + 1;
    const step = limit * Math.max(lastStep, firstStep / (1 + seen / samplesToSettle));
    const next = now + step * (speed > now ? quantile : quantile - 1);
    this.#speed[edge] = Math.min(limit * highestShare, Math.max(limit * lowestShare, next));
  }
}
