import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEngine } from '../../collision/index.ts';
import { GraphBuilder, JunctionKind, RoadClass, type RoadGraph } from '../../roads/graph/index.ts';
import { moving, play } from './straight-road.ts';

/** A road of two edges; maps of different names differ in nothing else. */
function road(name: string): RoadGraph {
  const builder = new GraphBuilder({ mapHash: name.repeat(64), originLat: 35.7, originLon: 51.4 });
  const [west, middle, east] = [0, 450, 900].map((x) => builder.addNode(x, 0, JunctionKind.priority));
  if (west === undefined || middle === undefined || east === undefined) throw new Error('three nodes');
  const common = { limit: 13.9, roadClass: RoadClass.secondary, lanes: 1, width: 3.5 };
  const approach = builder.addEdge({ from: west, to: middle, shape: [0, 0, 445, 0], ...common });
  const exit = builder.addEdge({ from: middle, to: east, shape: [455, 0, 900, 0], ...common });
  builder.addMovement(approach, exit, { from: middle, to: middle, shape: [445, 0, 455, 0], ...common });
  return builder.finish();
}

const graph = road('a');

const fresh = (): Uint8Array => createEngine(graph, { capacity: 4 }).learned.bytes();

/** What a core over the crossroads makes of `given`. */
function begun(given: Uint8Array): { readonly restored: number; readonly refused: number; readonly bytes: Uint8Array } {
  const engine = createEngine(graph, { capacity: 4, learned: given });
  const { learnedRestored: restored = 0, learnedRefused: refused = 0 } = engine.counters();
  return { restored, refused, bytes: engine.learned.bytes() };
}

describe('what was learned outlives the run (P9)', () => {
  it('[P9] what drivers did is counted, kept and given back bit for bit', () => {
    const engine = createEngine(graph, { capacity: 4 });
    play(graph, [moving(300, 0, 13)], 25, 10, engine);
    const kept = engine.learned.bytes();
    expect(kept).not.toEqual(fresh());
    expect(begun(kept)).toEqual({ restored: 1, refused: 0, bytes: kept });
  });

  it('[P9] bytes that were cut, lengthened or altered anywhere are refused and counted, and the core begins anew', () => {
    const kept = fresh();
    const place = fc.nat(kept.length - 1);
    const spoilt = fc.oneof(
      place.map((length) => kept.slice(0, length)),
      fc.uint8Array({ minLength: 1, maxLength: 8 }).map((more) => Uint8Array.from([...kept, ...more])),
      fc
        .tuple(place, fc.integer({ min: 1, max: 255 }))
        .map(([at, bits]) => kept.map((b, i) => (i === at ? b ^ bits : b))),
    );
    fc.assert(
      fc.property(spoilt, (given) => {
        expect(begun(given)).toEqual({ restored: 0, refused: 1, bytes: kept });
      }),
      { numRuns: 60 },
    );
  });

  it('[P9] what was learned of one map says nothing of another, however alike', () => {
    const learned = fresh();
    expect(createEngine(graph, { capacity: 4, learned }).counters()).toMatchObject({ learnedRestored: 1 });
    expect(createEngine(road('b'), { capacity: 4, learned }).counters()).toMatchObject({
      learnedRestored: 0,
      learnedRefused: 1,
    });
  });

  it('[P9] numbers that nobody can have learned are refused even under a true checksum', () => {
    const words = new Uint32Array(fresh().buffer);
    const numbers = new Float32Array(words.buffer);
    for (const wrong of [Number.NaN, Infinity, -1, 0, 1e6]) {
      const first = numbers[4];
      numbers[4] = wrong;
      expect(begun(signed(words))).toEqual({ restored: 0, refused: 1, bytes: fresh() });
      numbers[4] = first ?? 1;
    }
    expect(begun(signed(words)).restored).toBe(1);
  });
});

/** The words with the checksum that belongs to them: FNV-1a over the map's hash and the content. */
function signed(words: Uint32Array): Uint8Array {
  const fnv = (hash: number, value: number): number => Math.imul(hash ^ value, 0x01000193);
  const seed = [...graph.mapHash].reduce((hash, letter) => fnv(hash, letter.charCodeAt(0)), 0x811c9dc5);
  words[3] = words.subarray(4).reduce(fnv, seed) >>> 0;
  return new Uint8Array(words.buffer.slice(0));
}
