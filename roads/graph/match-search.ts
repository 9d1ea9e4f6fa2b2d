import { DistanceField } from './distance-field.ts';
import { cosAlong } from './edge-geometry.ts';
import {
  AGAINST,
  BIRTH,
  FLIP,
  gate,
  HEADING_EVIDENCE_TIME,
  HOPELESS,
  headingLog,
  LATERAL_EVIDENCE_TIME,
  lateralLog,
  MEMORY,
  transitionLog,
  waitingLog,
} from './match-model.ts';
import {
  AGAINST_BIT,
  BITS,
  BORN_BIT,
  EDGE,
  FIRST,
  FIX_DT,
  FIX_HX,
  FIX_HY,
  FIX_MOVED,
  FIX_SIGMA,
  FIX_SPEED,
  FIX_X,
  FIX_Y,
  faded,
  HYPOTHESIS,
  KEPT,
  LATERAL,
  LINEAGE_BIT,
  NUM_KEPT,
  RECORD,
  S,
  SCORE,
  SPEED,
} from './match-record.ts';
import type { RoadGraph } from './road-graph.ts';
import { allocateNearEdges, type NearEdges, type SpatialIndex } from './spatial-index.ts';

/** Edges looked at round a fix. */
const CANDIDATES = 32;
/** No carriageway is taken to be wider, m. */
const MOST_WIDTH = 24;

/** The matcher's search: every edge near a fix, the best way to each from the hypotheses kept, and the likeliest of them as new hypotheses. */
export class MatchSearch {
  private readonly graph: RoadGraph;
  private readonly index: SpatialIndex;
  private readonly field: DistanceField;
  private readonly near: NearEdges = allocateNearEdges(CANDIDATES);
  private readonly f32: Float32Array;
  private readonly i32: Int32Array;
  private readonly fix: Float64Array;
  /** Of the map's carriageways, m. */
  private readonly widest: number;
  // Candidates of the search under way: entry 2i is near entry i driven forward, 2i + 1 the same edge driven against.
  private readonly score = new Float64Array(2 * CANDIDATES);
  private readonly emission = new Float64Array(2 * CANDIDATES);
  private readonly bits = new Uint8Array(2 * CANDIDATES);

  /** `records` and `fix` are the matcher's own, laid out as match-record.ts says. */
  constructor(graph: RoadGraph, index: SpatialIndex, records: ArrayBuffer, fix: Float64Array) {
    this.graph = graph;
    this.index = index;
    this.field = new DistanceField(graph);
    this.f32 = new Float32Array(records);
    this.i32 = new Int32Array(records);
    this.fix = fix;
    let widest = 0;
    for (let e = 0; e < graph.numEdges; e++) widest = Math.max(widest, graph.edgeWidth[e]);
    this.widest = Math.min(widest, MOST_WIDTH);
  }

  /** Looks at every edge near the fix and renews the slot's hypotheses. False when there is no edge within reach: nothing is changed then. */
  search(slot: number, known: boolean): boolean {
    const { near, score, emission, bits, graph, fix } = this;
    const dt = fix[FIX_DT];
    const hx = fix[FIX_HX];
    const hy = fix[FIX_HY];
    const sigma = fix[FIX_SIGMA];
    const count = this.index.nearEdges(fix[FIX_X], fix[FIX_Y], gate(sigma, this.widest), near);
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
      const cos = hx !== 0 || hy !== 0 ? cosAlong(graph, edge, near.s[i], hx, hy) : 1;
      const place =
        lateralWeight * (lateralLog(near.distance[i], width, sigma) + waitingLog(graph, edge, fix[FIX_SPEED]));
      emission[2 * i] = place + headingWeight * headingLog(cos);
      // Only a road without a counterpart can be driven against: elsewhere the other direction has its own edge.
      const against = cos < -0.5 && graph.edgeReverse[edge] < 0;
      emission[2 * i + 1] = against ? place + headingWeight * headingLog(-cos) : -Infinity;
      score[2 * i] = BIRTH;
      score[2 * i + 1] = BIRTH + AGAINST;
    }
    if (!reachable) return false;
    if (known) this.continueFrom(slot);
    this.keepBest(slot, count);
    return true;
  }

  /** Best way from the kept hypotheses to every candidate. */
  private continueFrom(slot: number): void {
    const { near, score, emission, bits, f32, i32, graph, field, fix } = this;
    const record = RECORD * slot;
    const dt = fix[FIX_DT];
    const moved = fix[FIX_MOVED];
    const sigma = fix[FIX_SIGMA];
    const driven = 0.5 * (fix[FIX_SPEED] + f32[record + SPEED]) * dt;
    const fade = Math.exp(-dt / MEMORY);
    const limit = 30 + 2 * sigma + 1.5 * Math.max(moved, Number.isNaN(driven) ? 0 : driven);
    const last = record + FIRST + HYPOTHESIS * i32[record + NUM_KEPT];
    for (let h = record + FIRST; h < last; h += HYPOTHESIS) {
      const before = faded(i32, f32, h, fade);
      // No way on costs less than nothing: a hypothesis no better than what every candidate has already cannot help any.
      if (!this.mayImprove(before)) continue;
      const edge = i32[h + EDGE];
      const s = f32[h + S];
      const against = (i32[h + BITS] & AGAINST_BIT) !== 0;
      const inherited = i32[h + BITS] & (LINEAGE_BIT | BORN_BIT);
      const rest = against ? s : graph.edgeLength[edge] - s;
      if (against) field.backward(edge, s, limit, 400);
      else field.forward(edge, s, limit, 400);
      for (let i = 0; i < near.count; i++) {
        const to = near.edge[i];
        const toS = near.s[i];
        const onward = graph.edgeLength[to] - toS;
        for (let way = 0; way <= 1; way++) {
          const c = 2 * i + way;
          if (emission[c] === -Infinity || before <= score[c]) continue;
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

  /** Whether any candidate is worse than `before`. */
  private mayImprove(before: number): boolean {
    const { near, score, emission } = this;
    for (let c = 0; c < 2 * near.count; c++) if (emission[c] !== -Infinity && before > score[c]) return true;
    return false;
  }

  /** Keeps the likeliest candidates as the slot's hypotheses, scores relative to the best. */
  private keepBest(slot: number, count: number): void {
    const { near, score, emission, bits, f32, i32 } = this;
    const first = RECORD * slot + FIRST;
    let kept = 0;
    for (let i = 0; i < 2 * count; i++) score[i] = emission[i] === -Infinity ? -Infinity : score[i] + emission[i];
    let top = 0;
    let alone = true;
    for (; kept < KEPT; kept++) {
      let best = -1;
      let most = -Infinity;
      for (let i = 0; i < 2 * count; i++)
        if (score[i] > most) {
          best = i;
          most = score[i];
        }
      if (best < 0 || (kept > 0 && most - top < HOPELESS)) break;
      if (kept === 0) top = most;
      const h = first + HYPOTHESIS * kept;
      const i = best >> 1;
      i32[h + EDGE] = near.edge[i];
      f32[h + S] = near.s[i];
      f32[h + LATERAL] = near.lateral[i];
      f32[h + SCORE] = most - top;
      i32[h + BITS] = (best & 1) | bits[best];
      if (near.edge[i] !== i32[first + EDGE]) alone = false;
      score[best] = -Infinity;
    }
    // Where no other edge comes into question the start needs no explanation any more.
    if (alone) i32[first + BITS] = i32[first + BITS] & ~BORN_BIT;
    i32[RECORD * slot + NUM_KEPT] = kept;
  }
}
