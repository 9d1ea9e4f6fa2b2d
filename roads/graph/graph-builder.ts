import { layOutGraph } from './graph-layout.ts';
import { EdgeFlag, type RoadGraph } from './road-graph.ts';

/** One directed carriageway, or one movement through a junction. */
export interface EdgeInput {
  readonly from: number;
  readonly to: number;
  /** x0, y0, x1, y1 … of the centre line in the plane, m; at least two points. */
  readonly shape: ArrayLike<number>;
  /** m/s, > 0. */
  readonly limit: number;
  /** `RoadClass`. */
  readonly roadClass: number;
  readonly lanes: number;
  /** m. */
  readonly width: number;
  readonly level?: number;
  /** `EdgeFlag` bits. */
  readonly flags?: number;
  readonly name?: string;
  readonly nameFa?: string;
  readonly source?: string;
  /** Movements only: `TurnKind`, `TurnControl`, approach lanes (0 = kerb side). */
  readonly turn?: number;
  readonly control?: number;
  readonly fromLaneLow?: number;
  readonly fromLaneHigh?: number;
}

export interface GraphOrigin {
  readonly mapHash: string;
  readonly originLat: number;
  readonly originLon: number;
}

const MIN_LENGTH = 0.1;
/** Points nearer to each other than this are one point, m. */
const SAME_POINT = 0.005;

/**
 * Collects nodes, edges, movements, conflicts and features in growing arrays; `finish()` lays them out as one `RoadGraph`.
 * Indexes are handed out in the order of the calls. Wrong references and non-finite numbers throw at the call.
 */
export class GraphBuilder {
  /** Edges shorter than 0.1 m, lengthened to it along their own direction. */
  shortEdges = 0;
  private readonly origin: GraphOrigin;
  private readonly nodes: { x: number; y: number; kind: number }[] = [];
  private readonly edges: Required<EdgeInput>[] = [];
  private readonly lengths: number[] = [];
  private readonly reverse: number[] = [];
  private readonly turns: [from: number, to: number][] = [];
  private readonly conflicts: [a: number, b: number, rule: number][] = [];
  private readonly conflictKeys = new Set<number>();
  private readonly conflicting = new Set<number>();
  private readonly featurePlaces = new Map<number, number[]>();
  private readonly features: { edge: number; kind: number; s: number }[] = [];

  constructor(origin: GraphOrigin) {
    this.origin = origin;
  }

  get numNodes(): number {
    return this.nodes.length;
  }

  get numEdges(): number {
    return this.edges.length;
  }

  /** Plane coordinates and `JunctionKind`; returns the node's index. */
  addNode(x: number, y: number, kind: number): number {
    if (!Number.isFinite(x + y)) throw new RangeError(`node ${this.nodes.length} at ${x}, ${y}: not finite`);
    this.nodes.push({ x, y, kind });
    return this.nodes.length - 1;
  }

  nodeKind(node: number): number {
    return this.nodes[node].kind;
  }

  setNodeKind(node: number, kind: number): void {
    this.nodes[node].kind = kind;
  }

  /** A normal edge; returns its index. Throws RangeError on fewer than two points, unknown nodes, a limit that is not positive. */
  addEdge(input: EdgeInput): number {
    const index = this.edges.length;
    const label = `edge ${index}${input.source ? ` (${input.source})` : ''}`;
    if (!(input.from < this.nodes.length && input.to < this.nodes.length))
      throw new RangeError(`${label}: nodes ${input.from}, ${input.to} of ${this.nodes.length}`);
    if (!(input.limit > 0)) throw new RangeError(`${label}: limit ${input.limit}, must be > 0`);
    const shape = this.cleanShape(input.shape, label);
    this.edges.push({
      level: 0,
      flags: 0,
      name: '',
      nameFa: '',
      source: '',
      turn: 0,
      control: 0,
      fromLaneLow: 255,
      fromLaneHigh: 255,
      ...input,
      shape,
      lanes: Math.min(255, Math.max(1, input.lanes)),
    });
    this.lengths.push(pathLength(shape));
    this.reverse.push(-1);
    return index;
  }

  /** The movement approach -> exit as an internal edge with both of its turns; returns the internal edge's index. */
  addMovement(approach: number, exit: number, input: EdgeInput): number {
    const edge = this.addEdge({ ...input, flags: (input.flags ?? 0) | EdgeFlag.internal });
    this.turns.push([approach, edge], [edge, exit]);
    return edge;
  }

  /** a and b are the two directions of one carriageway. */
  setReverse(a: number, b: number): void {
    this.reverse[a] = b;
    this.reverse[b] = a;
  }

  setFlags(edge: number, flags: number): void {
    const input = this.edges[edge];
    this.edges[edge] = { ...input, flags: input.flags | flags };
  }

  setControl(edge: number, control: number): void {
    this.edges[edge] = { ...this.edges[edge], control };
  }

  setLevel(edge: number, level: number): void {
    this.edges[edge] = { ...this.edges[edge], level };
  }

  /** m along the cleaned shape. */
  lengthOf(edge: number): number {
    return this.lengths[edge];
  }

  edge(index: number): Readonly<Required<EdgeInput>> {
    return this.edges[index];
  }

  /** Movements a and b cross or merge; the `ConflictRule`s as each of them sees it. A pair given twice keeps its first rules. */
  addConflict(a: number, b: number, ruleOfA: number, ruleOfB: number): void {
    if (a === b) throw new RangeError(`movement ${a} cannot conflict with itself`);
    const key = a < b ? a * 2 ** 26 + b : b * 2 ** 26 + a;
    if (this.conflictKeys.has(key)) return;
    this.conflictKeys.add(key);
    this.conflicting.add(a).add(b);
    this.conflicts.push([a, b, ruleOfA], [b, a, ruleOfB]);
  }

  hasConflict(edge: number): boolean {
    return this.conflicting.has(edge);
  }

  /** `FeatureKind` at s metres along an edge; s is clamped to the edge, the same feature within 0.5 m is kept once. */
  addFeature(edge: number, kind: number, s: number): void {
    const place = Math.min(this.lengths[edge], Math.max(0, s));
    const key = edge * 256 + kind;
    const places = this.featurePlaces.get(key) ?? [];
    if (places.some((other) => Math.abs(other - place) < 0.5)) return;
    places.push(place);
    this.featurePlaces.set(key, places);
    this.features.push({ edge, kind, s: place });
  }

  /** True when the edge has a feature of that kind at `from` metres or beyond. */
  hasFeature(edge: number, kind: number, from: number): boolean {
    return (this.featurePlaces.get(edge * 256 + kind) ?? []).some((s) => s >= from);
  }

  /** Every movement's approach edge with the movement's `TurnControl`. */
  approachControls(): [approach: number, control: number][] {
    return this.turns
      .filter(([, to]) => (this.edges[to].flags & EdgeFlag.internal) !== 0)
      .map(([from, to]) => [from, this.edges[to].control]);
  }

  /** Lays everything out over one buffer. The builder must not be used afterwards. */
  finish(): RoadGraph {
    return layOutGraph({
      origin: this.origin,
      nodes: this.nodes,
      edges: this.edges,
      reverse: this.reverse,
      turns: this.turns,
      conflicts: this.conflicts,
      features: this.features,
    });
  }

  private cleanShape(shape: ArrayLike<number>, label: string): number[] {
    if (shape.length < 4 || shape.length % 2 !== 0)
      throw new RangeError(`${label}: a shape of ${shape.length} numbers, at least two x, y pairs are needed`);
    const clean = [shape[0], shape[1]];
    for (let i = 0; i < shape.length; i += 2) {
      if (!Number.isFinite(shape[i] + shape[i + 1]))
        throw new RangeError(`${label}: shape point ${i / 2} is not finite`);
      const n = clean.length;
      if (Math.hypot(shape[i] - clean[n - 2], shape[i + 1] - clean[n - 1]) > SAME_POINT)
        clean.push(shape[i], shape[i + 1]);
    }
    const n = clean.length;
    const short = MIN_LENGTH - pathLength(clean);
    if (short > 0) {
      this.shortEdges++;
      const dx = n > 2 ? clean[n - 2] - clean[n - 4] : 1;
      const dy = n > 2 ? clean[n - 1] - clean[n - 3] : 0;
      const scale = (short + 1e-6) / Math.hypot(dx, dy);
      clean.push(clean[n - 2] + dx * scale, clean[n - 1] + dy * scale);
    }
    return clean;
  }
}

function pathLength(shape: ArrayLike<number>): number {
  let length = 0;
  for (let i = 2; i < shape.length; i += 2) length += Math.hypot(shape[i] - shape[i - 2], shape[i + 1] - shape[i - 1]);
  return length;
}
