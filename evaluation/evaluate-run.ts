import type { EngineCounters } from '../collision/index.ts';
import { planeOf, type RoadGraph } from '../roads/graph/index.ts';
import type { LoggedAlert } from './alert-log.ts';
import { drive, inputLogOf } from './drive.ts';
import { type Foreseen, foresee } from './foreseen.ts';
import { HazardPresence } from './hazard-presence.ts';
import { issuesOf, type LogCounts } from './issues.ts';
import { Random } from './random.ts';
import { type Recording, readRecording } from './recording.ts';
import { RoadLimit } from './road-limit.ts';
import { RouteShares } from './route-shares.ts';
import type { RunInputs } from './run-inputs.ts';
import { drawLatency, observe, type SensorOptions } from './sensor-model.ts';
import { type Agreement, stageOneAgreement } from './stage-one-agreement.ts';
import { type Baseline, straightLineBaseline } from './straight-line-baseline.ts';
import { TrueMotion } from './true-motion.ts';
import { readOverlaps, readTrueCollisions, readTrueHazards, type TrueCollision, truthOf } from './truth.ts';
import { Judge, type Judged } from './verdict.ts';

/** Time given to the engine to see where everybody is before alerts are counted, s. */
const settling = 10;

export interface JudgedWarning extends Judged {
  /** Given while everybody was recorded: enters the rates. */
  readonly counted: boolean;
  /** Names in the recording; '' for a place. */
  readonly vehicle: string;
  readonly other: string;
}

export interface RunResult {
  readonly name: string;
  /** In all tracks, and in the time that counts for rates (everybody recorded). */
  readonly vehicleHours: number;
  readonly countedHours: number;
  readonly collisions: readonly Foreseen[];
  /** Every warning, judged. */
  readonly judged: readonly JudgedWarning[];
  readonly log: LogCounts;
  readonly baseline: Baseline;
  readonly latencyMs: readonly number[];
  readonly tickMs: readonly number[];
  readonly counters: EngineCounters;
  /** Stage 1 at the recorded rate against 1 Hz; null when not asked for. */
  readonly agreement: Agreement | null;
  readonly seconds: number;
}

export interface RunOptions extends SensorOptions {
  /** Seconds from issue to reception when `noise` is 0; with noise it is drawn like the uplink. */
  readonly delivery: number;
  /** Where to write every call the engine gets; undefined: nowhere. */
  readonly inputLog?: string | undefined;
  /** Drive a second time at 1 Hz and compare the advisories. */
  readonly agreement?: boolean | undefined;
  /** False leaves the straight-line baseline out: it costs a seventh of the time. */
  readonly baseline?: boolean | undefined;
  /** The tracks, when they have been read before. */
  readonly recording?: Recording | undefined;
  readonly say: (line: string) => void;
}

/** Vehicle-seconds by whole seconds from `from` on, as hours. */
function hoursOf(time: Float64Array, vehicle: Uint32Array, from: number): number {
  const second = new Float64Array(vehicle.reduce((most, v) => Math.max(most, v), 0) + 1).fill(-1);
  let seconds = 0;
  for (let i = 0; i < time.length; i += 1) {
    const now = Math.floor(time[i] + 1e-6);
    if (now < from || second[vehicle[i]] === now) continue;
    second[vehicle[i]] = now;
    seconds += 1;
  }
  return seconds / 3600;
}

/** Drives the engine through one recorded run and judges its alert log. */
export async function evaluateRun(
  graph: RoadGraph,
  inputs: RunInputs,
  options: RunOptions,
): Promise<{ result: RunResult; alerts: readonly LoggedAlert[] }> {
  const started = performance.now();
  const { say } = options;
  const plane = planeOf(graph);
  say(`${inputs.name}: reading ${inputs.fcd.length} track files`);
  const recording = options.recording ?? (await readRecording(inputs.fcd, graph));
  if (recording.count === 0) throw new Error(`${inputs.fcd.join(', ')}: no tracks`);
  const collisions = inputs.collisions.flatMap((file) => readTrueCollisions(file, recording, plane));
  const known = inputs.knownCollisions.flatMap((file) => readTrueCollisions(file, recording, plane));
  const hazards = inputs.hazards.flatMap((file) => readTrueHazards(file, recording, plane));
  const overlaps = inputs.bodyOverlaps.flatMap((file) => readOverlaps(file, recording));
  const truth = truthOf(collisions, known, hazards, overlaps);

  say(`${inputs.name}: ${recording.count} rows of ${recording.ids.length} vehicles, ${collisions.length} collisions`);
  let told = 0;
  const progress = (share: number): void => {
    if (share < told) told = 0;
    if (share - told < 0.25) return;
    told = share;
    say(`${inputs.name}: ${Math.round(100 * share)} % driven`);
  };
  const writer = options.inputLog === undefined ? undefined : inputLogOf(options.inputLog, graph, recording);
  const seen = observe(recording, plane, options);
  const { alerts, counters, tickMs, latencyMs } = drive(graph, recording, seen, progress, writer);
  await writer?.close();

  const delays = Random.of(options.seed, 'delivery');
  const { issues, repeated, counts } = issuesOf(alerts, recording, plane, () =>
    options.noise > 0 ? drawLatency(delays) : options.delivery,
  );
  const motion = new TrueMotion(recording);
  const limits = new RoadLimit(graph);
  const routes = new RouteShares(recording);
  let agreement: Agreement | null = null;
  if (options.agreement === true) {
    const sparse = drive(graph, recording, observe(recording, plane, { ...options, hz: 1 }), progress);
    agreement = stageOneAgreement(
      motion,
      issues,
      issuesOf(sparse.alerts, recording, plane, () => options.delivery).issues,
    );
  }
  const presence = new HazardPresence(motion, truth, limits);
  const heard = [...issues, ...repeated];
  const ofParties = (c: TrueCollision) => heard.filter(({ vehicle }) => vehicle === c.collider || vehicle === c.victim);
  const foreseen = collisions.map((collision) =>
    foresee(motion, limits, routes, collision, ofParties(collision), hazards),
  );
  const alsoForeseen = known.map((collision) =>
    foresee(motion, limits, routes, collision, ofParties(collision), hazards),
  );
  const judge = new Judge(
    motion,
    truth,
    presence,
    new Set([...foreseen, ...alsoForeseen].flatMap((one) => one.alertIds)),
  );
  const from = (Number.isNaN(inputs.countFrom) ? recording.time[0] : inputs.countFrom) + settling;
  const judged = issues.map((issue) => ({
    ...judge.judge(issue),
    counted: issue.time >= from,
    vehicle: recording.ids[issue.vehicle],
    other: issue.other < 0 ? '' : recording.ids[issue.other],
  }));
  say(`${inputs.name}: ${issues.length} warnings judged`);
  const compared = options.baseline !== false && Number.isFinite(from);
  const baseline = compared ? straightLineBaseline(recording, from) : { episodes: 0, hours: 0 };
  const result: RunResult = {
    name: inputs.name,
    vehicleHours: hoursOf(recording.time, recording.vehicle, Number.NEGATIVE_INFINITY),
    countedHours: Number.isFinite(from) ? hoursOf(recording.time, recording.vehicle, from) : 0,
    collisions: foreseen,
    judged,
    log: counts,
    baseline,
    latencyMs,
    tickMs,
    counters,
    agreement,
    seconds: (performance.now() - started) / 1000,
  };
  say(`${inputs.name}: done in ${result.seconds.toFixed(1)} s`);
  return { result, alerts };
}
