import { angleBetween } from './body.ts';
import { isInternal, type LaneNetwork } from './lane-network.ts';

type Point = readonly [x: number, y: number];

/** Lanes are joined with less of a turn than this, degrees. */
const gentle = 8;

/** Degrees clockwise from north. */
function headingOf(p: Point, q: Point): number {
  return ((Math.atan2(q[0] - p[0], q[1] - p[1]) * 180) / Math.PI + 360) % 360;
}

/** A way for one vehicle: corners (m) with the distance driven there, and the lane that each part lies in. */
export class Path {
  private readonly points: Point[] = [];
  private readonly along: number[] = [];
  private readonly lanes: string[] = [];

  /** Adds the corners of a lane, driven against its direction; where it lies beside the way so far it is joined further on. */
  addReversed(lane: string, shape: readonly Point[]): void {
    const corners = [...shape].reverse();
    while (corners.length > 2 && this.turnTo(corners[0]) > gentle) corners.shift();
    for (const point of corners) {
      const last = this.points.at(-1);
      const step = last === undefined ? 0 : Math.hypot(point[0] - last[0], point[1] - last[1]);
      if (last !== undefined && step < 0.01) continue;
      this.along.push((this.along.at(-1) ?? 0) + step);
      this.points.push(point);
      this.lanes.push(lane);
    }
  }

  /** How much the way would turn towards this point, degrees. */
  private turnTo(point: Point): number {
    const [p, q] = this.points.slice(-2);
    if (p === undefined || q === undefined || Math.hypot(point[0] - q[0], point[1] - q[1]) < 1) return 0;
    return angleBetween(headingOf(p, q), headingOf(q, point));
  }

  get length(): number {
    return this.along.at(-1) ?? 0;
  }

  /** Place, heading (degrees clockwise from north) and lane after so many metres. */
  at(metres: number): { x: number; y: number; headingDeg: number; lane: string } {
    let i = 1;
    while (i < this.along.length - 1 && this.along[i] < metres) i += 1;
    const [p, q] = [this.points[i - 1], this.points[i]];
    const u = (metres - this.along[i - 1]) / (this.along[i] - this.along[i - 1]);
    return {
      x: p[0] + u * (q[0] - p[0]),
      y: p[1] + u * (q[1] - p[1]),
      headingDeg: headingOf(p, q),
      lane: this.lanes[i],
    };
  }
}

/** A wrong-way driver keeps on for so long at most, m. */
const farthest = 9000;
/** Roads with a wrong-way driver have at least this limit, m/s, and so many lanes. */
const fastRoad = 27;
const lanesOfFastRoad = 3;

/** Lanes that lead off a fast road: exit ramps, by id of their edge. */
export function exitRamps(network: LaneNetwork): readonly string[] {
  const ramps = new Set<string>();
  for (const edge of network.edges.values()) {
    if (edge.internal || edge.speed < fastRoad || edge.lanes <= lanesOfFastRoad) continue;
    for (const { edge: id } of edge.next) {
      const next = network.edges.get(id);
      if (next !== undefined && next.lanes === 1 && next.speed < fastRoad) ramps.add(id);
    }
  }
  return [...ramps].sort();
}

/** Down the ramp against its direction and on along the left lane of the fast road, or the one beside it (`fromLeft` 1), against the traffic. */
export function wrongWayPath(network: LaneNetwork, ramp: string, fromLeft: 0 | 1): Path {
  const path = new Path();
  const shape = (lane: string): readonly Point[] => network.shape(lane);
  path.addReversed(`${ramp}_0`, shape(`${ramp}_0`));
  let edge = before(network, ramp);
  while (edge !== undefined && path.length < farthest) {
    const lane = `${edge.id}_${edge.lanes - 1 - fromLeft}`;
    path.addReversed(lane, shape(lane));
    edge = before(network, edge.id);
  }
  return path;
}

/** The fast road that leads here. */
function before(network: LaneNetwork, id: string) {
  for (const edge of network.edges.values())
    if (!isInternal(edge.id) && edge.speed >= fastRoad && edge.lanes >= lanesOfFastRoad)
      if (edge.next.some((next) => next.edge === id)) return edge;
  return undefined;
}
