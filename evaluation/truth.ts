import type { Plane } from '../roads/graph/index.ts';
import { cellNumber, readTable, type TableRow } from './csv-table.ts';
import type { Recording } from './recording.ts';

/** First contact of two vehicles. Vehicles are indices of the recording, -1 when it does not have them. */
export interface TrueCollision {
  readonly id: string;
  /** Seconds of the recording. */
  readonly time: number;
  readonly x: number;
  readonly y: number;
  readonly class: string;
  /** The one behind, in rear-end classes. */
  readonly collider: number;
  readonly victim: number;
  /** Since when the hazard existed that the driver met, s; NaN where there was none. */
  readonly onset: number;
  readonly hazardKind: string;
  /** As the file says it: at the onset the driver had at least 1,000 m to go; undefined when the file is silent. */
  readonly possible1km: boolean | undefined;
}

/** Something on the road that a driver may be told of, or (`hardNegative`) must not be told of far away. */
export interface TrueHazard {
  readonly kind: string;
  readonly vehicle: number;
  readonly from: number;
  readonly to: number;
  readonly x: number;
  readonly y: number;
  readonly hardNegative: boolean;
}

export interface Truth {
  /** To be foreseen: what was named with --collisions. */
  readonly collisions: readonly TrueCollision[];
  /** Every vehicle's first contact, s, from all collision files known; absent = none. */
  readonly firstContact: ReadonlyMap<number, number>;
  readonly hazards: readonly TrueHazard[];
  /** Pairs whose bodies overlap in plan view without a collision: 'a b', the smaller index first. */
  readonly overlaps: ReadonlySet<string>;
}

export function pairKey(a: number, b: number): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`;
}

/** Reads a world's `collisions.csv` or `crash_collisions.csv` of a traffic folder. */
export function readTrueCollisions(file: string, recording: Recording, plane: Plane): readonly TrueCollision[] {
  const vehicle = (row: TableRow, ...columns: string[]): number => {
    for (const column of columns) if (row(column) !== '') return recording.index.get(row(column)) ?? -1;
    return -1;
  };
  return readTable(file, ['time_s', 'lon', 'lat']).map((row, i) => ({
    id: `${row('collider') || row('vehicle_a_no')}>${row('victim') || row('vehicle_b_no')}@${row('time_s') || i}`,
    time: cellNumber(row, 'time_s', file),
    x: plane.x(cellNumber(row, 'lon', file)),
    y: plane.y(cellNumber(row, 'lat', file)),
    class: (row('class') || row('kind') || 'unknown').replaceAll('-', '_'),
    collider: vehicle(row, 'collider', 'vehicle_a_no'),
    victim: vehicle(row, 'victim', 'vehicle_b_no'),
    onset: cellNumber(row, 'hazard_onset_s', file),
    hazardKind: row('hazard_kind'),
    possible1km: row('possible_1km') === '' ? undefined : row('possible_1km') === '1',
  }));
}

export function readTrueHazards(file: string, recording: Recording, plane: Plane): readonly TrueHazard[] {
  return readTable(file, ['kind', 'from_s', 'to_s', 'lon', 'lat']).map((row) => ({
    kind: row('kind'),
    vehicle: recording.index.get(row('vehicle')) ?? -1,
    from: cellNumber(row, 'from_s', file),
    to: cellNumber(row, 'to_s', file),
    x: plane.x(cellNumber(row, 'lon', file)),
    y: plane.y(cellNumber(row, 'lat', file)),
    hardNegative: row('hard_negative') === '1',
  }));
}

/** Pairs of `body_overlaps.csv` or `normal_contacts.csv`. */
export function readOverlaps(file: string, recording: Recording): readonly string[] {
  return readTable(file, ['vehicle_a', 'vehicle_b']).flatMap((row) => {
    const a = recording.index.get(row('vehicle_a'));
    const b = recording.index.get(row('vehicle_b'));
    return a === undefined || b === undefined ? [] : [pairKey(a, b)];
  });
}

/** `known`: further collisions that are not to be foreseen but explain what vehicles do afterwards. */
export function truthOf(
  collisions: readonly TrueCollision[],
  known: readonly TrueCollision[],
  hazards: readonly TrueHazard[],
  overlaps: readonly string[],
): Truth {
  const firstContact = new Map<number, number>();
  for (const { collider, victim, time } of [...collisions, ...known])
    for (const vehicle of [collider, victim])
      if (vehicle >= 0 && time < (firstContact.get(vehicle) ?? Number.POSITIVE_INFINITY))
        firstContact.set(vehicle, time);
  return { collisions, firstContact, hazards, overlaps: new Set(overlaps) };
}
