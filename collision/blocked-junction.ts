import { ON_EDGE_DISTANCE, ON_EDGE_LATERAL, ON_EDGE_S, projectOnEdge, type RoadGraph } from '../roads/graph/index.ts';
import type { Tracks } from './tracks.ts';

/** Spacing of the points of a standing body's outline, m. */
const spacing = 1.2;
/** Room beside the passing body, m. */
const margin = 0.1;
const projected = new Float64Array(3);

/**
 * Metres along `movement` at which the body of `other`, which stands, first reaches into the track of one `width` wide that drives along the
 * movement at `lateral`; Infinity when it leaves the track free (X10).
 */
export function blockedAt(
  graph: RoadGraph,
  tracks: Tracks,
  movement: number,
  lateral: number,
  width: number,
  other: number,
): number {
  const { x, y, hx, hy, length, width: widths } = tracks;
  const steps = Math.min(20, Math.ceil(length[other] / spacing));
  const half = widths[other] / 2;
  const reach = width / 2 + margin;
  let first = Infinity;
  for (let k = 0; k <= steps; k += 1) {
    const back = (length[other] * k) / steps;
    for (let side = -1; side <= 1; side += 1) {
      const px = x[other] - hx[other] * back - hy[other] * half * side;
      const py = y[other] - hy[other] * back + hx[other] * half * side;
      projectOnEdge(graph, movement, px, py, projected);
      const aside = projected[ON_EDGE_LATERAL] - lateral;
      // Beyond the ends the nearest point is the end itself: not on the movement.
      if (projected[ON_EDGE_DISTANCE] > Math.abs(projected[ON_EDGE_LATERAL]) + margin) continue;
      if (aside < reach && aside > -reach && projected[ON_EDGE_S] < first) first = projected[ON_EDGE_S];
    }
  }
  return first;
}
