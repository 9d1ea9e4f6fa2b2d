import { planeOf, type RoadGraph } from '../roads/graph/index.ts';
import { AbnormalState } from './abnormal-state.ts';
import { Advisories } from './advisories.ts';
import { AlertBook } from './alert-book.ts';
import { Approaches } from './approaches.ts';
import { Arrival } from './arrival.ts';
import { BrakeWave } from './brake-wave.ts';
import { BrakingHabit } from './braking-habit.ts';
import { CommonSwerve } from './common-swerve.ts';
import { Companions } from './companions.ts';
import { Contacts } from './contacts.ts';
import { ControlLoss } from './control-loss.ts';
import { Crossing } from './crossing.ts';
import { DoNotPass } from './do-not-pass.ts';
import { DrivenMovements } from './driven-movements.ts';
import { EdgeOrder } from './edge-order.ts';
import { Emergency } from './emergency.ts';
import { EmergencyBrake } from './emergency-brake.ts';
import { Evidence } from './evidence.ts';
import { allocateFleet, fleetView } from './fleet.ts';
import { Followers } from './followers.ts';
import { FreeSpace } from './free-space.ts';
import { Hazards } from './hazards.ts';
import { HeadOn } from './head-on.ts';
import { Intake } from './intake.ts';
import { Joins } from './joins.ts';
import { LaneBelief } from './lane-belief.ts';
import { LaneChange } from './lane-change.ts';
import { Leaders } from './leaders.ts';
import { Learned } from './learned.ts';
import { Message } from './message.ts';
import { Observation } from './observation.ts';
import { checkOptions } from './options.ts';
import { Path } from './path.ts';
import { QueueContext } from './queue-context.ts';
import { ReportedHazards } from './reported-hazards.ts';
import { RoadDemand } from './road-demand.ts';
import type { Scene } from './scene.ts';
import { Schedule } from './schedule.ts';
import type { DecisionTrace } from './trace.ts';
import { Tracks } from './tracks.ts';
import { TurnShares } from './turn-shares.ts';
import type { AlertEvent, CollisionEngine, EngineCounters, EngineOptions, FleetView } from './types.ts';
import { isPedestrian, TrackFlag } from './vehicle-flags.ts';
import { Zones } from './zones.ts';

/** Hazards are reclustered this often, ms. */
const hazardPeriodMs = 500;
/** Faster than this nobody is looked at as one who waits in a queue, m/s. */
const drivesOn = 10;

/** The collision core: `update` per message, `tick` ten times a second or more often, `drainAlerts` after each. */
export class Engine implements CollisionEngine {
  readonly graph: RoadGraph;
  readonly fleet: FleetView;
  readonly learned: Learned;
  private readonly _scene: Scene;
  private readonly _tracks: Tracks;
  private readonly _order: EdgeOrder;
  private readonly _intake: Intake;
  private readonly _path: Path;
  private readonly _driven: DrivenMovements;
  private readonly _turns: TurnShares;
  private readonly _book: AlertBook;
  private readonly _queue: QueueContext;
  private readonly _evidence: Evidence;
  private readonly _arrival: Arrival;
  private readonly _hazards: Hazards;
  private readonly _abnormal: AbnormalState;
  private readonly _brakeWave: BrakeWave;
  private readonly _swerves: CommonSwerve;
  private readonly _leaders: Leaders;
  private readonly _advisories: Advisories;
  private readonly _approaches: Approaches;
  private readonly _crossing: Crossing;
  private readonly _contacts: Contacts;
  private readonly _companions: Companions;
  private readonly _emergency: Emergency;
  private readonly _emergencyBrake: EmergencyBrake;
  private readonly _controlLoss: ControlLoss;
  private readonly _doNotPass: DoNotPass;
  private readonly _headOn: HeadOn;
  private readonly _laneChange: LaneChange;
  private readonly _freeSpace: FreeSpace;
  private readonly _schedule: Schedule;
  private readonly _reported: ReportedHazards;
  private readonly _retired: Int32Array;
  private _numRetired = 0;
  private _traced = -1;
  private _sink: DecisionTrace | null = null;
  private _nowMs = 0;
  private _hazardsMs = 0;
  private _clockBackwards = 0;

  constructor(graph: RoadGraph, options: EngineOptions) {
    checkOptions(options);
    const { capacity } = options;
    this.graph = graph;
    this.fleet = fleetView(options.fleetBuffer ?? allocateFleet(capacity), capacity);
    this._tracks = new Tracks(capacity);
    this._order = new EdgeOrder(graph.numEdges, capacity, this._tracks.s);
    const joins = new Joins(graph);
    const { startX, startY, endX, endY } = joins;
    this._driven = new DrivenMovements(graph, this._tracks, startX, startY, endX, endY);
    this._turns = new TurnShares(graph, this._tracks, this._driven, endX, endY);
    this._path = new Path(graph, this._tracks, joins, this._turns);
    const plane = planeOf(graph);
    this._book = new AlertBook(this._tracks, plane, this.fleet.stage);
    this._queue = new QueueContext(graph, capacity);
    this._scene = {
      graph,
      plane,
      tracks: this._tracks,
      order: this._order,
      joins,
      laneBelief: new LaneBelief(graph, joins, capacity),
      turns: this._turns,
      path: this._path,
      book: this._book,
      seen: new Observation(),
      friction: options.friction ?? 1,
      habit: new BrakingHabit(this._tracks, this._queue),
      hazardOf: new Int32Array(capacity).fill(-1),
      between: false,
      trace: null,
    };
    this.learned = new Learned(graph, [this._driven, this._scene.habit], options.learned);
    this._evidence = new Evidence(this._tracks);
    this._hazards = new Hazards(this._scene, this._evidence);
    const { curveSpeed, weight } = this._driven;
    this._arrival = new Arrival(graph, this._tracks, curveSpeed, weight, this._queue.lineAtEnd);
    this._contacts = new Contacts(this._scene);
    this._abnormal = new AbnormalState(this._scene, this._hazards, this._queue, this._evidence);
    this._brakeWave = new BrakeWave(this._scene, this._hazards);
    const demand = new RoadDemand(this._scene, this._driven, this._queue);
    this._swerves = new CommonSwerve(this._scene, this._hazards, demand);
    this._companions = new Companions(this._scene);
    this._emergency = new Emergency(this._scene);
    const followers = new Followers(this._scene);
    this._emergencyBrake = new EmergencyBrake(this._scene, followers, this._queue, demand);
    this._controlLoss = new ControlLoss(this._scene, followers);
    this._leaders = new Leaders(this._scene, this._hazards);
    this._doNotPass = new DoNotPass(this._scene, this._leaders);
    this._advisories = new Advisories(this._scene, this._hazards);
    this._approaches = new Approaches(graph, joins, capacity);
    this._crossing = new Crossing(this._scene, new Zones(graph), this._approaches);
    this._headOn = new HeadOn(this._scene);
    this._laneChange = new LaneChange(this._scene);
    this._freeSpace = new FreeSpace(this._scene, this._approaches);
    this._intake = new Intake(
      this._scene,
      this.fleet,
      (slot) => this._forget(slot),
      (slot, change, dt) => this._abnormal.noteSpeedChange(slot, change, dt),
    );
    this._schedule = new Schedule(this._scene);
    this._reported = new ReportedHazards(this._scene, this._hazards, this._intake.matching);
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
    const { message } = this._intake;
    message[Message.generation] = generation;
    message[Message.timestampMs] = timestampMs;
    message[Message.lat] = lat;
    message[Message.lon] = lon;
    message[Message.speed] = speed;
    message[Message.headingDeg] = headingDeg;
    message[Message.accel] = accel;
    message[Message.yawRate] = yawRate;
    message[Message.accuracy] = accuracy;
    message[Message.length] = length;
    message[Message.width] = width;
    message[Message.stationType] = stationType;
    message[Message.flags] = flags;
    if (!this._intake.accept(slot)) return;
    this._schedule.note(slot);
    this._schedule.stir(slot);
  }

  retire(slot: number, generation: number): void {
    if (!(slot >= 0 && slot < this._tracks.capacity)) return;
    if (this._tracks.timeMs[slot] === 0 || this._tracks.generation[slot] !== generation >>> 0) return;
    if (this._numRetired < this._retired.length) {
      this._retired[this._numRetired] = slot;
      this._numRetired += 1;
    }
  }

  raiseHazard(...hazard: Parameters<CollisionEngine['raiseHazard']>): number {
    return this._reported.raise(...hazard);
  }

  clearHazard(hazardId: number): void {
    this._hazards.clear(hazardId, this._nowMs);
  }

  get pending(): number {
    return this._schedule.pending;
  }

  /** Retirements, then the vehicles whose turn it is in the order of the stages, then what runs on the clock. */
  tick(nowMs: number): void {
    if (!(nowMs >= this._nowMs)) {
      this._clockBackwards += 1;
      return;
    }
    this._nowMs = nowMs;
    for (let i = 0; i < this._numRetired; i += 1) this._forget(this._retired[i]);
    this._numRetired = 0;
    const schedule = this._schedule;
    schedule.choose(nowMs);
    // All contexts first, so that a pair sees both parties' newest paths whatever the order of the messages.
    for (let i = 0; i < schedule.numWork; i += 1) this._context(schedule.work[i], nowMs);
    if (nowMs - this._hazardsMs >= hazardPeriodMs) {
      this._hazardsMs = nowMs;
      this._hazards.refresh(nowMs);
    }
    for (let i = 0; i < schedule.numWork; i += 1) this._judge(schedule.work[i], nowMs);
    for (let i = 0; i < schedule.numAgain; i += 1) this._lookAgain(schedule.again[i], nowMs);
    this._book.sweep(nowMs);
  }

  drainAlerts(): AlertEvent[] {
    return this._book.drain();
  }

  counters(): EngineCounters {
    return {
      ...this._intake.counts,
      ...this._intake.plausibility.counts,
      ...this._companions.counts,
      ...this._reported.counts,
      ...this.learned.counts,
      ...this._freeSpace.counts,
      clockBackwards: this._clockBackwards,
      ...this._book.counters,
      hazardsRaised: this._hazards.counters.raised,
      hazardsEnded: this._hazards.counters.ended,
      hazardsFull: this._hazards.counters.full,
      hazardFieldOverflows: this._hazards.fields.overflows,
      crowdedInsertions: this._order.crowded,
      oneWayDoubted: this._intake.matching.oneWays.doubted,
      crossingPairs: this._crossing.pairs,
      hazards: this._hazards.numHazards,
      alerts: this._book.numAlerts,
    };
  }

  foresee(slot: number, seconds: number, edges: Int32Array, count: number, out: Float64Array): boolean {
    return this._arrival.foresee(slot, seconds, edges, count, out);
  }

  trace(slot: number, sink: DecisionTrace | null): void {
    this._traced = sink === null ? -1 : slot;
    this._sink = sink;
  }

  private _listen(sink: DecisionTrace | null, nowMs: number): void {
    this._scene.trace = sink;
    this._book.trace = sink;
    if (sink !== null) sink.look(nowMs);
  }

  /** Path, junction entries, queue context and own state of one vehicle. */
  private _context(slot: number, nowMs: number): void {
    const t = this._tracks;
    t.evaluations[slot] += 1;
    if (t.edge[slot] >= 0 || t.companion[slot] >= 0) this._companions.note(slot);
    if (t.hidden[slot] !== 0) {
      this._withdraw(slot);
      return;
    }
    this._freeSpace.note(slot);
    if (t.edge[slot] < 0) {
      this._driven.forget(slot);
      this._approaches.remove(slot);
      this._headOn.remove(slot);
      this._contacts.remove(slot);
      return;
    }
    this._arrival.note(slot);
    this._driven.note(slot);
    const v = t.v[slot];
    this._path.build(slot);
    this._approaches.update(slot, this._path, t, this._turns, this._scene.joins);
    const leaders = this._leaders;
    // Who drives on is of no chain that waits (Q1).
    const queues = v < drivesOn;
    if (queues) leaders.find(slot, nowMs);
    const leader = queues ? leaders.leader : -1;
    this._queue.update(slot, this._path, t, this.graph.edgeLength, leader, leaders.gap);
    this._scene.habit.note(slot);
    this._contacts.note(slot);
    this._abnormal.evaluate(slot);
    this._brakeWave.note(slot);
    this._swerves.note(slot);
    this._headOn.note(slot);
  }

  private _judge(slot: number, nowMs: number): void {
    const t = this._tracks;
    if (t.hidden[slot] !== 0) {
      this._schedule.looked(slot, -1, Infinity, true, false);
      return;
    }
    let watch = true;
    if (slot === this._traced) this._listen(this._sink, nowMs);
    if (t.edge[slot] >= 0) {
      this._path.begin(slot, nowMs);
      this._headOn.evaluate(slot, nowMs);
      if (t.against[slot] === 0 && !isPedestrian(t.stationType[slot])) {
        this._laneChange.evaluate(slot, nowMs);
        this._leaders.evaluate(slot, nowMs);
        this._doNotPass.evaluate(slot, nowMs);
        const pairs = this._crossing.pairs;
        this._crossing.evaluate(slot, nowMs);
        this._schedule.weigh(slot, this._crossing.pairs - pairs);
        this._advisories.evaluate(slot, nowMs);
      }
      watch = this._headOn.met || (t.against[slot] === 0 && this._crossing.met);
      if ((t.flags[slot] & TrackFlag.siren) !== 0 && this._announce(slot)) watch = true;
      if (this._emergencyBrake.brakes(slot)) this._emergencyBrake.announce(slot, nowMs);
      if (this._controlLoss.isLost(slot)) this._controlLoss.announce(slot, nowMs);
    }
    this._freeSpace.evaluate(slot, nowMs);
    this._book.endEvaluation(slot, nowMs);
    const concerned = this._book.concerns(slot);
    watch = watch || this._freeSpace.met || concerned;
    if (slot === this._traced) this._listen(null, nowMs);
    this._schedule.looked(slot, this._leaders.leader, this._leaders.gap, watch, concerned);
  }

  /** T6: where he will be by now who has not reported since his last look; only what he follows is looked at. */
  private _lookAgain(slot: number, nowMs: number): void {
    this._scene.between = true;
    this._path.begin(slot, nowMs);
    this._leaders.evaluate(slot, nowMs);
    this._scene.between = false;
    this._schedule.looked(slot, this._leaders.leader, this._leaders.gap, true, this._book.concerns(slot));
  }

  /** U1: whether the vehicle is one to be announced; the clock is read here, as an argument it would be an object on the heap for everybody. */
  private _announce(slot: number): boolean {
    if (!this._emergency.runs(slot)) return false;
    this._emergency.announce(slot, this._nowMs);
    return true;
  }

  /** The track takes no part in the traffic (D2, D3): it is taken out of every list, its alerts end. */
  private _withdraw(slot: number): void {
    this._book.endAll(slot, this._nowMs);
    this._hazards.leave(slot);
    this._evidence.forget(slot);
    this._order.remove(slot);
    this._approaches.remove(slot);
    this._headOn.remove(slot);
    this._contacts.remove(slot);
    this._freeSpace.remove(slot);
  }

  private _forget(slot: number): void {
    this._withdraw(slot);
    this._companions.forget(slot);
    this._emergencyBrake.forget(slot);
    this._controlLoss.forget(slot);
    this._driven.forget(slot);
    this._scene.habit.forget(slot);
    this._intake.plausibility.forget(slot);
    this._schedule.forget(slot);
    this._intake.matching.reset(slot);
    this._scene.laneBelief.forget(slot);
    this._tracks.clear(slot);
    const f = this.fleet;
    f.sequence[slot] += 1;
    f.timestampMs[slot] = 0;
    f.stage[slot] = 0;
    f.sequence[slot] += 1;
  }
}

/** Builds the core over a road graph. Throws RangeError on options out of range. */
export function createEngine(graph: RoadGraph, options: EngineOptions): CollisionEngine {
  return new Engine(graph, options);
}
