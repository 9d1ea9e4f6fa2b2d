import { type Generated, sql } from 'kysely';
import type { Migration } from '../../database/index.ts';

/** 8-byte integers and times: text from the driver, numbers are accepted when writing. All stay below 2^53. */
type BigInteger = string | number;

export type IncidentTables = {
  incident_chain: { id: number; seq: BigInteger; hash: string };
  incident_entries: {
    seq: BigInteger;
    incident_id: string;
    kind: string;
    created_ms: BigInteger;
    body: string;
    salt: Uint8Array;
    body_hash: string;
    previous_hash: string;
    hash: string;
  };
  incident_raw: {
    seq: BigInteger;
    position: number;
    incident_id: string;
    vehicle_id: string;
    topic: string;
    received_ms: BigInteger;
    payload: Uint8Array;
    sha256: string;
  };
  incident_keys: { key: string; incident_id: string };
  incident_codes: { code: string; incident_id: string };
  incident_followups: {
    id: string;
    incident_id: string;
    phase: number;
    from_ms: BigInteger;
    due_ms: BigInteger;
    vehicle_ids: string[];
  };
  incidents: {
    id: string;
    sequence: BigInteger;
    tracking_code: string;
    kind: string;
    state: string;
    occurred_ms: BigInteger;
    recorded_ms: BigInteger;
    lat: number;
    lon: number;
    vehicle_ids: string[];
    /** The whole projection as JSON. */
    record: string;
    updated: Generated<Date>;
  };
};

export const migrations: readonly Migration[] = [
  {
    name: '0001-record-store',
    async up(transaction) {
      const statements = [
        sql`CREATE TABLE incident_chain (id smallint PRIMARY KEY CHECK (id = 1), seq bigint NOT NULL, hash text NOT NULL)`,
        sql`INSERT INTO incident_chain VALUES (1, 0, repeat('0', 64))`,
        sql`CREATE TABLE incident_entries (
          seq bigint PRIMARY KEY, incident_id text NOT NULL, kind text NOT NULL, created_ms bigint NOT NULL,
          body text NOT NULL, salt bytea NOT NULL, body_hash text NOT NULL, previous_hash text NOT NULL,
          hash text NOT NULL)`,
        sql`CREATE INDEX incident_entries_incident ON incident_entries (incident_id, seq)`,
        sql`CREATE TABLE incident_raw (
          seq bigint NOT NULL REFERENCES incident_entries, position integer NOT NULL, incident_id text NOT NULL,
          vehicle_id text NOT NULL, topic text NOT NULL, received_ms bigint NOT NULL, payload bytea NOT NULL,
          sha256 text NOT NULL, PRIMARY KEY (seq, position))`,
        sql`CREATE INDEX incident_raw_incident ON incident_raw (incident_id, received_ms)`,
        sql`CREATE TABLE incident_keys (key text PRIMARY KEY, incident_id text NOT NULL)`,
        sql`CREATE TABLE incident_codes (code text PRIMARY KEY, incident_id text NOT NULL)`,
        sql`CREATE INDEX incident_codes_incident ON incident_codes (incident_id)`,
        sql`CREATE TABLE incident_followups (
          id text PRIMARY KEY, incident_id text NOT NULL, phase smallint NOT NULL, from_ms bigint NOT NULL,
          due_ms bigint NOT NULL, vehicle_ids text[] NOT NULL)`,
        sql`CREATE TABLE incidents (
          id text PRIMARY KEY, sequence bigint NOT NULL UNIQUE, tracking_code text NOT NULL UNIQUE, kind text NOT NULL,
          state text NOT NULL, occurred_ms bigint NOT NULL, recorded_ms bigint NOT NULL, lat double precision NOT NULL,
          lon double precision NOT NULL, vehicle_ids text[] NOT NULL, record text NOT NULL,
          updated timestamptz NOT NULL DEFAULT now())`,
        sql`CREATE INDEX incidents_occurred ON incidents (occurred_ms)`,
        sql`CREATE FUNCTION incident_append_only() RETURNS trigger LANGUAGE plpgsql AS
          $$ BEGIN RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP; END $$`,
      ];
      for (const statement of statements) await statement.execute(transaction);
      for (const table of ['incident_entries', 'incident_raw', 'incident_keys', 'incident_codes'])
        await sql`CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ${sql.table(table)}
          FOR EACH STATEMENT EXECUTE FUNCTION incident_append_only()`.execute(transaction);
    },
  },
];
