import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { FleetView } from '../../collision/index.ts';
import { type CrashEvent, createCrashDetector } from '../../incidents/index.ts';
import type { RoadGraph } from '../../roads/graph/index.ts';
import { sharedData } from '../fixtures/shared-data.ts';

/** One state of a recorded vehicle; time in tenths of a second of the recording. */
export interface RecordedState {
  readonly tenth: number;
  readonly vehicle: number;
  readonly lon: number;
  readonly lat: number;
  readonly speed: number;
  readonly headingDeg: number;
}

/** Reads the named columns of a shared CSV file (plain or gzip), line by line. */
export function readCsv(path: string, columns: readonly string[], row: (fields: readonly string[]) => void): void {
  const bytes = readFileSync(sharedData(path));
  const lines = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('latin1').split(/\r?\n/);
  const header = lines[0].split(',');
  const positions = columns.map((column) => {
    const position = header.indexOf(column);
    if (position < 0) throw new Error(`${path}: no column ${column}`);
    return position;
  });
  for (const line of lines.slice(1)) {
    if (line === '') continue;
    const fields = line.split(',');
    row(positions.map((position) => fields[position]));
  }
}

/** A recording in order of time, each (vehicle, tenth) once (windows of neighbouring crashes overlap). */
export function readTracks(path: string): RecordedState[] {
  const seen = new Set<number>();
  const states: RecordedState[] = [];
  readCsv(
    path,
    ['time_s', 'vehicle', 'lon', 'lat', 'speed_mps', 'heading_deg'],
    ([time, id, lon, lat, speed, heading]) => {
      const tenth = Math.round(Number(time) * 10);
      const vehicle = Number(id);
      const key = vehicle * 1_000_000 + tenth;
      if (seen.has(key)) return;
      seen.add(key);
      states.push({
        tenth,
        vehicle,
        lon: Number(lon),
        lat: Number(lat),
        speed: Number(speed),
        headingDeg: Number(heading),
      });
    },
  );
  return states.sort((a, b) => a.tenth - b.tenth);
}

/** The recording as it would be sent at a lower rate, each vehicle with its own phase. */
export function thinned(states: readonly RecordedState[], hertz: number): RecordedState[] {
  const every = 10 / hertz;
  return states.filter((state) => (state.tenth + state.vehicle * 7) % every === 0);
}

/** A fleet view of `capacity` vehicles without a map, for the detector alone. */
export function bareFleet(capacity: number): FleetView {
  const buffer = new ArrayBuffer(0);
  return {
    capacity,
    buffer,
    sequence: new Int32Array(capacity),
    generation: new Uint32Array(capacity).fill(1),
    timestampMs: new Float64Array(capacity),
    lat: new Float64Array(capacity),
    lon: new Float64Array(capacity),
    speed: new Float32Array(capacity),
    headingDeg: new Float32Array(capacity),
    accel: new Float32Array(capacity),
    edge: new Int32Array(capacity).fill(-1),
    offset: new Float32Array(capacity),
    lateral: new Float32Array(capacity),
    matchConfidence: new Float32Array(capacity),
    length: new Float32Array(capacity),
    width: new Float32Array(capacity),
    stationType: new Uint8Array(capacity),
    flags: new Uint32Array(capacity),
    stage: new Uint8Array(capacity),
  };
}

/** A graph without roads about a place. */
export function bareGraph(originLat: number, originLon: number): RoadGraph {
  const floats = new Float64Array(0);
  const singles = new Float32Array(0);
  const words = new Uint32Array(1);
  const bytes = new Uint8Array(0);
  return {
    buffer: new ArrayBuffer(0),
    mapHash: '',
    originLat,
    originLon,
    bounds: [0, 0, 0, 0],
    numNodes: 0,
    numEdges: 0,
    numTurns: 0,
    numConflicts: 0,
    nodeX: floats,
    nodeY: floats,
    nodeKind: bytes,
    edgeFrom: words,
    edgeTo: words,
    edgeLength: singles,
    edgeLimit: singles,
    edgeClass: bytes,
    edgeLanes: bytes,
    edgeWidth: singles,
    edgeLevel: new Int8Array(0),
    edgeFlags: new Uint16Array(0),
    edgeReverse: new Int32Array(0),
    edgeName: words,
    edgeNameFa: words,
    edgeSource: words,
    edgeShape: words,
    shapeX: floats,
    shapeY: floats,
    shapeS: singles,
    turnStart: words,
    turnTo: words,
    comeStart: words,
    comeFrom: words,
    edgeTurn: bytes,
    edgeControl: bytes,
    edgeFromLaneLow: bytes,
    edgeFromLaneHigh: bytes,
    conflictStart: words,
    conflictWith: words,
    conflictRule: bytes,
    featureStart: words,
    featureKind: bytes,
    featureS: singles,
    strings: [''],
  };
}

export interface Told extends CrashEvent {
  /** When the detector said so, ms of the recording. */
  readonly toldMs: number;
}

/** Runs the detector over a recording at 10 ticks a second. */
export function detect(states: readonly RecordedState[], fleet: FleetView): { told: Told[]; vehicleHours: number } {
  const detector = createCrashDetector(bareGraph(states[0].lat, states[0].lon), fleet);
  const told: Told[] = [];
  const last = new Map<number, number>();
  let vehicleTenths = 0;
  let now = states[0].tenth;
  const tickTo = (tenth: number): void => {
    for (; now < tenth; now++) for (const event of detector.tick(now * 100)) told.push({ ...event, toldMs: now * 100 });
  };
  for (const state of states) {
    tickTo(state.tenth);
    const since = state.tenth - (last.get(state.vehicle) ?? Number.NEGATIVE_INFINITY);
    if (since <= 15) vehicleTenths += since;
    last.set(state.vehicle, state.tenth);
    const { tenth, vehicle, lat, lon, speed, headingDeg } = state;
    detector.observe(vehicle, tenth * 100, lat, lon, speed, headingDeg, Number.NaN, 0);
  }
  tickTo(now + 400);
  return { told, vehicleHours: vehicleTenths / 36_000 };
}
