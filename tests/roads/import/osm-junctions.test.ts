import { describe, expect, it } from 'vitest';
import {
  ConflictRule,
  EdgeFlag,
  edgesBySource,
  FeatureKind,
  headingAt,
  JunctionKind,
  type RoadGraph,
  TurnControl,
  TurnKind,
} from '../../../roads/graph/index.ts';
import { importOsmPbf, MapFormatError } from '../../../roads/import/index.ts';
import { type WrittenNode, type WrittenRelation, type WrittenWay, writeOsmPbf } from './osm-pbf-writer.ts';

const cross: WrittenNode[] = [
  { id: 1, x: 0, y: 0 },
  { id: 2, x: -200, y: 0 },
  { id: 3, x: 200, y: 0 },
  { id: 4, x: 0, y: -200 },
  { id: 5, x: 0, y: 200 },
];

function build(nodes: readonly WrittenNode[], ways: readonly WrittenWay[], relations: readonly WrittenRelation[] = []) {
  return importOsmPbf(writeOsmPbf(nodes, ways, relations), 'hash');
}

/** The movement from the way `from` to the way `to`; undefined when there is none. */
function movement(graph: RoadGraph, from: number, to: number): number | undefined {
  for (let e = 0; e < graph.numEdges; e++) {
    if ((graph.edgeFlags[e] & EdgeFlag.internal) === 0) continue;
    const before = graph.comeFrom[graph.comeStart[e]];
    const after = graph.turnTo[graph.turnStart[e]];
    const name = (edge: number) => graph.strings[graph.edgeSource[edge]];
    if (name(before) === String(from) && name(after) === String(to)) return e;
  }
  return undefined;
}

function rule(graph: RoadGraph, a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return undefined;
  for (let k = graph.conflictStart[a]; k < graph.conflictStart[a + 1]; k++)
    if (graph.conflictWith[k] === b) return graph.conflictRule[k];
  return undefined;
}

/** West, east, south and north arm of the crossing as ways 12, 13, 14, 15, drawn towards its middle. */
const arms = (tags: (way: number) => Record<string, string>): WrittenWay[] =>
  [2, 3, 4, 5].map((node) => ({ id: 10 + node, refs: [node, 1], tags: tags(10 + node) }));

describe('OSM junctions', () => {
  it('equal roads: right before left, and a left turn yields to who comes straight against it', () => {
    const { graph } = build(
      cross,
      arms((way) => ({ highway: 'residential', name: `street ${way}` })),
    );
    const fromWest = movement(graph, 12, 13);
    const fromSouth = movement(graph, 14, 15);
    expect(rule(graph, fromWest, fromSouth)).toBe(ConflictRule.mustYield);
    expect(rule(graph, fromSouth, fromWest)).toBe(ConflictRule.hasPriority);
    expect(rule(graph, movement(graph, 12, 15), movement(graph, 13, 12))).toBe(ConflictRule.mustYield);
    expect(graph.edgeControl[fromWest ?? 0]).toBe(TurnControl.equal);
    expect([...graph.nodeKind].filter((kind) => kind === JunctionKind.rightBeforeLeft)).toHaveLength(1);
    expect(graph.edgeTurn[movement(graph, 12, 14) ?? 0]).toBe(TurnKind.right);
    expect(graph.edgeTurn[movement(graph, 12, 15) ?? 0]).toBe(TurnKind.left);
    expect(graph.edgeTurn[fromWest ?? 0]).toBe(TurnKind.straight);
  });

  it('the higher class has priority; service roads wait', () => {
    const { graph } = build(
      cross,
      arms((way) => ({ highway: way <= 13 ? 'secondary' : 'service' })),
    );
    const main = movement(graph, 12, 13);
    const side = movement(graph, 14, 15);
    expect(graph.edgeControl[side ?? 0]).toBe(TurnControl.yield);
    expect(rule(graph, side, main)).toBe(ConflictRule.mustYield);
    const approach = graph.comeFrom[graph.comeStart[side ?? 0]];
    const kinds = [...graph.featureKind.slice(graph.featureStart[approach], graph.featureStart[approach + 1])];
    expect(kinds).toContain(FeatureKind.giveWay);
  });

  it('a stop sign before the junction is the line where its approach waits', () => {
    const nodes = [...cross, { id: 6, x: 0, y: -15, tags: { highway: 'stop' } }];
    const ways = arms((way) => ({ highway: 'residential', name: `s${way}` }));
    ways[2] = { ...ways[2], refs: [4, 6, 1] };
    const { graph } = build(nodes, ways);
    const side = movement(graph, 14, 15);
    expect(graph.edgeControl[side ?? 0]).toBe(TurnControl.stop);
    expect(graph.edgeControl[movement(graph, 12, 13) ?? 0]).toBe(TurnControl.priority);
    const approach = graph.comeFrom[graph.comeStart[side ?? 0]];
    const at = graph.featureStart[approach];
    expect(graph.featureKind[at]).toBe(FeatureKind.stopLine);
    expect(graph.featureS[at]).toBeCloseTo(184, 0); // 15 m before the middle; the edge begins a metre after its dead end;
  });

  it('signals separate crossing movements but not opposite ones', () => {
    const nodes = cross.map((node) => (node.id === 1 ? { ...node, tags: { highway: 'traffic_signals' } } : node));
    const { graph } = build(
      nodes,
      arms(() => ({ highway: 'primary' })),
    );
    expect(rule(graph, movement(graph, 12, 13), movement(graph, 14, 15))).toBe(ConflictRule.signal);
    expect(rule(graph, movement(graph, 12, 15), movement(graph, 13, 12))).toBe(ConflictRule.mustYield);
    expect([...graph.nodeKind]).toContain(JunctionKind.signals);
  });

  it('turn restrictions take movements away: no_left_turn one, only_straight_on all others', () => {
    const restrict = (restriction: string, from: number, to: number): WrittenRelation => ({
      id: 1,
      members: [
        { type: 1, ref: from, role: 'from' },
        { type: 0, ref: 1, role: 'via' },
        { type: 1, ref: to, role: 'to' },
      ],
      tags: { type: 'restriction', restriction },
    });
    const ways = arms(() => ({ highway: 'residential' }));
    const no = build(cross, ways, [restrict('no_left_turn', 12, 15)]);
    expect(movement(no.graph, 12, 15)).toBeUndefined();
    expect(movement(no.graph, 12, 14)).toBeDefined();
    expect(no.counts.movementsForbidden).toBe(1);
    const only = build(cross, ways, [restrict('only_straight_on', 12, 13)]);
    expect(movement(only.graph, 12, 13)).toBeDefined();
    expect(movement(only.graph, 12, 14)).toBeUndefined();
    expect(movement(only.graph, 12, 15)).toBeUndefined();
    expect(movement(only.graph, 14, 12)).toBeDefined();
  });

  it('one-way roads have one edge, against the drawing order for -1, implied on roundabouts', () => {
    const ways = (tags: Record<string, string>): WrittenWay[] => [{ id: 9, refs: [2, 1, 3], tags }];
    const heading = (tags: Record<string, string>): number[] => {
      const { graph } = build(cross, ways(tags));
      const edges = [...graph.edgeFlags.keys()].filter((e) => (graph.edgeFlags[e] & EdgeFlag.internal) === 0);
      return edges.map((e) => Math.round((headingAt(graph, e, 1) * 180) / Math.PI));
    };
    expect(heading({ highway: 'primary', oneway: 'yes' })).toEqual([90]);
    expect(heading({ highway: 'primary', oneway: '-1' })).toEqual([270]);
    expect(heading({ highway: 'tertiary', junction: 'roundabout' })).toEqual([90]);
    expect(heading({ highway: 'motorway' })).toEqual([90]);
    expect(heading({ highway: 'motorway', oneway: 'no' }).sort()).toEqual([270, 90]);
  });

  it('two directions of a road lie side by side, each on the right of the other', () => {
    const { graph } = build(cross, [{ id: 9, refs: [2, 1, 3], tags: { highway: 'primary', lanes: '4' } }]);
    const there = edgesBySource(graph).get('9') ?? 0;
    const back = graph.edgeReverse[there];
    expect(graph.edgeReverse[back]).toBe(there);
    expect(graph.edgeLanes[there]).toBe(2);
    const y = (e: number) => graph.shapeY[graph.edgeShape[e]];
    const eastwards = Math.sin(headingAt(graph, there, 1)) > 0 ? there : back;
    const westwards = eastwards === there ? back : there;
    expect(y(westwards) - y(eastwards)).toBeCloseTo(graph.edgeWidth[there], 1);
  });

  it('entering a roundabout yields to who is on it', () => {
    const ring: WrittenNode[] = [0, 1, 2, 3].map((i) => ({
      id: 20 + i,
      x: 20 * Math.cos((i * Math.PI) / 2),
      y: 20 * Math.sin((i * Math.PI) / 2),
    }));
    const far: WrittenNode = { id: 30, x: 200, y: 0 };
    const { graph } = build(
      [...ring, far],
      [
        { id: 1, refs: [20, 21, 22, 23, 20], tags: { highway: 'tertiary', junction: 'roundabout' } },
        { id: 2, refs: [30, 20], tags: { highway: 'tertiary' } },
      ],
    );
    const entry = movement(graph, 2, 1);
    expect(graph.edgeControl[entry ?? 0]).toBe(TurnControl.roundaboutEntry);
    expect(rule(graph, entry, movement(graph, 1, 1))).toBe(ConflictRule.mustYield);
    expect([...graph.nodeKind]).toContain(JunctionKind.roundabout);
  });

  it('roads that cross on a bridge do not meet', () => {
    const { graph } = build(cross, [
      { id: 8, refs: [2, 3], tags: { highway: 'primary' } },
      { id: 9, refs: [4, 5], tags: { highway: 'primary', bridge: 'yes', layer: '2' } },
    ]);
    expect(movement(graph, 8, 9)).toBeUndefined();
    const bridge = edgesBySource(graph).get('9') ?? 0;
    expect(graph.edgeLevel[bridge]).toBe(2);
    expect(graph.edgeFlags[bridge] & EdgeFlag.bridge).not.toBe(0);
  });

  it('reads limits in km/h, mph, by rule and by class, and says when it assumed one', () => {
    const limit = (tags: Record<string, string>): [number, boolean] => {
      const { graph } = build(cross, [{ id: 9, refs: [2, 3], tags: { highway: 'residential', ...tags } }]);
      return [Number((graph.edgeLimit[0] * 3.6).toFixed(1)), (graph.edgeFlags[0] & EdgeFlag.limitAssumed) !== 0];
    };
    expect(limit({ maxspeed: '30' })).toEqual([30, false]);
    expect(limit({ maxspeed: '30 mph' })).toEqual([48.3, false]);
    expect(limit({ maxspeed: 'FR:urban' })).toEqual([50, false]);
    expect(limit({ maxspeed: 'signals' })).toEqual([50, true]);
    expect(limit({})).toEqual([50, true]);
    expect(limit({ highway: 'motorway' })).toEqual([110, true]);
  });

  it('leaves out what is closed to motor traffic, and roads with nodes that are not in the file', () => {
    const open = (tags: Record<string, string>): boolean => {
      const ways = [
        { id: 8, refs: [2, 1], tags: { highway: 'primary' } },
        { id: 9, refs: [1, 3], tags },
      ];
      return edgesBySource(build(cross, ways).graph).has('9');
    };
    expect(open({ highway: 'service' })).toBe(true);
    expect(open({ highway: 'road' })).toBe(true);
    expect(open({ highway: 'service', access: 'private' })).toBe(false);
    expect(open({ highway: 'footway' })).toBe(false);
    expect(open({ highway: 'residential', access: 'no', motor_vehicle: 'yes' })).toBe(true);
    expect(open({ highway: 'service', access: 'no', bus: 'yes' })).toBe(true);
    const { counts } = build(cross, [
      { id: 8, refs: [2, 1, 77], tags: { highway: 'primary' } },
      { id: 9, refs: [1, 78], tags: { highway: 'primary' } },
    ]);
    expect(counts.roadsWithMissingNodes).toBe(2);
    expect(counts.roadsTooShort).toBe(1);
  });

  it('refuses a file without roads and one that needs what it cannot read', () => {
    expect(() => build(cross, [])).toThrow(/without a road/);
    const historic = writeOsmPbf(cross, [], [], 'HistoricalInformation');
    expect(() => importOsmPbf(historic, 'h')).toThrow(MapFormatError);
    expect(() => importOsmPbf(historic, 'h')).toThrow(/HistoricalInformation/);
  });
});
