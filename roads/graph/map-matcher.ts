import { cosAlong, ON_EDGE_DISTANCE, ON_EDGE_LATERAL, ON_EDGE_S, projectSought, sought } from './edge-geometry.ts';
import {
  gate,
  HEADING_EVIDENCE_TIME,
  HOPELESS,
  headingCounts,
  headingLog,
  LATERAL_EVIDENCE_TIME,
  lateralLog,
  MEMORY,
  waitingLog,
} from './match-model.ts';
import {
  AGAINST_BIT,
  BITS,
  BORN_BIT,
  EDGE,
  FIRST,
  FIX_DT,
  FIX_FADE,
  FIX_HX,
  FIX_HY,
  FIX_MOVED,
  FIX_MS,
  FIX_REACH,
  FIX_SCORE,
  FIX_SIGMA,
  FIX_SPEED,
  FIX_X,
  FIX_Y,
  faded,
  HYPOTHESIS,
  LATERAL,
  LINEAGE_BIT,
  NUM_KEPT,
  RECORD,
  S,
  SCORE,
  SEARCH_MS,
  SINCE_SEARCH,
  SPEED,
  TIME_MS,
  X,
  Y,
} from './match-record.ts';
import { MatchSearch } from './match-search.ts';
import type { RoadGraph } from './road-graph.ts';
import type { SpatialIndex } from './spatial-index.ts';

/** Sigma assumed where a fix carries no accuracy, and the range it is held to, m. */
const DEFAULT_SIGMA = 5;
const MIN_SIGMA = 1.5;
const MAX_SIGMA = 25;
/** A vehicle unseen for longer starts anew, s. */
const MAX_GAP = 60;
/** The neighbourhood is searched again at least every so many metres and seconds. */
const SEARCH_EVERY = 25;
const SEARCH_SECONDS = 4;
/** Where nothing else came into question and the edge explains the fix fully: so many. */
const ALONE_EVERY = 150;
const ALONE_SECONDS = 12;
/** Explained fully: heading within 14 degrees, and no more than this lost to the place (natural logarithm). */
const ALIGNED = 0.97;
const PLACE_LOSS = -0.1;
/** Nearer to an edge's end than this the successors are looked at, m; with several hypotheses as soon as one may have got there. */
const END_ZONE = 3;
/** Slower than this a vehicle counts as standing, m/s: two sigmas of a receiver's speed. */
const REST = 0.4;
/** A jump to another branch is made when it is this much likelier (natural logarithm). */
const JUMP = 1.5;
/** Hypotheses worse than the best by this (natural logarithm) cause no search of their own. */
const UNLIKELY = -4;

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
  /** 1 while no way led to where the vehicle is taken to be and other edges nearby come into question, too. */
  readonly unexplained: Uint8Array;

  private readonly searching: MatchSearch;
  private readonly projected = new Float64Array(3);
  private readonly f64: Float64Array;
  private readonly f32: Float32Array;
  private readonly i32: Int32Array;
  /** The fix that `take` takes (`FIX_…`); numbers handed from function to function would be objects on the heap. */
  readonly fix = new Float64Array(FIX_SCORE + 1);

  /** Throws RangeError on a capacity out of range. */
  constructor(graph: RoadGraph, index: SpatialIndex, options: MapMatcherOptions) {
    const { capacity } = options;
    if (!(Number.isInteger(capacity) && capacity >= 1 && capacity <= 1_000_000))
      throw new RangeError(`map matcher capacity ${capacity}: 1 to 1000000`);
    this.graph = graph;
    this.edge = new Int32Array(capacity).fill(-1);
    this.offset = new Float32Array(capacity);
    this.lateral = new Float32Array(capacity);
    this.confidence = new Float32Array(capacity);
    this.headingAgainst = new Uint8Array(capacity);
    this.unexplained = new Uint8Array(capacity);
    const records = new ArrayBuffer(4 * RECORD * capacity);
    this.f64 = new Float64Array(records);
    this.f32 = new Float32Array(records);
    this.i32 = new Int32Array(records);
    this.searching = new MatchSearch(graph, index, records, this.fix);
  }

  /** The vehicle of a slot is gone or another one: its history is dropped. */
  forget(slot: number): void {
    this.i32[RECORD * slot + NUM_KEPT] = 0;
    this.edge[slot] = -1;
    this.confidence[slot] = 0;
    this.headingAgainst[slot] = 0;
  }

  /**
   * Takes one fix and returns the matched edge or -1. `tMs` in ms, not before the slot's last fix (an older one is ignored);
   * x, y in the graph's plane; `speed` m/s or NaN; `heading` radians clockwise from north or NaN; `accuracy` m (one sigma) or NaN.
   */
  match(slot: number, tMs: number, x: number, y: number, speed: number, heading: number, accuracy: number): number {
    const { fix } = this;
    const usable = headingCounts(heading, speed);
    fix[FIX_MS] = tMs;
    fix[FIX_X] = x;
    fix[FIX_Y] = y;
    fix[FIX_SPEED] = speed;
    fix[FIX_HX] = usable ? Math.sin(heading) : 0;
    fix[FIX_HY] = usable ? Math.cos(heading) : 0;
    fix[FIX_SIGMA] = accuracy;
    return this.take(slot);
  }

  /** `match` for the fix written to `fix`: time, place, speed, unit vector of the heading (0, 0 = unknown or standing), accuracy. */
  take(slot: number): number {
    const { fix, f64, f32, i32 } = this;
    const record = RECORD * slot;
    const doubles = record >> 1;
    const tMs = fix[FIX_MS];
    const dt = (tMs - f64[doubles + TIME_MS]) / 1000;
    const known = i32[record + NUM_KEPT] > 0 && dt <= MAX_GAP;
    if (known && dt < 0) return this.edge[slot];
    const accuracy = fix[FIX_SIGMA];
    const dx = fix[FIX_X] - f64[doubles + X];
    const dy = fix[FIX_Y] - f64[doubles + Y];
    const moved = known ? Math.sqrt(dx * dx + dy * dy) : 0;
    fix[FIX_SIGMA] = accuracy > 0 ? Math.min(MAX_SIGMA, Math.max(MIN_SIGMA, accuracy)) : DEFAULT_SIGMA;
    fix[FIX_DT] = dt;
    fix[FIX_MOVED] = moved;
    if (known && fix[FIX_SPEED] < REST && this.rests(slot)) return this.edge[slot];
    const followed = known && this.follow(slot);
    if (!followed && !this.searching.search(slot, known)) {
      // Off the map. The history waits for a return within the largest gap.
      this.edge[slot] = -1;
      this.offset[slot] = 0;
      this.lateral[slot] = 0;
      this.confidence[slot] = 0;
      this.headingAgainst[slot] = 0;
      if (!known) i32[record + NUM_KEPT] = 0;
      return -1;
    }
    f32[record + SINCE_SEARCH] = followed ? f32[record + SINCE_SEARCH] + moved : 0;
    if (!followed) f64[doubles + SEARCH_MS] = tMs;
    f64[doubles + TIME_MS] = tMs;
    f64[doubles + X] = fix[FIX_X];
    f64[doubles + Y] = fix[FIX_Y];
    f32[record + SPEED] = fix[FIX_SPEED];
    return this.publish(slot);
  }

  /**
   * A vehicle that stands is where it came to rest, on the road it came by: what its receiver says meanwhile is the slow walk of one error,
   * no evidence. False when it was carried farther than an error walks.
   */
  private rests(slot: number): boolean {
    const { f64, f32, i32, fix, projected, graph } = this;
    const edge = this.edge[slot];
    const sigma = fix[FIX_SIGMA];
    if (edge < 0 || fix[FIX_MOVED] > 2 * sigma) return false;
    const reach = 10 + 2 * fix[FIX_MOVED];
    sought[0] = fix[FIX_X];
    sought[1] = fix[FIX_Y];
    sought[2] = this.offset[slot] - reach;
    sought[3] = this.offset[slot] + reach;
    projectSought(graph, edge, projected);
    if (projected[ON_EDGE_DISTANCE] > gate(sigma, graph.edgeWidth[edge])) return false;
    const record = RECORD * slot;
    const doubles = record >> 1;
    const last = record + FIRST + HYPOTHESIS * i32[record + NUM_KEPT];
    for (let h = record + FIRST; h < last; h += HYPOTHESIS) {
      if ((i32[h + BITS] & LINEAGE_BIT) === 0) continue;
      f32[h + S] = projected[ON_EDGE_S];
      f32[h + LATERAL] = projected[ON_EDGE_LATERAL];
    }
    this.offset[slot] = projected[ON_EDGE_S];
    this.lateral[slot] = projected[ON_EDGE_LATERAL];
    f64[doubles + TIME_MS] = fix[FIX_MS];
    f64[doubles + X] = fix[FIX_X];
    f64[doubles + Y] = fix[FIX_Y];
    f32[record + SPEED] = fix[FIX_SPEED];
    return true;
  }

  /** The usual case: every hypothesis moves on along its own edge. False when the neighbourhood must be searched. */
  private follow(slot: number): boolean {
    const { f64, f32, i32, fix } = this;
    const record = RECORD * slot;
    const first = record + FIRST;
    const dt = fix[FIX_DT];
    const moved = fix[FIX_MOVED];
    const since = f32[record + SINCE_SEARCH] + moved;
    const waited = fix[FIX_MS] - f64[(record >> 1) + SEARCH_MS];
    const due = since > SEARCH_EVERY || waited > SEARCH_SECONDS * 1000;
    const alone = i32[record + NUM_KEPT] === 1;
    if (due && (!alone || since > ALONE_EVERY || waited > ALONE_SECONDS * 1000)) return false;
    if (!alone && !this.keepsAway(slot)) return false;
    const last = first + HYPOTHESIS * i32[record + NUM_KEPT];
    fix[FIX_FADE] = Math.exp(-dt / MEMORY);
    fix[FIX_REACH] = 10 + 2 * moved;
    let best = -Infinity;
    for (let h = first; h < last; h += HYPOTHESIS) {
      if (!this.moveOn(h, h === first, alone, due)) return false;
      if (fix[FIX_SCORE] > best) best = fix[FIX_SCORE];
    }
    for (let h = last - HYPOTHESIS; h >= first; h -= HYPOTHESIS) {
      f32[h + SCORE] = f32[h + SCORE] - best;
      if (f32[h + SCORE] < HOPELESS) this.drop(slot, h);
    }
    return true;
  }

  /** Whether no likely hypothesis may have got to the end of its edge; unlikely ones that may have are dropped. */
  private keepsAway(slot: number): boolean {
    const { f32, i32, fix, graph } = this;
    const record = RECORD * slot;
    const room = END_ZONE + 1.5 * fix[FIX_MOVED];
    for (let h = record + FIRST; h < record + FIRST + HYPOTHESIS * i32[record + NUM_KEPT]; h += HYPOTHESIS) {
      const s = f32[h + S];
      const ahead = (i32[h + BITS] & AGAINST_BIT) !== 0 ? s : graph.edgeLength[i32[h + EDGE]] - s;
      if (ahead >= room) continue;
      // An unlikely hypothesis at the end of its edge is not worth a search.
      if (f32[h + SCORE] > UNLIKELY || (i32[h + BITS] & LINEAGE_BIT) !== 0) return false;
      this.drop(slot, h);
      h -= HYPOTHESIS;
    }
    return true;
  }

  /** Whether the only hypothesis needs no search at the place just projected: not at the end, come by its edge, and, if one is `due`, explained fully. */
  private stays(h: number, due: boolean): boolean {
    const { f32, i32, fix, projected, graph } = this;
    const edge = i32[h + EDGE];
    const s = projected[ON_EDGE_S];
    const sigma = fix[FIX_SIGMA];
    const against = (i32[h + BITS] & AGAINST_BIT) !== 0;
    if ((against ? s : graph.edgeLength[edge] - s) < END_ZONE) return false;
    if (Math.abs(s - f32[h + S]) < 0.8 * fix[FIX_MOVED] - sigma) return false;
    if (!due) return true;
    if (lateralLog(projected[ON_EDGE_DISTANCE], graph.edgeWidth[edge], sigma) < PLACE_LOSS) return false;
    return !against && cosAlong(graph, edge, s, fix[FIX_HX], fix[FIX_HY]) > ALIGNED;
  }

  /**
   * Puts the hypothesis at h where the fix lies along its edge; its score also into `fix`. False when a `leading` one left the carriageway, or
   * one that is `alone` calls for a search.
   */
  private moveOn(h: number, leading: boolean, alone: boolean, due: boolean): boolean {
    const { f32, i32, fix, projected, graph } = this;
    const edge = i32[h + EDGE];
    const dt = fix[FIX_DT];
    const sigma = fix[FIX_SIGMA];
    const hx = fix[FIX_HX];
    const hy = fix[FIX_HY];
    sought[0] = fix[FIX_X];
    sought[1] = fix[FIX_Y];
    sought[2] = f32[h + S] - fix[FIX_REACH];
    sought[3] = f32[h + S] + fix[FIX_REACH];
    projectSought(graph, edge, projected);
    const distance = projected[ON_EDGE_DISTANCE];
    if (leading && distance > gate(sigma, graph.edgeWidth[edge])) return false;
    if (alone && !this.stays(h, due)) return false;
    f32[h + S] = projected[ON_EDGE_S];
    f32[h + LATERAL] = projected[ON_EDGE_LATERAL];
    const place = lateralLog(distance, graph.edgeWidth[edge], sigma) + waitingLog(graph, edge, fix[FIX_SPEED]);
    let score = faded(i32, f32, h, fix[FIX_FADE]) + Math.min(1, dt / LATERAL_EVIDENCE_TIME) * place;
    if (hx !== 0 || hy !== 0) {
      const cos = cosAlong(graph, edge, f32[h + S], hx, hy);
      const along = (i32[h + BITS] & AGAINST_BIT) !== 0 ? -cos : cos;
      score += Math.min(1, dt / HEADING_EVIDENCE_TIME) * headingLog(along);
    }
    f32[h + SCORE] = score;
    fix[FIX_SCORE] = score;
    return true;
  }

  /** Removes the hypothesis at h of a slot; the last one takes its place. */
  private drop(slot: number, h: number): void {
    const { i32 } = this;
    const record = RECORD * slot;
    const left = i32[record + NUM_KEPT] - 1;
    i32[record + NUM_KEPT] = left;
    const last = record + FIRST + HYPOTHESIS * left;
    i32.copyWithin(h, last, last + HYPOTHESIS);
  }

  /** Chooses the answer: the likeliest hypothesis, but no jump to another branch while that is hardly better. */
  private publish(slot: number): number {
    const { f32, i32, fix, graph } = this;
    const first = RECORD * slot + FIRST;
    const last = first + HYPOTHESIS * i32[RECORD * slot + NUM_KEPT];
    let best = first;
    let own = -1;
    let sum = 0;
    for (let h = first; h < last; h += HYPOTHESIS) {
      sum += Math.exp(f32[h + SCORE]);
      if (f32[h + SCORE] > f32[best + SCORE]) best = h;
      if ((i32[h + BITS] & LINEAGE_BIT) !== 0 && (own < 0 || f32[h + SCORE] > f32[own + SCORE])) own = h;
    }
    if (own >= 0 && f32[own + SCORE] > f32[best + SCORE] - JUMP) best = own;
    const edge = i32[best + EDGE];
    for (let h = first; h < last; h += HYPOTHESIS)
      i32[h + BITS] = (i32[h + BITS] & ~LINEAGE_BIT) | (h === best ? LINEAGE_BIT : 0);
    const against = (i32[best + BITS] & AGAINST_BIT) !== 0;
    this.unexplained[slot] = Number((i32[best + BITS] & BORN_BIT) !== 0);
    const hx = fix[FIX_HX];
    const hy = fix[FIX_HY];
    const moving = hx !== 0 || hy !== 0;
    this.edge[slot] = edge;
    this.offset[slot] = f32[best + S];
    this.lateral[slot] = f32[best + LATERAL];
    this.confidence[slot] = Math.exp(f32[best + SCORE]) / sum;
    this.headingAgainst[slot] = moving ? Number(cosAlong(graph, edge, f32[best + S], hx, hy) < -0.5) : Number(against);
    return edge;
  }
}
