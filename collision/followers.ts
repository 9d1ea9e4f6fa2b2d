import { sameTrackProbability } from './same-track.ts';
import type { Scene } from './scene.ts';

/** Vehicles found at most, edges walked at most, and vehicles looked at per edge. */
const most = 24;
const maxEdges = 24;
const maxScan = 48;
/** Who has not been heard of for this long, s, is no longer taken to be there. */
const maxAge = 2.5;
/** Roads from which fewer drivers than this share come here are not followed upstream. */
const leastShare = 0.5;
/** Bodies closer sidewise than this beyond their half widths follow each other, m; as L3. */
const sideMargin = 0.15;
/** Lateral doubt of two receivers together from which the lanes' shares have a say, m, and the probability that is enough; as L12. */
const laneLevel = 0.6;
const surely = 0.7;

/**
 * Who comes along behind a vehicle on its carriageway, or comes towards it on the other half of the road, upstream over the joins (L14, K2): the walk of `Leaders` the other way round. The result holds
 * until the next call.
 */
export class Followers {
  count = 0;
  readonly slot = new Int32Array(most);
  /** Metres from his front to the rear of the vehicle (of an oncoming one: to its front). */
  readonly gap = new Float64Array(most);
  /** 1 = he drives in its track; then how many drive between in the same track, and the metres their bodies take. */
  readonly inTrack = new Uint8Array(most);
  readonly between = new Uint8Array(most);
  readonly taken = new Float64Array(most);
  private readonly _scene: Scene;
  /** Stack of the walk: edge, metres from its end to the vehicle's rear, lateral of the track there, and what is between so far. */
  private _open = 0;
  private readonly _edge = new Int32Array(maxEdges);
  private readonly _base = new Float64Array(maxEdges);
  private readonly _lateral = new Float64Array(maxEdges);
  private readonly _before = new Uint8Array(maxEdges);
  private readonly _length = new Float64Array(maxEdges);

  constructor(scene: Scene) {
    this._scene = scene;
  }

  /** Everybody within `reach` m behind `lead`, which is on an edge and drives along it. */
  find(lead: number, reach: number, nowMs: number): void {
    const { tracks: t, order } = this._scene;
    const rear = t.s[lead] + t.advance(lead, t.age(lead, nowMs)) - t.length[lead];
    this._walk(lead, t.edge[lead], order.behind[lead], rear, t.d[lead], reach, nowMs);
  }

  /** Everybody within `reach` m who comes towards `lead` on the other half of its road; nobody where there is none. */
  findOncoming(lead: number, reach: number, nowMs: number): void {
    const { tracks: t, order, graph } = this._scene;
    const edge = t.edge[lead];
    const other = graph.edgeReverse[edge];
    this.count = 0;
    if (other < 0) return;
    const front = t.s[lead] + t.advance(lead, t.age(lead, nowMs));
    const place = graph.edgeLength[other] * (1 - front / graph.edgeLength[edge]);
    this._walk(lead, other, order.tail[other], place, 0, reach, nowMs);
  }

  /** From metre `place` of `edge` upstream, `first` being the vehicle to begin with. */
  private _walk(
    lead: number,
    edge: number,
    first: number,
    place: number,
    lateral: number,
    reach: number,
    nowMs: number,
  ): void {
    const { order, graph, joins, turns } = this._scene;
    this.count = 0;
    this._push(0, edge, place, lateral, 0, 0);
    this._open = 1;
    for (let i = 0; i < this._open; i += 1) {
      const at = this._edge[i];
      this._scan(lead, i === 0 ? first : order.tail[at], i, reach, nowMs);
      if (this._base[i] > reach) continue;
      for (let c = graph.comeStart[at]; c < graph.comeStart[at + 1]; c += 1) {
        const before = graph.comeFrom[c];
        for (let k = graph.turnStart[before]; k < graph.turnStart[before + 1]; k += 1) {
          if (graph.turnTo[k] !== at || turns.driven.learned(before, k) < leastShare || this._open === maxEdges)
            continue;
          const base = this._base[i] + graph.edgeLength[before];
          this._push(this._open, before, base, this._lateral[i] + joins.shift[k], this._before[i], this._length[i]);
          this._open += 1;
        }
      }
    }
  }

  private _push(i: number, edge: number, base: number, lateral: number, before: number, length: number): void {
    this._edge[i] = edge;
    this._base[i] = base;
    this._lateral[i] = lateral;
    this._before[i] = before;
    this._length[i] = length;
  }

  /** Walks upstream from `first` on the edge of entry `i`. */
  private _scan(lead: number, first: number, i: number, reach: number, nowMs: number): void {
    const { tracks: t, order } = this._scene;
    let steps = 0;
    for (let other = first; other >= 0 && steps < maxScan; other = order.behind[other], steps += 1) {
      if (
        other === lead ||
        other === t.companion[lead] ||
        nowMs - t.timeMs[other] > 1000 * maxAge ||
        t.against[other] === 1
      )
        continue;
      const gap = this._base[i] - t.s[other] - t.advance(other, t.age(other, nowMs));
      if (gap > reach || this.count === most) return;
      if (gap < 0) continue;
      const n = this.count;
      const follows = this._follows(lead, other, this._edge[i], this._lateral[i]);
      this.slot[n] = other;
      this.gap[n] = gap;
      this.inTrack[n] = follows ? 1 : 0;
      this.between[n] = this._before[i];
      this.taken[n] = this._length[i];
      this.count = n + 1;
      if (!follows) continue;
      this._before[i] += 1;
      this._length[i] += t.length[other];
    }
  }

  private _follows(lead: number, other: number, edge: number, lateral: number): boolean {
    const { tracks: t, graph } = this._scene;
    const reach = (t.width[lead] + t.width[other]) / 2 + sideMargin;
    const apart = lateral - t.d[other];
    const doubt2 = t.dSigma[lead] * t.dSigma[lead] + t.dSigma[other] * t.dSigma[other];
    if (t.stated[lead] + t.stated[other] === 0 || doubt2 < laneLevel * laneLevel) return Math.abs(apart) < reach;
    const lanes = graph.edgeLanes[edge];
    return sameTrackProbability(apart, Math.sqrt(doubt2), reach, lanes, graph.edgeWidth[edge] / lanes) >= surely;
  }
}
