import { createEngine } from '../../collision/index.ts';
import { GridTraffic, gridCity } from './grid-city.ts';

const warmUpSeconds = 4;
/** As the core's thread does: states taken between two looks at the clock, and ms between two ticks while states come in. */
const statesPerTurn = 512;
const lookPeriodMs = 10;
const startMs = 1_800_000_000_000;

export interface DecisionLatency {
  readonly vehicles: number;
  /** Warnings and alarms measured. */
  readonly decisions: number;
  /** From the state that called for it to the decision, on the core's own clock; it waits its turn among the other states. */
  readonly p50: number;
  readonly p99: number;
  /** Part of the time the core was at work; above 1 it fell behind. */
  readonly busy: number;
}

/** A city at 1 Hz a vehicle, evenly spread over the second, fed from memory in real time. */
export function decisionLatency(vehicles: number, seconds: number, seed: number): DecisionLatency {
  const graph = gridCity(Math.max(4, Math.round(Math.sqrt(vehicles / 11))), 200);
  const traffic = new GridTraffic(graph, vehicles, seed);
  const engine = createEngine(graph, { capacity: vehicles });
  const states = new Float64Array(4 * vehicles);
  const latencies: number[] = [];
  let busyMs = 0;
  const second = (k: number, measured: boolean): void => {
    for (let i = 0; i < vehicles; i += 1) {
      traffic.advance(i, 1);
      states.set([traffic.lat[i], traffic.lon[i], traffic.speed[i], traffic.headingDeg[i]], 4 * i);
    }
    const begun = performance.now();
    const dueMs = (i: number): number => (1000 * i) / vehicles;
    let next = 0;
    let lookMs = 0;
    let news = false;
    while (next < vehicles || news || engine.pending > 0) {
      const nowMs = performance.now() - begun;
      const worked = performance.now();
      for (let n = 0; n < statesPerTurn && next < vehicles && dueMs(next) <= nowMs; n += 1, next += 1) {
        const s = 4 * next;
        const at = startMs + 1000 * k + dueMs(next);
        const [speed, heading] = [states[s + 2], states[s + 3]];
        engine.update(next, 1, at, states[s], states[s + 1], speed, heading, 0, NaN, NaN, 4.5, 1.8, 5, 0);
        news = true;
      }
      if (engine.pending > 0 || (news && nowMs >= lookMs)) {
        engine.tick(startMs + 1000 * k + nowMs);
        news = false;
        lookMs = nowMs + lookPeriodMs;
        const decidedMs = startMs + 1000 * k + performance.now() - begun;
        for (const event of engine.drainAlerts())
          if (measured && event.stage >= 2 && event.stage > event.prevStage)
            latencies.push(decidedMs - event.causeTimestampMs);
      }
      if (measured) busyMs += performance.now() - worked;
    }
  };
  for (let k = 0; k < warmUpSeconds + seconds; k += 1) second(k, k >= warmUpSeconds);
  latencies.sort((a, b) => a - b);
  const quantile = (q: number): number =>
    Math.round(10 * (latencies[Math.floor(q * (latencies.length - 1))] ?? 0)) / 10;
  return {
    vehicles,
    decisions: latencies.length,
    p50: quantile(0.5),
    p99: quantile(0.99),
    busy: Math.round(busyMs / (10 * seconds)) / 100,
  };
}
