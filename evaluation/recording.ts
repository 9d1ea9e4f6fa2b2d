import { type Plane, planeOf, type RoadGraph } from '../roads/graph/index.ts';
import { readTracks, type Tracks } from '../simulators/index.ts';

/**
 * Recorded traffic of one run, in the order of time. Per row: the position of the front bumper (degrees, and x, y metres in the
 * map's plane), m/s, m/s² (NaN = not recorded), degrees clockwise from north. `rows[rowStart[v] .. rowStart[v + 1])` are the rows of vehicle v.
 */
export interface Recording {
  readonly ids: readonly string[];
  readonly index: ReadonlyMap<string, number>;
  /** m; 0 where not known. */
  readonly lengths: Float32Array;
  readonly widths: Float32Array;
  readonly count: number;
  readonly time: Float64Array;
  readonly vehicle: Uint32Array;
  readonly lat: Float64Array;
  readonly lon: Float64Array;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly speed: Float32Array;
  readonly accel: Float32Array;
  readonly headingDeg: Float32Array;
  readonly signals: Uint16Array;
  /** Index into `edgeIds` of the road edge the recording names, -1 inside junctions and where it names none. */
  readonly edge: Int32Array;
  readonly edgeIds: readonly string[];
  readonly rowStart: Uint32Array;
  readonly rows: Uint32Array;
}

/** Shortest positive time between two rows of one vehicle, s; Infinity when no vehicle has two. */
function stepOf(tracks: Tracks): number {
  const last = new Float64Array(tracks.ids.length).fill(Number.NEGATIVE_INFINITY);
  let step = Number.POSITIVE_INFINITY;
  for (let i = 0; i < tracks.count; i += 1) {
    const vehicle = tracks.vehicle[i];
    const gap = tracks.time[i] - last[vehicle];
    if (gap > 1e-6 && gap < step) step = gap;
    last[vehicle] = tracks.time[i];
  }
  return step;
}

/** Reads track files (SUMO FCD XML or CSV). Where two files have the same vehicle at the same time the one with the finer step counts. */
export async function readRecording(files: readonly string[], graph: RoadGraph): Promise<Recording> {
  const parts: Tracks[] = [];
  for (const file of files) parts.push(await readTracks([file]));
  const finest = parts
    .map((tracks) => ({ tracks, step: stepOf(tracks) }))
    .sort((a, b) => a.step - b.step)
    .map((part) => part.tracks);
  return recordingOf(finest, planeOf(graph));
}

/** Joins tracks, the first named first where they overlap. */
export function recordingOf(parts: readonly Tracks[], plane: Plane): Recording {
  const index = new Map<string, number>();
  const ids: string[] = [];
  const lengths: number[] = [];
  const widths: number[] = [];
  const own: Uint32Array[] = parts.map((tracks) =>
    Uint32Array.from(tracks.ids, (id, i) => {
      let vehicle = index.get(id);
      if (vehicle === undefined) {
        vehicle = ids.length;
        index.set(id, vehicle);
        ids.push(id);
        lengths.push(0);
        widths.push(0);
      }
      if (tracks.lengths[i] > 0) lengths[vehicle] = tracks.lengths[i];
      if (tracks.widths[i] > 0) widths[vehicle] = tracks.widths[i];
      return vehicle;
    }),
  );
  const edgeIds: string[] = [];
  const edgeIndex = new Map<string, number>();
  const ownEdge: Int32Array[] = parts.map((tracks) =>
    Int32Array.from(tracks.edgeIds, (id) => {
      const known = edgeIndex.get(id);
      if (known !== undefined) return known;
      edgeIndex.set(id, edgeIds.length);
      return edgeIds.push(id) - 1;
    }),
  );
  const order = mergeByTime(parts, own);
  const count = order.length / 2;
  const recording = {
    ids,
    index,
    lengths: Float32Array.from(lengths),
    widths: Float32Array.from(widths),
    count,
    time: new Float64Array(count),
    vehicle: new Uint32Array(count),
    lat: new Float64Array(count),
    lon: new Float64Array(count),
    x: new Float64Array(count),
    y: new Float64Array(count),
    speed: new Float32Array(count),
    accel: new Float32Array(count),
    headingDeg: new Float32Array(count),
    signals: new Uint16Array(count),
    edge: new Int32Array(count),
    edgeIds,
    rowStart: new Uint32Array(ids.length + 1),
    rows: new Uint32Array(count),
  };
  for (let i = 0; i < count; i += 1) {
    const tracks = parts[order[2 * i]];
    const row = order[2 * i + 1];
    recording.time[i] = tracks.time[row];
    recording.vehicle[i] = own[order[2 * i]][tracks.vehicle[row]];
    recording.lat[i] = tracks.lat[row];
    recording.lon[i] = tracks.lon[row];
    recording.x[i] = plane.x(tracks.lon[row]);
    recording.y[i] = plane.y(tracks.lat[row]);
    recording.speed[i] = tracks.speed[row];
    recording.accel[i] = tracks.accel[row];
    recording.headingDeg[i] = tracks.headingDeg[row];
    recording.signals[i] = tracks.signals[row];
    recording.edge[i] = tracks.edge[row] < 0 ? -1 : ownEdge[order[2 * i]][tracks.edge[row]];
    recording.rowStart[recording.vehicle[i] + 1] += 1;
  }
  for (let v = 0; v < ids.length; v += 1) recording.rowStart[v + 1] += recording.rowStart[v];
  const next = recording.rowStart.slice();
  for (let i = 0; i < count; i += 1) recording.rows[next[recording.vehicle[i]]++] = i;
  return recording;
}

/** Pairs (part, row) in the order of time, each vehicle and millisecond once. Parts are themselves in the order of time. */
function mergeByTime(parts: readonly Tracks[], own: readonly Uint32Array[]): Uint32Array {
  const total = parts.reduce((sum, tracks) => sum + tracks.count, 0);
  const order = new Uint32Array(2 * total);
  const at = parts.map(() => 0);
  const seen = new Set<number>();
  let now = Number.NaN;
  let kept = 0;
  for (let n = 0; n < total; n += 1) {
    let best = -1;
    for (let p = 0; p < parts.length; p += 1) {
      if (at[p] === parts[p].count) continue;
      if (best < 0 || parts[p].time[at[p]] < parts[best].time[at[best]] - 5e-4) best = p;
    }
    const row = at[best];
    at[best] += 1;
    const ms = Math.round(parts[best].time[row] * 1000);
    if (ms !== now) {
      now = ms;
      seen.clear();
    }
    const vehicle = own[best][parts[best].vehicle[row]];
    if (seen.has(vehicle)) continue;
    seen.add(vehicle);
    order[2 * kept] = best;
    order[2 * kept + 1] = row;
    kept += 1;
  }
  return order.subarray(0, 2 * kept);
}
