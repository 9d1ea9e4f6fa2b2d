import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  allocateNearEdges,
  directionAt,
  headingAt,
  ON_EDGE_DISTANCE,
  ON_EDGE_LATERAL,
  ON_EDGE_S,
  pointAt,
  projectNear,
  projectOnEdge,
  type RoadGraph,
  SpatialIndex,
} from '../../../roads/graph/index.ts';
import { distanceToEdge } from '../import/distance-to-edge.ts';
import { randomGraph, seeded } from './random-graph.ts';

const anyPoint = fc.tuple(
  fc.double({ min: -1300, max: 1300, noNaN: true }),
  fc.double({ min: -1300, max: 1300, noNaN: true }),
);

describe('edge geometry', () => {
  const graph = randomGraph(seeded(7), 20, 40);
  const anyEdge = fc.nat({ max: graph.numEdges - 1 });
  const out = new Float64Array(3);
  const point = new Float64Array(2);

  it('projects to the nearest point: the brute-force distance, and the point at s lies there', () => {
    fc.assert(
      fc.property(anyEdge, anyPoint, (edge, [x, y]) => {
        projectOnEdge(graph, edge, x, y, out);
        expect(out[ON_EDGE_DISTANCE]).toBeCloseTo(distanceToEdge(graph, edge, x, y), 6);
        pointAt(graph, edge, out[ON_EDGE_S], point);
        expect(Math.hypot(point[0] - x, point[1] - y)).toBeCloseTo(out[ON_EDGE_DISTANCE], 2);
        expect(Math.abs(out[ON_EDGE_LATERAL])).toBeLessThanOrEqual(out[ON_EDGE_DISTANCE] + 1e-9);
      }),
    );
  });

  it('finds a point moved sidewise again, with its side and offset', () => {
    fc.assert(
      fc.property(
        anyEdge,
        fc.double({ min: 0.1, max: 0.9, noNaN: true }),
        fc.constantFrom(-0.01, 0.01),
        (edge, share, aside) => {
          const s = share * graph.edgeLength[edge];
          const direction = new Float64Array(2);
          pointAt(graph, edge, s, point);
          directionAt(graph, edge, s, direction);
          const x = point[0] - direction[1] * aside;
          const y = point[1] + direction[0] * aside;
          projectNear(graph, edge, s, 5, x, y, out);
          expect(Math.abs(out[ON_EDGE_S] - s)).toBeLessThan(0.05);
          expect(out[ON_EDGE_LATERAL]).toBeCloseTo(aside, 2);
          const heading = headingAt(graph, edge, s);
          expect(Math.sin(heading)).toBeCloseTo(direction[0], 9);
          expect(Math.cos(heading)).toBeCloseTo(direction[1], 9);
        },
      ),
    );
  });
});

describe('spatial index', () => {
  const bruteForce = (graph: RoadGraph, x: number, y: number, radius: number): number[] =>
    Array.from({ length: graph.numEdges }, (_, e) => e).filter((e) => distanceToEdge(graph, e, x, y) <= radius);

  it('finds exactly the edges a brute-force scan finds, with their nearest points', () => {
    fc.assert(
      fc.property(fc.integer(), anyPoint, fc.double({ min: 0.1, max: 400, noNaN: true }), (seed, [x, y], radius) => {
        const graph = randomGraph(seeded(seed), 12, 30);
        const found = new SpatialIndex(graph).near(x, y, radius);
        expect(found.map(({ edge }) => edge).sort((a, b) => a - b)).toEqual(bruteForce(graph, x, y, radius));
        const out = new Float64Array(3);
        for (const { edge, distance, lateral } of found) {
          projectOnEdge(graph, edge, x, y, out);
          expect(distance).toBeCloseTo(out[ON_EDGE_DISTANCE], 6);
          expect(Math.abs(lateral)).toBeLessThanOrEqual(distance + 1e-9);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('keeps the nearest when there is no room for all', () => {
    const graph = randomGraph(seeded(11), 12, 60);
    const index = new SpatialIndex(graph);
    const few = allocateNearEdges(5);
    expect(index.nearEdges(0, 0, 900, few)).toBe(5);
    const all = index.near(0, 0, 900);
    expect(all.length).toBeGreaterThan(20);
    expect([...few.distance].sort((a, b) => a - b)).toEqual(all.slice(0, 5).map(({ distance }) => distance));
  });

  it('leaves out edges that are not accepted, and answers far away and in an empty graph with nothing', () => {
    const graph = randomGraph(seeded(5), 12, 30);
    expect(new SpatialIndex(graph, (edge) => edge === 3).near(0, 0, 5000).map(({ edge }) => edge)).toEqual([3]);
    expect(new SpatialIndex(graph).near(1e7, 1e7, 100)).toEqual([]);
    expect(new SpatialIndex(randomGraph(seeded(5), 1, 0)).near(0, 0, 100)).toEqual([]);
  });
});
