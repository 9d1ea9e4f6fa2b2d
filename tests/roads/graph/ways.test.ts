import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  allocatePathTree,
  DistanceField,
  edgeMetres,
  expandPaths,
  freeFlowTime,
  type RoadGraph,
  ShortestPath,
} from '../../../roads/graph/index.ts';
import { randomGraph, seeded } from './random-graph.ts';

/** Bellman-Ford over edges: cost from the start of `from` to the start of each edge. */
function bellmanFord(graph: RoadGraph, from: number, cost: (edge: number) => number): Float64Array {
  const best = new Float64Array(graph.numEdges).fill(Infinity);
  best[from] = 0;
  for (let changed = true; changed; ) {
    changed = false;
    for (let e = 0; e < graph.numEdges; e++)
      for (let k = graph.turnStart[e]; k < graph.turnStart[e + 1]; k++)
        if (best[e] + cost(e) < best[graph.turnTo[k]] - 1e-9) {
          best[graph.turnTo[k]] = best[e] + cost(e);
          changed = true;
        }
  }
  return best;
}

const graphs = fc
  .tuple(fc.integer(), fc.integer({ min: 2, max: 10 }), fc.integer({ min: 2, max: 25 }))
  .map(([seed, nodes, edges]) => randomGraph(seeded(seed), nodes, edges));

describe('ways through the graph', () => {
  it('the shortest path costs what Bellman and Ford say, and its edges follow each other', () => {
    fc.assert(
      fc.property(graphs, fc.nat(), fc.nat(), fc.boolean(), (graph, a, b, byTime) => {
        const from = a % graph.numEdges;
        const to = b % graph.numEdges;
        const cost = byTime ? freeFlowTime(graph) : edgeMetres(graph);
        const expected = bellmanFord(graph, from, cost)[to] + cost(to);
        const found = new ShortestPath(graph).find(from, to, cost);
        expect(found?.cost ?? Infinity).toBeCloseTo(expected, 3);
        found?.edges.slice(1).forEach((edge, i) => {
          const before = found.edges[i];
          expect([...graph.turnTo.slice(graph.turnStart[before], graph.turnStart[before + 1])]).toContain(edge);
        });
      }),
      { numRuns: 60 },
    );
  });

  it('distance fields hold all edges within the limit and no others, forward and backward', () => {
    fc.assert(
      fc.property(graphs, fc.nat(), fc.double({ min: 0, max: 1, noNaN: true }), (graph, pick, share) => {
        const edge = pick % graph.numEdges;
        const s = share * graph.edgeLength[edge];
        const limit = 2500;
        const field = new DistanceField(graph);
        field.forward(edge, s, limit);
        const fromStart = bellmanFord(graph, edge, edgeMetres(graph));
        for (let e = 0; e < graph.numEdges; e++) {
          if (e === edge) continue;
          const ahead = fromStart[e] - s;
          if (Math.abs(ahead - limit) < 0.01) continue;
          if (ahead <= limit) expect(field.at(e)).toBeCloseTo(ahead, 2);
          else expect(field.at(e)).toBe(Infinity);
        }
        field.backward(edge, s, limit);
        for (let e = 0; e < graph.numEdges; e++) {
          if (e === edge) continue;
          const behind = bellmanFord(graph, e, edgeMetres(graph))[edge] - graph.edgeLength[e] + s;
          if (Math.abs(behind - limit) < 0.01) continue;
          if (behind <= limit) expect(field.at(e)).toBeCloseTo(behind, 2);
          else expect(field.at(e)).toBe(Infinity);
        }
      }),
      { numRuns: 25 },
    );
  });

  it('a distance field stops at the number of edges asked for, with the nearest', () => {
    const graph = randomGraph(seeded(4), 6, 25);
    const field = new DistanceField(graph);
    const all = field.forward(0, 0, 1e5);
    expect(all).toBeGreaterThan(6);
    const nearest = [...field.edges.slice(0, 5)];
    expect(field.forward(0, 0, 1e5, 5)).toBe(5);
    expect([...field.edges.slice(0, 5)]).toEqual(nearest);
  });

  it('the path tree reaches every place the field reaches, at its shortest distance or a longer way', () => {
    const graph = randomGraph(seeded(9), 8, 14);
    const tree = allocatePathTree(100_000);
    const field = new DistanceField(graph);
    for (let edge = 0; edge < 14; edge++) {
      expandPaths(graph, edge, 5, 1500, tree);
      expect(tree.cut).toBe(false);
      field.forward(edge, 5, 1499);
      const reached = new Map<number, number>();
      for (let i = 1; i < tree.count; i++) {
        const parent = tree.parent[i];
        expect(parent).toBeLessThan(i);
        expect(tree.start[i]).toBeCloseTo(tree.start[parent] + graph.edgeLength[tree.edge[parent]], 2);
        reached.set(tree.edge[i], Math.min(tree.start[i], reached.get(tree.edge[i]) ?? Infinity));
      }
      for (const e of field.edges.slice(0, field.count))
        if (e !== edge) expect(reached.get(e)).toBeCloseTo(field.at(e), 1);
    }
  });

  it('a path tree that does not fit says so', () => {
    const graph = randomGraph(seeded(4), 6, 25);
    const tree = allocatePathTree(3);
    expandPaths(graph, 0, 0, 1e5, tree);
    expect(tree.count).toBe(3);
    expect(tree.cut).toBe(true);
  });
});
