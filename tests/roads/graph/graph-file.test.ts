import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeGraph, EdgeFlag, encodeGraph, GraphBuilder, GraphFormatError } from '../../../roads/graph/index.ts';
import { randomGraph, seeded } from './random-graph.ts';

describe('graph file', () => {
  it('gives back the same graph for any graph', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 0, max: 30 }),
        (seed, nodes, edges) => {
          const graph = randomGraph(seeded(seed), nodes, edges);
          const { buffer, ...rest } = decodeGraph(encodeGraph(graph).slice());
          const { buffer: original, ...expected } = graph;
          expect(rest).toEqual(expected);
          expect(buffer.byteLength).toBe(original.byteLength);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('keeps names in any script', () => {
    const builder = new GraphBuilder({ mapHash: 'h', originLat: 35, originLon: 51 });
    builder.addNode(0, 0, 0);
    const edge = { from: 0, to: 0, shape: [0, 0, 9, 9], limit: 10, roadClass: 1, lanes: 1, width: 3 };
    builder.addEdge({ ...edge, name: 'Rue de l’Église 🚑', nameFa: 'خیابان ولیعصر', source: 'a\ud800b' });
    const graph = decodeGraph(encodeGraph(builder.finish()).slice());
    expect(graph.strings[graph.edgeName[0]]).toBe('Rue de l’Église 🚑');
    expect(graph.strings[graph.edgeNameFa[0]]).toBe('خیابان ولیعصر');
    expect(graph.strings[graph.edgeSource[0]]).toBe('a\ud800b');
  });

  it('is shared between threads without a copy once it lies in shared memory', () => {
    const shared = decodeGraph(encodeGraph(randomGraph(seeded(1), 5, 9)), true);
    expect(shared.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(decodeGraph(new Uint8Array(shared.buffer)).buffer).toBe(shared.buffer);
    expect(decodeGraph(new Uint8Array(shared.buffer), true).buffer).toBe(shared.buffer);
  });

  it('says what is wrong with a file that is cut off, damaged, foreign or of another version', () => {
    const bytes = encodeGraph(randomGraph(seeded(2), 5, 9));
    expect(() => decodeGraph(bytes.slice(0, 10))).toThrow(/10 bytes/);
    expect(() => decodeGraph(bytes.slice(0, bytes.length - 8))).toThrow(/cut off/);
    expect(() => decodeGraph(new Uint8Array(64))).toThrow(/RAHBANRG/);
    const other = bytes.slice();
    other[8] = 99;
    expect(() => decodeGraph(other)).toThrow(/version 99/);
  });

  it('finds any single changed byte', () => {
    const bytes = encodeGraph(randomGraph(seeded(3), 4, 6));
    fc.assert(
      fc.property(fc.nat({ max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const broken = bytes.slice();
        broken[at] ^= change;
        expect(() => decodeGraph(broken)).toThrow(GraphFormatError);
      }),
    );
  });
});

describe('graph builder', () => {
  const edge = { from: 0, to: 0, shape: [0, 0, 50, 0], limit: 10, roadClass: 1, lanes: 1, width: 3 };
  const builderWithNode = (): GraphBuilder => {
    const builder = new GraphBuilder({ mapHash: 'h', originLat: 0, originLon: 0 });
    builder.addNode(0, 0, 0);
    return builder;
  };

  it('refuses wrong references and numbers with the value', () => {
    const builder = builderWithNode();
    expect(() => builder.addEdge({ ...edge, to: 3 })).toThrow(/nodes 0, 3 of 1/);
    expect(() => builder.addEdge({ ...edge, limit: 0 })).toThrow(/limit 0/);
    expect(() => builder.addEdge({ ...edge, shape: [1, 2] })).toThrow(/two x, y pairs/);
    expect(() => builder.addEdge({ ...edge, shape: [1, 2, Number.NaN, 3] })).toThrow(/not finite/);
    expect(() => builder.addNode(Number.POSITIVE_INFINITY, 0, 0)).toThrow(/not finite/);
  });

  it('lengthens edges without length to 0.1 m and counts them', () => {
    const builder = builderWithNode();
    builder.addEdge({ ...edge, shape: [5, 5, 5, 5] });
    expect(builder.shortEdges).toBe(1);
    expect(builder.finish().edgeLength[0]).toBeCloseTo(0.1, 4);
  });

  it('keeps conflicts symmetric, and the first rules of a pair given twice', () => {
    const builder = builderWithNode();
    const a = builder.addEdge({ ...edge, flags: EdgeFlag.internal });
    const b = builder.addEdge({ ...edge, flags: EdgeFlag.internal });
    builder.addConflict(a, b, 1, 2);
    builder.addConflict(b, a, 3, 3);
    const graph = builder.finish();
    expect([...graph.conflictWith]).toEqual([b, a]);
    expect([...graph.conflictRule]).toEqual([1, 2]);
  });

  it('sorts features along their edge and keeps one of two at the same place', () => {
    const builder = builderWithNode();
    builder.addEdge(edge);
    for (const s of [40, 10, 10.2, 99]) builder.addFeature(0, 2, s);
    expect([...builder.finish().featureS]).toEqual([10, 40, 50]);
  });
});
