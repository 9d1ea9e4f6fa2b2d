import type { RoadGraph } from '../roads/graph/index.ts';

/**
 * Static geometry of the joins between consecutive edges (L2): `shift[k]` of turn k (index into `turnTo`) is how far, to the left,
 * the centre line of the next edge starts beside the end of this one. A vehicle at lateral d keeps its track at d - shift.
 */
export class Joins {
  readonly shift: Float32Array;
  /** Unit direction of each edge at its first and last point. */
  readonly startX: Float32Array;
  readonly startY: Float32Array;
  readonly endX: Float32Array;
  readonly endY: Float32Array;

  constructor(graph: RoadGraph) {
    const { numEdges, edgeShape, shapeX, shapeY, turnStart, turnTo } = graph;
    this.shift = new Float32Array(graph.numTurns);
    this.startX = new Float32Array(numEdges);
    this.startY = new Float32Array(numEdges);
    this.endX = new Float32Array(numEdges);
    this.endY = new Float32Array(numEdges);
    for (let e = 0; e < numEdges; e += 1) {
      const first = edgeShape[e];
      const last = edgeShape[e + 1] - 1;
      this._direction(this.startX, this.startY, e, first, last, 1, shapeX, shapeY);
      this._direction(this.endX, this.endY, e, last, first, -1, shapeX, shapeY);
    }
    for (let e = 0; e < numEdges; e += 1) {
      const end = edgeShape[e + 1] - 1;
      for (let k = turnStart[e]; k < turnStart[e + 1]; k += 1) {
        const next = turnTo[k];
        const begin = edgeShape[next];
        const dx = shapeX[begin] - shapeX[end];
        const dy = shapeY[begin] - shapeY[end];
        this.shift[k] = this.endX[e] * dy - this.endY[e] * dx;
      }
    }
  }

  /** Direction over the first metre or more from `from` towards `to` along the shape; (1, 0) when the edge has no extent. */
  private _direction(
    outX: Float32Array,
    outY: Float32Array,
    e: number,
    from: number,
    to: number,
    sign: 1 | -1,
    shapeX: Float64Array,
    shapeY: Float64Array,
  ): void {
    let i = from;
    let dx = 0;
    let dy = 0;
    while (i !== to) {
      i += sign;
      dx = shapeX[i] - shapeX[from];
      dy = shapeY[i] - shapeY[from];
      if (dx * dx + dy * dy >= 1) break;
    }
    const norm = Math.sqrt(dx * dx + dy * dy);
    outX[e] = norm > 0 ? (sign * dx) / norm : 1;
    outY[e] = norm > 0 ? (sign * dy) / norm : 0;
  }
}
