import type { SegmentUpdate, TrafficSegment } from '../../messages/index.ts';
import { EdgeFlag, type RoadGraph } from '../../roads/graph/index.ts';
import { checkedInteger } from '../options.ts';
import type { CongestionRow } from './congestion-row.ts';
import { type EdgeBox, EdgeBoxes } from './edge-boxes.ts';
import { FreeFlow } from './free-flow.ts';
import { confidence, jamFactor } from './jam-factor.ts';
import { PairTable } from './pair-table.ts';
import { RecentSpeeds } from './recent.ts';

export interface CongestionOptions {
  readonly graph: RoadGraph;
  /** Now, UTC ms: the minute it lies in is the first one measured. */
  readonly startMs: number;
  /** Distinct vehicles below which nothing is shown or stored, 1..1_000. Default 5. */
  readonly k?: number;
  /** Minutes an estimate looks back, and the longest a block waits for its k vehicles, 1..30. Default 5. */
  readonly windowMinutes?: number;
  /** Vehicle-and-edge pairs remembered, 16..16_777_216. Default 300_000. */
  readonly pairs?: number;
}

export interface SegmentFilter {
  /** [west, south, east, north], degrees; edges that touch it. */
  readonly bbox?: EdgeBox;
  readonly edges?: readonly number[];
  /** At most this many segments. Default 10_000. */
  readonly limit?: number;
}

/** A public value changes for listeners when its jam factor or confidence moves by this much. */
const jamStep = 0.2;
const confidenceStep = 0.1;
/** Slowest speed a router is told, m/s: a standing queue moves on at some time. */
const slowestLive = 0.5;
const minuteLength = 60_000;

/**
 * Speed per directed edge from the vehicles on it: space-mean speed over closed minutes, free-flow speed, jam factor.
 *
 * Privacy: an edge's minutes are gathered into a *block* until k distinct vehicles were in it; only whole closed blocks are
 * shown or stored, each in one piece, never overlapping another, so no difference of two published values isolates fewer than
 * k vehicles. A block that has not found k vehicles within the window is discarded, not rounded. `liveSpeeds` alone looks at
 * every vehicle: it is for the router in the same process. k-anonymity does not protect against outside knowledge.
 *
 * Bounded: some 200 bytes an edge (window 5) and `pairs`. `observe` allocates nothing. Movements inside junctions are not measured.
 */
export class Congestion {
  readonly #graph: RoadGraph;
  readonly #k: number;
  readonly #window: number;
  readonly #freeFlow: FreeFlow;
  readonly #boxes: EdgeBoxes;
  readonly #blockPairs: PairTable;
  readonly #minutePairs: PairTable;
  /** Minute being measured, counted from the epoch. */
  #minute: number;
  /** Every edge's minute pairs belong to this block: its number is the minute. */
  readonly #minuteBlocks: Uint32Array;
  readonly #minuteDistance: Float64Array;
  readonly #minuteSeconds: Float64Array;
  readonly #minuteVehicles: Uint16Array;
  readonly #block: Uint32Array;
  readonly #blockSince: Int32Array;
  readonly #blockDistance: Float64Array;
  readonly #blockSeconds: Float64Array;
  readonly #blockSamples: Uint32Array;
  readonly #blockVehicles: Uint16Array;
  readonly #minutes: RecentSpeeds;
  readonly #blocks: RecentSpeeds;
  /** Public values; speed NaN = unknown. */
  readonly #speed: Float32Array;
  readonly #jam: Float32Array;
  readonly #confidence: Float32Array;
  readonly #updatedMinute: Int32Array;
  readonly #changedAt: Float64Array;
  #revision = 0;
  #observed = 0;
  #suppressed = 0;
  #rows = 0;

  constructor(options: CongestionOptions) {
    const { graph, startMs } = options;
    const edges = graph.numEdges;
    this.#graph = graph;
    this.#k = checkedInteger('congestion k', options.k ?? 5, 1, 1_000);
    this.#window = checkedInteger('congestion windowMinutes', options.windowMinutes ?? 5, 1, 30);
    this.#freeFlow = new FreeFlow(graph);
    this.#boxes = new EdgeBoxes(graph);
    const pairs = options.pairs ?? 300_000;
    this.#blockPairs = new PairTable(pairs);
    this.#minutePairs = new PairTable(pairs);
    this.#minute = Math.floor(startMs / minuteLength);
    this.#minuteBlocks = new Uint32Array(edges).fill(this.#minute);
    this.#minuteDistance = new Float64Array(edges);
    this.#minuteSeconds = new Float64Array(edges);
    this.#minuteVehicles = new Uint16Array(edges);
    this.#block = new Uint32Array(edges);
    this.#blockSince = new Int32Array(edges).fill(-1);
    this.#blockDistance = new Float64Array(edges);
    this.#blockSeconds = new Float64Array(edges);
    this.#blockSamples = new Uint32Array(edges);
    this.#blockVehicles = new Uint16Array(edges);
    this.#minutes = new RecentSpeeds(edges, this.#window);
    this.#blocks = new RecentSpeeds(edges, this.#window);
    this.#speed = new Float32Array(edges).fill(Number.NaN);
    this.#jam = new Float32Array(edges);
    this.#confidence = new Float32Array(edges);
    this.#updatedMinute = new Int32Array(edges);
    this.#changedAt = new Float64Array(edges);
  }

  /**
   * A vehicle was on `edge` at `speed` m/s for `seconds` (the time since it was last observed, 0..10; usually 1). `vehicleKey`
   * is a whole number 0..2^32-1, the same for one vehicle for some minutes and no other's. Leave out vehicles that are parked.
   * Ignored: unknown and internal edges, numbers that are not finite.
   */
  observe(edge: number, vehicleKey: number, speed: number, seconds: number): void {
    if (!this.#measured(edge)) return;
    if (!(speed >= 0 && speed < 120) || !(seconds > 0 && seconds <= 10)) return;
    this.#observed += 1;
    const distance = speed * seconds;
    this.#minuteDistance[edge] += distance;
    this.#minuteSeconds[edge] += seconds;
    if (this.#minutePairs.sight(edge, vehicleKey, this.#minute)) this.#minuteVehicles[edge] += 1;
    if (this.#blockSince[edge] < 0) this.#blockSince[edge] = this.#minute;
    this.#blockDistance[edge] += distance;
    this.#blockSeconds[edge] += seconds;
    this.#blockSamples[edge] += 1;
    if (this.#blockPairs.sight(edge, vehicleKey, this.#block[edge])) this.#blockVehicles[edge] += 1;
    this.#freeFlow.learn(edge, speed);
  }

  /** Closes the minute when `nowMs` lies in a later one; returns the rows of the blocks that became complete. Call it about once a second. */
  tick(nowMs: number): CongestionRow[] {
    const now = Math.floor(nowMs / minuteLength);
    if (now <= this.#minute) return [];
    const rows: CongestionRow[] = [];
    this.#revision += 1;
    for (let edge = 0; edge < this.#graph.numEdges; edge += 1) {
      this.#closeMinute(edge);
      const row = this.#closeBlock(edge, now);
      if (row !== undefined) rows.push(row);
      this.#publish(edge, now - 1);
    }
    this.#minute = now;
    this.#minuteBlocks.fill(now);
    this.#minutePairs.keep(this.#minuteBlocks);
    this.#blockPairs.keep(this.#block);
    this.#rows += rows.length;
    return rows;
  }

  /** Grows with every closed minute; `changedSince(revision())` is empty. */
  revision(): number {
    return this.#revision;
  }

  /** Public values that changed after a revision; an edge that became unknown has confidence 0, jam factor 0 and its free-flow speed. */
  changedSince(revision: number): { readonly revision: number; readonly items: readonly SegmentUpdate[] } {
    const items: SegmentUpdate[] = [];
    for (let edge = 0; edge < this.#graph.numEdges; edge += 1) {
      if (this.#changedAt[edge] <= revision) continue;
      const known = !Number.isNaN(this.#speed[edge]);
      const speed = known ? this.#speed[edge] : this.#freeFlow.of(edge);
      items.push([edge, round(this.#jam[edge], 1), round(speed * 3.6, 1), round(this.#confidence[edge], 2)]);
    }
    return { revision: this.#revision, items };
  }

  /** Public view of the edges asked for (all, without a filter), in the order of their numbers; movements inside junctions are left out. */
  segments(filter: SegmentFilter = {}): TrafficSegment[] {
    const limit = filter.limit ?? 10_000;
    const edges = filter.edges ?? this.#boxes.touching(filter.bbox);
    const found: TrafficSegment[] = [];
    for (const edge of edges) {
      if (found.length >= limit) break;
      if (this.#measured(edge)) found.push(this.#segment(edge));
    }
    return found;
  }

  /**
   * Speeds for the router, m/s, of every edge with at least `minVehicles` distinct vehicles (default 2, so that one parked car
   * does not close a road) in one of the last minutes. Pulled towards free flow (in travel time) as far as few vehicles made them.
   */
  liveSpeeds(minVehicles = 2): { edge: number; speed: number }[] {
    const found: { edge: number; speed: number }[] = [];
    const recent = this.#minutes;
    for (let edge = 0; edge < this.#graph.numEdges; edge += 1) {
      if (!recent.estimate(edge, this.#minute - 1) || recent.vehicles < minVehicles) continue;
      const weight = confidence(recent.vehicles * 2, this.#minute - 1 - recent.newestMinute);
      const pace = weight / Math.max(slowestLive, recent.speed) + (1 - weight) / this.#freeFlow.of(edge);
      found.push({ edge, speed: 1 / pace });
    }
    return found;
  }

  /** Free-flow speed of an edge, m/s. */
  freeFlow(edge: number): number {
    return this.#freeFlow.of(edge);
  }

  /** Names are closed: they become `rahban_congestion_<name>` in /metrics. */
  counters(): {
    observed: number;
    rows: number;
    suppressedBlocks: number;
    pairOverflow: number;
    knownEdgesNow: number;
  } {
    let known = 0;
    for (const speed of this.#speed) if (!Number.isNaN(speed)) known += 1;
    return {
      observed: this.#observed,
      rows: this.#rows,
      suppressedBlocks: this.#suppressed,
      pairOverflow: this.#blockPairs.overflow + this.#minutePairs.overflow,
      knownEdgesNow: known,
    };
  }

  /** An edge of this graph that is not a movement inside a junction. */
  #measured(edge: number): boolean {
    return (
      Number.isInteger(edge) &&
      edge >= 0 &&
      edge < this.#graph.numEdges &&
      (this.#graph.edgeFlags[edge] & EdgeFlag.internal) === 0
    );
  }

  #closeMinute(edge: number): void {
    if (this.#minuteSeconds[edge] === 0) return;
    this.#minutes.add(
      edge,
      this.#minute,
      this.#minuteDistance[edge],
      this.#minuteSeconds[edge],
      this.#minuteVehicles[edge],
    );
    this.#minuteDistance[edge] = 0;
    this.#minuteSeconds[edge] = 0;
    this.#minuteVehicles[edge] = 0;
  }

  #closeBlock(edge: number, now: number): CongestionRow | undefined {
    if (this.#blockSince[edge] < 0) return undefined;
    const vehicles = this.#blockVehicles[edge];
    let row: CongestionRow | undefined;
    if (vehicles >= this.#k) {
      const distance = this.#blockDistance[edge];
      const seconds = this.#blockSeconds[edge];
      const freeFlow = this.#freeFlow.of(edge);
      this.#blocks.add(edge, this.#minute, distance, seconds, vehicles);
      row = {
        minuteMs: this.#minute * minuteLength,
        edge,
        meanSpeed: distance / seconds,
        samples: this.#blockSamples[edge],
        vehicles,
        freeFlow,
        jamFactor: jamFactor(distance / seconds, freeFlow),
      };
    } else if (now - this.#blockSince[edge] < this.#window) return undefined;
    else this.#suppressed += 1;
    this.#block[edge] += 1;
    this.#blockSince[edge] = -1;
    this.#blockDistance[edge] = 0;
    this.#blockSeconds[edge] = 0;
    this.#blockSamples[edge] = 0;
    this.#blockVehicles[edge] = 0;
    return row;
  }

  #publish(edge: number, minute: number): void {
    const known = this.#blocks.estimate(edge, minute);
    const wasKnown = !Number.isNaN(this.#speed[edge]);
    if (!known && !wasKnown) return;
    const jam = known ? jamFactor(this.#blocks.speed, this.#freeFlow.of(edge)) : 0;
    const sure = known ? confidence(this.#blocks.vehicles, minute - this.#blocks.newestMinute) : 0;
    const moved =
      known !== wasKnown ||
      Math.abs(jam - this.#jam[edge]) >= jamStep ||
      Math.abs(sure - this.#confidence[edge]) >= confidenceStep;
    if (!moved) return;
    this.#speed[edge] = known ? this.#blocks.speed : Number.NaN;
    this.#jam[edge] = jam;
    this.#confidence[edge] = sure;
    this.#updatedMinute[edge] = this.#blocks.newestMinute;
    this.#changedAt[edge] = this.#revision;
  }

  #segment(edge: number): TrafficSegment {
    const { edgeLength, edgeName, strings } = this.#graph;
    const freeFlow = this.#freeFlow.of(edge);
    const speed = this.#speed[edge];
    const known = !Number.isNaN(speed);
    const length = edgeLength[edge];
    const street = strings[edgeName[edge]];
    return {
      segmentId: edge,
      ...(street === '' ? {} : { street }),
      currentSpeed: known ? round(speed * 3.6, 1) : null,
      freeFlowSpeed: round(freeFlow * 3.6, 1),
      currentTravelTime: known ? round(length / Math.max(slowestLive, speed), 1) : null,
      freeFlowTravelTime: round(length / freeFlow, 1),
      jamFactor: known ? round(this.#jam[edge], 1) : null,
      confidence: round(this.#confidence[edge], 2),
      length: round(length, 1),
      updatedAt: known ? new Date((this.#updatedMinute[edge] + 1) * minuteLength).toISOString() : null,
    };
  }
}

function round(value: number, digits: number): number {
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale;
}
