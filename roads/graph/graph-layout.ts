import type { EdgeInput, GraphOrigin } from './graph-builder.ts';
import { allocateGraph, sealGraph } from './graph-codec.ts';
import { Plane } from './plane.ts';
import type { RoadGraph } from './road-graph.ts';

/** What a builder collected, in the order of its calls. */
export interface GraphParts {
  readonly origin: GraphOrigin;
  readonly nodes: readonly { readonly x: number; readonly y: number; readonly kind: number }[];
  readonly edges: readonly Required<EdgeInput>[];
  readonly reverse: readonly number[];
  readonly turns: readonly (readonly [from: number, to: number])[];
  readonly conflicts: readonly (readonly [a: number, b: number, rule: number])[];
  readonly features: readonly { readonly edge: number; readonly kind: number; readonly s: number }[];
}

/** Lays the parts out as flat arrays over one buffer, with checksum. */
export function layOutGraph(parts: GraphParts): RoadGraph {
  const { nodes, edges, turns, conflicts, features } = parts;
  const strings = [''];
  const indexOf = new Map([['', 0]]);
  const intern = (text: string): number => {
    let index = indexOf.get(text);
    if (index === undefined) {
      index = strings.push(text) - 1;
      indexOf.set(text, index);
    }
    return index;
  };
  const names = edges.map((edge) => intern(edge.name));
  const namesFa = edges.map((edge) => intern(edge.nameFa));
  const sources = edges.map((edge) => intern(edge.source));
  const graph = allocateGraph({
    ...parts.origin,
    bounds: boundsOf(parts),
    counts: {
      nodes: nodes.length,
      edges: edges.length,
      points: edges.reduce((sum, edge) => sum + edge.shape.length / 2, 0),
      turns: turns.length,
      conflicts: conflicts.length,
      features: features.length,
    },
    strings,
  });
  nodes.forEach((node, i) => {
    graph.nodeX[i] = node.x;
    graph.nodeY[i] = node.y;
    graph.nodeKind[i] = node.kind;
  });
  graph.edgeName.set(names);
  graph.edgeNameFa.set(namesFa);
  graph.edgeSource.set(sources);
  graph.edgeReverse.set(parts.reverse);
  fillEdges(graph, edges);
  fillRows(graph, parts);
  sealGraph(graph);
  return graph;
}

function fillEdges(graph: RoadGraph, edges: readonly Required<EdgeInput>[]): void {
  let point = 0;
  edges.forEach((edge, e) => {
    graph.edgeFrom[e] = edge.from;
    graph.edgeTo[e] = edge.to;
    graph.edgeLimit[e] = edge.limit;
    graph.edgeClass[e] = edge.roadClass;
    graph.edgeLanes[e] = edge.lanes;
    graph.edgeWidth[e] = edge.width;
    graph.edgeLevel[e] = edge.level;
    graph.edgeFlags[e] = edge.flags;
    graph.edgeTurn[e] = edge.turn;
    graph.edgeControl[e] = edge.control;
    graph.edgeFromLaneLow[e] = edge.fromLaneLow;
    graph.edgeFromLaneHigh[e] = edge.fromLaneHigh;
    graph.edgeShape[e] = point;
    let s = 0;
    for (let i = 0; i < edge.shape.length; i += 2, point++) {
      if (i > 0) s += Math.hypot(edge.shape[i] - edge.shape[i - 2], edge.shape[i + 1] - edge.shape[i - 1]);
      graph.shapeX[point] = edge.shape[i];
      graph.shapeY[point] = edge.shape[i + 1];
      graph.shapeS[point] = s;
    }
    graph.edgeLength[e] = s;
  });
  graph.edgeShape[edges.length] = point;
}

function fillRows(graph: RoadGraph, { turns, conflicts, features }: GraphParts): void {
  rowOrder(
    graph.turnStart,
    turns.map(([from]) => from),
  ).forEach((k, i) => {
    graph.turnTo[i] = turns[k][1];
  });
  rowOrder(
    graph.comeStart,
    turns.map(([, to]) => to),
  ).forEach((k, i) => {
    graph.comeFrom[i] = turns[k][0];
  });
  rowOrder(
    graph.conflictStart,
    conflicts.map(([a]) => a),
  ).forEach((k, i) => {
    graph.conflictWith[i] = conflicts[k][1];
    graph.conflictRule[i] = conflicts[k][2];
  });
  const bySide = features.map((_, i) => i).sort((a, b) => features[a].s - features[b].s);
  rowOrder(
    graph.featureStart,
    bySide.map((k) => features[k].edge),
  ).forEach((k, i) => {
    graph.featureKind[i] = features[bySide[k]].kind;
    graph.featureS[i] = features[bySide[k]].s;
  });
}

/** Fills the row starts (`rows + 1` entries) for entries with the given row numbers; returns the entries in row order, stable. */
function rowOrder(start: Uint32Array, rowOf: readonly number[]): Uint32Array {
  for (const row of rowOf) start[row + 1]++;
  for (let i = 1; i < start.length; i++) start[i] += start[i - 1];
  const next = start.slice();
  const order = new Uint32Array(rowOf.length);
  rowOf.forEach((row, k) => {
    order[next[row]++] = k;
  });
  return order;
}

function boundsOf({ edges, nodes, origin }: GraphParts): [number, number, number, number] {
  let west = Infinity;
  let south = Infinity;
  let east = -Infinity;
  let north = -Infinity;
  const grow = (x: number, y: number): void => {
    west = Math.min(west, x);
    east = Math.max(east, x);
    south = Math.min(south, y);
    north = Math.max(north, y);
  };
  for (const node of nodes) grow(node.x, node.y);
  for (const { shape } of edges) for (let i = 0; i < shape.length; i += 2) grow(shape[i], shape[i + 1]);
  if (west > east) grow(0, 0);
  const plane = new Plane(origin.originLat, origin.originLon);
  return [plane.lon(west), plane.lat(south), plane.lon(east), plane.lat(north)];
}
