import { describe, expect, it } from 'vitest';
import { BegunMovements } from '../../collision/begun-movements.ts';
import { DrivenMovements } from '../../collision/driven-movements.ts';
import { Joins } from '../../collision/joins.ts';
import { Tracks } from '../../collision/tracks.ts';
import { TurnShares } from '../../collision/turn-shares.ts';
import { poseAt, TurnKind } from '../../roads/graph/index.ts';
import { crossroads } from '../oracles/ncap-roads.ts';

const graph = crossroads();
const joins = new Joins(graph);
const approach = [...Array(graph.numEdges).keys()].find((e) => graph.turnStart[e + 1] - graph.turnStart[e] === 3) ?? -1;
const movementOf = (kind: number): number =>
  [...Array(3).keys()]
    .map((k) => graph.turnTo[graph.turnStart[approach] + k])
    .find((m) => graph.edgeTurn[m] === kind) ?? -1;
const straight = movementOf(TurnKind.straight);
const left = movementOf(TurnKind.left);

/** How likely the vehicle is on each movement with its front `driven` metres along `movement` or its exit, in line with them. */
function shares(movement: number, driven: number, v: number): (of: number) => number {
  const tracks = new Tracks(1);
  const { startX, startY, endX, endY } = joins;
  const counted = new DrivenMovements(graph, tracks, startX, startY, endX, endY);
  const turns = new TurnShares(graph, tracks, counted, endX, endY);
  const pose = new Float64Array(4);
  const beyond = driven - graph.edgeLength[movement];
  const exit = graph.turnTo[graph.turnStart[movement]];
  poseAt(graph, beyond > 0 ? exit : movement, beyond > 0 ? beyond : driven, pose);
  tracks.x[0] = pose[0];
  tracks.y[0] = pose[1];
  tracks.hx[0] = pose[2];
  tracks.hy[0] = pose[3];
  tracks.length[0] = 0.1;
  tracks.dSigma[0] = 0.15;
  tracks.edge[0] = beyond > 0 ? exit : movement;
  tracks.s[0] = beyond > 0 ? beyond : driven;
  tracks.v[0] = v;
  counted.cruise[0] = 14;
  const begun = new BegunMovements(graph, joins);
  expect(begun.weigh(0, approach, new Float32Array(1), movement, tracks, turns)).toBe(true);
  return (of) => begun.pi[[...begun.movement].indexOf(of)];
}

describe('the movements a driver may have begun (X3)', () => {
  it('[X3] on the first metres, where they lie on each other, his speed still tells them apart', () => {
    expect(shares(left, 0.5, 14)(left)).toBeLessThan(0.1);
    expect(shares(left, 0.5, 5)(left)).toBeGreaterThan(0.4);
  });

  it('[X3] beyond the middle of his curve a driver who gains speed is still believed to turn', () => {
    expect(shares(left, 0.9 * graph.edgeLength[left], 8)(left)).toBeGreaterThan(0.9);
  });

  it('[X3] who is just out of the junction is on the movement whose exit he lies on', () => {
    for (const one of [straight, left]) {
      const at = shares(one, graph.edgeLength[one] + 2, 8);
      expect(at(one)).toBeGreaterThan(0.95);
    }
  });
});
