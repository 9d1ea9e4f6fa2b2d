/** So many different drivers against one edge within this time, ms, are no wrong-way drivers: the map errs, or works divert traffic (W6). */
const drivers = 4;
const withinMs = 600_000;
/** The edge stays in doubt for so long after the last of them, ms. */
const doubtMs = 3_600_000;
/** Edges remembered at a time; the one longest unused makes room. */
const remembered = 256;

/** One-way edges that traffic uses against their direction (rule W6). Asked and told only of vehicles that drive so: a short table is searched. */
export class OneWayDoubt {
  /** Edges that came into doubt. */
  doubted = 0;
  private readonly _edge = new Int32Array(remembered).fill(-1);
  private readonly _sinceMs = new Float64Array(remembered);
  private readonly _lastMs = new Float64Array(remembered).fill(-Infinity);
  private readonly _count = new Uint8Array(remembered);

  /** One more driver goes against the edge. */
  note(edge: number, nowMs: number): void {
    const known = this._find(edge);
    const i = known >= 0 ? known : this._oldest();
    const doubts = this._count[i] >= drivers && nowMs - this._lastMs[i] <= doubtMs;
    if (known < 0 || (!doubts && nowMs - this._sinceMs[i] > withinMs)) {
      this._edge[i] = edge;
      this._sinceMs[i] = nowMs;
      this._count[i] = 0;
    }
    this._lastMs[i] = nowMs;
    if (this._count[i] >= drivers) return;
    this._count[i] += 1;
    if (this._count[i] === drivers) this.doubted += 1;
  }

  isDoubted(edge: number, nowMs: number): boolean {
    const i = this._find(edge);
    return i >= 0 && this._count[i] >= drivers && nowMs - this._lastMs[i] <= doubtMs;
  }

  private _find(edge: number): number {
    return this._edge.indexOf(edge);
  }

  private _oldest(): number {
    let oldest = 0;
    for (let i = 1; i < remembered; i += 1) if (this._lastMs[i] < this._lastMs[oldest]) oldest = i;
    return oldest;
  }
}
