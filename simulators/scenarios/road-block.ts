import { allocateNearEdges, EdgeFlag, type NearEdges, type RoadGraph, SpatialIndex } from '../../roads/graph/index.ts';
import type { CityTraffic } from '../traffic/city-traffic.ts';
import type { Body } from '../traffic/occupancy.ts';
import type { Outline } from './rectangles.ts';

/** A path whose line passes nearer than this to a wreck's outline is blocked, m. */
const clearance = 1.3;

/** Puts wrecks in the way of the ordinary traffic: it queues behind them and keeps out of junctions they lie in. */
export class RoadBlocks {
  readonly #graph: RoadGraph;
  readonly #traffic: CityTraffic;
  readonly #index: SpatialIndex;
  readonly #near: NearEdges = allocateNearEdges(64);

  constructor(graph: RoadGraph, traffic: CityTraffic) {
    this.#graph = graph;
    this.#traffic = traffic;
    this.#index = new SpatialIndex(graph);
  }

  /** Returns the function that takes the block away. */
  place(outline: Outline): () => void {
    const undo: (() => void)[] = [];
    const middleX = outline.x - (outline.hx * outline.length) / 2;
    const middleY = outline.y - (outline.hy * outline.length) / 2;
    const near = this.#near;
    this.#index.nearEdges(middleX, middleY, outline.length / 2 + clearance, near);
    for (let i = 0; i < near.count; i++) {
      const edge = near.edge[i];
      const s = near.s[i];
      const body: Body = { length: outline.length, odometer: s + outline.length / 2, speed: 0 };
      if ((this.#graph.edgeFlags[edge] & EdgeFlag.internal) !== 0) {
        this.#traffic.rightOfWay.take(edge, body);
        undo.push(() => this.#traffic.rightOfWay.release(edge, body));
      } else {
        this.#traffic.occupancy.insert(edge, body, 0);
        undo.push(() => this.#traffic.occupancy.leave(edge, body));
      }
    }
    return () => {
      for (const one of undo) one();
    };
  }
}
