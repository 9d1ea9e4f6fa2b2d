import { directionAt, pointAt, type RoadGraph } from '../../roads/graph/index.ts';
import { offsetAt } from './lanes.ts';

/** Middle of the front bumper in the graph's plane, m, and unit vector of the body's direction. */
export interface Pose {
  x: number;
  y: number;
  hx: number;
  hy: number;
}

/** What is needed to place a body on its way. */
export interface OnRoute {
  readonly route: readonly number[];
  readonly leg: number;
  readonly s: number;
  readonly length: number;
  readonly offsets: readonly (readonly [number, number])[];
}

/** From front bumper to rear axle, as a share of the length: the rear axle follows the road, so the body's direction does. */
const axleShare = 0.78;
const point = new Float64Array(2);
const direction = new Float64Array(2);
const front = new Float64Array(2);
const rear = new Float64Array(2);

/** Writes the pose of a vehicle into `out`. Not re-entrant; allocates nothing. */
export function poseOf(graph: RoadGraph, vehicle: OnRoute, out: Pose): void {
  place(graph, vehicle, vehicle.leg, vehicle.s, front);
  let leg = vehicle.leg;
  let s = vehicle.s - axleShare * vehicle.length;
  while (s < 0 && leg > 0) {
    leg--;
    s += graph.edgeLength[vehicle.route[leg]];
  }
  place(graph, vehicle, leg, Math.max(0, s), rear);
  let hx = front[0] - rear[0];
  let hy = front[1] - rear[1];
  let norm = Math.hypot(hx, hy);
  if (norm < 0.5) {
    directionAt(graph, vehicle.route[vehicle.leg], vehicle.s, direction);
    hx = direction[0];
    hy = direction[1];
    norm = 1;
  }
  out.x = front[0];
  out.y = front[1];
  out.hx = hx / norm;
  out.hy = hy / norm;
}

function place(graph: RoadGraph, vehicle: OnRoute, leg: number, s: number, out: Float64Array): void {
  const edge = vehicle.route[leg];
  pointAt(graph, edge, s, point);
  directionAt(graph, edge, s, direction);
  const offset = offsetAt(vehicle.offsets[leg], s, graph.edgeLength[edge]);
  out[0] = point[0] + direction[1] * offset;
  out[1] = point[1] - direction[0] * offset;
}
