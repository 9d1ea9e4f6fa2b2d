import {
  ConflictRule,
  EdgeFlag,
  GraphBuilder,
  headingAt,
  JunctionKind,
  Plane,
  pointAt,
  RoadClass,
  type RoadGraph,
  TurnControl,
  TurnKind,
} from '../../roads/graph/index.ts';

const origin = { mapHash: 'c'.repeat(64), originLat: 35.7, originLon: 51.4 };
export const gridPlane = new Plane(origin.originLat, origin.originLon);
const half = 1.75;
const box = 10;

/** A city of `size` x `size` junctions, `block` m apart, one lane each way; every other street gives way. */
export function gridCity(size: number, block: number): RoadGraph {
  const builder = new GraphBuilder(origin);
  const common = { limit: 13.9, roadClass: RoadClass.residential, lanes: 1, width: 3.5 };
  const place = (i: number): number => (i - (size - 1) / 2) * block;
  for (let i = 0; i < size; i += 1)
    for (let j = 0; j < size; j += 1) builder.addNode(place(i), place(j), JunctionKind.priority);
  const ux = [1, 0, -1, 0];
  const uy = [0, 1, 0, -1];
  // outbound[node][k]: the edge that leaves the node towards direction k.
  const outbound: number[][] = Array.from({ length: size * size }, () => [-1, -1, -1, -1]);
  const neighbour = (i: number, j: number, k: number): number => {
    const a = i + ux[k];
    const b = j + uy[k];
    return a < 0 || b < 0 || a >= size || b >= size ? -1 : a * size + b;
  };
  for (let i = 0; i < size; i += 1)
    for (let j = 0; j < size; j += 1)
      for (let k = 0; k < 4; k += 1) {
        const to = neighbour(i, j, k);
        if (to < 0) continue;
        const x = place(i) + half * uy[k];
        const y = place(j) - half * ux[k];
        const far = block - box;
        const shape = [x + box * ux[k], y + box * uy[k], x + far * ux[k], y + far * uy[k]];
        outbound[i * size + j][k] = builder.addEdge({ from: i * size + j, to, shape, ...common });
      }
  for (let i = 0; i < size; i += 1)
    for (let j = 0; j < size; j += 1) {
      const node = i * size + j;
      const movements: { edge: number; from: number; left: boolean }[] = [];
      for (let k = 0; k < 4; k += 1) {
        const back = neighbour(i, j, (k + 2) % 4);
        const approach = back < 0 ? -1 : outbound[back][k];
        if (approach < 0) continue;
        if (k < 2 && outbound[node][(k + 2) % 4] >= 0) builder.setReverse(approach, outbound[node][(k + 2) % 4]);
        for (const turn of [0, 1, 3]) {
          const direction = (k + turn) % 4;
          const exit = outbound[node][direction];
          if (exit < 0) continue;
          const a = builder.edge(approach).shape;
          const b = builder.edge(exit).shape;
          const edge = builder.addMovement(approach, exit, {
            from: node,
            to: node,
            shape: [a[a.length - 2], a[a.length - 1], b[0], b[1]],
            ...common,
            turn: turn === 0 ? TurnKind.straight : turn === 1 ? TurnKind.left : TurnKind.right,
            control: k % 2 === 0 ? TurnControl.priority : TurnControl.yield,
          });
          movements.push({ edge, from: k, left: turn === 1 });
        }
      }
      for (const m of movements)
        for (const n of movements) {
          if (m.edge >= n.edge || m.from === n.from) continue;
          const major = (k: number): boolean => k % 2 === 0;
          const yields = major(m.from) === major(n.from) ? m.left && !n.left : !major(m.from);
          const other = major(m.from) === major(n.from) ? n.left && !m.left : !major(n.from);
          const rule = (own: boolean, foe: boolean): number =>
            own ? ConflictRule.mustYield : foe ? ConflictRule.hasPriority : ConflictRule.equal;
          builder.addConflict(m.edge, n.edge, rule(yields, other), rule(other, yields));
        }
    }
  return builder.finish();
}

/** Vehicles that drive on for ever at their own speeds, turning at random (seeded). Nobody gives way: every junction has conflicts. */
export class GridTraffic {
  readonly count: number;
  readonly lat: Float64Array;
  readonly lon: Float64Array;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly speed: Float32Array;
  readonly headingDeg: Float32Array;
  private readonly graph: RoadGraph;
  private readonly edge: Int32Array;
  private readonly s: Float64Array;
  private state: number;
  private readonly point = new Float64Array(3);

  constructor(graph: RoadGraph, count: number, seed: number) {
    this.graph = graph;
    this.count = count;
    this.state = seed >>> 0;
    this.lat = new Float64Array(count);
    this.lon = new Float64Array(count);
    this.x = new Float64Array(count);
    this.y = new Float64Array(count);
    this.speed = new Float32Array(count);
    this.headingDeg = new Float32Array(count);
    this.edge = new Int32Array(count);
    this.s = new Float64Array(count);
    const streets: number[] = [];
    for (let e = 0; e < graph.numEdges; e += 1) if ((graph.edgeFlags[e] & EdgeFlag.internal) === 0) streets.push(e);
    for (let i = 0; i < count; i += 1) {
      this.edge[i] = streets[Math.floor(this.uniform() * streets.length)];
      this.s[i] = this.uniform() * graph.edgeLength[this.edge[i]];
      this.speed[i] = 10 + 3 * this.uniform();
      this.locate(i);
    }
  }

  /** One vehicle drives on for dt s. */
  advance(i: number, dt: number): void {
    const { edgeLength, turnStart, turnTo } = this.graph;
    this.s[i] += this.speed[i] * dt;
    while (this.s[i] > edgeLength[this.edge[i]]) {
      const e = this.edge[i];
      const ways = turnStart[e + 1] - turnStart[e];
      this.s[i] -= edgeLength[e];
      if (ways === 0) {
        this.s[i] = 0;
        break;
      }
      this.edge[i] = turnTo[turnStart[e] + Math.floor(this.uniform() * ways)];
    }
    this.locate(i);
  }

  private locate(i: number): void {
    pointAt(this.graph, this.edge[i], this.s[i], this.point);
    this.x[i] = this.point[0];
    this.y[i] = this.point[1];
    this.lat[i] = gridPlane.lat(this.y[i]);
    this.lon[i] = gridPlane.lon(this.x[i]);
    this.headingDeg[i] = (headingAt(this.graph, this.edge[i], this.s[i]) * 180) / Math.PI;
  }

  private uniform(): number {
    this.state = (Math.imul(this.state, 1664525) + 1013904223) >>> 0;
    return this.state / 4294967296;
  }
}
