import { type CollisionEngine, createEngine, normalCdf } from '../collision/index.ts';
import type { RoadGraph } from '../roads/graph/index.ts';
import { epochMs, tickMs } from './drive.ts';
import type { Recording } from './recording.ts';
import { stationTypeOf } from './station-type.ts';

/** How well the core foresees where a driver will be (collision.md 3.4 and 9c). */
export interface ArrivalCalibration {
  readonly seconds: number;
  /** Predictions checked: drivers for whom nothing was known that would change their pace. */
  readonly count: number;
  /** Share of all predictions that were of this kind. */
  readonly share: number;
  readonly medianError: number;
  /** Root mean square of the error and of the foretold sigma, m. */
  readonly rmsError: number;
  readonly rmsSigma: number;
  /** Per quantile of the model the share of drivers who came less far: equal to it when the model is right. */
  readonly quantiles: readonly { readonly model: number; readonly seen: number }[];
  readonly worst: number;
}

const horizon = 36;
/** The core must have known a driver this long, and is asked again after this, s. */
const known = 60;
const again = 18;
const models = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95];
const longestRoad = 96;

interface Question {
  readonly time: number;
  readonly driven: number;
  readonly metres: number;
  readonly steady: number;
  readonly shaken: number;
  readonly share: number;
}

/** Per vehicle the edges it was matched to, with the time it came onto each. */
interface DrivenEdges {
  readonly time: number[];
  readonly edge: number[];
}

/** Reports at most once a second of recording time. `each` gets the row; the engine has taken it. */
function play(
  engine: CollisionEngine,
  recording: Recording,
  until: number,
  ticks: boolean,
  each: (row: number) => void,
) {
  const { time, vehicle, lat, lon, speed, accel, headingDeg, lengths, widths } = recording;
  const last = new Float64Array(recording.ids.length).fill(Number.NEGATIVE_INFINITY);
  let nextTick = time[0];
  for (let i = 0; i < recording.count && time[i] < until; i += 1) {
    for (; ticks && nextTick <= time[i]; nextTick += tickMs / 1000) {
      engine.tick(epochMs + Math.round(nextTick * 1000));
      engine.drainAlerts();
    }
    const v = vehicle[i];
    if (time[i] - last[v] < 0.95) continue;
    last[v] = time[i];
    const [length, width] = [lengths[v], widths[v]];
    engine.update(
      v,
      1,
      epochMs + Math.round(time[i] * 1000),
      lat[i],
      lon[i],
      speed[i],
      headingDeg[i],
      accel[i],
      Number.NaN,
      Number.NaN,
      length,
      width,
      stationTypeOf(length, width),
      0,
    );
    each(i);
  }
}

/** Drives the recording twice: once to know every driver's road, once to ask the core where each will be on it 36 s later. */
export function calibrateArrival(
  graph: RoadGraph,
  recording: Recording,
  until = Number.POSITIVE_INFINITY,
): ArrivalCalibration {
  const capacity = Math.max(1, recording.ids.length);
  const { time, vehicle, x, y } = recording;
  const roads: DrivenEdges[] = recording.ids.map(() => ({ time: [], edge: [] }));
  const scout = createEngine(graph, { capacity });
  play(scout, recording, until + horizon, false, (i) => {
    const road = roads[vehicle[i]];
    const edge = scout.fleet.edge[vehicle[i]];
    if (road.edge.at(-1) === edge) return;
    road.time.push(time[i]);
    road.edge.push(edge);
  });
  const engine = createEngine(graph, { capacity });
  const before = new Int32Array(capacity).fill(-1);
  const driven = new Float64Array(capacity);
  const askAt = new Float64Array(capacity);
  const open: Question[][] = recording.ids.map(() => []);
  const edges = new Int32Array(longestRoad);
  const out = new Float64Array(4);
  const pits: number[] = [];
  const errors: number[] = [];
  let squares = 0;
  let asked = 0;
  play(engine, recording, until, true, (i) => {
    const v = vehicle[i];
    const b = before[v];
    before[v] = i;
    if (b < 0 || time[i] - time[b] > 1.5 || engine.fleet.edge[v] < 0) {
      open[v] = [];
      askAt[v] = time[i] + known;
      return;
    }
    driven[v] += Math.hypot(x[i] - x[b], y[i] - y[b]);
    const oldest = open[v][0];
    if (oldest !== undefined && time[i] >= oldest.time + horizon - 0.01) {
      open[v].shift();
      const error = driven[v] - oldest.driven - oldest.metres;
      const below = (sigma: number): number => normalCdf(error / sigma);
      pits.push((1 - oldest.share) * below(oldest.steady) + oldest.share * below(oldest.shaken));
      errors.push(error);
      squares += (1 - oldest.share) * oldest.steady ** 2 + oldest.share * oldest.shaken ** 2;
    }
    if (time[i] < askAt[v]) return;
    askAt[v] = time[i] + again;
    asked += 1;
    const count = roadAhead(graph, roads[v], time[i], edges);
    if (!engine.foresee(v, horizon, edges, count, out)) return;
    open[v].push({ time: time[i], driven: driven[v], metres: out[0], steady: out[1], shaken: out[2], share: out[3] });
  });
  const count = pits.length;
  const quantiles = models.map((model) => ({
    model,
    seen: count === 0 ? Number.NaN : pits.filter((pit) => pit < model).length / count,
  }));
  const sorted = errors.toSorted((a, b) => a - b);
  return {
    seconds: horizon,
    count,
    share: asked === 0 ? 0 : count / asked,
    medianError: sorted[count >> 1] ?? Number.NaN,
    rmsError: Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / count),
    rmsSigma: Math.sqrt(squares / count),
    quantiles,
    worst: Math.max(...quantiles.map(({ model, seen }) => Math.abs(seen - model))),
  };
}

/** Fills `edges` with the road driven from the present edge on, movements the matcher passed over put in; returns how many. */
function roadAhead(graph: RoadGraph, road: DrivenEdges, now: number, edges: Int32Array): number {
  let k = road.time.length - 1;
  while (k > 0 && road.time[k] > now) k -= 1;
  edges[0] = road.edge[k];
  let count = 1;
  for (k += 1; k < road.edge.length && count < edges.length - 1; k += 1) {
    const next = road.edge[k];
    if (next < 0) break;
    const via = joinOf(graph, edges[count - 1], next);
    if (via === undefined) break;
    if (via >= 0) {
      edges[count] = via;
      count += 1;
    }
    edges[count] = next;
    count += 1;
  }
  return count;
}

/** -1 when `to` follows `from`, the movement between them when there is one, undefined when they are farther apart. */
function joinOf({ turnStart, turnTo }: RoadGraph, from: number, to: number): number | undefined {
  for (let k = turnStart[from]; k < turnStart[from + 1]; k += 1) if (turnTo[k] === to) return -1;
  for (let k = turnStart[from]; k < turnStart[from + 1]; k += 1) {
    const via = turnTo[k];
    for (let j = turnStart[via]; j < turnStart[via + 1]; j += 1) if (turnTo[j] === to) return via;
  }
  return undefined;
}
