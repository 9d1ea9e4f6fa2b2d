import { pointAt, type RoadGraph } from '../roads/graph/index.ts';

/** Spacing of the samples along a movement, m. */
const step = 0.5;
/** Movements longer than half of this many metres are looked at up to there. */
const maxSamples = 400;
/** Centre lines closer than this are one path, m: two cars side by side and 0.3 m. */
const pathWidth = 2.3;
/** Centre lines farther apart than this everywhere do not cross, m. */
const crossingWidth = 3;

export const ZoneKind = { crossing: 1, merge: 2 } as const;

/**
 * Conflict zones (X1), precomputed once: zones `first[m] .. first[m + 1]` are those of movement m with others, `foe` the other one. Each says, seen
 * from its own movement, where the two centre lines meet along each of them, and whether they cross or merge; movements in conflict whose lines
 * do not meet have none.
 */
export class Zones {
  readonly first: Uint32Array;
  readonly foe: Uint32Array;
  readonly kind: Uint8Array;
  /** `ConflictRule` seen from the own movement. */
  readonly rule: Uint8Array;
  /** Metres along the own and the other movement of the crossing point, or of the beginning of the common stretch. */
  readonly ownS: Float32Array;
  readonly foeS: Float32Array;
  /** The zone itself or its mirror image, seen from the other movement: the same one for both. */
  readonly frame: Uint32Array;

  constructor(graph: RoadGraph) {
    const { numEdges, numConflicts, conflictStart, conflictWith, conflictRule } = graph;
    const meeting = new Meeting(graph);
    const foe = new Uint32Array(numConflicts);
    const kind = new Uint8Array(numConflicts);
    const rule = new Uint8Array(numConflicts);
    const ownS = new Float32Array(numConflicts);
    const foeS = new Float32Array(numConflicts);
    this.first = new Uint32Array(numEdges + 1);
    let n = 0;
    for (let a = 0; a < numEdges; a += 1) {
      this.first[a] = n;
      if (conflictStart[a] === conflictStart[a + 1]) continue;
      meeting.begin(a);
      for (let c = conflictStart[a]; c < conflictStart[a + 1]; c += 1) {
        const b = conflictWith[c];
        if (!meeting.find(b)) continue;
        foe[n] = b;
        kind[n] = meeting.merges ? ZoneKind.merge : ZoneKind.crossing;
        rule[n] = conflictRule[c];
        ownS[n] = meeting.ownS;
        foeS[n] = meeting.foeS;
        n += 1;
      }
    }
    this.first[numEdges] = n;
    this.foe = foe.slice(0, n);
    this.kind = kind.slice(0, n);
    this.rule = rule.slice(0, n);
    this.ownS = ownS.slice(0, n);
    this.foeS = foeS.slice(0, n);
    this.frame = new Uint32Array(n);
    for (let a = 0; a < numEdges; a += 1)
      for (let z = this.first[a]; z < this.first[a + 1]; z += 1) this.frame[z] = this._frame(a, z);
  }

  private _frame(movement: number, zone: number): number {
    const other = this.foe[zone];
    if (movement < other) return zone;
    for (let z = this.first[other]; z < this.first[other + 1]; z += 1) if (this.foe[z] === movement) return z;
    return zone;
  }
}

/** Where the centre lines of two movements meet; fields hold the answer of the last `find` that found something. */
class Meeting {
  merges = false;
  ownS = 0;
  foeS = 0;
  private readonly _graph: RoadGraph;
  private readonly _own = new Float64Array(2 * maxSamples);
  private readonly _foe = new Float64Array(2 * maxSamples);
  private readonly _p = new Float64Array(2);
  private _movement = -1;
  private _count = 0;

  constructor(graph: RoadGraph) {
    this._graph = graph;
  }

  /** Chooses the own movement. */
  begin(movement: number): void {
    this._movement = movement;
    this._count = sample(this._graph, movement, this._own, this._p);
  }

  /** Compares it with another one; false when they do not meet. */
  find(other: number): boolean {
    const { turnStart, turnTo, edgeLength } = this._graph;
    const { _own: own, _foe: foe, _movement: movement } = this;
    const exits = turnStart[movement] < turnStart[movement + 1] && turnStart[other] < turnStart[other + 1];
    const merges = exits && turnTo[turnStart[movement]] === turnTo[turnStart[other]];
    const count = sample(this._graph, other, foe, this._p);
    const spacing = widest(foe, count);
    let best = Infinity;
    let bestOwn = 0;
    let bestFoe = 0;
    let entryOwn = -1;
    let entryFoe = 0;
    for (let i = 0; i < this._count; i += 1) {
      const x = own[2 * i];
      const y = own[2 * i + 1];
      for (let j = 0; j < count; j += 1) {
        const dx = x - foe[2 * j];
        const dy = y - foe[2 * j + 1];
        const d2 = dx * dx + dy * dy;
        if (entryOwn < 0 && d2 < pathWidth * pathWidth) {
          entryOwn = i * step;
          entryFoe = j * step;
        }
        if (d2 < best) {
          best = d2;
          bestOwn = i * step;
          bestFoe = j * step;
        } else if (d2 > 4 * best && d2 > 25) {
          // None of the next few samples comes near enough.
          j += Math.floor((Math.sqrt(d2) - Math.max(Math.sqrt(best), pathWidth)) / spacing) - 1;
        }
      }
    }
    if (!merges && best >= crossingWidth * crossingWidth) return false;
    this.merges = merges;
    this.ownS = !merges ? bestOwn : entryOwn >= 0 ? entryOwn : edgeLength[movement];
    this.foeS = !merges ? bestFoe : entryOwn >= 0 ? entryFoe : edgeLength[other];
    return true;
  }
}

/** Largest distance between consecutive samples, m, at least `step`. */
function widest(line: Float64Array, count: number): number {
  let most = step;
  for (let i = 1; i < count; i += 1)
    most = Math.max(most, Math.hypot(line[2 * i] - line[2 * i - 2], line[2 * i + 1] - line[2 * i - 1]));
  return most;
}

/** Points of an edge every `step` metres from its first, into `line` as x, y pairs; returns how many. */
function sample(graph: RoadGraph, edge: number, line: Float64Array, point: Float64Array): number {
  let count = 0;
  for (let s = 0; s <= graph.edgeLength[edge] && count < maxSamples; s += step, count += 1) {
    pointAt(graph, edge, s, point);
    line[2 * count] = point[0];
    line[2 * count + 1] = point[1];
  }
  return count;
}
