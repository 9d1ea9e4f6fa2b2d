import { EdgeFlag, planeOf, type RoadGraph } from '../roads/graph/index.ts';
import { AbnormalState } from './abnormal-state.ts';
import { Advisories } from './advisories.ts';
import { AlertBook } from './alert-book.ts';
import { Approaches } from './approaches.ts';
import { classIndex } from './causes.ts';
import { Crossing } from './crossing.ts';
import { EdgeOrder } from './edge-order.ts';
import { filterStart, filterStep, lateralStep } from './filter.ts';
import { allocateFleet, fleetView } from './fleet.ts';
import { FreeSpace } from './free-space.ts';
import { Hazards } from './hazards.ts';
import { HeadOn } from './head-on.ts';
import { Joins } from './joins.ts';
import { LaneChange } from './lane-change.ts';
import { Leaders } from './leaders.ts';
import { Matching } from './matching.ts';
import { Observation } from './observation.ts';
import { checkOptions } from './options.ts';
import { Path } from './path.ts';
import { QueueContext } from './queue-context.ts';
import type { Scene } from './scene.ts';
import { Tracks } from './tracks.ts';
import { TurnShares } from './turn-shares.ts';
import type { AlertClass, AlertEvent, CollisionEngine, EngineCounters, EngineOptions, FleetView } from './types.ts';
import { assumedLength, assumedWidth, roadSideUnit } from './vehicle-flags.ts';
import { Zones } from './zones.ts';

/** Position error assumed when none is sent, m. */
const defaultAccuracy = 1.5;
/** A vehicle that reports again after this is a new track, ms. */
const staleMs = 6000;
/** Hazards are reclustered this often, ms. */
const hazardPeriodMs = 500;
/** Faster than any road vehicle, m/s: what exceeds it by displacement is a teleport (F5). */
const impossibleSpeed = 90;

/** The collision core: `update` per message, `tick` ten times a second, `drainAlerts` after each. */
export class Engine implements CollisionEngine {
  readonly graph: RoadGraph;
  readonly fleet: FleetView;
  private readonly _scene: Scene;
  private readonly _tracks: Tracks;
  private readonly _order: EdgeOrder;
  private readonly _match: Matching;
  private readonly _path: Path;
  private readonly _turns: TurnShares;
  private readonly _book: AlertBook;
  private readonly _queue: QueueContext;
  private readonly _hazards: Hazards;
  private readonly _abnormal: AbnormalState;
  private readonly _leaders: Leaders;
  private readonly _advisories: Advisories;
  private readonly _approaches: Approaches;
  private readonly _crossing: Crossing;
  private readonly _headOn: HeadOn;
  private readonly _laneChange: LaneChange;
  private readonly _freeSpace: FreeSpace;
  /** Vehicles with a new state since the last tick. */
  private readonly _dirty: Int32Array;
  private readonly _isDirty: Uint8Array;
  private _numDirty = 0;
  private readonly _retired: Int32Array;
  private _numRetired = 0;
  private _nowMs = 0;
  private _hazardsMs = 0;
  private _sweptMs = 0;
  private readonly _counts = {
    updates: 0,
    badSlot: 0,
    badPosition: 0,
    badTime: 0,
    outOfOrder: 0,
    teleport: 0,
    frozen: 0,
    gateRejected: 0,
    reinitialised: 0,
    unmatched: 0,
    clockBackwards: 0,
    hazardOffMap: 0,
  };

  constructor(graph: RoadGraph, options: EngineOptions) {
    checkOptions(options);
    const { capacity } = options;
    this.graph = graph;
    this.fleet = fleetView(options.fleetBuffer ?? allocateFleet(capacity), capacity);
    this._tracks = new Tracks(capacity);
    this._order = new EdgeOrder(graph.numEdges, capacity, this._tracks.s);
    const joins = new Joins(graph);
    this._turns = new TurnShares(graph, this._tracks, joins.startX, joins.startY, joins.endX, joins.endY);
    this._path = new Path(graph, this._tracks, joins, this._turns);
    const plane = planeOf(graph);
    this._book = new AlertBook(this._tracks, plane, this.fleet.stage);
    this._scene = {
      graph,
      plane,
      tracks: this._tracks,
      order: this._order,
      joins,
      turns: this._turns,
      path: this._path,
      book: this._book,
      seen: new Observation(),
      friction: options.friction ?? 1,
      hazardOf: new Int32Array(capacity).fill(-1),
    };
    this._match = new Matching(graph, capacity);
    this._queue = new QueueContext(graph, capacity);
    this._hazards = new Hazards(this._scene);
    this._abnormal = new AbnormalState(this._scene, this._hazards, this._queue);
    this._leaders = new Leaders(this._scene, this._hazards);
    this._advisories = new Advisories(this._scene, this._hazards);
    this._approaches = new Approaches(graph, capacity);
    this._crossing = new Crossing(this._scene, new Zones(graph, joins), this._approaches);
    this._headOn = new HeadOn(this._scene);
    this._laneChange = new LaneChange(this._scene);
    this._freeSpace = new FreeSpace(this._scene);
    this._dirty = new Int32Array(capacity);
    this._isDirty = new Uint8Array(capacity);
    this._retired = new Int32Array(capacity);
  }

  update(
    slot: number,
    generation: number,
    timestampMs: number,
    lat: number,
    lon: number,
    speed: number,
    headingDeg: number,
    accel: number,
    yawRate: number,
    accuracy: number,
    length: number,
    width: number,
    stationType: number,
    flags: number,
  ): void {
    const counts = this._counts;
    const t = this._tracks;
    if (!(slot >= 0 && slot < t.capacity) || stationType === roadSideUnit) {
      counts.badSlot += 1;
      return;
    }
    if (!(lat >= -90 && lat <= 90 && lon >= -180 && lon <= 180)) {
      counts.badPosition += 1;
      return;
    }
    if (!(timestampMs > 0 && timestampMs < 1e15)) {
      counts.badTime += 1;
      return;
    }
    if (t.timeMs[slot] !== 0 && t.generation[slot] !== generation >>> 0) this._forget(slot);
    const plane = this._scene.plane;
    const x = plane.x(lon);
    const y = plane.y(lat);
    const sigma = accuracy > 0.1 && accuracy < 200 ? accuracy : defaultAccuracy;
    const v = speed >= 0 && speed < 120 ? speed : Number.NaN;
    const measuredAccel = accel > -30 && accel < 30 ? accel : Number.NaN;
    const heading = headingDeg >= -360 && headingDeg <= 720 ? (headingDeg * Math.PI) / 180 : Number.NaN;
    const dt = (timestampMs - t.timeMs[slot]) / 1000;
    if (t.timeMs[slot] !== 0 && dt <= 0) {
      counts.outOfOrder += 1;
      return;
    }
    let fresh = t.timeMs[slot] === 0 || dt * 1000 > staleMs;
    if (!fresh) {
      const dx = x - t.x[slot];
      const dy = y - t.y[slot];
      const reach = impossibleSpeed * dt + 6 * sigma;
      if (dx * dx + dy * dy > reach * reach) {
        counts.teleport += 1;
        t.rejections[slot] += 1;
        if (t.rejections[slot] < 3) return;
        fresh = true;
      }
    }
    if (fresh && t.fixes[slot] > 0) {
      counts.reinitialised += 1;
      this._match.reset(slot);
      this._order.remove(slot);
      t.fixes[slot] = 0;
      t.edge[slot] = -1;
      t.crashMs[slot] = 0;
    }
    counts.updates += 1;
    t.generation[slot] = generation;
    t.stationType[slot] = stationType;
    t.flags[slot] = flags;
    t.length[slot] = length > 0.2 && length < 40 ? length : assumedLength(stationType);
    t.width[slot] = width > 0.2 && width < 5 ? width : assumedWidth(stationType);
    t.yawRate[slot] = yawRate > -5 && yawRate < 5 ? yawRate : 0;
    let hx = !Number.isNaN(heading) ? Math.sin(heading) : Number.NaN;
    let hy = !Number.isNaN(heading) ? Math.cos(heading) : Number.NaN;
    if (Number.isNaN(hx) && !fresh) {
      const dx = x - t.x[slot];
      const dy = y - t.y[slot];
      const moved = Math.sqrt(dx * dx + dy * dy);
      if (moved > 3 * sigma && moved > 2) {
        hx = dx / moved;
        hy = dy / moved;
      } else if (t.hx[slot] !== 0 || t.hy[slot] !== 0) {
        hx = t.hx[slot];
        hy = t.hy[slot];
      }
    }
    const m = this._match;
    m.match(slot, x, y, hx, hy, v, sigma, timestampMs);
    const before = t.edge[slot];
    const vBefore = t.v[slot];
    const sign = m.against === 1 ? -1 : 1;
    if (m.edge < 0) counts.unmatched += 1;
    const travelled =
      fresh || m.edge < 0 || before < 0 ? Number.NaN : this._travelled(before, t.s[slot], m.edge, m.s, sign);
    const variance = sigma * sigma;
    if (Number.isNaN(travelled)) {
      filterStart(t, slot, m.s, variance, !Number.isNaN(v) ? v : fresh ? Number.NaN : vBefore, measuredAccel);
      if (!fresh && dt < 3 && !Number.isNaN(v) && Number.isNaN(measuredAccel)) t.a[slot] = (v - vBefore) / dt;
      t.d[slot] = m.lateral;
      t.dRate[slot] = 0;
      t.dSigma[slot] = lateralDoubt(accuracy, sigma, t.dNoise[slot]);
      if (fresh) t.dNoise[slot] = 0.3 * sigma;
    } else {
      // The filter works on the distance from the last place; afterwards s is put on the new edge.
      const origin = m.s - sign * travelled;
      t.s[slot] = 0;
      if (!filterStep(t, slot, dt, sign * travelled * sign, variance, v, measuredAccel)) {
        counts.gateRejected += 1;
        t.rejections[slot] += 1;
        if (t.rejections[slot] >= 3) {
          filterStart(t, slot, travelled, variance, v, measuredAccel);
          t.rejections[slot] = 0;
        }
      } else t.rejections[slot] = 0;
      t.s[slot] = origin + sign * t.s[slot];
      t.dSigma[slot] = lateralDoubt(accuracy, sigma, t.dNoise[slot]);
      // Centre lines of consecutive edges may lie beside each other: the drift carries over the join, the offset does not.
      if (before === m.edge) lateralStep(t, slot, dt, m.lateral, 0.5 * sigma);
      else t.d[slot] = m.lateral;
    }
    t.period[slot] = fresh ? 1 : 0.7 * t.period[slot] + 0.3 * Math.min(dt, 3);
    t.x[slot] = x;
    t.y[slot] = y;
    if (!Number.isNaN(hx)) {
      t.hx[slot] = hx;
      t.hy[slot] = hy;
    }
    t.timeMs[slot] = timestampMs;
    t.fixes[slot] += 1;
    t.confidence[slot] = m.confidence;
    t.against[slot] = m.against;
    if (m.edge !== before) {
      t.previousEdge[slot] = before;
      if (before >= 0 && m.edge >= 0) this._learn(before, m.edge);
    }
    t.edge[slot] = m.edge;
    if (!fresh && !Number.isNaN(v)) this._abnormal.noteSpeedChange(slot, v - vBefore, dt);
    this._order.place(slot, m.edge);
    if (this._isDirty[slot] === 0) {
      this._isDirty[slot] = 1;
      this._dirty[this._numDirty] = slot;
      this._numDirty += 1;
    }
    this._publish(slot, lat, lon);
  }

  retire(slot: number, generation: number): void {
    if (!(slot >= 0 && slot < this._tracks.capacity)) return;
    if (this._tracks.timeMs[slot] === 0 || this._tracks.generation[slot] !== generation >>> 0) return;
    if (this._numRetired < this._retired.length) {
      this._retired[this._numRetired] = slot;
      this._numRetired += 1;
    }
  }

  raiseHazard(
    kind: AlertClass,
    lat: number,
    lon: number,
    headingDeg: number,
    confidence: number,
    nowMs: number,
    validMs: number,
  ): number {
    const { plane } = this._scene;
    if (!(lat >= -90 && lat <= 90 && lon >= -180 && lon <= 180) || !(confidence >= 0 && confidence <= 1)) {
      this._counts.badPosition += 1;
      return -1;
    }
    const heading = (headingDeg * Math.PI) / 180;
    const edge = this._match.locate(plane.x(lon), plane.y(lat), Math.sin(heading), Math.cos(heading));
    if (edge < 0) {
      this._counts.hazardOffMap += 1;
      return -1;
    }
    return this._hazards.raise(classIndex(kind), edge, this._match.s, confidence, nowMs, validMs);
  }

  clearHazard(hazardId: number): void {
    this._hazards.clear(hazardId);
  }

  /** One tenth of a second: retirements, then every vehicle with news in the order of the stages, then what runs on the clock. */
  tick(nowMs: number): void {
    if (!(nowMs >= this._nowMs)) {
      this._counts.clockBackwards += 1;
      return;
    }
    this._nowMs = nowMs;
    for (let i = 0; i < this._numRetired; i += 1) this._forget(this._retired[i]);
    this._numRetired = 0;
    // All contexts first, so that a pair sees both parties' newest paths whatever the order of the messages.
    for (let i = 0; i < this._numDirty; i += 1) this._context(this._dirty[i], nowMs);
    if (nowMs - this._hazardsMs >= hazardPeriodMs) {
      this._hazardsMs = nowMs;
      this._hazards.refresh(nowMs);
    }
    for (let i = 0; i < this._numDirty; i += 1) this._judge(this._dirty[i], nowMs);
    this._numDirty = 0;
    if (nowMs - this._sweptMs >= 1000) {
      this._sweptMs = nowMs;
      this._book.sweep(nowMs);
    }
  }

  drainAlerts(): AlertEvent[] {
    return this._book.drain();
  }

  counters(): EngineCounters {
    return {
      ...this._counts,
      ...this._book.counters,
      hazardsRaised: this._hazards.counters.raised,
      hazardsEnded: this._hazards.counters.ended,
      hazardsFull: this._hazards.counters.full,
      hazardFieldOverflows: this._hazards.fields.overflows,
      crowdedInsertions: this._order.crowded,
      crossingPairs: this._crossing.pairs,
      hazards: this._hazards.numHazards,
      alerts: this._book.numAlerts,
    };
  }

  /** Path, junction entries, queue context and own state of one vehicle. */
  private _context(slot: number, nowMs: number): void {
    const t = this._tracks;
    this._isDirty[slot] = 0;
    if (t.timeMs[slot] === 0) return;
    t.evaluations[slot] += 1;
    this._freeSpace.note(slot);
    if (t.edge[slot] < 0) {
      this._approaches.remove(slot);
      this._headOn.remove(slot);
      return;
    }
    const v = t.v[slot];
    this._path.build(slot, 0, Math.max(60, v * 3.5 + (v * v) / 5 + 20));
    this._approaches.update(slot, this._path, t, this._turns, this._scene.joins);
    this._leaders.find(slot, nowMs);
    this._queue.update(slot, this._path, t, this.graph.edgeLength, this._leaders.leader, this._leaders.gap);
    this._abnormal.evaluate(slot);
    this._headOn.note(slot);
  }

  private _judge(slot: number, nowMs: number): void {
    const t = this._tracks;
    if (t.timeMs[slot] === 0) return;
    if (t.edge[slot] >= 0) {
      const v = t.v[slot];
      this._path.build(
        slot,
        t.advance(slot, t.age(slot, nowMs)),
        Math.max(60, v * 3.5 + (v * v) / 5 + 20, 8 * (v + 25)),
      );
      this._headOn.evaluate(slot, nowMs);
      if (t.against[slot] === 0) {
        this._laneChange.evaluate(slot, nowMs);
        this._leaders.evaluate(slot, nowMs);
        this._crossing.evaluate(slot, nowMs);
        this._advisories.evaluate(slot, nowMs);
      }
    }
    this._freeSpace.evaluate(slot, nowMs);
    this._book.endEvaluation(slot, nowMs);
  }

  /** Path metres from (edge, s) to (next, sNext) within three joins, NaN when there is no such path. */
  private _travelled(edge: number, s: number, next: number, sNext: number, sign: number): number {
    if (edge === next) return (sNext - s) * sign;
    const { turnStart, turnTo, edgeLength } = this.graph;
    const from = sign > 0 ? edge : next;
    const to = sign > 0 ? next : edge;
    const rest = sign > 0 ? edgeLength[edge] - s + sNext : edgeLength[next] - sNext + s;
    for (let i = turnStart[from]; i < turnStart[from + 1]; i += 1) {
      const a = turnTo[i];
      if (a === to) return rest;
      for (let j = turnStart[a]; j < turnStart[a + 1]; j += 1) {
        const b = turnTo[j];
        if (b === to) return rest + edgeLength[a];
        for (let k = turnStart[b]; k < turnStart[b + 1]; k += 1)
          if (turnTo[k] === to) return rest + edgeLength[a] + edgeLength[b];
      }
    }
    return Number.NaN;
  }

  /** Counts the turn taken between two matched edges (P4). */
  private _learn(before: number, now: number): void {
    const { turnStart, turnTo, edgeFlags } = this.graph;
    for (let k = turnStart[before]; k < turnStart[before + 1]; k += 1) {
      if (turnTo[k] === now) {
        this._turns.count(before, k);
        return;
      }
      const via = turnTo[k];
      if ((edgeFlags[via] & EdgeFlag.internal) === 0) continue;
      for (let j = turnStart[via]; j < turnStart[via + 1]; j += 1)
        if (turnTo[j] === now) {
          this._turns.count(before, k);
          return;
        }
    }
  }

  private _forget(slot: number): void {
    this._book.endAll(slot, this._nowMs);
    this._hazards.leave(slot);
    this._order.remove(slot);
    this._approaches.remove(slot);
    this._headOn.remove(slot);
    this._freeSpace.remove(slot);
    this._match.reset(slot);
    this._tracks.clear(slot);
    const f = this.fleet;
    f.sequence[slot] += 1;
    f.timestampMs[slot] = 0;
    f.stage[slot] = 0;
    f.sequence[slot] += 1;
  }

  private _publish(slot: number, lat: number, lon: number): void {
    const f = this.fleet;
    const t = this._tracks;
    Atomics.add(f.sequence, slot, 1);
    f.generation[slot] = t.generation[slot];
    f.timestampMs[slot] = t.timeMs[slot];
    f.lat[slot] = lat;
    f.lon[slot] = lon;
    f.speed[slot] = t.v[slot];
    const deg = (Math.atan2(t.hx[slot], t.hy[slot]) * 180) / Math.PI;
    f.headingDeg[slot] = deg < 0 ? deg + 360 : deg;
    f.accel[slot] = t.a[slot];
    f.edge[slot] = t.edge[slot];
    f.offset[slot] = t.s[slot];
    f.lateral[slot] = t.d[slot];
    f.matchConfidence[slot] = t.confidence[slot];
    f.length[slot] = t.length[slot];
    f.width[slot] = t.width[slot];
    f.stationType[slot] = t.stationType[slot];
    f.flags[slot] = t.flags[slot];
    Atomics.add(f.sequence, slot, 1);
  }
}

/**
 * 1-sigma of the lateral position, m (F7): what the receiver says of itself; else read off its visible noise, because a receiver that jitters
 * by half a metre wanders by metres, and one that does not is better than ordinary.
 */
function lateralDoubt(accuracy: number, sigma: number, noise: number): number {
  if (accuracy > 0) return sigma;
  const inferred = 5 * noise;
  return inferred < 0.15 ? 0.15 : inferred > 5 ? 5 : inferred;
}

/** Builds the core over a road graph. Throws RangeError on options out of range. */
export function createEngine(graph: RoadGraph, options: EngineOptions): CollisionEngine {
  return new Engine(graph, options);
}
