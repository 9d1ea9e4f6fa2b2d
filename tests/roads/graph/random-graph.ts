import { EdgeFlag, GraphBuilder, type RoadGraph } from '../../../roads/graph/index.ts';

/** A random graph of the house's shape (edges and movements) from a seeded generator of numbers in 0..1. */
export function randomGraph(random: () => number, nodes: number, edges: number, side = 2000): RoadGraph {
  const builder = new GraphBuilder({ mapHash: 'random', originLat: 35, originLon: 51 });
  const xs: number[] = [];
  const ys: number[] = [];
  for (let i = 0; i < nodes; i++) {
    xs.push(random() * side - side / 2);
    ys.push(random() * side - side / 2);
    builder.addNode(xs[i], ys[i], 0);
  }
  const made: number[] = [];
  for (let e = 0; e < edges; e++) {
    const from = Math.floor(random() * nodes);
    const to = Math.floor(random() * nodes);
    const bends = Math.floor(random() * 4);
    const shape = [xs[from], ys[from]];
    for (let k = 1; k <= bends; k++) {
      const t = k / (bends + 1);
      shape.push(
        xs[from] + t * (xs[to] - xs[from]) + random() * 40,
        ys[from] + t * (ys[to] - ys[from]) + random() * 40,
      );
    }
    shape.push(xs[to], ys[to]);
    const limit = 5 + random() * 30;
    made.push(
      builder.addEdge({
        from,
        to,
        shape,
        limit,
        roadClass: 7,
        lanes: 1,
        width: 3,
        flags: EdgeFlag.oneWay,
        source: `e${e}`,
      }),
    );
  }
  for (const a of made)
    for (const b of made)
      if (builder.edge(a).to === builder.edge(b).from && random() < 0.8) {
        const end = Array.from(builder.edge(a).shape).slice(-2);
        const start = Array.from(builder.edge(b).shape).slice(0, 2);
        const at = builder.edge(a).to;
        builder.addMovement(a, b, {
          from: at,
          to: at,
          shape: [...end, ...start],
          limit: 10,
          roadClass: 7,
          lanes: 1,
          width: 3,
        });
      }
  return builder.finish();
}

/** mulberry32: the same numbers for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
