import { EdgeFlag, GraphBuilder, JunctionKind, Plane, RoadClass, type RoadGraph } from '../graph/index.ts';
import { offsetLine, trimLine } from './carriageway-line.ts';
import type { Facility } from './facilities.ts';
import { MapFormatError } from './map-format-error.ts';
import { cutIntoChains, type RoadChain } from './osm-chains.ts';
import { type OsmElements, type OsmNode, readOsmElements, type TurnRestriction } from './osm-elements.ts';
import { addOsmFeatures } from './osm-features.ts';
import { type Arm, armRadius } from './osm-junction.ts';
import { addJunctionMovements } from './osm-movements.ts';
import type { DirectionTags, RoadTags } from './osm-road-tags.ts';
import { signOfApproach } from './osm-signs.ts';
import { type Line, pointOnLine } from './polyline.ts';
import { approachControls, junctionKind } from './right-of-way.ts';

/** A chain laid into the plane, with the junctions it joins and the edges made of it (-1 = none). */
export interface LaidChain {
  readonly chain: RoadChain;
  /** Middle of the road in drawing direction. */
  readonly line: Line;
  /** Metres along the line per ref. */
  readonly distances: readonly number[];
  readonly from: Junction;
  readonly to: Junction;
  forward: number;
  backward: number;
}

interface Junction {
  readonly osmNode: number;
  readonly node: number;
  readonly arms: Arm[];
}

/**
 * An `.osm.pbf` file as a road graph of the roads open to motor traffic, with the hospitals and stations in it.
 * @throws MapFormatError when the file is broken or holds no road.
 */
export function importOsmPbf(
  bytes: Uint8Array,
  mapHash: string,
): { graph: RoadGraph; facilities: readonly Facility[]; counts: Record<string, number> } {
  const elements = readOsmElements(bytes);
  if (elements.roads.length === 0) throw new MapFormatError('OSM file without a road for motor traffic');
  const plane = planeAround(elements);
  const builder = new GraphBuilder({ mapHash, originLat: plane.originLat, originLon: plane.originLon });
  const counts: Record<string, number> = { ...elements.counts, zeroLengthRoads: 0, movementsForbidden: 0 };
  const junctions = new Map<number, Junction>();
  const laid: LaidChain[] = [];
  const junctionAt = (osmNode: number, x: number, y: number): Junction => {
    let junction = junctions.get(osmNode);
    if (junction === undefined) {
      junction = { osmNode, node: builder.addNode(x, y, JunctionKind.plain), arms: [] };
      junctions.set(osmNode, junction);
    }
    return junction;
  };
  for (const chain of cutIntoChains(elements.roads)) {
    const { line, distances } = layOut(chain, elements.nodes, plane);
    if (distances[distances.length - 1] < 0.05) {
      counts.zeroLengthRoads++;
      continue;
    }
    const n = line.length;
    const from = junctionAt(chain.refs[0], line[0], line[1]);
    const to = junctionAt(chain.refs[chain.refs.length - 1], line[n - 2], line[n - 1]);
    const one: LaidChain = { chain, line, distances, from, to, forward: -1, backward: -1 };
    laid.push(one);
  }
  const ends = laid.map((one) => [addArm(one, true, elements.nodes), addArm(one, false, elements.nodes)] as const);
  laid.forEach((one, i) => {
    addEdges(builder, one, ends[i][0], ends[i][1]);
  });
  const restrictions = byVia(elements.restrictions);
  for (const junction of junctions.values()) {
    const controls = approachControls(junction.arms);
    const levelCrossing = elements.nodes.get(junction.osmNode)?.tags?.railway === 'level_crossing';
    builder.setNodeKind(
      junction.node,
      levelCrossing ? JunctionKind.levelCrossing : junctionKind(junction.arms, controls),
    );
    counts.movementsForbidden += addJunctionMovements(
      builder,
      junction.node,
      junction.osmNode,
      junction.arms,
      controls,
      restrictions.get(junction.osmNode) ?? [],
    );
  }
  addOsmFeatures(builder, plane, laid, elements);
  counts.shortEdges = builder.shortEdges;
  return { graph: builder.finish(), facilities: elements.facilities, counts };
}

function planeAround({ roads, nodes }: OsmElements): Plane {
  let south = Infinity;
  let north = -Infinity;
  let west = Infinity;
  let east = -Infinity;
  for (const { refs } of roads)
    for (const ref of refs) {
      const { lat, lon } = nodes.get(ref) as OsmNode;
      south = Math.min(south, lat);
      north = Math.max(north, lat);
      west = Math.min(west, lon);
      east = Math.max(east, lon);
    }
  return new Plane((south + north) / 2, (west + east) / 2);
}

function layOut(
  chain: RoadChain,
  nodes: ReadonlyMap<number, OsmNode>,
  plane: Plane,
): { line: number[]; distances: number[] } {
  const line: number[] = [];
  const distances: number[] = [];
  let s = 0;
  for (const ref of chain.refs) {
    const { lat, lon } = nodes.get(ref) as OsmNode;
    const x = plane.x(lon);
    const y = plane.y(lat);
    const n = line.length;
    if (n > 0) s += Math.hypot(x - line[n - 2], y - line[n - 1]);
    line.push(x, y);
    distances.push(s);
  }
  return { line, distances };
}

/** Metres from the junction at which an arm's direction is taken: beyond the wiggles of the drawing. */
const AIM = 12;

function addArm(one: LaidChain, atStart: boolean, nodes: ReadonlyMap<number, OsmNode>): Arm {
  const { chain, line, distances } = one;
  const { road } = chain;
  const length = distances[distances.length - 1];
  const n = line.length;
  const [x0, y0] = atStart ? [line[0], line[1]] : [line[n - 2], line[n - 1]];
  const aim = Math.min(AIM, length / 2);
  const [x1, y1] = pointOnLine(line, atStart ? aim : length - aim);
  const d = Math.hypot(x1 - x0, y1 - y0) || 1;
  const arriving = atStart ? road.backward : road.forward;
  const arm: Arm = {
    dx: (x1 - x0) / d,
    dy: (y1 - y0) / d,
    halfWidth: ((road.forward?.width ?? 0) + (road.backward?.width ?? 0)) / 2,
    road,
    way: atStart ? chain.ways[0] : chain.ways[chain.ways.length - 1],
    inEdge: -1,
    outEdge: -1,
    lanes: arriving?.lanes ?? 1,
    turnLanes: arriving?.turnLanes,
    sign: signOfApproach(chain, atStart, nodes, distances),
  };
  (atStart ? one.from : one.to).arms.push(arm);
  return arm;
}

/** Adds the one or two directed edges of a chain, each on its own side of the road and ending before the junctions. */
function addEdges(builder: GraphBuilder, one: LaidChain, start: Arm, end: Arm): void {
  const { road } = one.chain;
  const trimmed = trimLine(one.line, armRadius(start, one.from.arms), armRadius(end, one.to.arms));
  const source = one.chain.ways.join(' ');
  const add = (from: Junction, to: Junction, line: Line, own: DirectionTags, opposite: DirectionTags | undefined) =>
    builder.addEdge({
      from: from.node,
      to: to.node,
      shape: offsetLine(line, opposite === undefined ? 0 : opposite.width / 2),
      limit: own.limit,
      roadClass: road.roadClass,
      lanes: own.lanes,
      width: own.width,
      level: road.level,
      flags: flagsOf(road, own, opposite),
      name: road.name,
      nameFa: road.nameFa,
      source,
    });
  if (road.forward !== undefined) {
    one.forward = add(one.from, one.to, trimmed, road.forward, road.backward);
    start.outEdge = one.forward;
    end.inEdge = one.forward;
  }
  if (road.backward !== undefined) {
    one.backward = add(one.to, one.from, reversed(trimmed), road.backward, road.forward);
    start.inEdge = one.backward;
    end.outEdge = one.backward;
  }
  if (one.forward >= 0 && one.backward >= 0) builder.setReverse(one.forward, one.backward);
}

/** Overtaking through the other lane is thought possible from this limit on, m/s. */
const OVERTAKING_LIMIT = 60 / 3.6;

function flagsOf(road: RoadTags, own: DirectionTags, opposite: DirectionTags | undefined): number {
  let flags = 0;
  if (opposite === undefined) flags |= EdgeFlag.oneWay;
  if (road.roundabout) flags |= EdgeFlag.roundabout;
  if (road.link) flags |= EdgeFlag.link;
  if (road.bridge) flags |= EdgeFlag.bridge;
  if (road.tunnel) flags |= EdgeFlag.tunnel;
  if (own.limitAssumed) flags |= EdgeFlag.limitAssumed;
  if (road.busOnly) flags |= EdgeFlag.busOnly;
  if (road.dual || (opposite === undefined && road.roadClass === RoadClass.motorway && !road.link))
    flags |= EdgeFlag.dual;
  const narrow = own.lanes === 1 && opposite?.lanes === 1;
  if (narrow && road.overtaking && own.limit >= OVERTAKING_LIMIT && road.roadClass !== RoadClass.service)
    flags |= EdgeFlag.oppositeOvertaking;
  return flags;
}

function reversed(line: Line): number[] {
  const back: number[] = [];
  for (let i = line.length - 2; i >= 0; i -= 2) back.push(line[i], line[i + 1]);
  return back;
}

function byVia(restrictions: readonly TurnRestriction[]): Map<number, TurnRestriction[]> {
  const map = new Map<number, TurnRestriction[]>();
  for (const restriction of restrictions) {
    const list = map.get(restriction.via);
    if (list === undefined) map.set(restriction.via, [restriction]);
    else list.push(restriction);
  }
  return map;
}
