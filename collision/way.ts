import { poseAt, type RoadGraph } from '../roads/graph/index.ts';
import type { Joins } from './joins.ts';

/** Spacing of the places looked at along a way, m, and how many at most. */
export const step = 1;
export const maxPlaces = 56;
/** Below this speed, m/s, a driver who does not accelerate comes nowhere. */
const standing = 0.2;

/**
 * One party's way through a movement: the places of its body, metre by metre, and when it is there if the driver goes on. Distances
 * `at` and `u` count from the movement's first point to the front bumper; before it the way is straight, beyond its last point it
 * follows the exit. Reused: filled by `lay`, read at once.
 */
export class Way {
  count = 0;
  /** Present place of the front bumper, m. */
  at = 0;
  /** Middle and direction of the body, front bumper at `u[k]`. */
  readonly u = new Float64Array(maxPlaces);
  readonly x = new Float64Array(maxPlaces);
  readonly y = new Float64Array(maxPlaces);
  readonly hx = new Float64Array(maxPlaces);
  readonly hy = new Float64Array(maxPlaces);
  /** Seconds until the front bumper is there (Infinity: never) and until it is a step farther. */
  readonly enter = new Float64Array(maxPlaces);
  readonly leave = new Float64Array(maxPlaces);
  private readonly _graph: RoadGraph;
  private readonly _joins: Joins;
  private readonly _pose = new Float64Array(4);

  constructor(graph: RoadGraph, joins: Joins) {
    this._graph = graph;
    this._joins = joins;
  }

  /** Lays out the places between `from` and `to` that are still ahead, for a body `length` long at `lateral`. */
  lay(movement: number, lateral: number, length: number, at: number, from: number, to: number): void {
    this.at = at;
    this.count = 0;
    const begin = Math.max(from, at);
    for (let k = 0; k < maxPlaces && begin + k * step <= to; k += 1) {
      const u = begin + k * step;
      this._place(movement, lateral, u);
      const fx = this._pose[0];
      const fy = this._pose[1];
      this._place(movement, lateral, u - length);
      const dx = fx - this._pose[0];
      const dy = fy - this._pose[1];
      const norm = Math.sqrt(dx * dx + dy * dy);
      this.u[k] = u;
      this.x[k] = fx - 0.5 * dx;
      this.y[k] = fy - 0.5 * dy;
      this.hx[k] = norm > 0 ? dx / norm : 1;
      this.hy[k] = norm > 0 ? dy / norm : 0;
      this.count = k + 1;
    }
  }

  /** The place of a body that stands and stays: front bumper at (frontX, frontY). */
  stand(frontX: number, frontY: number, hx: number, hy: number, length: number): void {
    this.at = 0;
    this.count = 1;
    this.u[0] = 0;
    this.x[0] = frontX - 0.5 * length * hx;
    this.y[0] = frontY - 0.5 * length * hy;
    this.hx[0] = hx;
    this.hy[0] = hy;
    this.enter[0] = 0;
    this.leave[0] = Infinity;
  }

  /** When the driver is where, if he goes on: see `goingTime`. */
  time(v: number, a: number, slowest: number): void {
    const { count, enter, leave, u, at } = this;
    if (count === 0) return;
    for (let k = 0; k < count; k += 1) enter[k] = goingTime(u[k] - at, v, a, slowest);
    for (let k = 0; k + 1 < count; k += 1) leave[k] = enter[k + 1];
    leave[count - 1] = goingTime(u[count - 1] + step - at, v, a, slowest);
  }

  /** Point of the way at `u`. */
  private _place(movement: number, lateral: number, u: number): void {
    const { _graph: graph, _joins: joins, _pose: pose } = this;
    const length = graph.edgeLength[movement];
    let beside = lateral;
    if (u < 0) {
      poseAt(graph, movement, 0, pose);
      pose[2] = joins.startX[movement];
      pose[3] = joins.startY[movement];
      pose[0] += u * pose[2];
      pose[1] += u * pose[3];
    } else if (u <= length || graph.turnStart[movement] === graph.turnStart[movement + 1])
      poseAt(graph, movement, u, pose);
    else {
      const k = graph.turnStart[movement];
      poseAt(graph, graph.turnTo[k], u - length, pose);
      beside = lateral - joins.shift[k];
    }
    pose[0] -= beside * pose[3];
    pose[1] += beside * pose[2];
  }
}

/**
 * Seconds to drive `distance` for one who goes on (P3): accelerating is kept up for 2 s; braking only down to `slowest`, the speed
 * he turns with; who is that slow already lets the brake go. 0 when already there, Infinity when he stands.
 */
export function goingTime(distance: number, v: number, a: number, slowest: number): number {
  if (distance <= 0) return 0;
  if (a > 0.3) return speedingUpTime(distance, v, a);
  if (v <= standing) return Infinity;
  // Kept small, so that it costs no call where nobody brakes.
  return a < -0.3 && v > slowest ? slowingDownTime(distance, v, a, slowest) : distance / v;
}

/** Whether one who goes on at `v` with `a` comes anywhere (see `goingTime`). */
export function comesOn(v: number, a: number): boolean {
  return a > 0.3 || v > standing;
}

function speedingUpTime(distance: number, v: number, a: number): number {
  const during = 2;
  const reach = v * during + 0.5 * a * during * during;
  if (distance <= reach) return (-v + Math.sqrt(v * v + 2 * a * distance)) / a;
  return during + (distance - reach) / (v + a * during);
}

function slowingDownTime(distance: number, v: number, a: number, slowest: number): number {
  const braking = (v * v - slowest * slowest) / (-2 * a);
  if (distance <= braking) return (v - Math.sqrt(v * v + 2 * a * distance)) / -a;
  return (v - slowest) / -a + (distance - braking) / slowest;
}
