import { eachTag } from './xml-tags.ts';

/** One line of SUMO's collision output, or a contact of a scripted driver (type lane_wrong_way or lane_side). SUMO repeats it while the two are in each other. */
export interface SumoRecord {
  readonly time: number;
  readonly type: string;
  readonly collider: string;
  readonly victim: string;
}

export function readSumoRecords(file: string): readonly SumoRecord[] {
  const records: SumoRecord[] = [];
  eachTag(file, (name, attribute) => {
    if (name === 'collision')
      records.push({
        time: Number(attribute('time')),
        type: attribute('type') === 'collision' ? 'lane' : attribute('type'),
        collider: attribute('collider'),
        victim: attribute('victim'),
      });
  });
  return records;
}

/** A record that may be a collision: the collider had not collided before. */
export interface Candidate extends SumoRecord {
  /** First record of the victim, s, when it had collided before; NaN when this is its first contact too. */
  readonly victimCrashedAt: number;
}

/** First contacts of SUMO's records but those with a party whose track had ended by then. `crashedAt`: every party's first record, s. */
export function firstContacts(
  records: readonly SumoRecord[],
  gone: (vehicle: string, time: number) => boolean,
): {
  readonly candidates: readonly Candidate[];
  readonly crashedAt: ReadonlyMap<string, number>;
  readonly afterCut: number;
} {
  const crashedAt = new Map<string, number>();
  const candidates: Candidate[] = [];
  let afterCut = 0;
  for (const record of [...records].sort((a, b) => a.time - b.time)) {
    if (gone(record.collider, record.time) || gone(record.victim, record.time)) {
      afterCut += 1;
      continue;
    }
    if (!crashedAt.has(record.collider))
      candidates.push({ ...record, victimCrashedAt: crashedAt.get(record.victim) ?? Number.NaN });
    for (const party of [record.collider, record.victim]) if (!crashedAt.has(party)) crashedAt.set(party, record.time);
  }
  return { candidates, crashedAt, afterCut };
}
