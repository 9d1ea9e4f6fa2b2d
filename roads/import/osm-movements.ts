import { EdgeFlag, type GraphBuilder, TurnControl, TurnKind } from '../graph/index.ts';
import { endDirection, startDirection, turnCurve } from './carriageway-line.ts';
import type { TurnRestriction } from './osm-elements.ts';
import type { Arm } from './osm-junction.ts';
import { segmentCrossing } from './polyline.ts';
import { conflictRules, type RuledMovement } from './right-of-way.ts';

interface Movement extends RuledMovement {
  readonly edge: number;
  readonly exit: Arm;
}

/** Adds the movements of one junction and the conflicts between them. Returns how many movements restrictions took away. */
export function addJunctionMovements(
  builder: GraphBuilder,
  node: number,
  osmNode: number,
  arms: readonly Arm[],
  controls: readonly number[],
  restrictions: readonly TurnRestriction[],
): number {
  const movements: Movement[] = [];
  let forbidden = 0;
  arms.forEach((arm, i) => {
    if (arm.inEdge < 0) return;
    const others = arms.filter((exit) => exit !== arm && exit.outEdge >= 0);
    const allowed = others.filter((exit) => !isForbidden(arm, exit, restrictions));
    forbidden += others.length - allowed.length;
    // Turning back is only taken where there is no other way on.
    const exits = others.length > 0 ? allowed : arm.outEdge >= 0 ? [arm] : [];
    for (const exit of exits)
      movements.push(addMovement(builder, node, osmNode, arm, exit, controls[i], arms.length > 2));
  });
  addConflicts(builder, movements);
  return forbidden;
}

function isForbidden(arm: Arm, exit: Arm, restrictions: readonly TurnRestriction[]): boolean {
  const mine = restrictions.filter((restriction) => restriction.from === arm.way);
  if (mine.some(({ only, to }) => !only && to === exit.way)) return true;
  const only = mine.filter((restriction) => restriction.only);
  return only.length > 0 && !only.some(({ to }) => to === exit.way);
}

function addMovement(
  builder: GraphBuilder,
  node: number,
  osmNode: number,
  arm: Arm,
  exit: Arm,
  control: number,
  junction: boolean,
): Movement {
  const approachEdge = builder.edge(arm.inEdge);
  const exitEdge = builder.edge(exit.outEdge);
  const turn = arm === exit ? TurnKind.uTurn : turnKind(approachEdge.shape, exitEdge.shape);
  const [low, high] = junction ? approachLanes(arm, turn) : [0, arm.lanes - 1];
  const lanes = Math.min(high - low + 1, exitEdge.lanes);
  const level = Math.abs(approachEdge.level) < Math.abs(exitEdge.level) ? approachEdge.level : exitEdge.level;
  const both = approachEdge.flags & exitEdge.flags;
  const edge = builder.addMovement(arm.inEdge, exit.outEdge, {
    from: node,
    to: node,
    shape: turnCurve(approachEdge.shape, exitEdge.shape),
    limit: approachEdge.limit,
    roadClass: exitEdge.roadClass,
    lanes,
    width: Math.min((approachEdge.width / approachEdge.lanes) * (high - low + 1), exitEdge.width),
    level,
    flags: both & ~(EdgeFlag.oneWay | EdgeFlag.oppositeOvertaking),
    source: `n${osmNode}`,
    turn,
    control,
    fromLaneLow: low,
    fromLaneHigh: high,
  });
  return { edge, arm, exit, control, turn };
}

/** `TurnKind` from the change of direction: up to 25 degrees straight on, up to 50 slight, beyond 155 back. */
function turnKind(approach: ArrayLike<number>, exit: ArrayLike<number>): number {
  const [ax, ay] = endDirection(approach);
  const [ex, ey] = startDirection(exit);
  const left = (Math.atan2(ax * ey - ay * ex, ax * ex + ay * ey) * 180) / Math.PI;
  const size = Math.abs(left);
  if (size <= 25) return TurnKind.straight;
  if (size > 155) return TurnKind.uTurn;
  if (size <= 50) return left > 0 ? TurnKind.slightLeft : TurnKind.slightRight;
  return left > 0 ? TurnKind.left : TurnKind.right;
}

const PAINTED: Readonly<Record<number, readonly string[]>> = {
  [TurnKind.straight]: ['through', 'none', ''],
  [TurnKind.left]: ['left', 'sharp_left', 'slight_left'],
  [TurnKind.right]: ['right', 'sharp_right', 'slight_right'],
  [TurnKind.slightLeft]: ['slight_left', 'left', 'through', 'merge_to_left'],
  [TurnKind.slightRight]: ['slight_right', 'right', 'through', 'merge_to_right'],
  [TurnKind.uTurn]: ['reverse', 'left', 'sharp_left'],
};

/** Lanes of the approach the turn may be made from, kerb side 0: as painted, else right from the right, left from the left, straight from all. */
function approachLanes(arm: Arm, turn: number): [low: number, high: number] {
  const last = arm.lanes - 1;
  if (arm.turnLanes !== undefined && arm.turnLanes.length === arm.lanes) {
    const fits = arm.turnLanes.flatMap((turns, lane) =>
      turns.some((one) => PAINTED[turn].includes(one)) ? [lane] : [],
    );
    if (fits.length > 0) return [fits[0], fits[fits.length - 1]];
  }
  if (turn === TurnKind.right || turn === TurnKind.slightRight) return [0, 0];
  if (turn === TurnKind.straight) return [0, last];
  return [last, last];
}

/** Pairs from unlike approaches that cross or lead into the same edge. */
function addConflicts(builder: GraphBuilder, movements: readonly Movement[]): void {
  movements.forEach((a, i) => {
    for (const b of movements.slice(i + 1)) {
      if (a.arm === b.arm) continue;
      if (a.exit !== b.exit && !linesCross(builder.edge(a.edge).shape, builder.edge(b.edge).shape)) continue;
      const [ruleOfA, ruleOfB] = conflictRules(a, b);
      builder.addConflict(a.edge, b.edge, ruleOfA, ruleOfB);
    }
  });
  for (const { edge, control } of movements)
    if (control === TurnControl.priority && !builder.hasConflict(edge)) builder.setControl(edge, TurnControl.none);
}

function linesCross(p: ArrayLike<number>, q: ArrayLike<number>): boolean {
  for (let i = 2; i < p.length; i += 2)
    for (let k = 2; k < q.length; k += 2)
      if (segmentCrossing(p[i - 2], p[i - 1], p[i], p[i + 1], q[k - 2], q[k - 1], q[k], q[k + 1]) >= 0) return true;
  return false;
}
