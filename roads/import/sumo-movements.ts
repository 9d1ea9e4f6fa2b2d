import {
  ConflictRule,
  EdgeFlag,
  FeatureKind,
  type GraphBuilder,
  JunctionKind,
  TurnControl,
  TurnKind,
} from '../graph/index.ts';
import { midLine } from './polyline.ts';
import type { SumoConnection, SumoEdge, SumoLane, SumoNet } from './sumo-net.ts';

/** A normal edge of the network with its place in the graph and the lanes vehicles drive on, kerb side first. */
export interface ImportedEdge {
  readonly index: number;
  readonly id: string;
  /** Junction id at its end. */
  readonly to: string;
  readonly carriage: readonly SumoLane[];
}

interface Movement {
  readonly edge: number;
  /** Link indexes at the traffic light, with its id. */
  readonly links: readonly SumoConnection[];
}

type ToPlane = (shape: readonly number[]) => number[];

/** Adds the movements through all junctions, their conflicts and the stop lines, signals and crossings of the approaches. */
export function addSumoMovements(
  builder: GraphBuilder,
  net: SumoNet,
  edges: ReadonlyMap<string, ImportedEdge>,
  toPlane: ToPlane,
): void {
  const internalEdges = new Map(
    net.edges.filter((edge) => edge.function === 'internal').map((edge) => [edge.id, edge]),
  );
  const continuations = new Map<string, string>();
  const groups = new Map<string, SumoConnection[]>();
  for (const connection of net.connections) {
    if (connection.from.startsWith(':')) {
      if (connection.via !== '') continuations.set(`${connection.from}_${connection.fromLane}`, connection.via);
      continue;
    }
    const key = `${connection.from}>${connection.to}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [connection]);
    else group.push(connection);
  }
  const ofLane = new Map<string, Movement>();
  for (const group of groups.values()) {
    const from = edges.get(group[0].from);
    const to = edges.get(group[0].to);
    if (from === undefined || to === undefined) continue;
    addMovement(builder, net, from, to, group, internalEdges, continuations, ofLane, toPlane);
  }
  addConflicts(builder, net, ofLane);
  addCrossings(builder, net, edges);
}

function addMovement(
  builder: GraphBuilder,
  net: SumoNet,
  from: ImportedEdge,
  to: ImportedEdge,
  group: readonly SumoConnection[],
  internalEdges: ReadonlyMap<string, SumoEdge>,
  continuations: ReadonlyMap<string, string>,
  ofLane: Map<string, Movement>,
  toPlane: ToPlane,
): void {
  const laneOf = (connection: SumoConnection): number =>
    from.carriage.findIndex((lane) => lane.id === `${from.id}_${connection.fromLane}`);
  const used = group.filter((connection) => laneOf(connection) >= 0).sort((a, b) => laneOf(a) - laneOf(b));
  if (used.length === 0) return;
  const paths = used.map((connection) => viaPath(connection.via, internalEdges, continuations));
  const fromLanes = used.map(laneOf);
  const low = Math.min(...fromLanes);
  const high = Math.max(...fromLanes);
  const approach = builder.edge(from.index);
  const exit = builder.edge(to.index);
  const middle = paths[(paths.length - 1) >> 1];
  const upper = paths[paths.length >> 1];
  const line =
    middle.shape.length < 4
      ? []
      : middle === upper || upper.shape.length < 4
        ? middle.shape
        : midLine(middle.shape, upper.shape);
  const edge = builder.addMovement(from.index, to.index, {
    from: approach.to,
    to: exit.from,
    shape:
      line.length > 0
        ? toPlane(line)
        : [...Array.from(approach.shape).slice(-2), ...Array.from(exit.shape).slice(0, 2)],
    limit: approach.limit,
    roadClass: exit.roadClass,
    lanes: Math.max(1, Math.min(used.length, high - low + 1)),
    width: from.carriage.slice(low, high + 1).reduce((sum, lane) => sum + lane.width, 0),
    level:
      approach.level === exit.level || Math.abs(approach.level) < Math.abs(exit.level) ? approach.level : exit.level,
    flags:
      (approach.flags & exit.flags & ~(EdgeFlag.oneWay | EdgeFlag.oppositeOvertaking)) |
      (exit.flags & EdgeFlag.noMotor),
    source: [...new Set(paths.flatMap((path) => path.edges))].join(' '),
    turn: TURNS[used[0].dir] ?? TurnKind.straight,
    control: controlOf(used, net, from.id, to.id),
    fromLaneLow: low,
    fromLaneHigh: high,
  });
  const movement = { edge, links: used };
  for (const path of paths) for (const lane of path.lanes) ofLane.set(lane, movement);
  addStopLine(builder, from.index, edge);
}

/** The internal lanes of one connection, in order, with their joined shape. */
function viaPath(
  via: string,
  internalEdges: ReadonlyMap<string, SumoEdge>,
  continuations: ReadonlyMap<string, string>,
): { lanes: string[]; edges: string[]; shape: number[] } {
  const lanes: string[] = [];
  const edges: string[] = [];
  const shape: number[] = [];
  for (
    let lane: string | undefined = via;
    lane !== undefined && lane !== '' && lanes.length < 8;
    lane = continuations.get(lane)
  ) {
    const id = lane.slice(0, lane.lastIndexOf('_'));
    const found = internalEdges.get(id)?.lanes.find((one) => one.id === lane);
    if (found === undefined) break;
    lanes.push(lane);
    edges.push(id);
    shape.push(...found.shape);
  }
  return { lanes, edges, shape };
}

const TURNS: Readonly<Record<string, number>> = {
  s: TurnKind.straight,
  l: TurnKind.left,
  r: TurnKind.right,
  t: TurnKind.uTurn,
  L: TurnKind.slightLeft,
  R: TurnKind.slightRight,
};

/** Letters of `state`: M and m major and minor road, s and w stop, = equal, Z merge in turn; a signal's letters do not matter here. */
function controlOf(used: readonly SumoConnection[], net: SumoNet, from: string, to: string): number {
  const states = used.map((connection) => connection.state);
  if (used.some((connection) => connection.tl !== '')) return TurnControl.signal;
  if (states.some((state) => state === 's' || state === 'w')) return TurnControl.stop;
  if (net.roundaboutEdges.has(to) && !net.roundaboutEdges.has(from)) return TurnControl.roundaboutEntry;
  if (states.includes('=')) return TurnControl.equal;
  if (states.some((state) => state === 'm' || state === 'Z')) return TurnControl.yield;
  return TurnControl.priority;
}

const STOP_FEATURES: Readonly<Record<number, readonly number[]>> = {
  [TurnControl.signal]: [FeatureKind.stopLine, FeatureKind.signal],
  [TurnControl.stop]: [FeatureKind.stopLine],
  [TurnControl.yield]: [FeatureKind.giveWay],
  [TurnControl.roundaboutEntry]: [FeatureKind.giveWay],
};

function addStopLine(builder: GraphBuilder, approach: number, movement: number): void {
  for (const kind of STOP_FEATURES[builder.edge(movement).control] ?? [])
    builder.addFeature(approach, kind, builder.lengthOf(approach));
}

/** Foes of the junction's request table; `response` bit j of link i means: i must wait for j. */
function addConflicts(builder: GraphBuilder, net: SumoNet, ofLane: ReadonlyMap<string, Movement>): void {
  const bit = (bits: string, j: number): boolean => bits[bits.length - 1 - j] === '1';
  for (const junction of net.junctions) {
    const movements = junction.internalLanes.map((lane) => ofLane.get(lane));
    junction.requests.forEach(({ foes, response }, i) => {
      const a = movements[i];
      if (a === undefined) return;
      for (let j = 0; j < movements.length; j++) {
        const b = movements[j];
        if (b === undefined || b.edge === a.edge || !bit(foes, j)) continue;
        const waits = bit(response, j);
        const foeWaits = bit(junction.requests[j]?.response ?? '', i);
        const [ruleOfA, ruleOfB] = neverGreenTogether(a, b, net)
          ? [ConflictRule.signal, ConflictRule.signal]
          : rules(waits, foeWaits);
        builder.addConflict(a.edge, b.edge, ruleOfA, ruleOfB);
      }
    });
  }
}

function rules(waits: boolean, foeWaits: boolean): [number, number] {
  if (waits && foeWaits) return [ConflictRule.equal, ConflictRule.equal];
  if (waits) return [ConflictRule.mustYield, ConflictRule.hasPriority];
  if (foeWaits) return [ConflictRule.hasPriority, ConflictRule.mustYield];
  return [ConflictRule.unknown, ConflictRule.unknown];
}

/** Both obey the same traffic light and none of its phases lets both go. */
function neverGreenTogether(a: Movement, b: Movement, net: SumoNet): boolean {
  for (const one of a.links)
    for (const two of b.links) {
      if (one.tl === '' || one.tl !== two.tl || one.linkIndex < 0 || two.linkIndex < 0) return false;
      for (const phase of net.signalPhases.get(one.tl) ?? [])
        if (/[gGoOs]/.test(phase[one.linkIndex] ?? '') && /[gGoOs]/.test(phase[two.linkIndex] ?? '')) return false;
    }
  return true;
}

/** Pedestrian crossings lie at the junction end of the edges they cross; level crossings at the stop line of the road. */
function addCrossings(builder: GraphBuilder, net: SumoNet, edges: ReadonlyMap<string, ImportedEdge>): void {
  for (const edge of net.edges) {
    if (edge.function !== 'crossing') continue;
    const junction = edge.id.slice(1, edge.id.lastIndexOf('_c'));
    for (const id of edge.crosses) {
      const crossed = edges.get(id);
      if (crossed === undefined) continue;
      const atEnd = crossed.to === junction;
      builder.addFeature(crossed.index, FeatureKind.crossing, atEnd ? builder.lengthOf(crossed.index) : 0);
    }
  }
  for (const { index } of edges.values()) {
    const { to, flags } = builder.edge(index);
    if ((flags & EdgeFlag.noMotor) === 0 && builder.nodeKind(to) === JunctionKind.levelCrossing)
      builder.addFeature(index, FeatureKind.levelCrossing, builder.lengthOf(index));
  }
}
