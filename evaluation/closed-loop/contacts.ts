import { boxesOverlap } from '../../collision/index.ts';
import type { CollisionRecord, SumoVehicle } from './sumo-traffic.ts';

export type ContactKind = 'rear-end' | 'crossing' | 'opposing';

/** First contact of two vehicles of which at least one had not collided before. */
export interface Contact {
  readonly time: number;
  /** SUMO's naming: in one lane the collider is the one behind. */
  readonly collider: string;
  readonly victim: string;
  readonly kind: ContactKind;
  /** One of them is a wreck of an earlier collision. */
  readonly secondary: boolean;
  /** Length of the difference of the velocities one step before SUMO first saw it, m/s. */
  readonly impactSpeed: number;
}

const radians = Math.PI / 180;

function bodiesOverlap(a: SumoVehicle, b: SumoVehicle): boolean {
  const [ahx, ahy, bhx, bhy] = [a, b].flatMap(({ headingDeg }) => [
    Math.sin(headingDeg * radians),
    Math.cos(headingDeg * radians),
  ]);
  return boxesOverlap(
    a.x - (ahx * a.length) / 2,
    a.y - (ahy * a.length) / 2,
    ahx,
    ahy,
    a.length,
    a.width,
    b.x - (bhx * b.length) / 2,
    b.y - (bhy * b.length) / 2,
    bhx,
    bhy,
    b.length,
    b.width,
  );
}

function impactSpeed(a: SumoVehicle, b: SumoVehicle): number {
  const part = (direction: (angle: number) => number): number =>
    a.lastSpeed * direction(a.lastHeadingDeg * radians) - b.lastSpeed * direction(b.lastHeadingDeg * radians);
  return Math.hypot(part(Math.sin), part(Math.cos));
}

function kindOf(a: SumoVehicle, b: SumoVehicle): ContactKind {
  const cos = Math.cos((a.headingDeg - b.headingDeg) * radians);
  return cos > Math.SQRT1_2 ? 'rear-end' : cos < -Math.SQRT1_2 ? 'opposing' : 'crossing';
}

/** Keeps the first contacts out of SUMO's repeated collision records; a record without overlap of the bodies is not a collision. */
export class Contacts {
  readonly list: Contact[] = [];
  /** Everybody who has collided. */
  readonly crashed = new Set<string>();
  /** Impact speed and time of the first record of pairs whose bodies have not overlapped yet; forgotten with the run. */
  private readonly pending = new Map<string, { impactSpeed: number; kind: ContactKind }>();

  /** Pairs SUMO reported whose bodies never overlapped. */
  get withoutContact(): number {
    return this.pending.size;
  }

  observe(time: number, records: readonly CollisionRecord[], vehicles: ReadonlyMap<string, SumoVehicle>): void {
    for (const { collider, victim } of records) {
      if (this.crashed.has(collider) && this.crashed.has(victim)) continue;
      const a = vehicles.get(collider);
      const b = vehicles.get(victim);
      if (a === undefined || b === undefined) continue;
      const pair = `${collider}>${victim}`;
      const first = this.pending.get(pair) ?? { impactSpeed: impactSpeed(a, b), kind: kindOf(a, b) };
      this.pending.set(pair, first);
      if (!bodiesOverlap(a, b)) continue;
      this.pending.delete(pair);
      const secondary = this.crashed.has(collider) || this.crashed.has(victim);
      this.list.push({ time, collider, victim, ...first, secondary });
      this.crashed.add(collider).add(victim);
    }
  }
}
