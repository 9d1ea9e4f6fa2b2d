import { planeOf, type RoadGraph } from '../../roads/graph/index.ts';

/** [west, south, east, north], degrees. */
export type EdgeBox = readonly [number, number, number, number];

/** Bounding boxes of all edges in the graph's plane, m. A scan of 100,000 edges takes well under a millisecond. */
export class EdgeBoxes {
  readonly #graph: RoadGraph;
  /** west, south, east, north of edge e from 4 * e. */
  readonly #boxes: Float32Array;

  constructor(graph: RoadGraph) {
    this.#graph = graph;
    this.#boxes = new Float32Array(graph.numEdges * 4);
    for (let edge = 0; edge < graph.numEdges; edge += 1) {
      let west = Number.POSITIVE_INFINITY;
      let south = Number.POSITIVE_INFINITY;
      let east = Number.NEGATIVE_INFINITY;
      let north = Number.NEGATIVE_INFINITY;
      for (let point = graph.edgeShape[edge]; point < graph.edgeShape[edge + 1]; point += 1) {
        west = Math.min(west, graph.shapeX[point]);
        east = Math.max(east, graph.shapeX[point]);
        south = Math.min(south, graph.shapeY[point]);
        north = Math.max(north, graph.shapeY[point]);
      }
      this.#boxes.set([west, south, east, north], edge * 4);
    }
  }

  /** Edges whose box touches the one given (all edges without one), ascending. */
  *touching(box: EdgeBox | undefined): Generator<number> {
    const plane = planeOf(this.#graph);
    const west = box === undefined ? Number.NEGATIVE_INFINITY : plane.x(box[0]);
    const south = box === undefined ? Number.NEGATIVE_INFINITY : plane.y(box[1]);
    const east = box === undefined ? Number.POSITIVE_INFINITY : plane.x(box[2]);
    const north = box === undefined ? Number.POSITIVE_INFINITY : plane.y(box[3]);
    const boxes = this.#boxes;
    for (let edge = 0, at = 0; edge < this.#graph.numEdges; edge += 1, at += 4) {
      if (boxes[at] <= east && boxes[at + 2] >= west && boxes[at + 1] <= north && boxes[at + 3] >= south) yield edge;
    }
  }
}
