import {
  allocateNearEdges,
  directionAt,
  EdgeFlag,
  FIX_HX,
  FIX_HY,
  FIX_MS,
  FIX_SIGMA,
  FIX_SPEED,
  FIX_X,
  FIX_Y,
  headingCounts,
  MapMatcher,
  RoadClass,
  type RoadGraph,
  SpatialIndex,
} from '../roads/graph/index.ts';
import { fastRoadLimit } from './fast-road.ts';
import { OneWayDoubt } from './one-way-doubt.ts';

/** A driver counts as going against a one-way road after this many fixes, seconds and metres of it (W1); on a ramp two fixes do. */
const minFixes = 3;
const minRampFixes = 2;
const minTimeMs = 1900;
const minDistance = 15;
/** Where no way led there, a road in the right direction must be farther off than this many sigmas of the receiver, for this long, ms (W1). */
const errorSigmas = 4;
const unexplainedMs = 10_000;
const sameWay = 0.5;
const widest = 24;
const halfLane = 1.5;

/**
 * The streaming map matcher of roads/graph/ with what the core adds: the evidence that a vehicle really drives the wrong way (W1).
 * Fields hold the answer of the last `match`: edge or -1, metres along it, lateral offset (left positive), confidence, and 1 when driven against.
 */
export class Matching {
  edge = -1;
  s = 0;
  lateral = 0;
  confidence = 0;
  against: 0 | 1 = 0;
  readonly oneWays = new OneWayDoubt();
  private readonly _graph: RoadGraph;
  private readonly _matcher: MapMatcher;
  private readonly _index: SpatialIndex;
  private readonly _near = allocateNearEdges(64);
  private readonly _direction = new Float64Array(2);
  private readonly _fixes: Uint16Array;
  private readonly _sinceMs: Float64Array;
  private readonly _x: Float64Array;
  private readonly _y: Float64Array;
  /** Edge a confirmed wrong-way driver was last counted on. */
  private readonly _counted: Int32Array;

  constructor(graph: RoadGraph, capacity: number) {
    this._graph = graph;
    const { edgeClass, edgeFlags } = graph;
    const drivable = (edge: number): boolean =>
      edgeClass[edge] !== RoadClass.rail &&
      edgeClass[edge] !== RoadClass.footway &&
      (edgeFlags[edge] & EdgeFlag.noMotor) === 0;
    this._index = new SpatialIndex(graph, drivable);
    this._matcher = new MapMatcher(graph, this._index, { capacity });
    this._fixes = new Uint16Array(capacity);
    this._sinceMs = new Float64Array(capacity);
    this._x = new Float64Array(capacity);
    this._y = new Float64Array(capacity);
    this._counted = new Int32Array(capacity).fill(-1);
  }

  /** Plane position; `heading` radians clockwise from north (NaN = unknown); `speed` may be NaN; `sigma` m. */
  match(slot: number, x: number, y: number, heading: number, speed: number, sigma: number, timeMs: number): void {
    const { fix } = this._matcher;
    const usable = headingCounts(heading, speed);
    fix[FIX_MS] = timeMs;
    fix[FIX_X] = x;
    fix[FIX_Y] = y;
    fix[FIX_SPEED] = speed;
    fix[FIX_HX] = usable ? Math.sin(heading) : 0;
    fix[FIX_HY] = usable ? Math.cos(heading) : 0;
    fix[FIX_SIGMA] = sigma;
    this._take(slot);
  }

  private _take(slot: number): void {
    const m = this._matcher;
    const edge = m.take(slot);
    this.edge = edge;
    this.s = edge < 0 ? 0 : m.offset[slot];
    this.lateral = edge < 0 ? 0 : m.lateral[slot];
    this.confidence = edge < 0 ? 0 : m.confidence[slot];
    this.against = 0;
    if (edge >= 0 && m.headingAgainst[slot] === 1 && this._graph.edgeReverse[edge] < 0)
      this.against = this._wrongWay(slot, edge) ? 1 : 0;
    else this._fixes[slot] = 0;
  }

  /** Whether an edge in the direction of the heading lies within what the receiver may be wrong by. */
  private _fitsElsewhere(): boolean {
    const near = this._near;
    const { fix } = this._matcher;
    const { edgeWidth } = this._graph;
    const reach = errorSigmas * fix[FIX_SIGMA];
    const count = this._index.nearEdges(fix[FIX_X], fix[FIX_Y], reach + widest / 2, near);
    for (let i = 0; i < count; i += 1) {
      directionAt(this._graph, near.edge[i], near.s[i], this._direction);
      const cos = this._direction[0] * fix[FIX_HX] + this._direction[1] * fix[FIX_HY];
      if (cos > sameWay && near.distance[i] < reach + edgeWidth[near.edge[i]] / 2 - halfLane) return true;
    }
    return false;
  }

  /** Forgets what is known of the slot's vehicle. */
  reset(slot: number): void {
    this._matcher.forget(slot);
    this._fixes[slot] = 0;
    this._counted[slot] = -1;
  }

  /**
   * Edge of a place known from elsewhere (a report, an operator): the nearest within 40 m whose direction fits the heading (NaN: any);
   * `s` then holds the metres along it. -1 when there is none.
   */
  locate(x: number, y: number, hx: number, hy: number): number {
    const near = this._near;
    const count = this._index.nearEdges(x, y, 40, near);
    let best = -1;
    let bestCost = Infinity;
    for (let i = 0; i < count; i += 1) {
      directionAt(this._graph, near.edge[i], near.s[i], this._direction);
      const cos = Number.isNaN(hx) ? 1 : this._direction[0] * hx + this._direction[1] * hy;
      const cost = near.distance[i] + 20 * (1 - cos);
      if (cost < bestCost) {
        bestCost = cost;
        best = near.edge[i];
        this.s = near.s[i];
      }
    }
    return best;
  }

  /** Of one whose heading is against a one-way edge. */
  private _wrongWay(slot: number, edge: number): boolean {
    const { edgeFlags } = this._graph;
    if (this._matcher.unexplained[slot] === 1 && this._fitsElsewhere()) {
      this._fixes[slot] = 0;
      return false;
    }
    // A wrong-way driver who brakes to rest still stands the wrong way round; one who never drove so is a map error.
    const confirmed = this._fixes[slot] === 0xffff;
    if (confirmed) return this._believed(slot, edge);
    const { fix } = this._matcher;
    const speed = fix[FIX_SPEED];
    const timeMs = fix[FIX_MS];
    const x = fix[FIX_X];
    const y = fix[FIX_Y];
    if (!(speed > 3)) return false;
    if (this._fixes[slot] === 0) {
      this._sinceMs[slot] = timeMs;
      this._x[slot] = x;
      this._y[slot] = y;
    }
    this._fixes[slot] += 1;
    const dx = x - this._x[slot];
    const dy = y - this._y[slot];
    const ramp = (edgeFlags[edge] & EdgeFlag.link) !== 0;
    const unexplained = this._matcher.unexplained[slot] === 1;
    const enough =
      this._fixes[slot] >= (ramp ? minRampFixes : minFixes) &&
      timeMs - this._sinceMs[slot] >= (unexplained ? unexplainedMs : ramp ? minTimeMs / 2 : minTimeMs) &&
      dx * dx + dy * dy >= minDistance * minDistance;
    if (enough) this._fixes[slot] = 0xffff;
    return enough && this._believed(slot, edge);
  }

  /** W6: unless it is the map that errs; of fast roads and ramps it is not believed to. */
  private _believed(slot: number, edge: number): boolean {
    const { edgeLimit, edgeFlags } = this._graph;
    if (edgeLimit[edge] >= fastRoadLimit || (edgeFlags[edge] & EdgeFlag.link) !== 0) return true;
    const timeMs = this._matcher.fix[FIX_MS];
    if (this._counted[slot] !== edge) {
      this._counted[slot] = edge;
      this.oneWays.note(edge, timeMs);
    }
    return !this.oneWays.isDoubted(edge, timeMs);
  }
}
