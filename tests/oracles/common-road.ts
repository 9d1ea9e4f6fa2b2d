import { readFileSync } from 'node:fs';
import { boxesOverlap } from '../../collision/index.ts';

/** One road user of a CommonRoad scenario: its box and its states, one per time step; standing ones have a single state. */
export interface RoadUser {
  readonly id: string;
  readonly length: number;
  readonly width: number;
  readonly states: readonly { readonly x: number; readonly y: number; readonly heading: number; readonly v: number }[];
}

export interface Scenario {
  readonly step: number;
  readonly users: ReadonlyMap<string, RoadUser>;
  /** Lanelets: left and right bounds. */
  readonly lanelets: ReadonlyMap<string, Lanelet>;
}

export interface Lanelet {
  readonly id: string;
  readonly left: readonly Point[];
  readonly right: readonly Point[];
  readonly predecessors: readonly string[];
  readonly successors: readonly string[];
}

export type Point = readonly [number, number];

const number = (xml: string, tag: string): number => {
  const inner = new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(xml)?.[1] ?? '';
  return Number(/-?[\d.]+(?:e-?\d+)?/i.exec(inner)?.[0] ?? 'NaN');
};
const blocks = (xml: string, tag: string): string[] =>
  [...xml.matchAll(new RegExp(`<${tag}[ >][\\s\\S]*?</${tag}>`, 'g'))].map((match) => match[0]);
const points = (xml: string): Point[] => blocks(xml, 'point').map((point) => [number(point, 'x'), number(point, 'y')]);
const idOf = (xml: string): string => /id="([^"]*)"/.exec(xml)?.[1] ?? '';

export function readScenario(file: string): Scenario {
  const xml = readFileSync(file, 'utf8');
  const users = new Map<string, RoadUser>();
  for (const tag of ['obstacle', 'dynamicObstacle', 'staticObstacle'])
    for (const block of blocks(xml, tag)) {
      const shape = blocks(block, 'rectangle')[0] ?? '';
      // A trajectory that begins at the time of the initial state repeats it.
      const trajectory = blocks(block, 'state');
      const begins = trajectory.length > 0 ? number(blocks(trajectory[0], 'time')[0] ?? '', 'exact') : 1;
      const states = [...(begins === 0 ? [] : blocks(block, 'initialState')), ...trajectory].map((state) => ({
        x: number(state, 'x'),
        y: number(state, 'y'),
        heading: number(state, 'orientation'),
        v: number(state, 'velocity'),
      }));
      users.set(idOf(block), {
        id: idOf(block),
        length: number(shape, 'length'),
        width: number(shape, 'width'),
        states,
      });
    }
  const lanelets = new Map<string, Lanelet>();
  for (const block of blocks(xml, 'lanelet')) {
    const references = (tag: string): string[] =>
      [...block.matchAll(new RegExp(`<${tag} ref="([^"]*)"`, 'g'))].map((match) => match[1]);
    lanelets.set(idOf(block), {
      id: idOf(block),
      left: points(blocks(block, 'leftBound')[0] ?? ''),
      right: points(blocks(block, 'rightBound')[0] ?? ''),
      predecessors: references('predecessor'),
      successors: references('successor'),
    });
  }
  return { step: Number(/timeStepSize="([^"]*)"/.exec(xml)?.[1]), users, lanelets };
}

/** State of a road user at a step; one that stands still has the same for ever. */
export function stateAt(user: RoadUser, step: number): RoadUser['states'][number] {
  return user.states.length === 1 ? user.states[0] : user.states[step];
}

export function overlapAt(a: RoadUser, b: RoadUser, step: number): boolean {
  const p = stateAt(a, step);
  const q = stateAt(b, step);
  return boxesOverlap(
    p.x,
    p.y,
    Math.cos(p.heading),
    Math.sin(p.heading),
    a.length,
    a.width,
    q.x,
    q.y,
    Math.cos(q.heading),
    Math.sin(q.heading),
    b.length,
    b.width,
  );
}
