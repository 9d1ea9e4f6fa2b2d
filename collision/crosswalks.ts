import { EdgeFlag, FeatureKind, poseAt, RoadClass, type RoadGraph } from '../roads/graph/index.ts';

/** People cross within this of the line the map draws, m: half a crossing, and what maps and receivers are wrong by along the road. */
const beside = 5;
/** Who is farther from the kerb than this, m, does not wait there yet. */
const pavement = 3;
/** Told of a place at no crossing. */
export const unrelated = -1e3;
/** Side of a cell of the grid, m, and its buckets. */
const cell = 32;
const buckets = 2048;
/** The place of a crossing on the other half of a two-way road is looked for this near, m. */
const sameCrossing = 12;

/**
 * Where the map has crossings for people on foot (V13): each a stretch of carriageway, from kerb to kerb, both halves of a two-way road together.
 * Made once from the graph.
 */
export class Crosswalks {
  /** Answer of the last `inside`. */
  across = false;
  /** Point of the edge's centre line at which crossing c lies, and direction of the road there. */
  private readonly _x: number[] = [];
  private readonly _y: number[] = [];
  private readonly _hx: number[] = [];
  private readonly _hy: number[] = [];
  /** Kerbs, m to the left of the centre line. */
  private readonly _right: number[] = [];
  private readonly _left: number[] = [];
  /** Crossings near a cell, as lists: first entry of each bucket, next entry of each, crossing of each. */
  private readonly _first = new Int32Array(buckets).fill(-1);
  private readonly _next: number[] = [];
  private readonly _crossing: number[] = [];

  constructor(graph: RoadGraph) {
    const pose = new Float64Array(4);
    const { featureStart, featureKind, featureS, edgeReverse, edgeWidth } = graph;
    for (let e = 0; e < graph.numEdges; e += 1) {
      if (!isStreet(graph, e)) continue;
      for (let f = featureStart[e]; f < featureStart[e + 1]; f += 1) {
        if (featureKind[f] !== FeatureKind.crossing) continue;
        const opposite = edgeReverse[e];
        poseAt(graph, e, featureS[f], pose);
        const [x, y, hx, hy] = pose;
        let left = edgeWidth[e] / 2;
        if (opposite >= 0) {
          poseAt(graph, opposite, graph.edgeLength[opposite] - featureS[f], pose);
          if (opposite < e && hasCrossing(graph, opposite, graph.edgeLength[opposite] - featureS[f])) continue;
          const apart = -(pose[0] - x) * hy + (pose[1] - y) * hx;
          left = Math.max(left, apart + edgeWidth[opposite] / 2);
        }
        this._add(x, y, hx, hy, -edgeWidth[e] / 2, left);
      }
    }
  }

  /**
   * How far the point is inside the carriageway of a crossing, m from the nearer kerb; negative beside it, `unrelated` when it is at none. `across` then tells whether
   * who goes in the direction (`hx`, `hy`), a unit vector, goes across that road.
   */
  inside(x: number, y: number, hx: number, hy: number): number {
    let most = unrelated;
    this.across = false;
    const bucket = bucketOf(Math.floor(x / cell), Math.floor(y / cell));
    for (let i = this._first[bucket]; i >= 0; i = this._next[i]) {
      const c = this._crossing[i];
      const dx = x - this._x[c];
      const dy = y - this._y[c];
      const along = dx * this._hx[c] + dy * this._hy[c];
      if (along > beside || along < -beside) continue;
      const aside = -dx * this._hy[c] + dy * this._hx[c];
      const depth = Math.min(aside - this._right[c], this._left[c] - aside);
      if (depth <= most || depth < -pavement) continue;
      most = depth;
      const cos = hx * this._hx[c] + hy * this._hy[c];
      this.across = cos < mostAlong && cos > -mostAlong;
    }
    return most;
  }

  private _add(x: number, y: number, hx: number, hy: number, right: number, left: number): void {
    const c = this._x.length;
    this._x.push(x);
    this._y.push(y);
    this._hx.push(hx);
    this._hy.push(hy);
    this._right.push(right);
    this._left.push(left);
    // Every cell that the stretch may reach into.
    const far = Math.max(left, -right, 2 * beside - pavement) + pavement;
    for (let i = Math.floor((x - far) / cell); i <= Math.floor((x + far) / cell); i += 1)
      for (let j = Math.floor((y - far) / cell); j <= Math.floor((y + far) / cell); j += 1) {
        const bucket = bucketOf(i, j);
        this._crossing.push(c);
        this._next.push(this._first[bucket]);
        this._first[bucket] = this._next.length - 1;
      }
  }
}

/** Whether the half of a two-way road that is in the list already has the crossing about `s`. */
function hasCrossing({ featureStart, featureKind, featureS }: RoadGraph, edge: number, s: number): boolean {
  for (let f = featureStart[edge]; f < featureStart[edge + 1]; f += 1)
    if (featureKind[f] === FeatureKind.crossing && Math.abs(featureS[f] - s) < sameCrossing) return true;
  return false;
}

/** Who walks within 45 degrees of the road's direction goes along it, not across: cosine. */
const mostAlong = 0.7;

function isStreet(graph: RoadGraph, edge: number): boolean {
  if ((graph.edgeFlags[edge] & EdgeFlag.noMotor) !== 0) return false;
  const roadClass = graph.edgeClass[edge];
  return roadClass !== RoadClass.footway && roadClass !== RoadClass.cycleway && roadClass !== RoadClass.rail;
}

function bucketOf(column: number, row: number): number {
  return (Math.imul(column, 73856093) ^ Math.imul(row, 19349663)) & (buckets - 1);
}
