import { EdgeFlag, type RoadGraph } from '../../roads/graph/index.ts';

/** A carriageway near the place, in metres about it. */
export interface SketchRoad {
  readonly points: readonly (readonly [number, number])[];
  readonly width: number;
  readonly name: string;
}

const metresPerDegree = 111_195;
/** A junction has tens of edges; more than this is a map fault. */
const mostRoads = 400;

/** Roads with a point of their centre line within `radius` m of the place, shape points relative to it (x east, y north). */
export function roadsAround(graph: RoadGraph, lat: number, lon: number, radius: number): readonly SketchRoad[] {
  const cx = (lon - graph.originLon) * Math.cos((graph.originLat * Math.PI) / 180) * metresPerDegree;
  const cy = (lat - graph.originLat) * metresPerDegree;
  const roads: SketchRoad[] = [];
  for (let edge = 0; edge < graph.numEdges && roads.length < mostRoads; edge++) {
    if (!passesNear(graph, edge, cx, cy, radius)) continue;
    const points: [number, number][] = [];
    for (let i = graph.edgeShape[edge]; i < graph.edgeShape[edge + 1]; i++)
      points.push([graph.shapeX[i] - cx, graph.shapeY[i] - cy]);
    const internal = (graph.edgeFlags[edge] & EdgeFlag.internal) !== 0;
    const name = internal ? '' : (graph.strings[graph.edgeName[edge]] ?? '');
    roads.push({ points, width: graph.edgeWidth[edge], name });
  }
  return roads;
}

function passesNear(graph: RoadGraph, edge: number, cx: number, cy: number, radius: number): boolean {
  for (let i = graph.edgeShape[edge]; i < graph.edgeShape[edge + 1] - 1; i++) {
    const ax = graph.shapeX[i] - cx;
    const ay = graph.shapeY[i] - cy;
    const dx = graph.shapeX[i + 1] - cx - ax;
    const dy = graph.shapeY[i + 1] - cy - ay;
    const squared = dx * dx + dy * dy;
    const t = squared === 0 ? 0 : Math.min(1, Math.max(0, -(ax * dx + ay * dy) / squared));
    if (Math.hypot(ax + t * dx, ay + t * dy) <= radius) return true;
  }
  return false;
}
