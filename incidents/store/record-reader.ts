import { sql } from 'kysely';
import type { Database } from '../../database/index.ts';
import type { IncidentSummary } from '../../messages/index.ts';
import type { FollowUp } from '../black-box/follow-up-plan.ts';
import type { ChainEntry, IncidentRecord, Page, RawMessage } from '../types.ts';
import { summaryOf } from './projection.ts';
import { readRecord } from './record-store.ts';
import type { IncidentTables } from './schema.ts';

/** Reads the record store. Every function rejects while the database is away. */
export interface RecordReader {
  /** Newest event first. */
  list(query: {
    readonly limit: number;
    readonly cursor?: string;
    readonly sinceMs?: number;
  }): Promise<Page<IncidentSummary>>;
  /** By the stored spelling of any code that leads to it. */
  byCode(code: string): Promise<IncidentRecord | undefined>;
  byId(incidentId: string): Promise<IncidentRecord | undefined>;
  raw(incidentId: string): Promise<readonly RawMessage[]>;
  entries(incidentId: string): Promise<readonly ChainEntry[]>;
  followUps(): Promise<readonly FollowUp[]>;
}

const mostPerPage = 500;

export function createRecordReader(database: Database): RecordReader {
  const kysely = database.kysely.withTables<IncidentTables>();
  return {
    async list({ limit, cursor, sinceMs }) {
      if (!Number.isInteger(limit) || limit < 1 || limit > mostPerPage)
        throw new RangeError(`limit ${limit}: 1..${mostPerPage} expected`);
      let query = kysely.selectFrom('incidents').select(['record', 'occurred_ms', 'sequence']);
      if (sinceMs !== undefined) query = query.where('occurred_ms', '>=', sinceMs);
      if (cursor !== undefined) {
        const position = /^(\d{1,16})\.(\d{1,16})$/.exec(cursor);
        if (position === null) throw new RangeError('cursor: not one of ours');
        query = query.where(
          sql<boolean>`(occurred_ms, sequence) < (${Number(position[1])}::bigint, ${Number(position[2])}::bigint)`,
        );
      }
      const rows = await query
        .orderBy('occurred_ms', 'desc')
        .orderBy('sequence', 'desc')
        .limit(limit + 1)
        .execute();
      const items = rows.slice(0, limit).map((row) => summaryOf(readRecord(row.record)));
      const last = rows[limit - 1];
      return rows.length > limit ? { items, next: `${last.occurred_ms}.${last.sequence}` } : { items };
    },
    async byCode(code) {
      const row = await kysely
        .selectFrom('incident_codes')
        .innerJoin('incidents', 'incidents.id', 'incident_codes.incident_id')
        .select('incidents.record')
        .where('incident_codes.code', '=', code)
        .executeTakeFirst();
      return row === undefined ? undefined : readRecord(row.record);
    },
    async byId(incidentId) {
      const row = await kysely.selectFrom('incidents').select('record').where('id', '=', incidentId).executeTakeFirst();
      return row === undefined ? undefined : readRecord(row.record);
    },
    async raw(incidentId) {
      const rows = await kysely
        .selectFrom('incident_raw')
        .select(['vehicle_id', 'topic', 'received_ms', 'payload'])
        .where('incident_id', '=', incidentId)
        .orderBy('vehicle_id')
        .orderBy('received_ms')
        .orderBy('seq')
        .orderBy('position')
        .execute();
      return rows.map((row) => ({
        vehicleId: row.vehicle_id,
        topic: row.topic,
        receivedMs: Number(row.received_ms),
        payload: new Uint8Array(row.payload),
      }));
    },
    async entries(incidentId) {
      const rows = await kysely
        .selectFrom('incident_entries')
        .selectAll()
        .where('incident_id', '=', incidentId)
        .orderBy('seq')
        .execute();
      return rows.map(readEntry);
    },
    async followUps() {
      const rows = await kysely.selectFrom('incident_followups').selectAll().orderBy('due_ms').limit(5000).execute();
      return rows.map((row) => ({
        id: row.id,
        incidentId: row.incident_id,
        phase: row.phase,
        fromMs: Number(row.from_ms),
        dueMs: Number(row.due_ms),
        vehicleIds: row.vehicle_ids,
      }));
    },
  };
}

export function readEntry(row: {
  readonly seq: string | number;
  readonly incident_id: string;
  readonly kind: string;
  readonly created_ms: string | number;
  readonly body: string;
  readonly salt: Uint8Array;
  readonly body_hash: string;
  readonly previous_hash: string;
  readonly hash: string;
}): ChainEntry {
  return {
    sequence: Number(row.seq),
    incidentId: row.incident_id,
    kind: entryKind(row.kind),
    createdMs: Number(row.created_ms),
    body: row.body,
    salt: Buffer.from(row.salt).toString('hex'),
    bodyHash: row.body_hash,
    previousHash: row.previous_hash,
    hash: row.hash,
  };
}

const entryKinds: readonly ChainEntry['kind'][] = [
  'reported',
  'observed',
  'blackbox',
  'derived',
  'state-change',
  'access',
];

function entryKind(text: string): ChainEntry['kind'] {
  const kind = entryKinds.find((known) => known === text);
  if (kind === undefined) throw new TypeError(`entry of unknown kind ${JSON.stringify(text)}`);
  return kind;
}
