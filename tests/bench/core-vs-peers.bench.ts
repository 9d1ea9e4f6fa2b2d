// `npm run bench -- core-vs-peers [--counts 100,1000,10000,100000] [--json]`: one full look at the same traffic by the core and by
// three usual ways. Where a way looks at all pairs and there are too many, a sample of vehicles is compared with all others and the
// time scaled (estimated: true).
import { parseArgs } from 'node:util';
import RBush from 'rbush';
import { boxesOverlap, createEngine } from '../../collision/index.ts';
import { GridTraffic, gridCity } from './grid-city.ts';

const { values } = parseArgs({
  options: {
    counts: { type: 'string', default: '100,1000,10000,100000' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
});
const counts = values.counts.split(',').map(Number);
const startMs = 1_800_000_000_000;
/** Pairs beyond which a way that looks at all of them is sampled. */
const mostPairs = 20_000_000;
const mostRollOutPairs = 200_000;
const round = (ms: number): number => Math.round(ms * 1000) / 1000;

interface Timing {
  readonly ms: number;
  readonly estimated: boolean;
  /** What it found in what it looked at: proof that it did the work. */
  readonly found: number;
}

function timed(work: () => number, share = 1): Timing {
  const from = performance.now();
  const found = work();
  return { ms: round((performance.now() - from) / share), estimated: share < 1, found };
}

/** Median of a few seconds of the core: everybody reports once, ten ticks. */
function core(traffic: GridTraffic, graph: ReturnType<typeof gridCity>): Timing {
  const engine = createEngine(graph, { capacity: traffic.count });
  const times: number[] = [];
  let found = 0;
  for (let second = 0; second < 8; second += 1) {
    let spent = 0;
    for (let slice = 0; slice < 10; slice += 1) {
      for (let i = slice; i < traffic.count; i += 10) traffic.advance(i, 1);
      const nowMs = startMs + 1000 * second + 100 * slice;
      const from = performance.now();
      for (let i = slice; i < traffic.count; i += 10)
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
      do engine.tick(nowMs + 5);
      while (engine.pending > 0);
      spent += performance.now() - from;
      found += engine.drainAlerts().length;
    }
    if (second >= 3) times.push(spent);
  }
  times.sort((a, b) => a - b);
  return { ms: round(times[Math.floor(times.length / 2)]), estimated: false, found };
}

function velocities(traffic: GridTraffic): { vx: Float64Array; vy: Float64Array; hx: Float64Array; hy: Float64Array } {
  const n = traffic.count;
  const out = { vx: new Float64Array(n), vy: new Float64Array(n), hx: new Float64Array(n), hy: new Float64Array(n) };
  for (let i = 0; i < n; i += 1) {
    const heading = (traffic.headingDeg[i] * Math.PI) / 180;
    out.hx[i] = Math.sin(heading);
    out.hy[i] = Math.cos(heading);
    out.vx[i] = traffic.speed[i] * out.hx[i];
    out.vy[i] = traffic.speed[i] * out.hy[i];
  }
  return out;
}

/** Closest approach of straight lines, every pair: within 4 m in at most 36 s. */
function allPairs(traffic: GridTraffic): Timing {
  const { x, y, count } = traffic;
  const { vx, vy } = velocities(traffic);
  const rows = Math.min(count, Math.max(1, Math.floor((2 * mostPairs) / count)));
  const look = (): number => {
    let found = 0;
    for (let i = 0; i < rows; i += 1)
      for (let j = rows === count ? i + 1 : 0; j < count; j += 1) {
        const rx = x[j] - x[i];
        const ry = y[j] - y[i];
        const wx = vx[j] - vx[i];
        const wy = vy[j] - vy[i];
        const closing = rx * wx + ry * wy;
        if (closing >= 0) continue;
        const t = -closing / (wx * wx + wy * wy);
        if (t > 36) continue;
        const cx = rx + wx * t;
        const cy = ry + wy * t;
        if (cx * cx + cy * cy <= 16) found += 1;
      }
    return found;
  };
  look();
  // A sampled row looks at everybody, a full run at each pair once: twice as many looks.
  return timed(look, rows === count ? 1 : (2 * rows) / count);
}

/** The tree built anew and everybody's surroundings (150 m) asked of it, then the same closest approach. */
function tree(traffic: GridTraffic): Timing {
  const { x, y, count } = traffic;
  const { vx, vy } = velocities(traffic);
  const look = (): number => {
    const index = new RBush<{ minX: number; minY: number; maxX: number; maxY: number; i: number }>();
    index.load(Array.from({ length: count }, (_, i) => ({ minX: x[i], minY: y[i], maxX: x[i], maxY: y[i], i })));
    let found = 0;
    for (let i = 0; i < count; i += 1)
      for (const { i: j } of index.search({ minX: x[i] - 150, minY: y[i] - 150, maxX: x[i] + 150, maxY: y[i] + 150 })) {
        if (j <= i) continue;
        const rx = x[j] - x[i];
        const ry = y[j] - y[i];
        const wx = vx[j] - vx[i];
        const wy = vy[j] - vy[i];
        const closing = rx * wx + ry * wy;
        if (closing >= 0) continue;
        const t = -closing / (wx * wx + wy * wy);
        const cx = rx + wx * t;
        const cy = ry + wy * t;
        if (cx * cx + cy * cy <= 16) found += 1;
      }
    return found;
  };
  look();
  return timed(look);
}

/** OpenV2X's way as its description has it: every pair's bodies rolled out for 5 s in steps of 0.2 s. */
function rollOut(traffic: GridTraffic): Timing {
  const { x, y, count } = traffic;
  const { vx, vy, hx, hy } = velocities(traffic);
  const rows = Math.min(count, Math.max(1, Math.floor((2 * mostRollOutPairs) / count)));
  const look = (): number => {
    let found = 0;
    for (let i = 0; i < rows; i += 1)
      for (let j = rows === count ? i + 1 : 0; j < count; j += 1) {
        if (i === j) continue;
        for (let k = 0; k <= 25; k += 1) {
          const t = 0.2 * k;
          if (
            boxesOverlap(
              x[i] + vx[i] * t,
              y[i] + vy[i] * t,
              hx[i],
              hy[i],
              4.5,
              1.8,
              x[j] + vx[j] * t,
              y[j] + vy[j] * t,
              hx[j],
              hy[j],
              4.5,
              1.8,
            )
          ) {
            found += 1;
            break;
          }
        }
      }
    return found;
  };
  look();
  return timed(look, rows === count ? 1 : (2 * rows) / count);
}

const rows = counts.map((vehicles) => {
  const size = Math.max(4, Math.round(Math.sqrt(vehicles / 11)));
  const graph = gridCity(size, 200);
  const traffic = new GridTraffic(graph, vehicles, Number(values.seed));
  const own = core(traffic, graph);
  const peers = { allPairsCpa: allPairs(traffic), rbush: tree(traffic), boxRollOut: rollOut(traffic) };
  const ratio = (peer: Timing): number => Math.round((peer.ms / own.ms) * 1000) / 1000;
  return {
    vehicles,
    coreMs: own.ms,
    coreAlertEvents: own.found,
    peers,
    timesCore: {
      allPairsCpa: ratio(peers.allPairsCpa),
      rbush: ratio(peers.rbush),
      boxRollOut: ratio(peers.boxRollOut),
    },
  };
});
if (values.json) process.stdout.write(`${JSON.stringify({ seed: Number(values.seed), rows })}\n`);
else
  for (const row of rows)
    process.stdout.write(
      `${row.vehicles}: core ${row.coreMs} ms; all-pairs CPA ${row.peers.allPairsCpa.ms} ms (${row.timesCore.allPairsCpa} x), rbush ` +
        `${row.peers.rbush.ms} ms (${row.timesCore.rbush} x), box roll-out ${row.peers.boxRollOut.ms} ms (${row.timesCore.boxRollOut} x)\n`,
    );
