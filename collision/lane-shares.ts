import type { RoadGraph } from '../roads/graph/index.ts';
import { type LaneBelief, mostLanes } from './lane-belief.ts';
import type { Tracks } from './tracks.ts';

/** Vehicles ahead that are weighed together. */
export const mostAhead = 8;

/**
 * Who is how likely the nearest in a driver's way when lanes are only believed (R6). The driver is in one of his lanes; in each of them the
 * vehicles ahead, nearest first, each may be in it or not: what lies behind one who surely is counts no more.
 */
export class LaneShares {
  private readonly _graph: RoadGraph;
  private readonly _tracks: Tracks;
  private readonly _belief: LaneBelief;
  /** The driver's lanes: how likely each, and its middle beside that of his edge. */
  private _lanes = 0;
  private readonly _own = new Float64Array(mostLanes);
  private readonly _place = new Float64Array(mostLanes);
  /** Per vehicle ahead and lane of the driver: probability that it is in that lane; row `mostAhead` is the one looked at. */
  private readonly _of = new Float64Array(mostLanes * (mostAhead + 1));
  /** Per lane of the driver: probability that nobody nearer is in it. */
  private readonly _free = new Float64Array(mostLanes);

  constructor(graph: RoadGraph, tracks: Tracks, belief: LaneBelief) {
    this._graph = graph;
    this._tracks = tracks;
    this._belief = belief;
  }

  /** Begins the look at `slot`; true when its lane is a matter of belief. */
  begin(slot: number): boolean {
    const { edge, d } = this._tracks;
    const { edgeLanes, edgeWidth } = this._graph;
    if (!this._belief.has(slot, edge[slot])) {
      this._lanes = 1;
      this._own[0] = 1;
      this._place[0] = d[slot];
      return false;
    }
    const n = this._belief.lanes(slot);
    const own = edgeLanes[edge[slot]];
    const width = edgeWidth[edge[slot]] / own;
    this._lanes = n;
    for (let k = 0; k < n; k += 1) {
      this._own[k] = this._belief.share(slot, k);
      this._place[k] = (k + 0.5 - 0.5 * own) * width;
    }
    return true;
  }

  /**
   * Probability that `other` is in the way of the driver, whose track is `moved` m farther left on the edge of `other` than on his own; bodies
   * meet within `reach` m sidewise. It is on the road at all with probability `there`; in one lane the bodies would lie behind each other as
   * measured with probability `behind`, and nobody is inside another.
   */
  weigh(other: number, moved: number, reach: number, there: number, behind: number): number {
    const { edge, d } = this._tracks;
    const { edgeLanes, edgeWidth } = this._graph;
    const { _of: of, _belief: belief } = this;
    const e = edge[other];
    const believed = belief.has(other, e);
    const n = believed ? belief.lanes(other) : 1;
    const width = edgeWidth[e] / edgeLanes[e];
    const row = mostLanes * mostAhead;
    let sum = 0;
    for (let k = 0; k < this._lanes; k += 1) {
      const place = this._place[k] + moved;
      let share = 0;
      for (let l = 0; l < n; l += 1) {
        const apart = (believed ? (l + 0.5 - 0.5 * edgeLanes[e]) * width : d[other]) - place;
        if (apart < reach && apart > -reach) share += believed ? belief.share(other, l) : 1;
      }
      share *= there;
      of[row + k] = (share * behind) / (1 - share + share * behind);
      sum += this._own[k] * of[row + k];
    }
    return sum;
  }

  /** The vehicle weighed last is the `i`-th ahead. */
  keep(i: number): void {
    const row = mostLanes * mostAhead;
    for (let k = 0; k < this._lanes; k += 1) this._of[mostLanes * i + k] = this._of[row + k];
  }

  /** Before `nearest`, which is to be asked for each vehicle ahead in order. */
  restart(): void {
    this._free.fill(1);
  }

  /** Probability that the `i`-th ahead is the nearest in the driver's way. */
  nearest(i: number): number {
    const { _free: free, _of: of } = this;
    let sum = 0;
    for (let k = 0; k < this._lanes; k += 1) {
      const share = of[mostLanes * i + k];
      sum += this._own[k] * free[k] * share;
      free[k] *= 1 - share;
    }
    return sum;
  }
}
