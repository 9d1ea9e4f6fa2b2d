import type { RunResult } from './evaluate-run.ts';
import type { Foreseen } from './foreseen.ts';
import { mean, quantile, type Rate, rateOf, type Share, shareOf } from './statistics.ts';
import type { Judged, Verdict } from './verdict.ts';

/** What `--json` prints: `docs/evaluation.md` explains every field. Rates are per 1,000 vehicle-hours. */
export interface Figures {
  readonly vehicleHours: number;
  readonly countedVehicleHours: number;
  readonly collisions: Readonly<Record<string, number>> & { readonly total: number };
  readonly s1: {
    readonly possibleAt1km: number;
    readonly recallAt1km: number | null;
    readonly recallAt1kmOf: Share;
    readonly meanRho: number | null;
    readonly p10Rho: number | null;
    readonly rhoOf: number;
    readonly atLeast90PercentOf: Share;
    /** The same with queues in slow streets, which the figures above leave out: they stand at every signal. */
    readonly countingEverydayStops: {
      readonly possibleAt1km: number;
      readonly recallAt1kmOf: Share;
      readonly meanRho: number | null;
      readonly p10Rho: number | null;
    };
    readonly leadDistance: Quantiles;
    /** Advisories that a run at the recorded rate and one at 1 Hz both gave; null when not asked for. */
    readonly agreement1HzOf: Share | null;
    readonly falsePer1000vh: number | null;
  } & StageRates;
  readonly s2: {
    readonly recall: Readonly<Record<string, number | null>>;
    readonly recallOf: Readonly<Record<string, Share>>;
    readonly leadTimeP50: Readonly<Record<string, number | null>>;
    readonly leadTime: Readonly<Record<string, Quantiles>>;
    readonly falsePer1000vh: number | null;
  } & StageRates;
  readonly s3: {
    readonly recall: { readonly car: number | null; readonly vulnerable: number | null };
    readonly recallOf: { readonly car: Share; readonly vulnerable: Share };
    readonly recallByClass: Readonly<Record<string, Share>>;
    readonly leadTime: Quantiles;
    readonly falsePer1000vh: number | null;
  } & StageRates;
  readonly audiblePer1000vh: number | null;
  readonly cpaBaseline: {
    readonly falsePer1000vh: number | null;
    readonly episodes: number;
    readonly vehicleHours: number;
    /** Baseline false alarms for each false alarm of stages 2 and 3, and of all stages; null when there was none. */
    readonly ratioToPairStages: number | null;
    readonly ratioToAllStages: number | null;
  };
  readonly latencyMs: { readonly p50: number | null; readonly p99: number | null };
  readonly tickMs: { readonly p50: number | null; readonly p99: number | null; readonly max: number | null };
  readonly confusion: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly reliability: {
    readonly bins: readonly ReliabilityBin[];
    readonly brier: number | null;
    readonly calibrationError: number | null;
  };
  readonly flapping: {
    readonly alerts: number;
    readonly transitionsPerAlert: number | null;
    readonly renotificationsPerAlert: number | null;
  };
  readonly falseByRule: Readonly<Record<string, number>>;
}

export interface Quantiles {
  readonly p10: number | null;
  readonly p50: number | null;
  readonly p90: number | null;
}

export interface StageRates {
  readonly false: Rate;
  readonly nuisance: Rate;
  readonly justified: Rate;
  readonly true: Rate;
}

export interface ReliabilityBin {
  readonly from: number;
  readonly n: number;
  readonly meanProbability: number | null;
  readonly shareTrue: number | null;
}

const quantilesOf = (values: readonly number[]): Quantiles => ({
  p10: quantile(values, 0.1),
  p50: quantile(values, 0.5),
  p90: quantile(values, 0.9),
});

const known = (value: number): boolean => !Number.isNaN(value);
/** A lead distance shorter than this is stage 2's ground (collision.md 3.10). */
const leastAdvisory = 150;
const atKilometre = 980;

const rhoOf = (c: Foreseen): number => Math.min(1, c.leadDistance / c.possibleDistance);
const classes = (all: readonly Foreseen[]): readonly string[] => [...new Set(all.map((c) => c.class))].sort();
const byClass = <T>(all: readonly Foreseen[], of: (some: readonly Foreseen[]) => T): Record<string, T> =>
  Object.fromEntries(classes(all).map((name) => [name, of(all.filter((c) => c.class === name))]));

/** Sums the runs. */
export function figuresOf(runs: readonly RunResult[]): Figures {
  const all = runs.flatMap((run) => run.collisions);
  const hours = runs.reduce((sum, run) => sum + run.countedHours, 0);
  const counted = runs.flatMap((run) => run.judged.filter((one) => one.counted && one.verdict !== 'ignored'));
  const rates = (stage: number): StageRates => {
    const count = (verdict: Verdict): Rate =>
      rateOf(counted.filter((one) => one.issue.stage === stage && one.verdict === verdict).length, hours);
    return { false: count('false'), nuisance: count('nuisance'), justified: count('justified'), true: count('true') };
  };
  const at1km = (some: readonly Foreseen[]): Share =>
    shareOf(some.filter((c) => c.leadDistance >= atKilometre).length, some.length);
  const withStops = all.filter((c) => c.possibleAt1km || c.possibleDistance >= leastAdvisory);
  const advisable = withStops.filter((c) => !c.everydayStop);
  const possible = advisable.filter((c) => c.possibleAt1km);
  const rho = advisable.map(rhoOf);
  const rhoWithStops = withStops.map(rhoOf);
  const warned = (some: readonly Foreseen[]): Share =>
    shareOf(some.filter((c) => c.warningLead >= c.warnByLead).length, some.length);
  const imminent = (some: readonly Foreseen[]): Share =>
    shareOf(some.filter((c) => c.imminentLead >= 1).length, some.length);
  const warningLeads = byClass(all, (some) => quantilesOf(some.map((c) => c.warningLead).filter(known)));
  const s1 = rates(1);
  const s2 = rates(2);
  const s3 = rates(3);
  const recallOf = byClass(all, warned);
  const car = imminent(all.filter((c) => !c.vulnerable));
  const vulnerable = imminent(all.filter((c) => c.vulnerable));
  const episodes = runs.reduce((sum, run) => sum + run.baseline.episodes, 0);
  const baselineHours = runs.reduce((sum, run) => sum + run.baseline.hours, 0);
  const baselineRate = baselineHours > 0 ? (1000 * episodes) / baselineHours : null;
  const ratio = (...stages: readonly StageRates[]): number | null => {
    const own = stages.reduce((sum, stage) => sum + stage.false.count, 0);
    return baselineRate === null || own === 0 ? null : Math.round(baselineRate / ((1000 * own) / hours));
  };
  const alerts = runs.reduce((sum, run) => sum + run.log.alerts, 0);
  const perAlert = (of: (run: RunResult) => number): number | null =>
    alerts === 0 ? null : Math.round((1000 * runs.reduce((sum, run) => sum + of(run), 0)) / alerts) / 1000;
  return {
    vehicleHours: round(runs.reduce((sum, run) => sum + run.vehicleHours, 0)),
    countedVehicleHours: round(hours),
    collisions: { total: all.length, ...byClass(all, (some) => some.length) },
    s1: {
      possibleAt1km: possible.length,
      recallAt1km: at1km(possible).value,
      recallAt1kmOf: at1km(possible),
      meanRho: mean(rho),
      p10Rho: quantile(rho, 0.1),
      rhoOf: rho.length,
      atLeast90PercentOf: shareOf(rho.filter((value) => value >= 0.9).length, rho.length),
      countingEverydayStops: {
        possibleAt1km: withStops.filter((c) => c.possibleAt1km).length,
        recallAt1kmOf: at1km(withStops.filter((c) => c.possibleAt1km)),
        meanRho: mean(rhoWithStops),
        p10Rho: quantile(rhoWithStops, 0.1),
      },
      agreement1HzOf: agreementOf(runs),
      leadDistance: quantilesOf(advisable.map((c) => c.leadDistance)),
      falsePer1000vh: s1.false.per1000vh,
      ...s1,
    },
    s2: {
      recall: Object.fromEntries(Object.entries(recallOf).map(([name, share]) => [name, share.value])),
      recallOf,
      leadTimeP50: Object.fromEntries(Object.entries(warningLeads).map(([name, q]) => [name, q.p50])),
      leadTime: warningLeads,
      falsePer1000vh: s2.false.per1000vh,
      ...s2,
    },
    s3: {
      recall: { car: car.value, vulnerable: vulnerable.value },
      recallOf: { car, vulnerable },
      recallByClass: byClass(all, imminent),
      leadTime: quantilesOf(all.map((c) => c.imminentLead).filter(known)),
      falsePer1000vh: s3.false.per1000vh,
      ...s3,
    },
    audiblePer1000vh: rateOf(counted.filter((one) => one.issue.audible).length, hours).per1000vh,
    cpaBaseline: {
      falsePer1000vh: baselineRate === null ? null : Math.round(baselineRate),
      episodes,
      vehicleHours: round(baselineHours),
      ratioToPairStages: ratio(s2, s3),
      ratioToAllStages: ratio(s1, s2, s3),
    },
    latencyMs: latency(runs.flatMap((run) => run.latencyMs)),
    tickMs: tickTimes(runs),
    confusion: confusionOf(all),
    reliability: reliabilityOf(counted),
    flapping: {
      alerts,
      transitionsPerAlert: perAlert((run) => run.log.transitions),
      renotificationsPerAlert: perAlert((run) => run.log.renotifications),
    },
    falseByRule: falseByRule(counted),
  };
}

function agreementOf(runs: readonly RunResult[]): Share | null {
  const asked = runs.flatMap((run) => (run.agreement === null ? [] : [run.agreement]));
  if (asked.length === 0) return null;
  return shareOf(
    asked.reduce((sum, one) => sum + one.shared, 0),
    asked.reduce((sum, one) => sum + one.all, 0),
  );
}

const round = (hours: number): number => Math.round(hours * 100) / 100;

function latency(values: readonly number[]): Figures['latencyMs'] {
  return { p50: quantile(values, 0.5), p99: quantile(values, 0.99) };
}

function tickTimes(runs: readonly RunResult[]): Figures['tickMs'] {
  const values = runs.flatMap((run) => run.tickMs);
  return { p50: quantile(values, 0.5), p99: quantile(values, 0.99), max: quantile(values, 1) };
}

/** Rows: class of the collision; columns: class of the strongest alert that foretold it, or none. */
function confusionOf(all: readonly Foreseen[]): Figures['confusion'] {
  return byClass(all, (some) => {
    const row: Record<string, number> = {};
    for (const { predictedClass } of some) row[predictedClass] = (row[predictedClass] ?? 0) + 1;
    return row;
  });
}

/** Stages 2 and 3: probability given against how often a collision or a severe conflict came of it. */
function reliabilityOf(judged: readonly Judged[]): Figures['reliability'] {
  const pairs = judged.filter(({ issue }) => issue.stage > 1 && known(issue.probability));
  const outcome = ({ verdict }: Judged): number => (verdict === 'true' || verdict === 'justified' ? 1 : 0);
  const bins = Array.from({ length: 10 }, (_, i) => {
    const some = pairs.filter(({ issue }) => Math.min(9, Math.floor(issue.probability * 10)) === i);
    return {
      from: i / 10,
      n: some.length,
      meanProbability: mean(some.map(({ issue }) => issue.probability)),
      shareTrue: mean(some.map(outcome)),
    };
  });
  return {
    bins,
    brier: mean(pairs.map((one) => (one.issue.probability - outcome(one)) ** 2)),
    calibrationError:
      pairs.length === 0
        ? null
        : Math.round(
            1e4 *
              bins.reduce(
                (sum, bin) =>
                  sum + (bin.n / pairs.length) * Math.abs((bin.meanProbability ?? 0) - (bin.shareTrue ?? 0)),
                0,
              ),
          ) / 1e4,
  };
}

function falseByRule(judged: readonly Judged[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { issue, verdict } of judged)
    if (verdict === 'false') {
      const rule = `s${issue.stage} ${issue.class}`;
      counts[rule] = (counts[rule] ?? 0) + 1;
    }
  return Object.fromEntries(Object.entries(counts).sort((a, b) => b[1] - a[1]));
}
