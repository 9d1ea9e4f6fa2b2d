import { mean } from '../statistics.ts';
import type { Contact } from './contacts.ts';
import type { HardBraking } from './hard-braking.ts';
import type { RunRecord } from './one-run.ts';

/** Two events of one pair or vehicle this close in time are the same event in both runs, s. */
const sameEvent = 60;
const sameBraking = 20;
/** A reaction at most this long before a contact had to do with it, s. */
const concerned = 30;
const struckWhileBraking = 10;

/** Collisions of the unwarned run and what became of them. */
export interface CollisionFigures {
  /** In the unwarned and in the warned run. */
  readonly without: number;
  readonly with: number;
  /** Of those without: neither party collides in the warned run; of these, a party had braked because of a warning before. */
  readonly avoided: number;
  readonly avoidedByReaction: number;
  /** Neither happened any more, but a party collides with somebody else. */
  readonly displaced: number;
  /** Still happened. */
  readonly remained: number;
  readonly avoidedPercent: number | null;
  /** Mean impact speed of those that remained, m/s, without and with warnings, and by how much it fell. */
  readonly impactSpeedWithout: number | null;
  readonly impactSpeedWith: number | null;
  readonly impactSpeedReductionPercent: number | null;
}

/** What only exists in the warned run. Traffic of the two runs drifts apart after the first reaction, so not all of it is caused by warnings. */
export interface HarmFigures {
  readonly newCollisions: number;
  /** Of these: rear-end, and the one struck braked because of a warning within 10 s before. The harm proper. */
  readonly newRearEndOfBraking: number;
  /** Of these: a party had braked because of a warning within 30 s before, but was not struck from behind for it. */
  readonly newWithWarnedParty: number;
  /** Neither party had: the runs drifted apart. */
  readonly newUnrelated: number;
  /** Hard brakings (from 4.5 m/s²) in the unwarned and the warned run. */
  readonly hardBrakingsWithout: number;
  readonly hardBrakingsWith: number;
  /** Only in the warned run: by warned drivers who collide or brake hard in the unwarned run within a minute, and by others. */
  readonly newByWarnedInDanger: number;
  readonly newByWarnedOtherwise: number;
  /** By drivers close behind one who braked because of a warning; and unrelated. */
  readonly newBehindWarned: number;
  readonly newUnrelatedHardBrakings: number;
}

export interface ClosedLoopFigures {
  readonly vehicleHours: number;
  /** Both parties whole before; and one already a wreck. */
  readonly first: CollisionFigures;
  readonly secondary: CollisionFigures;
  readonly harm: HarmFigures;
  /** Alerts of the warned runs by highest stage, brakings because of them, vehicles that followed an advisory. */
  readonly alerts: { readonly advisory: number; readonly warning: number; readonly imminent: number };
  readonly brakings: number;
  readonly calmed: number;
}

/** The same world and seed without and with warnings. */
export interface RunPair {
  readonly without: RunRecord;
  readonly with: RunRecord;
}

const isParty = (contact: Contact, vehicle: string): boolean =>
  contact.collider === vehicle || contact.victim === vehicle;
const isSamePair = (a: Contact, b: Contact): boolean => isParty(a, b.collider) && isParty(a, b.victim);
const near = (a: { time: number }, b: { time: number }, within: number): boolean => Math.abs(a.time - b.time) <= within;

function braked(run: RunRecord, vehicle: string, before: number, within: number): boolean {
  return run.brakings.some((one) => one.vehicle === vehicle && one.time <= before && before - one.time <= within);
}

function collisionFigures(pairs: readonly RunPair[], secondary: boolean): CollisionFigures {
  const count = { without: 0, with: 0, avoided: 0, avoidedByReaction: 0, displaced: 0, remained: 0 };
  const speeds: [number, number][] = [];
  for (const pair of pairs) {
    const warned = pair.with;
    count.with += warned.contacts.filter((one) => one.secondary === secondary).length;
    for (const contact of pair.without.contacts) {
      if (contact.secondary !== secondary) continue;
      count.without += 1;
      const again = warned.contacts.find((one) => isSamePair(one, contact) && near(one, contact, sameEvent));
      const { collider, victim, time } = contact;
      if (again !== undefined) {
        count.remained += 1;
        speeds.push([contact.impactSpeed, again.impactSpeed]);
      } else if (
        warned.contacts.some((one) => near(one, contact, sameEvent) && (isParty(one, collider) || isParty(one, victim)))
      )
        count.displaced += 1;
      else {
        count.avoided += 1;
        // The reaction may have come a little after the time of the contact that did not happen.
        if ([collider, victim].some((id) => braked(warned, id, time + 2, concerned))) count.avoidedByReaction += 1;
      }
    }
  }
  const impactSpeedWithout = mean(speeds.map(([before]) => before));
  const impactSpeedWith = mean(speeds.map(([, after]) => after));
  return {
    ...count,
    avoidedPercent: percent(count.avoided, count.without),
    impactSpeedWithout,
    impactSpeedWith,
    impactSpeedReductionPercent:
      impactSpeedWithout === null || impactSpeedWith === null
        ? null
        : percent(impactSpeedWithout - impactSpeedWith, impactSpeedWithout),
  };
}

function percent(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((1000 * part) / whole) / 10;
}

function harmFigures(pairs: readonly RunPair[]): HarmFigures {
  const collisions = { newCollisions: 0, newRearEndOfBraking: 0, newWithWarnedParty: 0, newUnrelated: 0 };
  const brakings = { newByWarnedInDanger: 0, newByWarnedOtherwise: 0, newBehindWarned: 0, newUnrelatedHardBrakings: 0 };
  let hardBrakingsWithout = 0;
  let hardBrakingsWith = 0;
  for (const { without, with: warned } of pairs) {
    for (const contact of warned.contacts) {
      const { collider, victim, time, kind } = contact;
      if (without.contacts.some((one) => isSamePair(one, contact) && near(one, contact, sameEvent))) continue;
      collisions.newCollisions += 1;
      if (kind === 'rear-end' && braked(warned, victim, time, struckWhileBraking)) collisions.newRearEndOfBraking += 1;
      else if ([collider, victim].some((id) => braked(warned, id, time, concerned))) collisions.newWithWarnedParty += 1;
      else collisions.newUnrelated += 1;
    }
    hardBrakingsWithout += without.hardBrakings.length;
    hardBrakingsWith += warned.hardBrakings.length;
    for (const braking of warned.hardBrakings) {
      const same = (one: HardBraking, within: number) => one.vehicle === braking.vehicle && near(one, braking, within);
      if (without.hardBrakings.some((one) => same(one, sameBraking))) continue;
      if (braking.who === 'behind') brakings.newBehindWarned += 1;
      else if (braking.who === 'other') brakings.newUnrelatedHardBrakings += 1;
      else if (
        without.contacts.some((one) => isParty(one, braking.vehicle) && near(one, braking, sameEvent)) ||
        without.hardBrakings.some((one) => same(one, sameEvent))
      )
        brakings.newByWarnedInDanger += 1;
      else brakings.newByWarnedOtherwise += 1;
    }
  }
  return { ...collisions, hardBrakingsWithout, hardBrakingsWith, ...brakings };
}

/** Sums pairs of runs. Shares are null without cases. */
export function compareRuns(pairs: readonly RunPair[]): ClosedLoopFigures {
  const sum = (of: (pair: RunPair) => number): number => pairs.reduce((total, pair) => total + of(pair), 0);
  return {
    vehicleHours: Math.round(100 * sum((pair) => pair.with.vehicleHours)) / 100,
    first: collisionFigures(pairs, false),
    secondary: collisionFigures(pairs, true),
    harm: harmFigures(pairs),
    alerts: {
      advisory: sum((pair) => pair.with.alerts[0]),
      warning: sum((pair) => pair.with.alerts[1]),
      imminent: sum((pair) => pair.with.alerts[2]),
    },
    brakings: sum((pair) => pair.with.brakings.length),
    calmed: sum((pair) => pair.with.calmed),
  };
}
