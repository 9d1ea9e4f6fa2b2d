import { EdgeFlag, GraphBuilder, JunctionKind, Plane, RoadClass, type RoadGraph } from '../graph/index.ts';
import { separateGrades } from './grade-separation.ts';
import { MapFormatError } from './map-format-error.ts';
import { pairDirections } from './opposite-direction.ts';
import { midLine } from './polyline.ts';
import { roadClassOf } from './road-class.ts';
import { addSumoMovements, type ImportedEdge } from './sumo-movements.ts';
import { parseSumoNet, type SumoEdge, type SumoJunction, type SumoLane, type SumoNet } from './sumo-net.ts';
import { parseSumoProjection } from './sumo-projection.ts';

/** What an import left out or mended, by name. */
export type ImportCounts = Record<string, number>;

/**
 * A SUMO network (text of a `.net.xml`) as a road graph. Edge ids stay in `edgeSource`; the parts of a movement that SUMO cuts
 * at internal junctions become one internal edge whose source lists the parts, separated by a space.
 * @throws MapFormatError, XmlFormatError
 */
export function importSumoNet(text: string, mapHash: string): { graph: RoadGraph; counts: ImportCounts } {
  const net = parseSumoNet(text);
  const projection = parseSumoProjection(net.netOffset, net.projParameter);
  const [originLat, originLon] = originOf(net, projection.toLatLon);
  const builder = new GraphBuilder({ mapHash, originLat, originLon });
  const plane = new Plane(originLat, originLon);
  const toPlane = (shape: readonly number[]): number[] => {
    const line: number[] = [];
    for (let i = 0; i < shape.length; i += 2) {
      const [lat, lon] = projection.toLatLon(shape[i], shape[i + 1]);
      line.push(plane.x(lon), plane.y(lat));
    }
    return line;
  };
  const counts: ImportCounts = { edgesWithoutLanes: 0, edgesWithUnknownNode: 0 };
  const nodes = new Map<string, number>();
  for (const junction of net.junctions) {
    if (junction.type === 'internal') continue;
    const [x, y] = toPlane([junction.x, junction.y]);
    nodes.set(junction.id, builder.addNode(x, y, kindOf(junction, net)));
  }
  const edges = new Map<string, ImportedEdge>();
  for (const edge of net.edges) {
    if (edge.function !== '' && edge.function !== 'connector') continue;
    const from = nodes.get(edge.from);
    const to = nodes.get(edge.to);
    if (edge.lanes.length === 0) counts.edgesWithoutLanes++;
    else if (from === undefined || to === undefined) counts.edgesWithUnknownNode++;
    else edges.set(edge.id, addEdge(builder, edge, from, to, toPlane, net));
  }
  pairDirections(builder, [...edges.values()]);
  separateGrades(builder);
  addSumoMovements(builder, net, edges, toPlane);
  counts.shortEdges = builder.shortEdges;
  return { graph: builder.finish(), counts };
}

/** Degrees of the middle of the junctions' box. */
function originOf(net: SumoNet, toLatLon: (x: number, y: number) => [number, number]): [number, number] {
  let minX = Infinity;
  let minY = Infinity;
  let maxX = -Infinity;
  let maxY = -Infinity;
  for (const { x, y } of net.junctions) {
    minX = Math.min(minX, x);
    maxX = Math.max(maxX, x);
    minY = Math.min(minY, y);
    maxY = Math.max(maxY, y);
  }
  if (!(maxX >= minX)) throw new MapFormatError('SUMO network without junctions');
  return toLatLon((minX + maxX) / 2, (minY + maxY) / 2);
}

const KINDS: Readonly<Record<string, number>> = {
  priority: JunctionKind.priority,
  zipper: JunctionKind.priority,
  priority_stop: JunctionKind.stop,
  allway_stop: JunctionKind.stop,
  traffic_light: JunctionKind.signals,
  traffic_light_right_on_red: JunctionKind.signals,
  traffic_light_unregulated: JunctionKind.signals,
  right_before_left: JunctionKind.rightBeforeLeft,
  left_before_right: JunctionKind.rightBeforeLeft,
  rail_crossing: JunctionKind.levelCrossing,
  dead_end: JunctionKind.deadEnd,
};

function kindOf(junction: SumoJunction, net: SumoNet): number {
  if (net.roundaboutNodes.has(junction.id)) return JunctionKind.roundabout;
  return KINDS[junction.type] ?? JunctionKind.plain;
}

function addEdge(
  builder: GraphBuilder,
  edge: SumoEdge,
  from: number,
  to: number,
  toPlane: (shape: readonly number[]) => number[],
  net: SumoNet,
): ImportedEdge {
  const carriage = carriageLanes(edge.lanes);
  const low = carriage[(carriage.length - 1) >> 1];
  const high = carriage[carriage.length >> 1];
  const shape = toPlane(low === high ? low.shape : midLine(low.shape, high.shape));
  let flags = 0;
  const use = carriage[0].use;
  if (carriage.every((lane) => lane.use === 'restricted')) flags |= EdgeFlag.busOnly;
  if (use === 'rail' || use === 'bicycle' || use === 'foot') flags |= EdgeFlag.noMotor;
  if (/_link\b/.test(edge.type)) flags |= EdgeFlag.link;
  if (net.roundaboutEdges.has(edge.id)) flags |= EdgeFlag.roundabout;
  if (carriage.some((lane) => lane.opposite)) flags |= EdgeFlag.oppositeOvertaking;
  const index = builder.addEdge({
    from,
    to,
    shape,
    limit: Math.max(0.1, ...carriage.map((lane) => lane.speed)),
    roadClass: classOf(edge, use),
    lanes: carriage.length,
    width: carriage.reduce((sum, lane) => sum + lane.width, 0),
    flags,
    name: edge.name,
    source: edge.id,
  });
  return { index, id: edge.id, to: edge.to, carriage };
}

/** The lanes vehicles drive on; on a path or a railway, its own lanes. */
function carriageLanes(lanes: readonly SumoLane[]): SumoLane[] {
  for (const uses of [['car', 'restricted'], ['rail'], ['bicycle']]) {
    const chosen = lanes.filter((lane) => uses.includes(lane.use));
    if (chosen.length > 0) return chosen;
  }
  return [...lanes];
}

function classOf(edge: SumoEdge, use: SumoLane['use']): number {
  if (use === 'rail') return RoadClass.rail;
  if (use === 'bicycle') return RoadClass.cycleway;
  if (use === 'foot') return RoadClass.footway;
  const highway = /highway\.(\w+)/.exec(edge.type)?.[1];
  return (highway === undefined ? undefined : roadClassOf(highway)) ?? RoadClass.unknown;
}
