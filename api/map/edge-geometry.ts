import { planeOf, type RoadGraph } from '../../roads/graph/index.ts';

export type LonLat = [number, number];

/** Degrees are written with 6 decimals, about 0.1 m. */
const round = (degrees: number): number => Math.round(degrees * 1e6) / 1e6;

/** The centre line of an edge as GeoJSON positions, in driving direction. Called with an edge index that exists. */
export function edgeLine(graph: RoadGraph): (edge: number) => LonLat[] {
  const plane = planeOf(graph);
  const { edgeShape, shapeX, shapeY } = graph;
  return (edge) => {
    const line: LonLat[] = [];
    for (let i = edgeShape[edge]; i < edgeShape[edge + 1]; i += 1)
      line.push([round(plane.lon(shapeX[i])), round(plane.lat(shapeY[i]))]);
    return line;
  };
}
