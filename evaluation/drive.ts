import { type CollisionEngine, createEngine, type EngineCounters } from '../collision/index.ts';
import { VehicleFlag } from '../messages/index.ts';
import type { RoadGraph } from '../roads/graph/index.ts';
import { type LoggedAlert, loggedAlert } from './alert-log.ts';
import { InputLogWriter } from './input-log.ts';
import type { Recording } from './recording.ts';
import type { Observations } from './sensor-model.ts';
import { stationTypeOf } from './station-type.ts';

/** Second 0 of every recording on the engine's clock: any fixed instant will do. */
export const epochMs = Date.UTC(2026, 0, 1);
export const tickMs = 100;
/** As in the platform: a vehicle silent for this long is retired. */
export const silentMs = 60_000;

export interface Drive {
  readonly alerts: readonly LoggedAlert[];
  readonly counters: EngineCounters;
  /** Wall-clock ms of each tick that had something to do. */
  readonly tickMs: readonly number[];
  /** Per alert raised (not cancelled): ms from the newest state that entered it to its issue, computing time included. */
  readonly latencyMs: readonly number[];
}

/** SUMO's signal bits 1, 2 and 8 as the platform's flags. */
export function flagsOf(signals: number): number {
  return (
    ((signals & 1) === 0 ? 0 : VehicleFlag.rightIndicator) |
    ((signals & 2) === 0 ? 0 : VehicleFlag.leftIndicator) |
    ((signals & 8) === 0 ? 0 : VehicleFlag.brakeLights)
  );
}

/** Writes every call of a drive to a file; to be closed after it. */
export function inputLogOf(file: string, graph: RoadGraph, recording: Recording): InputLogWriter {
  return new InputLogWriter(file, {
    inputLog: 1,
    mapHash: graph.mapHash,
    capacity: Math.max(1, recording.ids.length),
    friction: 1,
    epochMs,
  });
}

/**
 * Plays what the platform receives into the engine: every report at its time of reception, a tick each 0.1 s of recording time,
 * alerts drained after each. The alerts depend on nothing else. `progress` is told the share done, now and then.
 */
export function drive(
  graph: RoadGraph,
  recording: Recording,
  seen: Observations,
  progress: (share: number) => void = () => {},
  inputs?: InputLogWriter,
): Drive {
  const vehicles = recording.ids.length;
  const own = createEngine(graph, { capacity: Math.max(1, vehicles) });
  const engine: CollisionEngine = inputs === undefined ? own : inputs.listenTo(own);
  const alerts: LoggedAlert[] = [];
  const tickTimes: number[] = [];
  const latencyMs: number[] = [];
  const generation = new Uint32Array(vehicles).fill(1);
  const heardMs = new Float64Array(vehicles);
  const stationType = Uint8Array.from(recording.lengths, (length, v) => stationTypeOf(length, recording.widths[v]));
  const size = (value: number): number => (value > 0 ? value : Number.NaN);
  let next = 0;
  const firstMs = seen.count === 0 ? 0 : Math.floor(seen.received[0] * 10) * tickMs;
  const lastMs = seen.count === 0 ? -1 : Math.ceil(seen.received[seen.count - 1] * 10) * tickMs + 10_000;
  for (let nowMs = firstMs; nowMs <= lastMs; nowMs += tickMs) {
    const started = performance.now();
    for (; next < seen.count && Math.round(seen.received[next] * 1000) <= nowMs; next += 1) {
      const row = seen.row[next];
      const vehicle = recording.vehicle[row];
      if (heardMs[vehicle] === 0) inputs?.name(vehicle, generation[vehicle], recording.ids[vehicle]);
      heardMs[vehicle] = nowMs;
      engine.update(
        vehicle,
        generation[vehicle],
        epochMs + Math.round(recording.time[row] * 1000),
        seen.lat[next],
        seen.lon[next],
        seen.speed[next],
        seen.headingDeg[next],
        recording.accel[row],
        Number.NaN,
        seen.accuracy,
        size(recording.lengths[vehicle]),
        size(recording.widths[vehicle]),
        stationType[vehicle],
        flagsOf(recording.signals[row]),
      );
    }
    do engine.tick(epochMs + nowMs);
    while (engine.pending > 0);
    const spent = performance.now() - started;
    tickTimes.push(spent);
    for (const event of engine.drainAlerts()) {
      const other = event.otherSlot < 0 ? '' : recording.ids[event.otherSlot];
      alerts.push(loggedAlert(event, recording.ids[event.slot], other, epochMs));
      if (event.stage > event.prevStage) latencyMs.push(event.issuedMs - event.causeTimestampMs + spent);
    }
    if (nowMs % 1000 !== 0) continue;
    for (let vehicle = 0; vehicle < vehicles; vehicle += 1)
      if (heardMs[vehicle] > 0 && nowMs - heardMs[vehicle] > silentMs) {
        engine.retire(vehicle, generation[vehicle]);
        generation[vehicle] += 1;
        heardMs[vehicle] = 0;
      }
    if (nowMs % 20_000 === 0) progress((nowMs - firstMs) / (lastMs - firstMs));
  }
  return { alerts, counters: engine.counters(), tickMs: tickTimes, latencyMs };
}
