import { EdgeFlag, type GraphBuilder } from '../graph/index.ts';
import { lineLength, placeOnLine, pointOnLine } from './polyline.ts';

/** Gap between the two directions of one carriageway, m: paint, not a median. */
const MEDIAN = 1.5;

/**
 * Joins edges that run back to back between the same two nodes and touch sidewise (`edgeReverse`); an edge with such a
 * counterpart beyond a median is `dual`; an edge without one is `oneWay`.
 */
export function pairDirections(builder: GraphBuilder, edges: readonly { readonly index: number }[]): void {
  const byEnds = new Map<string, number[]>();
  for (const { index } of edges) {
    const { from, to } = builder.edge(index);
    const key = `${from},${to}`;
    const list = byEnds.get(key);
    if (list === undefined) byEnds.set(key, [index]);
    else list.push(index);
  }
  const paired = new Set<number>();
  for (const { index } of edges) {
    if (paired.has(index)) continue;
    const { from, to, width } = builder.edge(index);
    let best = -1;
    let bestGap = Infinity;
    for (const other of byEnds.get(`${to},${from}`) ?? []) {
      if (other === index || paired.has(other)) continue;
      const gap = separation(builder, index, other) - (width + builder.edge(other).width) / 2;
      if (gap < bestGap) {
        best = other;
        bestGap = gap;
      }
    }
    if (bestGap <= MEDIAN) {
      builder.setReverse(index, best);
      paired.add(index).add(best);
    } else builder.setFlags(index, EdgeFlag.oneWay | (best >= 0 && bestGap < 40 ? EdgeFlag.dual : 0));
  }
}

/** Largest distance of the quarter points of a from the line of b, m. */
function separation(builder: GraphBuilder, a: number, b: number): number {
  const line = Array.from(builder.edge(a).shape);
  const other = Array.from(builder.edge(b).shape);
  const length = lineLength(line);
  return Math.max(
    ...[0.25, 0.5, 0.75].map((share) => {
      const [x, y] = pointOnLine(line, share * length);
      return placeOnLine(other, x, y).distance;
    }),
  );
}
