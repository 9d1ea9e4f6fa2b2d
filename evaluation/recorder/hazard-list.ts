import { lastStep, rowAt, stepsPerSecond, type Traffic } from './traffic.ts';
import type { ContactRow, Scene } from './truth-rows.ts';

/** One line of hazards.csv; `from` and `to` are steps. */
export interface HazardRow {
  readonly kind: 'stationary' | 'double_parking' | 'slow' | 'wrong_way' | 'crashed';
  readonly vehicle: number;
  readonly from: number;
  readonly to: number;
  /** m, in the network's plane. */
  readonly place: readonly [x: number, y: number];
  readonly end: readonly [x: number, y: number] | undefined;
  readonly lane: string;
  readonly hardNegative: boolean;
}

/** A vehicle slower than this stands, m/s; a wreck faster than `away` drives on. */
const standing = 0.1;
const away = 2;
/** A stop is looked for this near to where it was ordered, m. */
const stopReach = 20;
/** The wrecks of a collision are looked at this long after it, s; before the first of them has had time to stand they do not count as driving on. */
const wreckFrom = 10;
const wreckTo = 150;

/** Everything a driver may be told of, or (double parking) must not be told of far away, in the order of time. */
export function hazardsOf(scene: Scene, contacts: readonly ContactRow[]): readonly HazardRow[] {
  const { traffic } = scene;
  const found: HazardRow[] = [];
  for (const stop of scene.stops) {
    const vehicle = traffic.index.get(stop.vehicle);
    const span = vehicle === undefined ? undefined : standingSpan(traffic, vehicle, stop.lane, stop.endPos);
    if (vehicle === undefined || span === undefined) continue;
    const row = rowAt(traffic, vehicle, span[0]);
    found.push({
      kind: stop.kind,
      vehicle,
      from: span[0],
      to: span[1],
      place: [traffic.x[row], traffic.y[row]],
      end: undefined,
      lane: traffic.lanes[traffic.lane[row]],
      hardNegative: stop.kind === 'double_parking',
    });
  }
  traffic.types.forEach((type, vehicle) => {
    if (type === 'slow') found.push(movingHazard(traffic, 'slow', vehicle, contacts));
  });
  for (const vehicle of scene.wrongWay) found.push(movingHazard(traffic, 'wrong_way', vehicle, contacts));
  for (const contact of contacts)
    found.push({
      kind: 'crashed',
      vehicle: contact.victim,
      from: contact.step,
      to: cleared(traffic, contact),
      place: [contact.x, contact.y],
      end: undefined,
      lane: contact.lane,
      hardNegative: false,
    });
  return found.sort((a, b) => a.from - b.from);
}

/** A hazard that moves, over its time on the road; a wrong-way driver until he collides. */
function movingHazard(
  traffic: Traffic,
  kind: 'slow' | 'wrong_way',
  vehicle: number,
  contacts: readonly ContactRow[],
): HazardRow {
  const from = traffic.firstStep[vehicle];
  const end = kind === 'wrong_way' ? contacts.find((contact) => contact.collider === vehicle)?.step : undefined;
  const last = end ?? lastStep(traffic, vehicle);
  const [first, final] = [rowAt(traffic, vehicle, from), rowAt(traffic, vehicle, last)];
  return {
    kind,
    vehicle,
    from,
    to: last,
    place: [traffic.x[first], traffic.y[first]],
    end: [traffic.x[final], traffic.y[final]],
    lane: traffic.lanes[traffic.lane[first]],
    hardNegative: false,
  };
}

/** Longest time without interruption in which the vehicle stands where it was told to, as steps; undefined when it never does. */
function standingSpan(traffic: Traffic, vehicle: number, lane: string, pos: number): [number, number] | undefined {
  let best: [number, number] | undefined;
  let from = -1;
  const last = lastStep(traffic, vehicle);
  for (let step = traffic.firstStep[vehicle]; step <= last + 1; step += 1) {
    const row = step <= last ? rowAt(traffic, vehicle, step) : -1;
    const stands =
      row >= 0 &&
      traffic.speed[row] < standing &&
      traffic.lanes[traffic.lane[row]] === lane &&
      Math.abs(traffic.pos[row] - pos) < stopReach;
    if (stands && from < 0) from = step;
    if (!stands && from >= 0) {
      if (best === undefined || step - 1 - from > best[1] - best[0]) best = [from, step - 1];
      from = -1;
    }
  }
  return best;
}

/** First step by which both wrecks have driven on or are gone. */
function cleared(traffic: Traffic, contact: ContactRow): number {
  const end = Math.min(contact.step + wreckTo * stepsPerSecond + 1, traffic.steps - 1);
  const drivesFrom = (vehicle: number): number => {
    for (let step = contact.step + wreckFrom * stepsPerSecond; step < end; step += 1) {
      const row = rowAt(traffic, vehicle, step);
      if (row < 0 || traffic.speed[row] > away) return step;
    }
    return end;
  };
  return Math.max(drivesFrom(contact.collider), drivesFrom(contact.victim));
}
