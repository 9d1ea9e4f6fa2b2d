import type { AlertClass } from '../collision/index.ts';
import type { Plane } from '../roads/graph/index.ts';
import type { LoggedAlert } from './alert-log.ts';
import type { Recording } from './recording.ts';

/** One alert reaching a stage from below, again after a fall too: what a driver is told, and what is judged. */
export interface Issue {
  readonly alertId: number;
  /** Index of the vehicle told, and of the other party (-1: a place). */
  readonly vehicle: number;
  readonly other: number;
  readonly stage: 1 | 2 | 3;
  readonly class: AlertClass;
  /** When it was issued and when it reached the vehicle, s of the recording. */
  readonly time: number;
  readonly received: number;
  /** When the alert fell below this stage or was cancelled; Infinity when it never was. */
  readonly until: number;
  readonly x: number;
  readonly y: number;
  readonly distance: number;
  readonly eta: number;
  readonly probability: number;
  readonly audible: boolean;
  readonly why: string;
}

/** Stage changes and repetitions of a log, for M8. */
export interface LogCounts {
  readonly alerts: number;
  readonly transitions: number;
  readonly renotifications: number;
  readonly cancelled: number;
}

export interface Issues {
  readonly issues: readonly Issue[];
  /** Advisories repeated because their place or class had changed: the driver hears of the new place by them. */
  readonly repeated: readonly Issue[];
  readonly counts: LogCounts;
}

/** `deliver` gives the seconds from issue to reception. */
export function issuesOf(
  log: readonly LoggedAlert[],
  recording: Recording,
  plane: Plane,
  deliver: () => number,
): Issues {
  const issues: { -readonly [K in keyof Issue]: Issue[K] }[] = [];
  const repeated: typeof issues = [];
  const open = new Map<number, (typeof issues)[number][]>();
  const alerts = new Set<number>();
  let transitions = 0;
  let renotifications = 0;
  let cancelled = 0;
  for (const alert of log) {
    const vehicle = recording.index.get(alert.vehicle);
    if (vehicle === undefined) throw new Error(`alert log names vehicle ${alert.vehicle}, which the tracks have not`);
    if (alert.stage === alert.prevStage) renotifications += 1;
    else if (alerts.has(alert.alertId)) transitions += 1;
    alerts.add(alert.alertId);
    if (alert.stage === 0) cancelled += 1;
    for (const issue of open.get(alert.alertId) ?? [])
      if (alert.stage < issue.stage) issue.until = Math.min(issue.until, alert.time);
    const again = alert.stage === 1 && alert.prevStage === 1;
    if ((alert.stage <= alert.prevStage && !again) || alert.stage === 0) continue;
    const issue: (typeof issues)[number] = {
      alertId: alert.alertId,
      vehicle,
      other: alert.other === '' ? -1 : (recording.index.get(alert.other) ?? -1),
      stage: alert.stage,
      class: alert.class,
      time: alert.time,
      received: alert.time + deliver(),
      until: Number.POSITIVE_INFINITY,
      x: plane.x(alert.lon),
      y: plane.y(alert.lat),
      distance: alert.distance,
      eta: alert.eta,
      probability: alert.probability,
      audible: alert.audible,
      why: alert.why,
    };
    (again ? repeated : issues).push(issue);
    const same = open.get(alert.alertId);
    if (same === undefined) open.set(alert.alertId, [issue]);
    else same.push(issue);
  }
  return { issues, repeated, counts: { alerts: alerts.size, transitions, renotifications, cancelled } };
}
