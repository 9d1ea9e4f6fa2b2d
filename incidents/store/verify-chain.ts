import type { Kysely } from 'kysely';
import type { Database } from '../../database/index.ts';
import type { ChainEntry, ChainVerdict } from '../types.ts';
import { genesisHash, hashBody, hashLink, sha256Hex } from './chain.ts';
import { readEntry } from './record-reader.ts';
import type { IncidentTables } from './schema.ts';

/** Last link that was known outside the database. */
export interface Anchor {
  readonly sequence: number;
  readonly hash: string;
}

const pageSize = 500;

/**
 * Walks the whole chain in one consistent snapshot: sequence without gaps, every body against its hash, every link against
 * the one before, every raw message against the hash in its body, the end against the stored head and against `anchor`
 * (so that a cut-off tail shows). Names the first entry that does not fit.
 */
export async function verifyChain(database: Database, anchor: Anchor | undefined): Promise<ChainVerdict> {
  const kysely = database.kysely.withTables<IncidentTables>();
  return kysely
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute((snapshot) => walk(snapshot, anchor));
}

async function walk(snapshot: Kysely<IncidentTables>, anchor: Anchor | undefined): Promise<ChainVerdict> {
  let head = genesisHash;
  let checked = 0;
  const broken = (sequence: number, reason: string): ChainVerdict => ({
    ok: false,
    records: checked,
    head,
    firstBroken: sequence,
    reason,
  });
  for (;;) {
    const rows = await snapshot
      .selectFrom('incident_entries')
      .selectAll()
      .where('seq', '>', checked)
      .orderBy('seq')
      .limit(pageSize)
      .execute();
    if (rows.length === 0) break;
    const raw = await rawHashes(snapshot, checked, Number(rows[rows.length - 1].seq));
    for (const row of rows) {
      const expected = checked + 1;
      if (Number(row.seq) !== expected) return broken(expected, `entry ${expected} is missing`);
      const entry = readEntry(row);
      const fault = faultOf(entry, Buffer.from(row.salt), head, raw.get(expected) ?? []);
      if (fault !== undefined) return broken(expected, fault);
      if (anchor?.sequence === expected && anchor.hash !== entry.hash)
        return broken(expected, 'differs from the link that was noted outside the database');
      head = entry.hash;
      checked = expected;
    }
  }
  const stored = await snapshot.selectFrom('incident_chain').selectAll().where('id', '=', 1).executeTakeFirst();
  if (stored === undefined || Number(stored.seq) !== checked || stored.hash !== head)
    return broken(checked + 1, `the chain ends at ${checked}, its head says ${stored?.seq ?? 'nothing'}`);
  if (anchor !== undefined && anchor.sequence > checked)
    return broken(checked + 1, `the chain ends at ${checked}, but entry ${anchor.sequence} was on record`);
  return { ok: true, records: checked, head };
}

function faultOf(
  entry: ChainEntry,
  salt: Uint8Array,
  previous: string,
  raw: readonly { readonly stored: string; readonly actual: string }[],
): string | undefined {
  if (entry.previousHash !== previous) return 'does not follow the entry before it';
  if (hashBody(salt, entry.body) !== entry.bodyHash) return 'its body was changed';
  if (hashLink(entry) !== entry.hash) return 'its hash does not fit its content';
  const body: { rawMessages?: readonly { sha256: string }[] } = JSON.parse(entry.body);
  const named = body.rawMessages ?? [];
  if (named.length !== raw.length) return `names ${named.length} raw messages, ${raw.length} are stored`;
  const bad = raw.findIndex((hash, i) => hash.actual !== named[i].sha256 || hash.stored !== named[i].sha256);
  return bad < 0 ? undefined : `its raw message ${bad} was changed`;
}

async function rawHashes(snapshot: Kysely<IncidentTables>, after: number, to: number) {
  const rows = await snapshot
    .selectFrom('incident_raw')
    .select(['seq', 'payload', 'sha256'])
    .where('seq', '>', after)
    .where('seq', '<=', to)
    .orderBy('seq')
    .orderBy('position')
    .execute();
  const bySequence = new Map<number, { stored: string; actual: string }[]>();
  for (const row of rows) {
    const list = bySequence.get(Number(row.seq)) ?? [];
    list.push({ stored: row.sha256, actual: sha256Hex(row.payload) });
    bySequence.set(Number(row.seq), list);
  }
  return bySequence;
}
