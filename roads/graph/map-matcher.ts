import { DistanceField } from './distance-field.ts';
import { ON_EDGE_DISTANCE, ON_EDGE_LATERAL, ON_EDGE_S, projectNear, segmentAt } from './edge-geometry.ts';
import {
  AGAINST,
  AGAINST_REMAINS,
  BIRTH,
  BORN_AGAINST_REMAINS,
  BORN_REMAINS,
  FLIP,
  HEADING_EVIDENCE_TIME,
  HOPELESS,
  headingLog,
  LATERAL_EVIDENCE_TIME,
  lateralLog,
  MEMORY,
  transitionLog,
  WAITING_INSIDE,
  WAITING_SPEED,
} from './match-model.ts';
import { EdgeFlag, type RoadGraph } from './road-graph.ts';
import { allocateNearEdges, type NearEdges, type SpatialIndex } from './spatial-index.ts';

/** Hypotheses kept per vehicle. */
const KEPT = 4;
const CANDIDATES = 32;
/** Sigma assumed where a fix carries no accuracy, and the range it is held to, m. */
const DEFAULT_SIGMA = 5;
const MIN_SIGMA = 1.5;
const MAX_SIGMA = 25;
/** Map and reality differ by this much, m. */
const MAP_ERROR = 4;
/** A vehicle unseen for longer starts anew, s. */
const MAX_GAP = 60;
/** The neighbourhood is searched again at least every so many metres and seconds. */
const SEARCH_EVERY = 25;
const SEARCH_SECONDS = 4;
/** Nearer to an edge's end than this the successors are looked at, m. */
const END_ZONE = 3;
/** Slower than this a heading says little, m/s. */
const CREEP = 1.5;
/** A jump to another branch is made when it is this much likelier (natural logarithm). */
const JUMP = 1.5;
/** Hypotheses worse than the best by this (natural logarithm) cause no search of their own. */
const UNLIKELY = -4;
const AGAINST_BIT = 1;
const LINEAGE_BIT = 2;
const BORN_BIT = 4;

export interface MapMatcherOptions {
  /** Vehicle slots, 1..1_000_000. */
  readonly capacity: number;
}

/**
 * Matches vehicles to edges fix by fix: per vehicle the few likeliest (edge, offset) hypotheses, followed along the road network
 * (see match-model.ts). Continuity decides between a bridge and the road below, evidence over time between parallel roads; a
 * driver against a one-way road stays on the edge he physically is on (`headingAgainst`).
 *
 * The answer for a slot stands in the arrays until its next `match`. On the wrong side of a two-way carriageway a vehicle is on
 * the edge of its own direction with a large positive `lateral`. Memory is fixed by the capacity; nothing is allocated per fix.
 */
export class MapMatcher {
  readonly graph: RoadGraph;
  /** Matched edge (movements included) or -1. */
  readonly edge: Int32Array;
  /** m along the edge; 0 when unmatched. */
  readonly offset: Float32Array;
  /** m left of the carriageway's middle, seen in the edge's direction. */
  readonly lateral: Float32Array;
  /** Probability of the answer among the hypotheses, 0..1; 0 when unmatched. */
  readonly confidence: Float32Array;
  /** 1 when the vehicle moves against the direction of the edge. */
  readonly headingAgainst: Uint8Array;

  private readonly index: SpatialIndex;
  private readonly field: DistanceField;
  private readonly near: NearEdges = allocateNearEdges(CANDIDATES);
  private readonly projected = new Float64Array(3);
  private readonly timeMs: Float64Array;
  private readonly x: Float64Array;
  private readonly y: Float64Array;
  private readonly speed: Float32Array;
  private readonly sinceSearch: Float32Array;
  private readonly searchMs: Float64Array;
  private readonly kept: Uint8Array;
  private readonly keptEdge: Int32Array;
  private readonly keptS: Float32Array;
  private readonly keptLateral: Float32Array;
  private readonly keptScore: Float32Array;
  private readonly keptBits: Uint8Array;
  // Candidates of the search under way: entry 2i is near entry i driven forward, 2i + 1 the same edge driven against.
  private readonly score = new Float64Array(2 * CANDIDATES);
  private readonly emission = new Float64Array(2 * CANDIDATES);
  private readonly bits = new Uint8Array(2 * CANDIDATES);

  /** Throws RangeError on a capacity out of range. */
  constructor(graph: RoadGraph, index: SpatialIndex, options: MapMatcherOptions) {
    const { capacity } = options;
    if (!(Number.isInteger(capacity) && capacity >= 1 && capacity <= 1_000_000))
      throw new RangeError(`map matcher capacity ${capacity}: 1 to 1000000`);
    this.graph = graph;
    this.index = index;
    this.field = new DistanceField(graph);
    this.edge = new Int32Array(capacity).fill(-1);
    this.offset = new Float32Array(capacity);
    this.lateral = new Float32Array(capacity);
    this.confidence = new Float32Array(capacity);
    this.headingAgainst = new Uint8Array(capacity);
    this.timeMs = new Float64Array(capacity);
    this.x = new Float64Array(capacity);
    this.y = new Float64Array(capacity);
    this.speed = new Float32Array(capacity);
    this.sinceSearch = new Float32Array(capacity);
    this.searchMs = new Float64Array(capacity);
    this.kept = new Uint8Array(capacity);
    this.keptEdge = new Int32Array(capacity * KEPT);
    this.keptS = new Float32Array(capacity * KEPT);
    this.keptLateral = new Float32Array(capacity * KEPT);
    this.keptScore = new Float32Array(capacity * KEPT);
    this.keptBits = new Uint8Array(capacity * KEPT);
  }

  /** The vehicle of a slot is gone or another one: its history is dropped. */
  forget(slot: number): void {
    this.kept[slot] = 0;
    this.edge[slot] = -1;
    this.confidence[slot] = 0;
    this.headingAgainst[slot] = 0;
  }

  /**
   * Takes one fix and returns the matched edge or -1. `tMs` in ms, not before the slot's last fix (an older one is ignored);
   * x, y in the graph's plane; `speed` m/s or NaN; `heading` radians clockwise from north or NaN; `accuracy` m (one sigma) or NaN.
   */
  match(slot: number, tMs: number, x: number, y: number, speed: number, heading: number, accuracy: number): number {
    const dt = (tMs - this.timeMs[slot]) / 1000;
    const known = this.kept[slot] > 0 && dt <= MAX_GAP;
    if (known && dt < 0) return this.edge[slot];
    const sigma = accuracy > 0 ? Math.min(MAX_SIGMA, Math.max(MIN_SIGMA, accuracy)) : DEFAULT_SIGMA;
    const dx = x - this.x[slot];
    const dy = y - this.y[slot];
    const moved = known ? Math.sqrt(dx * dx + dy * dy) : 0;
    // A standing vehicle's heading may be anything its receiver makes up.
    const usable = !Number.isNaN(heading) && !(speed < CREEP);
    const hx = usable ? Math.sin(heading) : 0;
    const hy = usable ? Math.cos(heading) : 0;
    const followed = known && this.follow(slot, tMs, dt, x, y, speed, moved, hx, hy, sigma);
    if (!followed && !this.search(slot, known, dt, x, y, speed, moved, hx, hy, sigma)) {
      // Off the map. The history waits for a return within the largest gap.
      this.edge[slot] = -1;
      this.offset[slot] = 0;
      this.lateral[slot] = 0;
      this.confidence[slot] = 0;
      this.headingAgainst[slot] = 0;
      if (!known) this.kept[slot] = 0;
      return -1;
    }
    this.sinceSearch[slot] = followed ? this.sinceSearch[slot] + moved : 0;
    if (!followed) this.searchMs[slot] = tMs;
    this.timeMs[slot] = tMs;
    this.x[slot] = x;
    this.y[slot] = y;
    this.speed[slot] = speed;
    return this.publish(slot, hx, hy);
  }

  /** The usual case: every hypothesis moves on along its own edge. False when the neighbourhood must be searched. */
  private follow(
    slot: number,
    tMs: number,
    dt: number,
    x: number,
    y: number,
    speed: number,
    moved: number,
    hx: number,
    hy: number,
    sigma: number,
  ): boolean {
    const { keptEdge, keptS, keptBits, keptScore, keptLateral, projected, graph } = this;
    if (this.sinceSearch[slot] + moved > SEARCH_EVERY || tMs - this.searchMs[slot] > SEARCH_SECONDS * 1000)
      return false;
    const first = slot * KEPT;
    const reach = 10 + 2 * moved;
    for (let k = first; k < first + this.kept[slot]; k++) {
      const s = keptS[k];
      const ahead = (keptBits[k] & AGAINST_BIT) !== 0 ? s : graph.edgeLength[keptEdge[k]] - s;
      if (ahead >= END_ZONE + 1.5 * moved) continue;
      // An unlikely hypothesis at the end of its edge is not worth a search.
      if (keptScore[k] > UNLIKELY || (keptBits[k] & LINEAGE_BIT) !== 0) return false;
      this.drop(slot, k--);
    }
    const last = first + this.kept[slot];
    const fade = Math.exp(-dt / MEMORY);
    const lateralWeight = Math.min(1, dt / LATERAL_EVIDENCE_TIME);
    const headingWeight = Math.min(1, dt / HEADING_EVIDENCE_TIME);
    let best = -Infinity;
    for (let k = first; k < last; k++) {
      const edge = keptEdge[k];
      projectNear(graph, edge, keptS[k], reach, x, y, projected);
      const distance = projected[ON_EDGE_DISTANCE];
      if (k === first && distance > gate(sigma, graph.edgeWidth[edge])) return false;
      keptS[k] = projected[ON_EDGE_S];
      keptLateral[k] = projected[ON_EDGE_LATERAL];
      const place = lateralLog(distance, graph.edgeWidth[edge], sigma) + this.waiting(edge, speed);
      let score = this.faded(k, fade) + lateralWeight * place;
      if (hx !== 0 || hy !== 0) {
        const cos = this.cosAlong(edge, keptS[k], hx, hy);
        score += headingWeight * headingLog((keptBits[k] & AGAINST_BIT) !== 0 ? -cos : cos);
      }
      keptScore[k] = score;
      if (score > best) best = score;
    }
    for (let k = first; k < last; k++) keptScore[k] -= best;
    return true;
  }

  /** Removes hypothesis k of a slot; the last one takes its place. */
  private drop(slot: number, k: number): void {
    const last = slot * KEPT + --this.kept[slot];
    this.keptEdge[k] = this.keptEdge[last];
    this.keptS[k] = this.keptS[last];
    this.keptLateral[k] = this.keptLateral[last];
    this.keptScore[k] = this.keptScore[last];
    this.keptBits[k] = this.keptBits[last];
  }

  /** Looks at every edge near the fix. False when there is none within reach. */
  private search(
    slot: number,
    known: boolean,
    dt: number,
    x: number,
    y: number,
    speed: number,
    moved: number,
    hx: number,
    hy: number,
    sigma: number,
  ): boolean {
    const { near, score, emission, bits, graph } = this;
    const count = this.index.nearEdges(x, y, gate(sigma, 24), near);
    const lateralWeight = known ? Math.min(1, dt / LATERAL_EVIDENCE_TIME) : 1;
    const headingWeight = known ? Math.min(1, dt / HEADING_EVIDENCE_TIME) : 1;
    let reachable = false;
    for (let i = 0; i < count; i++) {
      const edge = near.edge[i];
      const width = graph.edgeWidth[edge];
      score[2 * i] = -Infinity;
      score[2 * i + 1] = -Infinity;
      bits[2 * i] = BORN_BIT;
      bits[2 * i + 1] = BORN_BIT;
      if (near.distance[i] > gate(sigma, width)) {
        emission[2 * i] = -Infinity;
        emission[2 * i + 1] = -Infinity;
        continue;
      }
      reachable = true;
      const cos = hx !== 0 || hy !== 0 ? this.cosAlong(edge, near.s[i], hx, hy) : 1;
      const place = lateralWeight * (lateralLog(near.distance[i], width, sigma) + this.waiting(edge, speed));
      emission[2 * i] = place + headingWeight * headingLog(cos);
      // Only a road without a counterpart can be driven against: elsewhere the other direction has its own edge.
      const against = cos < -0.5 && graph.edgeReverse[edge] < 0;
      emission[2 * i + 1] = against ? place + headingWeight * headingLog(-cos) : -Infinity;
      score[2 * i] = BIRTH;
      score[2 * i + 1] = BIRTH + AGAINST;
    }
    if (!reachable) return false;
    if (known) this.continueFrom(slot, dt, speed, moved, sigma);
    this.keepBest(slot, count);
    return true;
  }

  /** Best way from the kept hypotheses to every candidate. */
  private continueFrom(slot: number, dt: number, speed: number, moved: number, sigma: number): void {
    const { near, score, bits, keptEdge, keptS, keptBits, graph, field } = this;
    const driven = 0.5 * (speed + this.speed[slot]) * dt;
    const fade = Math.exp(-dt / MEMORY);
    const limit = 30 + 2 * sigma + 1.5 * Math.max(moved, Number.isNaN(driven) ? 0 : driven);
    const first = slot * KEPT;
    for (let k = first; k < first + this.kept[slot]; k++) {
      const edge = keptEdge[k];
      const s = keptS[k];
      const against = (keptBits[k] & AGAINST_BIT) !== 0;
      const before = this.faded(k, fade);
      const inherited = keptBits[k] & (LINEAGE_BIT | BORN_BIT);
      const rest = against ? s : graph.edgeLength[edge] - s;
      if (against) field.backward(edge, s, limit, 400);
      else field.forward(edge, s, limit, 400);
      for (let i = 0; i < near.count; i++) {
        const to = near.edge[i];
        const toS = near.s[i];
        const onward = graph.edgeLength[to] - toS;
        for (let way = 0; way <= 1; way++) {
          const c = 2 * i + way;
          if (this.emission[c] === -Infinity) continue;
          let route = Infinity;
          let cost = 0;
          if (to === edge) {
            route = against ? s - toS : toS - s;
            if (against !== (way === 1)) {
              route = Math.abs(route);
              cost = against ? FLIP : FLIP + AGAINST;
            }
          } else if (against === (way === 1)) route = field.at(to) + (way === 1 ? onward : toS);
          else if (way === 1 && graph.edgeTo[to] === graph.edgeTo[edge]) {
            // Into the far end of a one-way road: both end at the same junction.
            route = rest + onward;
            cost = AGAINST;
          } else if (way === 0 && graph.edgeFrom[to] === graph.edgeFrom[edge]) route = rest + toS;
          if (route === Infinity) continue;
          const total = before + cost + transitionLog(route, moved, driven, dt, sigma);
          if (total > score[c]) {
            score[c] = total;
            bits[c] = inherited;
          }
        }
      }
    }
  }

  /** Keeps the likeliest candidates as the slot's hypotheses, scores relative to the best. */
  private keepBest(slot: number, count: number): void {
    const { near, score, emission, bits, keptEdge, keptS, keptLateral, keptScore, keptBits } = this;
    const first = slot * KEPT;
    let kept = 0;
    for (let i = 0; i < 2 * count; i++) score[i] = emission[i] === -Infinity ? -Infinity : score[i] + emission[i];
    let top = 0;
    for (; kept < KEPT; kept++) {
      let best = -1;
      for (let i = 0; i < 2 * count; i++) if (score[i] > (best < 0 ? -Infinity : score[best])) best = i;
      if (best < 0 || (kept > 0 && score[best] - top < HOPELESS)) break;
      if (kept === 0) top = score[best];
      const k = first + kept;
      const i = best >> 1;
      keptEdge[k] = near.edge[i];
      keptS[k] = near.s[i];
      keptLateral[k] = near.lateral[i];
      keptScore[k] = score[best] - top;
      keptBits[k] = (best & 1) | bits[best];
      score[best] = -Infinity;
    }
    // Where no other edge comes into question the start needs no explanation any more.
    let alone = true;
    for (let k = first + 1; k < first + kept; k++) if (keptEdge[k] !== keptEdge[first]) alone = false;
    if (alone) keptBits[first] &= ~BORN_BIT;
    this.kept[slot] = kept;
  }

  /** Chooses the answer: the likeliest hypothesis, but no jump to another branch while that is hardly better. */
  private publish(slot: number, hx: number, hy: number): number {
    const { keptScore, keptBits, keptEdge } = this;
    const first = slot * KEPT;
    const last = first + this.kept[slot];
    let best = first;
    let own = -1;
    let sum = 0;
    for (let k = first; k < last; k++) {
      sum += Math.exp(keptScore[k]);
      if (keptScore[k] > keptScore[best]) best = k;
      if ((keptBits[k] & LINEAGE_BIT) !== 0 && (own < 0 || keptScore[k] > keptScore[own])) own = k;
    }
    if (own >= 0 && keptScore[own] > keptScore[best] - JUMP) best = own;
    const edge = keptEdge[best];
    for (let k = first; k < last; k++) keptBits[k] = (keptBits[k] & ~LINEAGE_BIT) | (k === best ? LINEAGE_BIT : 0);
    const against = (keptBits[best] & AGAINST_BIT) !== 0;
    const moving = hx !== 0 || hy !== 0;
    this.edge[slot] = edge;
    this.offset[slot] = this.keptS[best];
    this.lateral[slot] = this.keptLateral[best];
    this.confidence[slot] = Math.exp(keptScore[best]) / sum;
    this.headingAgainst[slot] = moving ? Number(this.cosAlong(edge, this.keptS[best], hx, hy) < -0.5) : Number(against);
    return edge;
  }

  /** Score of a hypothesis before new evidence: the past fades to what remains of it. */
  private faded(k: number, fade: number): number {
    const bits = this.keptBits[k];
    const against = (bits & AGAINST_BIT) !== 0;
    const born = (bits & BORN_BIT) !== 0;
    const remains = born ? (against ? BORN_AGAINST_REMAINS : BORN_REMAINS) : against ? AGAINST_REMAINS : 0;
    return this.keptScore[k] * fade + remains * (1 - fade);
  }

  private waiting(edge: number, speed: number): number {
    return speed < WAITING_SPEED && (this.graph.edgeFlags[edge] & EdgeFlag.internal) !== 0 ? WAITING_INSIDE : 0;
  }

  private cosAlong(edge: number, s: number, hx: number, hy: number): number {
    const { shapeX, shapeY } = this.graph;
    const i = segmentAt(this.graph, edge, s);
    const dx = shapeX[i + 1] - shapeX[i];
    const dy = shapeY[i + 1] - shapeY[i];
    return (dx * hx + dy * hy) / Math.sqrt(dx * dx + dy * dy);
  }
}

/** Farther than this from its middle a vehicle is not on a carriageway, m. */
function gate(sigma: number, width: number): number {
  return 3 * sigma + width / 2 + MAP_ERROR;
}
