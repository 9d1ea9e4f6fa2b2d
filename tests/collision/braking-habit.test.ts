import { describe, expect, it } from 'vitest';
import { createEngine } from '../../collision/index.ts';
import { GraphBuilder, JunctionKind, RoadClass, type RoadGraph } from '../../roads/graph/index.ts';
import { type Body, moving, play, standing } from './straight-road.ts';

const signals = 30;
const block = 150;
const learners = 8;
const spacing = 400;

/** A plain road along y = 0, and north of it `learners` roads with a signal every `block` metres. */
function town(): RoadGraph {
  const builder = new GraphBuilder({ mapHash: 'b'.repeat(64), originLat: 35.7, originLon: 51.4 });
  const common = { limit: 13.9, roadClass: RoadClass.secondary, lanes: 1, width: 3.5 };
  const road = (y: number, length: number, blocks: number): void => {
    let from = builder.addNode(0, y, JunctionKind.deadEnd);
    for (let i = 1; i <= blocks; i += 1) {
      const x = i * length;
      const to = builder.addNode(x, y, i === blocks ? JunctionKind.deadEnd : JunctionKind.signals);
      builder.addEdge({ from, to, shape: [x - length, y, x, y], ...common });
      from = to;
    }
  };
  road(0, 6000, 1);
  for (let i = 1; i <= learners; i += 1) road(i * spacing, block, signals + 1);
  return builder.finish();
}

/** Stands 2 s at every signal, speeds up with 2.5 to 13 m/s and comes to rest at the next one with a constant `braking`. */
function stopping(y: number, braking: number): Body {
  const v = 13;
  const starts = v / 2.5;
  const cruises = (block - (v * v) / 5 - (v * v) / (2 * braking)) / v;
  const brakes = v / braking;
  const round = starts + cruises + brakes + 2;
  /** Seconds since the last start. */
  const since = (t: number): number => t % round;
  const speed = (t: number): number =>
    Math.max(0, Math.min(2.5 * since(t), v, v - braking * (since(t) - starts - cruises)));
  const x = (t: number): number => {
    const u = since(t);
    const slowed = Math.min(Math.max(0, u - starts - cruises), brakes);
    const driven = 1.25 * Math.min(u, starts) ** 2 + v * Math.min(Math.max(0, u - starts), cruises);
    return block - 2 + block * Math.floor(t / round) + driven + v * slowed - 0.5 * braking * slowed * slowed;
  };
  return { x, y: () => y, speed };
}

/** First warning and alarm of one who comes up to a standing vehicle at `v` m/s after all have driven with `braking`: seconds before contact. */
function told(braking: number, v: number): { readonly warned: number; readonly alarmed: number } {
  const graph = town();
  const seconds = 420;
  const away = 5900 - 4.5;
  const bodies = [moving(away - v * seconds, 0, v), standing(5900, 0)];
  for (let i = 1; i <= learners; i += 1) bodies.push(stopping(i * spacing, braking));
  const events = play(graph, bodies, seconds, 5, createEngine(graph, { capacity: 16 })).filter(
    (event) => event.slot === 0 && event.stage >= 2,
  );
  const before = (stage: number): number => seconds - (events.find((event) => event.stage >= stage)?.at ?? Infinity);
  return { warned: before(2), alarmed: before(3) };
}

describe('where drivers begin to brake late (L18)', () => {
  it('[L18] who comes up to what stands is warned later where the others brake late at their lines, and alarmed in time all the same', () => {
    const early = told(1.2, 13.5);
    const late = told(4.2, 13.5);
    expect(early.warned).toBeGreaterThan(3.8);
    // Who brakes with 4.2 begins 1.6 s before he would be there.
    expect(late.warned).toBeLessThan(2.6);
    expect(late.alarmed).toBeGreaterThan(1.2);
    expect(late.alarmed).toBeLessThanOrEqual(early.alarmed);
  });
});
