import { bodyAt, middleOfOverlap } from './body.ts';
import { type CollisionClass, classify, onFoot, scriptedClass } from './collision-class.ts';
import { drivenDistance } from './driven-distance.ts';
import { firstOverlap } from './first-overlap.ts';
import type { LaneNetwork } from './lane-network.ts';
import { queueOnset, slowSince, stretchBeyond } from './queue-onset.ts';
import type { PlannedStop } from './run-inputs.ts';
import { type Candidate, firstContacts, type SumoRecord } from './sumo-records.ts';
import { rowAt, stepOf, stepsPerSecond, type Traffic } from './traffic.ts';

export type HazardKind =
  | 'injected_stop'
  | 'double_parking'
  | 'slow_vehicle'
  | 'wrong_way'
  | 'crashed_vehicle'
  | 'queue'
  | '';

/** One line of collisions.csv or collisions_secondary.csv. Vehicles are indices of the traffic, times s. */
export interface ContactRow {
  readonly step: number;
  readonly x: number;
  readonly y: number;
  readonly lane: string;
  /** SUMO's kind, or that of the script. */
  readonly type: string;
  readonly collider: number;
  readonly victim: number;
  readonly colliderSpeed: number;
  readonly victimSpeed: number;
  readonly angle: number;
  readonly approachAngle: number;
  readonly class: CollisionClass;
  readonly cause: string;
  /** NaN: no hazard before. */
  readonly onset: number;
  readonly hazardKind: HazardKind;
  /** m; NaN without onset. */
  readonly threatened: number;
  readonly sumoTime: number;
  readonly secondary: boolean;
}

/** What the contacts of a run are judged from. */
export interface Scene {
  readonly traffic: Traffic;
  readonly network: LaneNetwork;
  readonly stops: readonly PlannedStop[];
  /** Scripted wrong-way drivers. */
  readonly wrongWay: readonly number[];
  /** How far beyond a place a queue is looked for, m. */
  readonly queueReach: number;
}

export interface Contacts {
  readonly rows: readonly ContactRow[];
  /** Every party's first record by SUMO, s, also of records without a row here. */
  readonly crashedAt: ReadonlyMap<string, number>;
  readonly withoutOverlap: number;
  readonly afterCut: number;
}

/** A vehicle slower than this stands, m/s. */
const standing = 0.1;
/** One on foot has walked into a vehicle slower than this, m/s; it has not struck him. */
const walkedInto = 0.5;

/** First contacts, in the order of SUMO's records, from its records and the exact bodies. */
export function contactsOf(scene: Scene, records: readonly SumoRecord[]): Contacts {
  const { traffic } = scene;
  const { candidates, crashedAt, afterCut } = firstContacts(
    records,
    (id, time) => (traffic.cutAt.get(traffic.index.get(id) ?? -1) ?? Number.POSITIVE_INFINITY) < stepOf(time),
  );
  const rows: ContactRow[] = [];
  let withoutOverlap = 0;
  for (const candidate of candidates) {
    const collider = traffic.index.get(candidate.collider);
    const victim = traffic.index.get(candidate.victim);
    if (collider === undefined || victim === undefined) continue;
    // One on foot walks on through whoever struck him: he is no wreck for the next one to strike.
    if (candidate.type === onFoot && !Number.isNaN(candidate.victimCrashedAt)) continue;
    const step = firstOverlap(traffic, collider, victim, stepOf(candidate.time));
    if (step < 0) {
      withoutOverlap += 1;
      continue;
    }
    const row = contactRow(scene, candidate, collider, victim, step);
    if (candidate.type !== onFoot || row.colliderSpeed >= walkedInto) rows.push(row);
  }
  return { rows, crashedAt, withoutOverlap, afterCut };
}

function contactRow(scene: Scene, candidate: Candidate, first: number, second: number, step: number): ContactRow {
  const { traffic } = scene;
  const secondary = !Number.isNaN(candidate.victimCrashedAt);
  const speed = (vehicle: number): number => {
    const before = rowAt(traffic, vehicle, step - 1);
    return Math.max(0, traffic.speed[before >= 0 ? before : rowAt(traffic, vehicle, step)]);
  };
  const stop = scene.stops.find((planned) => planned.vehicle === candidate.victim);
  const stands = speed(second) <= standing;
  const found = classify(traffic, first, second, step, {
    type: candidate.type,
    standing: stands && (secondary || stop !== undefined),
  });
  const [collider, victim] = found.swapped && !secondary ? [second, first] : [first, second];
  const [rowA, rowB] = [collider, victim].map((vehicle) => rowAt(traffic, vehicle, step));
  const [x, y] = middleOfOverlap(bodyAt(traffic, rowA), bodyAt(traffic, rowB));
  const lane = traffic.lanes[traffic.lane[rowB]];
  const { onset, kind } = secondary
    ? { onset: candidate.victimCrashedAt, kind: 'crashed_vehicle' as const }
    : hazardBefore(scene, found.class, collider, victim, step, stands ? stop : undefined);
  const threatened = found.class === 'wrong_way' ? victim : collider;
  return {
    step,
    x,
    y,
    lane,
    type: candidate.type,
    collider,
    victim,
    colliderSpeed: speed(collider),
    victimSpeed: speed(victim),
    angle: found.angle,
    approachAngle: found.approachAngle,
    class: found.class,
    cause: scriptedClass(candidate.type) === undefined ? causeOf(traffic, collider, victim) : `scripted_${found.class}`,
    onset,
    hazardKind: kind,
    threatened: Number.isNaN(onset) ? Number.NaN : drivenDistance(traffic, threatened, stepOf(onset), step),
    sumoTime: candidate.time,
    secondary,
  };
}

function causeOf(traffic: Traffic, a: number, b: number): string {
  const types = [traffic.types[a], traffic.types[b]];
  if (types.includes('viol') && !types.includes('inatt')) return 'right_of_way_or_red_violation';
  return types.includes('inatt') ? 'inattentive_follower' : 'none';
}

/** What was met that existed before: a wrong-way driver, or, behind one another, a standing or slow vehicle or a queue. */
function hazardBefore(
  scene: Scene,
  name: CollisionClass,
  collider: number,
  victim: number,
  step: number,
  stop: PlannedStop | undefined,
): { onset: number; kind: HazardKind } {
  const { traffic, network } = scene;
  if (name === 'wrong_way') return { onset: traffic.firstStep[collider] / stepsPerSecond, kind: 'wrong_way' };
  if (name !== 'rear_end' && name !== 'stationary_hazard') return { onset: Number.NaN, kind: '' };
  if (stop !== undefined)
    return {
      onset: slowSince(traffic, network, victim, step - 1),
      kind: stop.kind === 'stationary' ? 'injected_stop' : 'double_parking',
    };
  if (traffic.types[victim] === 'slow')
    return { onset: traffic.firstStep[victim] / stepsPerSecond, kind: 'slow_vehicle' };
  const row = rowAt(traffic, victim, step);
  const stretch = stretchBeyond(network, traffic.lanes[traffic.lane[row]], traffic.pos[row], scene.queueReach);
  const onset = queueOnset(traffic, network, stretch, collider, step);
  return { onset, kind: Number.isNaN(onset) ? '' : 'queue' };
}
