/** Steps an insertion may walk before it settles for an approximate place (10,000 vehicles on one point stay linear). */
const maxWalk = 48;

/**
 * Vehicles on each edge, ordered by `s`, as one doubly linked list per edge: L1. Insertion starts from the old place, so a
 * vehicle that moves on costs a few pointer reads. `head[e]` is the most upstream vehicle, `tail[e]` the most downstream, -1 none.
 */
export class EdgeOrder {
  readonly head: Int32Array;
  readonly tail: Int32Array;
  /** Next vehicle downstream and upstream on the same edge, -1 none. */
  readonly ahead: Int32Array;
  readonly behind: Int32Array;
  /** Edge under which the slot is filed, -1 none. */
  readonly filed: Int32Array;
  /** Insertions that gave up after `maxWalk` steps. */
  crowded = 0;
  private readonly _s: Float64Array;

  constructor(numEdges: number, capacity: number, s: Float64Array) {
    this.head = new Int32Array(numEdges).fill(-1);
    this.tail = new Int32Array(numEdges).fill(-1);
    this.ahead = new Int32Array(capacity).fill(-1);
    this.behind = new Int32Array(capacity).fill(-1);
    this.filed = new Int32Array(capacity).fill(-1);
    this._s = s;
  }

  remove(slot: number): void {
    const edge = this.filed[slot];
    if (edge < 0) return;
    const next = this.ahead[slot];
    const previous = this.behind[slot];
    if (next >= 0) this.behind[next] = previous;
    else this.tail[edge] = previous;
    if (previous >= 0) this.ahead[previous] = next;
    else this.head[edge] = next;
    this.filed[slot] = -1;
    this.ahead[slot] = -1;
    this.behind[slot] = -1;
  }

  /** Files the slot under `edge` (-1 = nowhere) at its present `s`. */
  place(slot: number, edge: number): void {
    const s = this._s;
    const here = s[slot];
    if (this.filed[slot] === edge && edge >= 0) {
      const next = this.ahead[slot];
      const previous = this.behind[slot];
      const ordered = (next < 0 || s[next] >= here) && (previous < 0 || s[previous] <= here);
      if (ordered) return;
      this.remove(slot);
      if (next >= 0 && s[next] < here) this._insertFrom(slot, edge, next);
      else this._insertBelow(slot, edge, previous);
      return;
    }
    this.remove(slot);
    if (edge < 0) return;
    const first = this.head[edge];
    const last = this.tail[edge];
    if (first < 0) this._link(slot, edge, -1, -1);
    else if (here - s[first] <= s[last] - here) this._insertFrom(slot, edge, -1);
    else this._insertBelow(slot, edge, last);
  }

  /** Walks downstream from `after` (-1 = before the head) until the next vehicle is not upstream of the slot. */
  private _insertFrom(slot: number, edge: number, after: number): void {
    const s = this._s;
    const here = s[slot];
    let previous = after;
    let next = after < 0 ? this.head[edge] : this.ahead[after];
    let steps = 0;
    while (next >= 0 && s[next] < here) {
      previous = next;
      next = this.ahead[next];
      steps += 1;
      if (steps >= maxWalk) {
        this.crowded += 1;
        break;
      }
    }
    this._link(slot, edge, previous, next);
  }

  /** Walks upstream from `below` until a vehicle is not downstream of the slot. */
  private _insertBelow(slot: number, edge: number, below: number): void {
    const s = this._s;
    const here = s[slot];
    let previous = below;
    let steps = 0;
    while (previous >= 0 && s[previous] > here) {
      previous = this.behind[previous];
      steps += 1;
      if (steps >= maxWalk) {
        this.crowded += 1;
        break;
      }
    }
    const next = previous < 0 ? this.head[edge] : this.ahead[previous];
    this._link(slot, edge, previous, next);
  }

  private _link(slot: number, edge: number, previous: number, next: number): void {
    this.filed[slot] = edge;
    this.behind[slot] = previous;
    this.ahead[slot] = next;
    if (previous >= 0) this.ahead[previous] = slot;
    else this.head[edge] = slot;
    if (next >= 0) this.behind[next] = slot;
    else this.tail[edge] = slot;
  }
}
