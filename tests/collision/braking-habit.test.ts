import { describe, expect, it } from 'vitest';
import { BrakingHabit } from '../../collision/braking-habit.ts';
import { type CollisionEngine, createEngine } from '../../collision/index.ts';
import { QueueContext } from '../../collision/queue-context.ts';
import { Tracks } from '../../collision/tracks.ts';
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

  it('[P9] a core that is given what the last one learned knows it from its first vehicle on', () => {
    const graph = town();
    const taught = createEngine(graph, { capacity: 16 });
    const drivers = [...Array(learners).keys()].map((i) => stopping((i + 1) * spacing, 4.2));
    play(graph, drivers, 420, 5, taught);
    const warned = (engine: CollisionEngine): number => {
      const bodies = [moving(5900 - 4.5 - 13.5 * 20, 0, 13.5), standing(5900, 0)];
      const events = play(graph, bodies, 20, 5, engine);
      return 20 - (events.find(({ slot, stage }) => slot === 0 && stage >= 2)?.at ?? Infinity);
    };
    expect(warned(createEngine(graph, { capacity: 16 }))).toBeGreaterThan(3.8);
    const engine = createEngine(graph, { capacity: 16, learned: taught.learned.bytes() });
    expect(warned(engine)).toBeLessThan(2.6);
    expect(engine.counters()).toMatchObject({ learnedRestored: 1, learnedRefused: 0 });
  });

  /** What is learned from `stops` of one vehicle after the other, each from 12 m/s with `braking`, `toLine` m before a line. */
  const learned = (stops: number, braking: number, toLine: number): BrakingHabit => {
    const tracks = new Tracks(1);
    const queue = new QueueContext(town(), 1);
    queue.chain[0] = 1;
    queue.toLine[0] = toLine;
    const habit = new BrakingHabit(tracks, queue);
    let ms = 1;
    for (let i = 0; i < stops; i += 1) {
      habit.forget(0);
      for (let v = 12; v > -0.05 * braking; v -= 0.1 * braking) {
        tracks.timeMs[0] = ms;
        tracks.v[0] = Math.max(0, v);
        habit.note(0);
        ms += 100;
      }
    }
    return habit;
  };

  it('[L18] [Q5] what is rare grows with it; a few late stops, and stops for somebody ahead, teach nothing', () => {
    const habit = learned(150, 4, 10);
    expect(habit.begins).toBeGreaterThan(3.7);
    expect(habit.later).toBeCloseTo(habit.begins - 1.5);
    expect(habit.rare(3.5)).toBeCloseTo(3.5 + 0.6 * habit.later);
    for (const early of [learned(10, 4, 10), learned(150, 4, 60), learned(150, 1.3, 10)]) {
      expect(early.begins).toBe(0);
      expect(early.rare(3.5)).toBe(3.5);
    }
  });

  it('[L18] stops that no driver makes cannot put warnings off further than late drivers do', () => {
    expect(learned(3000, 9, 10).begins).toBeCloseTo(4.5);
  });
});
