import { type Kysely, sql, type Transaction } from 'kysely';
import type { Database } from '../../database/index.ts';
import { planOf } from '../black-box/follow-up-plan.ts';
import { canonicalJson } from '../canonical-json.ts';
import { type Fact, rawMessagesOf } from '../facts.ts';
import { distance, isSameEvent, samePlaceDistance, sameVehicleWindowMs } from '../fusion/same-event.ts';
import type { IncidentRecord } from '../types.ts';
import { hashBody, hashLink, sha256Hex } from './chain.ts';
import { type EntryBody, entryBody } from './entry-body.ts';
import { project, traceOf } from './projection.ts';
import type { IncidentTables } from './schema.ts';

/** What became of one fact. */
export interface Stored {
  readonly fact: Fact;
  /** The record it is part of now. */
  readonly record: IncidentRecord;
  /** False when its key was on record already. */
  readonly added: boolean;
  /** Of its entry in the chain; 0 when nothing was added. */
  readonly sequence: number;
  /** It opened the incident, or brought vehicles that were not part of it. */
  readonly newVehicleIds: readonly string[];
}

/** A fact that can never be stored as it is (names an incident that does not exist): trying again is useless. */
export class UnstorableFact extends Error {}

interface Head {
  seq: number;
  hash: string;
}

export interface StoreOptions {
  /** When the raw messages of the parties are read, ms after the fact came in, ascending. */
  readonly followUpDelaysMs: readonly number[];
  readonly random: (bytes: number) => Uint8Array;
}

/**
 * Commits the facts in one transaction, each with its entry of the chain, its raw messages, its idempotency key and the
 * changed record. `replaying`: the codes of the facts were handed out already, so they must lead to the record also when
 * the fact itself turns out to be known. The row of the chain's head is locked first: one writer at a time, so the sequence has no gaps.
 */
export function storeFacts(
  database: Database,
  facts: readonly Fact[],
  options: StoreOptions,
  replaying = false,
): Promise<readonly Stored[]> {
  const kysely = database.kysely.withTables<IncidentTables>();
  return kysely.transaction().execute(async (transaction) => {
    const row = await transaction
      .selectFrom('incident_chain')
      .select(['seq', 'hash'])
      .where('id', '=', 1)
      .forUpdate()
      .executeTakeFirstOrThrow();
    const head: Head = { seq: Number(row.seq), hash: row.hash };
    const before = head.seq;
    const stored: Stored[] = [];
    for (const fact of facts) stored.push(await storeFact(transaction, head, fact, options, replaying));
    if (head.seq !== before)
      await transaction
        .updateTable('incident_chain')
        .set({ seq: head.seq, hash: head.hash })
        .where('id', '=', 1)
        .execute();
    return stored;
  });
}

async function storeFact(
  transaction: Transaction<IncidentTables>,
  head: Head,
  fact: Fact,
  options: StoreOptions,
  replaying: boolean,
): Promise<Stored> {
  const known = await recordByKey(transaction, fact.key);
  if (known !== undefined) {
    if (replaying) await nameAlso(transaction, fact, known.id);
    return { fact, record: known, added: false, sequence: 0, newVehicleIds: [] };
  }
  const before = await incidentFor(transaction, fact);
  const incidentId = before?.id ?? fact.incidentId;
  const { body, link } = await append(transaction, head, fact, incidentId, options.random);
  const record = project(before, link, body);
  if (record === undefined) throw new UnstorableFact(`${fact.kind}: no incident ${fact.incidentId}`);
  await saveRecord(transaction, record);
  await transaction.insertInto('incident_keys').values({ key: fact.key, incident_id: incidentId }).execute();
  await nameAlso(transaction, fact, incidentId);
  const knownIds = new Set(before?.vehicleIds);
  const newVehicleIds = isOpening(body) ? record.vehicleIds.filter((id) => !knownIds.has(id)) : [];
  if (newVehicleIds.length > 0) await planFollowUps(transaction, fact, incidentId, newVehicleIds, options);
  if (fact.kind === 'blackbox') await transaction.deleteFrom('incident_followups').where('id', '=', fact.key).execute();
  return { fact, record, added: true, sequence: link.sequence, newVehicleIds };
}

async function append(
  transaction: Transaction<IncidentTables>,
  head: Head,
  fact: Fact,
  incidentId: string,
  random: (bytes: number) => Uint8Array,
) {
  const body = entryBody(fact);
  const text = canonicalJson(body);
  const salt = Buffer.from(random(16));
  const unsigned = {
    sequence: head.seq + 1,
    incidentId,
    kind: fact.kind,
    createdMs: fact.recordedMs,
    bodyHash: hashBody(salt, text),
    previousHash: head.hash,
  };
  const link = { ...unsigned, hash: hashLink(unsigned) };
  await transaction
    .insertInto('incident_entries')
    .values({
      seq: link.sequence,
      incident_id: incidentId,
      kind: link.kind,
      created_ms: link.createdMs,
      body: text,
      salt,
      body_hash: link.bodyHash,
      previous_hash: link.previousHash,
      hash: link.hash,
    })
    .execute();
  const raw = rawMessagesOf(fact).map((message, position) => ({
    seq: link.sequence,
    position,
    incident_id: incidentId,
    vehicle_id: message.vehicleId,
    topic: message.topic,
    received_ms: message.receivedMs,
    payload: Buffer.from(message.payload),
    sha256: sha256Hex(message.payload),
  }));
  for (let start = 0; start < raw.length; start += 500)
    await transaction
      .insertInto('incident_raw')
      .values(raw.slice(start, start + 500))
      .execute();
  head.seq = link.sequence;
  head.hash = link.hash;
  return { body, link };
}

async function recordByKey(transaction: Kysely<IncidentTables>, key: string): Promise<IncidentRecord | undefined> {
  const row = await transaction
    .selectFrom('incident_keys')
    .innerJoin('incidents', 'incidents.id', 'incident_keys.incident_id')
    .select('incidents.record')
    .where('incident_keys.key', '=', key)
    .executeTakeFirst();
  return row === undefined ? undefined : readRecord(row.record);
}

/** The incident the fact belongs to: an opening fact that of the same event, if there is one; others the one they name (or its alias). */
async function incidentFor(transaction: Kysely<IncidentTables>, fact: Fact): Promise<IncidentRecord | undefined> {
  const body = entryBody(fact);
  if (isOpening(body)) return sameEvent(transaction, body);
  const named = await transaction
    .selectFrom('incidents')
    .select('record')
    .where('id', '=', fact.incidentId)
    .executeTakeFirst();
  return named === undefined ? recordByKey(transaction, aliasKey(fact.incidentId)) : readRecord(named.record);
}

async function sameEvent(
  transaction: Kysely<IncidentTables>,
  body: Extract<EntryBody, { kind: 'reported' | 'observed' }>,
): Promise<IncidentRecord | undefined> {
  const trace = traceOf(body);
  const margin = samePlaceDistance / 100_000;
  const lonMargin = margin / Math.max(0.01, Math.cos((trace.lat * Math.PI) / 180));
  const rows = await transaction
    .selectFrom('incidents')
    .select('record')
    .where('occurred_ms', '>=', trace.occurredAtMs - sameVehicleWindowMs)
    .where('occurred_ms', '<=', trace.occurredAtMs + sameVehicleWindowMs)
    .where('state', 'not in', ['cleared', 'rejected'])
    .where(sql<boolean>`(vehicle_ids && ${trace.vehicleIds}::text[]
      OR (lat BETWEEN ${trace.lat - margin} AND ${trace.lat + margin}
        AND lon BETWEEN ${trace.lon - lonMargin} AND ${trace.lon + lonMargin}))`)
    .limit(200)
    .execute();
  const candidates = rows
    .map((row) => readRecord(row.record))
    .filter((record) =>
      isSameEvent(trace, { ...record, ...record.place, occurredAtMs: Date.parse(record.occurredAt) }),
    );
  const apart = (record: IncidentRecord): number =>
    Math.abs(Date.parse(record.occurredAt) - trace.occurredAtMs) / 1000 +
    distance(record.place.lat, record.place.lon, trace.lat, trace.lon) / 10;
  return candidates.sort((a, b) => apart(a) - apart(b))[0];
}

async function saveRecord(transaction: Kysely<IncidentTables>, record: IncidentRecord): Promise<void> {
  const row = rowOf(record);
  await transaction
    .insertInto('incidents')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ ...row, updated: sql`now()` }))
    .execute();
}

export function rowOf(record: IncidentRecord) {
  return {
    id: record.id,
    sequence: record.sequence,
    tracking_code: record.trackingCode,
    kind: record.kind,
    state: record.state,
    occurred_ms: Date.parse(record.occurredAt),
    recorded_ms: Date.parse(record.recordedAt),
    lat: record.place.lat,
    lon: record.place.lon,
    vehicle_ids: [...record.vehicleIds],
    record: canonicalJson(record),
  };
}

/** Reads the projection that `rowOf` wrote. */
export function readRecord(text: string): IncidentRecord {
  const record: IncidentRecord = JSON.parse(text);
  return record;
}

/** The code and the id that were handed out for this fact keep leading to its incident, also after fusion. */
async function nameAlso(transaction: Kysely<IncidentTables>, fact: Fact, incidentId: string): Promise<void> {
  if (fact.kind !== 'reported' && fact.kind !== 'observed') return;
  await transaction
    .insertInto('incident_codes')
    .values({ code: fact.trackingCode, incident_id: incidentId })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  if (fact.incidentId === incidentId) return;
  await transaction
    .insertInto('incident_keys')
    .values({ key: aliasKey(fact.incidentId), incident_id: incidentId })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

async function planFollowUps(
  transaction: Kysely<IncidentTables>,
  fact: Fact,
  incidentId: string,
  vehicleIds: readonly string[],
  options: StoreOptions,
): Promise<void> {
  const rows = planOf(fact, incidentId, vehicleIds, options.followUpDelaysMs).map((followUp) => ({
    id: followUp.id,
    incident_id: followUp.incidentId,
    phase: followUp.phase,
    from_ms: followUp.fromMs,
    due_ms: followUp.dueMs,
    vehicle_ids: [...followUp.vehicleIds],
  }));
  if (rows.length > 0) await transaction.insertInto('incident_followups').values(rows).execute();
}

function aliasKey(incidentId: string): string {
  return `incident:${incidentId}`;
}

function isOpening(body: EntryBody): body is Extract<EntryBody, { kind: 'reported' | 'observed' }> {
  return body.kind === 'reported' || body.kind === 'observed';
}
