/**
 * Recorded traffic as columns, ordered by time, then by file and line. Position is the middle of the front bumper (WGS 84 degrees),
 * heading degrees clockwise from north. `vehicle` indexes `ids`.
 */
export interface Tracks {
  readonly ids: readonly string[];
  /** Per vehicle, m; 0 = not known. */
  readonly lengths: Float32Array;
  readonly widths: Float32Array;
  readonly count: number;
  /** Seconds of the recording. */
  readonly time: Float64Array;
  readonly vehicle: Uint32Array;
  readonly lon: Float64Array;
  readonly lat: Float64Array;
  readonly speed: Float32Array;
  readonly accel: Float32Array;
  readonly headingDeg: Float32Array;
  /** SUMO's bit set (1 right blinker, 2 left blinker, 8 brake light); 0 where the file has none. */
  readonly signals: Uint16Array;
  /** Index into `edgeIds` of the road edge the file names; -1 inside junctions and where it names none. */
  readonly edge: Int32Array;
  readonly edgeIds: readonly string[];
}

/** Numbers of one row in the builder. */
const stride = 9;

/** Grows by doubling; `finish` sorts by time (stable). */
export class TracksBuilder {
  private readonly ids: string[] = [];
  private readonly index = new Map<string, number>();
  private readonly edgeIds: string[] = [];
  private readonly edgeIndex = new Map<string, number>();
  private readonly sizes = new Map<string, readonly [number, number]>();
  private count = 0;
  private rows = new Float64Array(stride * 4096);

  add(
    time: number,
    id: string,
    lon: number,
    lat: number,
    speed: number,
    accel: number,
    headingDeg: number,
    signals: number,
    laneId: string,
  ): void {
    if (stride * (this.count + 1) > this.rows.length) {
      const grown = new Float64Array(2 * this.rows.length);
      grown.set(this.rows);
      this.rows = grown;
    }
    let vehicle = this.index.get(id);
    if (vehicle === undefined) {
      vehicle = this.ids.length;
      this.ids.push(id);
      this.index.set(id, vehicle);
    }
    const at = stride * this.count++;
    this.rows[at] = time;
    this.rows[at + 1] = vehicle;
    this.rows[at + 2] = lon;
    this.rows[at + 3] = lat;
    this.rows[at + 4] = speed;
    this.rows[at + 5] = accel;
    this.rows[at + 6] = headingDeg;
    this.rows[at + 7] = signals;
    this.rows[at + 8] = this.edgeOf(laneId);
  }

  /** SUMO names a lane by its edge and a number: `edge_0`; edges inside junctions begin with a colon. */
  private edgeOf(laneId: string): number {
    if (laneId === '' || laneId.startsWith(':')) return -1;
    const id = laneId.slice(0, laneId.lastIndexOf('_'));
    let edge = this.edgeIndex.get(id);
    if (edge === undefined) {
      edge = this.edgeIds.length;
      this.edgeIds.push(id);
      this.edgeIndex.set(id, edge);
    }
    return edge;
  }

  setSize(id: string, length: number, width: number): void {
    this.sizes.set(id, [length, width]);
  }

  finish(): Tracks {
    const { count, rows } = this;
    const order = Uint32Array.from({ length: count }, (_, i) => i).sort(
      (a, b) => rows[stride * a]! - rows[stride * b]! || a - b,
    );
    const column = <T extends Float64Array | Float32Array | Uint32Array | Int32Array | Uint16Array>(
      into: T,
      offset: number,
    ): T => {
      for (let i = 0; i < count; i++) into[i] = rows[stride * order[i]! + offset]!;
      return into;
    };
    return {
      ids: this.ids,
      lengths: Float32Array.from(this.ids, (id) => this.sizes.get(id)?.[0] ?? 0),
      widths: Float32Array.from(this.ids, (id) => this.sizes.get(id)?.[1] ?? 0),
      count,
      time: column(new Float64Array(count), 0),
      vehicle: column(new Uint32Array(count), 1),
      lon: column(new Float64Array(count), 2),
      lat: column(new Float64Array(count), 3),
      speed: column(new Float32Array(count), 4),
      accel: column(new Float32Array(count), 5),
      headingDeg: column(new Float32Array(count), 6),
      signals: column(new Uint16Array(count), 7),
      edge: column(new Int32Array(count), 8),
      edgeIds: this.edgeIds,
    };
  }
}
