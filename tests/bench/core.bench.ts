// `npm run bench -- core [--vehicles 100000] [--seconds 10] [--live 50000] [--json]`: the collision core fed from memory, 1 Hz a vehicle in ten
// beats. ns per vehicle of its parts and of a whole pass, longest slice (512 states or one tick) of each beat, memory, and how long after a
// state that calls for a warning the core has decided (`--live 50000` vehicles in real time).
import { parseArgs } from 'node:util';
import { filterStart, filterStep } from '../../collision/filter.ts';
import { arrivalOverlap, createEngine } from '../../collision/index.ts';
import { Tracks } from '../../collision/tracks.ts';
import { MapMatcher, SpatialIndex } from '../../roads/graph/index.ts';
import { type DecisionLatency, decisionLatency } from './decision-latency.ts';
import { GridTraffic, gridCity } from './grid-city.ts';

const { values } = parseArgs({
  options: {
    vehicles: { type: 'string', default: '100000' },
    seconds: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    live: { type: 'string', default: '50000' },
    json: { type: 'boolean', default: false },
  },
});
const vehicles = Number(values.vehicles);
const seconds = Number(values.seconds);
if (!(vehicles >= 100 && vehicles <= 1_000_000)) throw new RangeError(`--vehicles ${values.vehicles}: 100 to 1000000`);
if (!(seconds >= 3 && seconds <= 600)) throw new RangeError(`--seconds ${values.seconds}: 3 to 600`);

const beats = 10;
const startMs = 1_800_000_000_000;
const megabytes = (bytes: number): number => Math.round((bytes / 2 ** 20) * 10) / 10;
const round = (value: number): number => Math.round(value * 10) / 10;
const quantile = (sorted: readonly number[], q: number): number => sorted[Math.floor(q * (sorted.length - 1))];

// As dense whatever the number: about 14 vehicles per kilometre of lane.
const size = Math.max(4, Math.round(Math.sqrt(vehicles / 11)));
const graph = gridCity(size, 200);
const collect = globalThis.gc;
if (collect === undefined) throw new Error('run with --expose-gc');

/** Heap and array buffers after a full collection. */
function held(): number {
  collect?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function perItem(repeat: number, items: number, work: () => void): number {
  work();
  const best: number[] = [];
  for (let k = 0; k < repeat; k += 1) {
    const from = performance.now();
    work();
    best.push(((performance.now() - from) * 1e6) / items);
  }
  return best.sort((a, b) => a - b)[Math.floor(repeat / 2)];
}

function filterNs(): number {
  const t = new Tracks(vehicles);
  for (let i = 0; i < vehicles; i += 1) filterStart(t, i, 0, 4, 12, 0);
  return perItem(7, vehicles, () => {
    for (let i = 0; i < vehicles; i += 1) filterStep(t, i, 1, 12 + (i % 7) * 0.1, 4, 12 + (i % 5) * 0.05, Number.NaN);
  });
}

function matchingNs(): number {
  const index = new SpatialIndex(graph);
  const matcher = new MapMatcher(graph, index, { capacity: vehicles });
  const traffic = new GridTraffic(graph, vehicles, Number(values.seed));
  let spent = 0;
  let steps = 0;
  const last = Math.max(6, Math.ceil(300_000 / vehicles));
  for (let k = 0; k < last; k += 1) {
    for (let i = 0; i < vehicles; i += 1) traffic.advance(i, 1);
    const from = performance.now();
    for (let i = 0; i < vehicles; i += 1) {
      const heading = (traffic.headingDeg[i] * Math.PI) / 180;
      matcher.match(i, startMs + 1000 * k, traffic.x[i], traffic.y[i], traffic.speed[i], heading, 1.5);
    }
    if (k >= last / 3) {
      spent += performance.now() - from;
      steps += vehicles;
    }
  }
  return (spent * 1e6) / steps;
}

/** Eight conflict windows a vehicle. */
function probabilityNs(): number {
  let sum = 0;
  const ns = perItem(5, vehicles, () => {
    for (let i = 0; i < vehicles; i += 1)
      for (let k = 0; k < 8; k += 1) sum += arrivalOverlap(5 + (i % 13) * 0.1, 0.6, 0.8, 5 + k * 0.2, 0.7, 0.9, 0);
  });
  if (!(sum > 0)) throw new Error('no probability at all');
  return ns;
}

const filter = filterNs();
const matching = matchingNs();
const probability = probabilityNs();

const before = held();
const traffic = new GridTraffic(graph, vehicles, Number(values.seed));
const withTraffic = held();
const engine = createEngine(graph, { capacity: vehicles });
let alerts = 0;
const updateMs: number[] = [];
const tickMs: number[] = [];
const sliceMs: number[] = [];
const allocated: number[] = [];
/** States handed over between two looks at the clock, as the core's thread does, so that no slice is longer than it must be. */
const statesPerSlice = 512;
function report(i: number, nowMs: number): void {
  engine.update(
    i,
    1,
    nowMs,
    traffic.lat[i],
    traffic.lon[i],
    traffic.speed[i],
    traffic.headingDeg[i],
    0,
    Number.NaN,
    Number.NaN,
    4.5,
    1.8,
    5,
    0,
  );
}
/**
 * One second of the city: ten beats, each with a tenth of the vehicles, handed over in slices, then ticks until nobody for whom something
 * presses, or whose turn has come, is left.
 */
function pass(second: number): void {
  let updates = 0;
  let ticks = 0;
  const heap = process.memoryUsage().heapUsed;
  for (let beat = 0; beat < beats; beat += 1) {
    for (let i = beat; i < vehicles; i += beats) traffic.advance(i, 1);
    const nowMs = startMs + 1000 * second + 100 * beat;
    const stride = statesPerSlice * beats;
    let longest = 0;
    for (let first = beat; first < vehicles; first += stride) {
      const from = performance.now();
      for (let i = first; i < Math.min(first + stride, vehicles); i += beats) report(i, nowMs);
      const spent = performance.now() - from;
      updates += spent;
      longest = Math.max(longest, spent);
    }
    do {
      const from = performance.now();
      engine.tick(nowMs + 5);
      const spent = performance.now() - from;
      alerts += engine.drainAlerts().length;
      ticks += spent;
      longest = Math.max(longest, spent);
    } while (engine.pending > 0);
    sliceMs.push(longest);
  }
  updateMs.push(updates);
  tickMs.push(ticks);
  allocated.push(Math.max(0, process.memoryUsage().heapUsed - heap));
}
const warmUp = Math.max(4, Math.ceil(100_000 / vehicles));
for (let second = 0; second < warmUp; second += 1) pass(second);
updateMs.length = 0;
tickMs.length = 0;
sliceMs.length = 0;
allocated.length = 0;
const alertsBefore = alerts;
for (let second = warmUp; second < warmUp + seconds; second += 1) pass(second);
const after = held();

const median = (some: readonly number[]): number =>
  quantile(
    [...some].sort((a, b) => a - b),
    0.5,
  );
const slicesSorted = [...sliceMs].sort((a, b) => a - b);
const fullPassMs = median(updateMs) + median(tickMs);
const counters = engine.counters();
const live = Number(values.live);
const latency: DecisionLatency | undefined = live > 0 ? decisionLatency(live, seconds, Number(values.seed)) : undefined;
const result = {
  vehicles,
  edges: graph.numEdges,
  seconds,
  nsPerVehicle: {
    filter: round(filter),
    matching: round(matching),
    /** Intake of one report: decoding aside, everything before the tick (matching and filter included). */
    update: round((median(updateMs) * 1e6) / vehicles),
    /** Path tree, conflict windows, leaders, crossing sweep, hazards, life cycle. */
    zones: round((median(tickMs) * 1e6) / vehicles),
    /** Eight windows. */
    probability: round(probability),
    total: round((fullPassMs * 1e6) / vehicles),
  },
  fullPassMs: round(fullPassMs),
  sliceMs: {
    p50: round(quantile(slicesSorted, 0.5)),
    p99: round(quantile(slicesSorted, 0.99)),
    max: round(quantile(slicesSorted, 1)),
  },
  memoryMb: {
    engine: megabytes(after - withTraffic),
    traffic: megabytes(withTraffic - before),
    graph: megabytes(graph.buffer.byteLength),
  },
  allocatedKbPerPass: Math.round(median(allocated) / 1024),
  alertsPerPass: Math.round((alerts - alertsBefore) / seconds),
  unmatched: counters.unmatched ?? 0,
  decisionMs: latency,
};
process.stdout.write(
  values.json
    ? `${JSON.stringify(result)}\n`
    : `${vehicles} vehicles, ${result.edges} edges: full pass ${result.fullPassMs} ms, ${result.nsPerVehicle.total} ns per vehicle ` +
        `(filter ${result.nsPerVehicle.filter}, matching ${result.nsPerVehicle.matching}, update ${result.nsPerVehicle.update}, zones ` +
        `${result.nsPerVehicle.zones}, probability ${result.nsPerVehicle.probability}), longest slice p99 ${result.sliceMs.p99} ms, ` +
        `${result.memoryMb.engine} MB, ${result.alertsPerPass} alert events a second` +
        `${latency ? `; decision p99 ${latency.p99} ms at ${latency.vehicles} vehicles in real time (busy ${latency.busy})` : ''}\n`,
);
