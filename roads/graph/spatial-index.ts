import type { RoadGraph } from './road-graph.ts';

/** Cell side, m, unless the map is so large that the grid would pass `MAX_CELLS`. */
const CELL = 50;
const MAX_CELLS = 4_000_000;

/**
 * Edges near a point, filled by `SpatialIndex.nearEdges`. Entry i holds for `edge[i]` its nearest point: `s` m along it,
 * `lateral` m (left positive), `distance` m. Not sorted. The arrays belong to the caller.
 */
export interface NearEdges {
  count: number;
  readonly edge: Int32Array;
  readonly s: Float64Array;
  readonly lateral: Float64Array;
  readonly distance: Float64Array;
}

/** Room for `capacity` edges: 64 suffices for a radius of 50 m in a city; further ones push out the farthest. */
export function allocateNearEdges(capacity: number): NearEdges {
  if (!(capacity >= 1)) throw new RangeError(`room for ${capacity} edges, at least 1`);
  return {
    count: 0,
    edge: new Int32Array(capacity),
    s: new Float64Array(capacity),
    lateral: new Float64Array(capacity),
    distance: new Float64Array(capacity),
  };
}

/**
 * Static uniform grid over the segments of all edges (movements too). Queries allocate nothing but share scratch memory: one
 * index serves one thread and must not be queried from within a query.
 */
export class SpatialIndex {
  readonly graph: RoadGraph;
  private readonly cell: number;
  private readonly minX: number;
  private readonly minY: number;
  private readonly columns: number;
  private readonly rows: number;
  /** Segments of cell c: `segments[cellStart[c] .. cellStart[c + 1])`; a segment is the index of its first shape point. */
  private readonly cellStart: Uint32Array;
  private readonly segments: Uint32Array;
  private readonly edgeOfPoint: Uint32Array;
  /** Query in which an edge was last met, and its entry in the answer. */
  private readonly metIn: Uint32Array;
  private readonly entryOf: Uint32Array;
  private query = 0;
  /** Arguments of a query: numbers handed from function to function would be objects on the heap. */
  private readonly asked = new Float64Array(3);

  /** `accept` leaves edges out, e.g. railways. */
  constructor(graph: RoadGraph, accept: (edge: number) => boolean = () => true) {
    this.graph = graph;
    const { shapeX, shapeY, numEdges, edgeShape } = graph;
    let minX = 0;
    let minY = 0;
    let maxX = 0;
    let maxY = 0;
    for (let i = 0; i < shapeX.length; i++) {
      if (i === 0 || shapeX[i] < minX) minX = shapeX[i];
      if (i === 0 || shapeX[i] > maxX) maxX = shapeX[i];
      if (i === 0 || shapeY[i] < minY) minY = shapeY[i];
      if (i === 0 || shapeY[i] > maxY) maxY = shapeY[i];
    }
    this.minX = minX;
    this.minY = minY;
    this.cell = Math.max(CELL, Math.sqrt(((maxX - minX) * (maxY - minY)) / MAX_CELLS));
    this.columns = Math.floor((maxX - minX) / this.cell) + 1;
    this.rows = Math.floor((maxY - minY) / this.cell) + 1;
    this.edgeOfPoint = new Uint32Array(shapeX.length);
    this.metIn = new Uint32Array(numEdges);
    this.entryOf = new Uint32Array(numEdges);
    this.cellStart = new Uint32Array(this.columns * this.rows + 1);
    for (let e = 0; e < numEdges; e++) this.edgeOfPoint.fill(e, edgeShape[e], edgeShape[e + 1]);
    // Twice over the segments: count per cell, then place.
    this.forEachCell(accept, (c) => {
      this.cellStart[c + 1]++;
    });
    for (let c = 0; c < this.columns * this.rows; c++) this.cellStart[c + 1] += this.cellStart[c];
    this.segments = new Uint32Array(this.cellStart[this.columns * this.rows]);
    const next = this.cellStart.slice();
    this.forEachCell(accept, (c, segment) => {
      this.segments[next[c]++] = segment;
    });
  }

  /**
   * All edges within `radius` metres of x, y into `out`; returns their number. When more than `out` has room for are near, the
   * nearest are kept. Cost grows with the area: meant for radii up to some hundred metres. Allocates nothing.
   */
  nearEdges(x: number, y: number, radius: number, out: NearEdges): number {
    const { asked } = this;
    asked[0] = x;
    asked[1] = y;
    asked[2] = radius;
    return this.look(out);
  }

  private look(out: NearEdges): number {
    const x = this.asked[0];
    const y = this.asked[1];
    const radius = this.asked[2];
    const { cell, minX, minY, columns, rows, cellStart, segments, edgeOfPoint, metIn, entryOf } = this;
    const { shapeX, shapeY, shapeS } = this.graph;
    out.count = 0;
    if (this.query === 0xffffffff) {
      // Stamps are 32 bits wide: start again from a clean sheet.
      metIn.fill(0);
      this.query = 0;
    }
    const query = ++this.query;
    const c0 = Math.max(0, Math.floor((x - radius - minX) / cell));
    const c1 = Math.min(columns - 1, Math.floor((x + radius - minX) / cell));
    const r0 = Math.max(0, Math.floor((y - radius - minY) / cell));
    const r1 = Math.min(rows - 1, Math.floor((y + radius - minY) / cell));
    const limit2 = radius * radius;
    // A hair wider than the radius: rounding decides nothing here.
    const west = x - radius - 1e-6;
    const east = x + radius + 1e-6;
    const south = y - radius - 1e-6;
    const north = y + radius + 1e-6;
    for (let r = r0; r <= r1; r++)
      for (let c = c0; c <= c1; c++) {
        const at = r * columns + c;
        for (let k = cellStart[at]; k < cellStart[at + 1]; k++) {
          const i = segments[k];
          const ax = shapeX[i];
          const ay = shapeY[i];
          const bx = shapeX[i + 1];
          const by = shapeY[i + 1];
          // Most segments of a cell lie wholly to one side of the circle.
          if (ax < west && bx < west) continue;
          if (ax > east && bx > east) continue;
          if (ay < south && by < south) continue;
          if (ay > north && by > north) continue;
          const dx = bx - ax;
          const dy = by - ay;
          const d2 = dx * dx + dy * dy;
          let t = ((x - ax) * dx + (y - ay) * dy) / d2;
          t = Math.min(1, Math.max(0, t));
          const ex = x - ax - t * dx;
          const ey = y - ay - t * dy;
          const e2 = ex * ex + ey * ey;
          if (!(e2 <= limit2)) continue;
          const edge = edgeOfPoint[i];
          const distance = Math.sqrt(e2);
          let entry = metIn[edge] === query ? entryOf[edge] : -1;
          if (entry >= 0 && out.edge[entry] === edge) {
            if (distance >= out.distance[entry]) continue;
          } else {
            entry = this.place(out, distance);
            if (entry < 0) continue;
            metIn[edge] = query;
            entryOf[edge] = entry;
            out.edge[entry] = edge;
          }
          const first = i === this.graph.edgeShape[edge];
          const last = i + 2 === this.graph.edgeShape[edge + 1];
          const cross = (dx * (y - ay) - dy * (x - ax)) / Math.sqrt(d2);
          const beyond = (first && t === 0) || (last && t === 1);
          out.s[entry] = shapeS[i] + t * (shapeS[i + 1] - shapeS[i]);
          out.lateral[entry] = beyond ? cross : cross < 0 ? -distance : distance;
          out.distance[entry] = distance;
        }
      }
    return out.count;
  }

  /** Friendly form: the near edges, nearest first. Allocates. */
  near(x: number, y: number, radius: number): { edge: number; s: number; lateral: number; distance: number }[] {
    const out = allocateNearEdges(this.graph.numEdges || 1);
    this.nearEdges(x, y, radius, out);
    const found = Array.from({ length: out.count }, (_, i) => ({
      edge: out.edge[i],
      s: out.s[i],
      lateral: out.lateral[i],
      distance: out.distance[i],
    }));
    return found.sort((a, b) => a.distance - b.distance || a.edge - b.edge);
  }

  /** A free entry, or that of the farthest edge when there is none and this one is nearer; -1 otherwise. */
  private place(out: NearEdges, distance: number): number {
    if (out.count < out.edge.length) return out.count++;
    let farthest = 0;
    for (let i = 1; i < out.count; i++) if (out.distance[i] > out.distance[farthest]) farthest = i;
    return out.distance[farthest] > distance ? farthest : -1;
  }

  private forEachCell(accept: (edge: number) => boolean, visit: (cell: number, segment: number) => void): void {
    const { cell, minX, minY, columns, rows } = this;
    const { numEdges, edgeShape, shapeX, shapeY } = this.graph;
    for (let e = 0; e < numEdges; e++) {
      if (!accept(e)) continue;
      for (let i = edgeShape[e]; i < edgeShape[e + 1] - 1; i++) {
        const ax = (shapeX[i] - minX) / cell;
        const ay = (shapeY[i] - minY) / cell;
        const bx = (shapeX[i + 1] - minX) / cell;
        const by = (shapeY[i + 1] - minY) / cell;
        const c0 = Math.floor(Math.min(ax, bx));
        const c1 = Math.floor(Math.max(ax, bx));
        for (let c = c0; c <= c1; c++) {
          // Rows the segment passes within this column of cells.
          const t0 = bx === ax ? 0 : Math.min(1, Math.max(0, (c - ax) / (bx - ax)));
          const t1 = bx === ax ? 1 : Math.min(1, Math.max(0, (c + 1 - ax) / (bx - ax)));
          const y0 = ay + t0 * (by - ay);
          const y1 = ay + t1 * (by - ay);
          const r0 = Math.max(0, Math.floor(Math.min(y0, y1) - 1e-9));
          const r1 = Math.min(rows - 1, Math.floor(Math.max(y0, y1) + 1e-9));
          for (let r = r0; r <= r1; r++) visit(r * columns + Math.min(columns - 1, c), i);
        }
      }
    }
  }
}
