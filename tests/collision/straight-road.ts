import { type AlertEvent, type CollisionEngine, createEngine } from '../../collision/index.ts';
import { GraphBuilder, JunctionKind, Plane, RoadClass, type RoadGraph } from '../../roads/graph/index.ts';

const origin = { mapHash: 'd'.repeat(64), originLat: 35.7, originLon: 51.4 };
export const plane = new Plane(origin.originLat, origin.originLon);
export const startMs = 1_800_000_000_000;

/** One carriageway from west to east along y = 0. */
function oneWay(length: number, kind: { limit: number; roadClass: number; lanes: number; width: number }): RoadGraph {
  const builder = new GraphBuilder(origin);
  const from = builder.addNode(0, 0, JunctionKind.deadEnd);
  const to = builder.addNode(length, 0, JunctionKind.deadEnd);
  builder.addEdge({ from, to, shape: [0, 0, length, 0], ...kind });
  return builder.finish();
}

/** A motorway carriageway of three lanes; lane 0 is the kerb side (south). */
export function motorway(length = 6000): RoadGraph {
  return oneWay(length, { limit: 33.3, roadClass: RoadClass.motorway, lanes: 3, width: 10.5 });
}

/** A street of one lane. */
export function street(length = 3000): RoadGraph {
  return oneWay(length, { limit: 13.9, roadClass: RoadClass.secondary, lanes: 1, width: 3.5 });
}

export interface Body {
  /** Front bumper at t seconds. */
  readonly x: (t: number) => number;
  readonly y: (t: number) => number;
  readonly speed: (t: number) => number;
  readonly accel?: (t: number) => number;
  readonly headingDeg?: number;
  /** Heading that changes, degrees at t seconds; instead of `headingDeg`. */
  readonly heading?: (t: number) => number;
  readonly flags?: number;
  /** Flags that change, at t seconds; instead of `flags`. */
  readonly flagsAt?: (t: number) => number;
  /** 1-sigma the receiver states, m; absent: nothing stated. */
  readonly accuracy?: number;
  readonly length?: number;
  readonly width?: number;
  readonly stationType?: number;
}

export function send(engine: CollisionEngine, slot: number, body: Body, t: number, generation = 1): void {
  engine.update(
    slot,
    generation,
    startMs + Math.round(t * 1000),
    plane.lat(body.y(t)),
    plane.lon(body.x(t)),
    body.speed(t),
    body.heading?.(t) ?? body.headingDeg ?? 90,
    body.accel?.(t) ?? Number.NaN,
    Number.NaN,
    body.accuracy ?? Number.NaN,
    body.length ?? 4.5,
    body.width ?? 1.8,
    body.stationType ?? 5,
    body.flagsAt?.(t) ?? body.flags ?? 0,
  );
}

/** Runs the bodies as slots 0, 1, … for `seconds` at `hz`; returns every event with its second. */
export function play(
  graph: RoadGraph,
  bodies: readonly Body[],
  seconds: number,
  hz: number,
  engine = createEngine(graph, { capacity: Math.max(16, bodies.length) }),
): (AlertEvent & { readonly at: number })[] {
  const events: (AlertEvent & { readonly at: number })[] = [];
  const every = Math.round(10 / hz);
  for (let k = 0; k <= seconds * 10; k += 1) {
    const t = k / 10;
    if (k % every === 0)
      for (let slot = 0; slot < bodies.length; slot += 1) send(engine, slot, bodies[slot] as Body, t);
    engine.tick(startMs + k * 100);
    for (const event of engine.drainAlerts()) events.push({ ...event, at: t });
  }
  return events;
}

export function moving(x0: number, y: number, speed: number): Body {
  return { x: (t) => x0 + speed * t, y: () => y, speed: () => speed, accel: () => 0 };
}

export function standing(x: number, y: number): Body {
  return { x: () => x, y: () => y, speed: () => 0, accel: () => 0 };
}
