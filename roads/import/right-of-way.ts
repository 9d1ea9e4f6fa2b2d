import { ConflictRule, JunctionKind, RoadClass, TurnControl, TurnKind } from '../graph/index.ts';
import { type Arm, angleBetween } from './osm-junction.ts';

/** Lower is more important. A road without class counts between unclassified and residential, a link after its road. */
function rank(arm: Arm): number {
  const { roadClass, link } = arm.road;
  return (roadClass === RoadClass.unknown ? 6.25 : roadClass) + (link ? 0.5 : 0);
}

/**
 * `TurnControl` of each arm's approach, in the order of the arms. Signs of the map first; then roundabout, then class of road;
 * roads of one class: from tertiary upwards the straight road has priority, below that right before left.
 */
export function approachControls(arms: readonly Arm[]): number[] {
  if (arms.length <= 2) return arms.map((arm) => signed(arm) ?? TurnControl.none);
  if (arms.some((arm) => arm.road.roundabout))
    return arms.map((arm) => signed(arm) ?? (arm.road.roundabout ? TurnControl.priority : TurnControl.roundaboutEntry));
  const main = mainRoad(arms);
  const anySign = arms.some((arm) => arm.sign === 'stop' || arm.sign === 'giveWay');
  return arms.map((arm) => {
    const own = signed(arm);
    if (own !== undefined) return own;
    if (main === undefined) return anySign ? TurnControl.priority : TurnControl.equal;
    return main.includes(arm) ? TurnControl.priority : TurnControl.yield;
  });
}

function signed(arm: Arm): number | undefined {
  if (arm.sign === 'signal') return TurnControl.signal;
  if (arm.sign === 'stop') return TurnControl.stop;
  return arm.sign === 'giveWay' ? TurnControl.yield : undefined;
}

/** Arms of the road that has priority; undefined where all are equal. */
function mainRoad(arms: readonly Arm[]): Arm[] | undefined {
  const best = Math.min(...arms.map(rank));
  const top = arms.filter((arm) => rank(arm) < best + 0.5);
  if (top.length === 2) return top;
  if (top.length === 1) return [top[0], straightest(top[0], arms)];
  if (best > RoadClass.tertiary) return top.length < arms.length ? top : undefined;
  const pairs = top.flatMap((a, i) => top.slice(i + 1).map((b): [Arm, Arm] => [a, b]));
  const named = pairs.filter(([a, b]) => a.road.name !== '' && a.road.name === b.road.name && angleBetween(a, b) > 1.9);
  if (named.length === 1) return named[0];
  if (top.length === 3) return pairs.sort(([a, b], [c, d]) => angleBetween(c, d) - angleBetween(a, b))[0];
  return top.length < arms.length ? top : undefined;
}

function straightest(arm: Arm, arms: readonly Arm[]): Arm {
  const others = arms.filter((other) => other !== arm);
  return others.sort((a, b) => angleBetween(arm, b) - angleBetween(arm, a))[0];
}

/** `JunctionKind` from what was found at the arms. */
export function junctionKind(arms: readonly Arm[], controls: readonly number[]): number {
  if (arms.length === 1) return JunctionKind.deadEnd;
  const approaches = controls.filter((_, i) => arms[i].inEdge >= 0);
  if (approaches.includes(TurnControl.signal)) return JunctionKind.signals;
  if (arms.length === 2) return JunctionKind.plain;
  if (arms.some((arm) => arm.road.roundabout)) return JunctionKind.roundabout;
  if (approaches.includes(TurnControl.stop)) return JunctionKind.stop;
  if (approaches.includes(TurnControl.equal)) return JunctionKind.rightBeforeLeft;
  return approaches.includes(TurnControl.yield) ? JunctionKind.priority : JunctionKind.plain;
}

/** A movement as the rules see it. */
export interface RuledMovement {
  readonly arm: Arm;
  readonly control: number;
  readonly turn: number;
}

const OPPOSING = 2.4;
const TURN_ORDER: Readonly<Record<number, number>> = { [TurnKind.left]: 1, [TurnKind.uTurn]: 2 };

/** `ConflictRule`s of a and of b where their paths cross or merge. */
export function conflictRules(a: RuledMovement, b: RuledMovement): [ruleOfA: number, ruleOfB: number] {
  const signals = Number(a.control === TurnControl.signal) + Number(b.control === TurnControl.signal);
  const opposing = angleBetween(a.arm, b.arm) > OPPOSING;
  if (signals === 2 && !opposing) return [ConflictRule.signal, ConflictRule.signal];
  const level = precedence(a.control) - precedence(b.control);
  if (level !== 0) return decided(level < 0);
  const turns = (TURN_ORDER[a.turn] ?? 0) - (TURN_ORDER[b.turn] ?? 0);
  if (opposing || Math.abs(turns) === 2)
    return turns === 0 ? [ConflictRule.equal, ConflictRule.equal] : decided(turns < 0);
  // Right before left: b's arm lies to the right of a's direction of travel (which is opposite to a's arm).
  const side = -a.arm.dx * b.arm.dy + a.arm.dy * b.arm.dx;
  return decided(side > 0);
}

function precedence(control: number): number {
  if (control === TurnControl.equal) return 1;
  if (control === TurnControl.yield || control === TurnControl.roundaboutEntry || control === TurnControl.stop)
    return 2;
  return 0;
}

function decided(aFirst: boolean): [number, number] {
  return aFirst
    ? [ConflictRule.hasPriority, ConflictRule.mustYield]
    : [ConflictRule.mustYield, ConflictRule.hasPriority];
}
