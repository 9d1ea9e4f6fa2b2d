import {
  ON_EDGE_DISTANCE,
  ON_EDGE_LATERAL,
  ON_EDGE_S,
  pointAt,
  poseAt,
  projectOnEdge,
  type RoadGraph,
} from '../roads/graph/index.ts';
import type { Joins } from './joins.ts';
import { mostTurns } from './path.ts';
import type { Tracks } from './tracks.ts';
import type { TurnShares } from './turn-shares.ts';

/** 1 sigma of a driver's heading, rad, and offset, m, about a movement he makes, and how the latter grows with the way into the junction. */
const headingSpread = 0.05;
const offsetSpread = 0.2;
const offsetGrowth = 0.04;
/** Drivers begin a turn up to this much before its line does, m. */
const turnIn = 4;
/** What a place beyond the ends of a movement speaks against it, in squared sigmas, and the most that all evidence does. */
const beyondEnds = 12;
const most = 60;
/** Less than this before the end of a movement the front is at its end, m. */
const atEnd = 0.01;

/**
 * The movements of one approach that a vehicle inside the junction, or not yet all out of it, may have begun (X3): on the first metres they lie on each
 * other, then its place and heading tell them apart. Reused: filled by `weigh`, read at once.
 */
export class BegunMovements {
  count = 0;
  readonly movement = new Int32Array(mostTurns);
  readonly pi = new Float32Array(mostTurns);
  /** Front bumper along and beside each movement, m. */
  readonly along = new Float32Array(mostTurns);
  readonly lateral = new Float32Array(mostTurns);
  private readonly _graph: RoadGraph;
  private readonly _joins: Joins;
  private readonly _projected = new Float64Array(3);
  private readonly _front = new Float64Array(2);
  private readonly _rear = new Float64Array(2);
  private readonly _pose = new Float64Array(4);
  /** The approach, its end as far behind the vehicle as that has driven into the junction. */
  private readonly _approach = {
    edge: new Int32Array(1),
    end: new Float64Array(1),
    lateral: new Float64Array(1),
    share: new Float32Array(mostTurns),
  };

  constructor(graph: RoadGraph, joins: Joins) {
    this._graph = graph;
    this._joins = joins;
  }

  /**
   * `entryLaterals` holds where each vehicle left its approach, m beside the centre line; `matched` the movement it is thought to be on or to have just left.
   * False: the approach leads nowhere.
   */
  weigh(
    slot: number,
    approach: number,
    entryLaterals: Float32Array,
    matched: number,
    tracks: Tracks,
    turns: TurnShares,
  ): boolean {
    const { turnStart, turnTo, edgeLength } = this._graph;
    const { _approach: before, _projected: out, _joins: joins } = this;
    before.edge[0] = approach;
    const entryLateral = entryLaterals[slot];
    before.lateral[0] = entryLateral;
    before.end[0] = -tracks.s[slot] - (tracks.edge[slot] === matched ? 0 : edgeLength[matched]);
    this.count = 0;
    if (turns.rate(slot, before, 0) < 0) return false;
    const first = turnStart[approach];
    this.count = Math.min(turnStart[approach + 1] - first, mostTurns);
    let sum = 0;
    for (let k = 0; k < this.count; k += 1) {
      const movement = turnTo[first + k];
      this._project(movement, slot, tracks);
      this.movement[k] = movement;
      this.along[k] = out[ON_EDGE_S];
      this.lateral[k] = out[ON_EDGE_LATERAL];
      // Some turn in earlier: any heading between those of here and a little farther fits.
      const here = this._turned(slot, movement, approach, tracks);
      out[ON_EDGE_S] += turnIn;
      const farther = this._turned(slot, movement, approach, tracks);
      const turned = here * farther <= 0 ? 0 : Math.min(Math.abs(here), Math.abs(farther)) / headingSpread;
      // Who crossed the line beside the middle of his lanes stays beside it.
      const spread = offsetSpread + offsetGrowth * this.along[k] + tracks.dSigma[slot];
      const aside = (out[ON_EDGE_LATERAL] - (entryLateral - joins.shift[first + k])) / spread;
      const beyond = out[ON_EDGE_DISTANCE] > Math.abs(out[ON_EDGE_LATERAL]) + 0.5 ? beyondEnds : 0;
      const far = Math.min(surprise(turned) + surprise(aside) + beyond, most);
      this.pi[k] = before.share[k] * Math.exp(-0.5 * far);
      sum += this.pi[k];
    }
    for (let k = 0; k < this.count && sum > 0; k += 1) this.pi[k] = this.pi[k] / sum;
    return sum > 0;
  }

  /** Where the movement, and beyond its end its exit, passes the front bumper: place along the two and lateral of the movement. */
  private _project(movement: number, slot: number, tracks: Tracks): void {
    const { _graph: graph, _projected: out } = this;
    const length = graph.edgeLength[movement];
    projectOnEdge(graph, movement, tracks.x[slot], tracks.y[slot], out);
    const turn = graph.turnStart[movement];
    if (out[ON_EDGE_S] < length - atEnd || turn === graph.turnStart[movement + 1]) return;
    projectOnEdge(graph, graph.turnTo[turn], tracks.x[slot], tracks.y[slot], out);
    out[ON_EDGE_S] += length;
    out[ON_EDGE_LATERAL] += this._joins.shift[turn];
  }

  /** Point of the movement at `s`, beyond its end of the line it goes on by along its exit. */
  private _point(movement: number, s: number, out: Float64Array): void {
    const { _graph: graph, _pose: pose } = this;
    const length = graph.edgeLength[movement];
    const turn = graph.turnStart[movement];
    if (s <= length || turn === graph.turnStart[movement + 1]) {
      pointAt(graph, movement, s, out);
      return;
    }
    poseAt(graph, graph.turnTo[turn], s - length, pose);
    const aside = -this._joins.shift[turn];
    out[0] = pose[0] - aside * pose[3];
    out[1] = pose[1] + aside * pose[2];
  }

  /** Heading of the body against the one it has with its front where `_projected` says along the movement, rad: between there and a length before. */
  private _turned(slot: number, movement: number, approach: number, tracks: Tracks): number {
    const { _front: front, _rear: rear, _joins: joins } = this;
    const s = this._projected[ON_EDGE_S];
    const back = s - tracks.length[slot];
    this._point(movement, s, front);
    this._point(movement, Math.max(back, 0), rear);
    const onApproach = Math.min(back, 0);
    const x = front[0] - rear[0] - onApproach * joins.endX[approach];
    const y = front[1] - rear[1] - onApproach * joins.endY[approach];
    const hx = tracks.hx[slot];
    const hy = tracks.hy[slot];
    return Math.atan2(x * hy - y * hx, x * hx + y * hy);
  }
}

/** Squared sigmas of a deviation of `x` sigmas with the long tails of real driving (Student, four degrees of freedom). */
function surprise(x: number): number {
  return 4 * Math.log(1 + 0.25 * x * x);
}
