import { sql, type Transaction } from 'kysely';
import type { Database, NoTables } from './types.ts';

/** One step of one room's schema. Steps are never edited after release; a change is a new step. */
export interface Migration {
  /** `0001-entries`: unique in its room, applied in the order of the list. */
  readonly name: string;
  up(transaction: Transaction<NoTables>): Promise<void>;
}

type MigrationTables = {
  schema_migrations: { room: string; name: string; applied: Date };
};

/** Any fixed number; every platform on one database takes the same lock while it migrates. */
const advisoryLock = 7_215_031_982;

/**
 * Applies what is missing of a room's list, each step in its own transaction together with its mark, under an advisory
 * lock, so that two platforms starting at once do not meet. Returns the names applied now. Throws when the database knows
 * steps that the list does not (a newer version of the platform was here) or holds them in another order.
 */
export async function migrate(
  database: Pick<Database, 'kysely'>,
  room: string,
  migrations: readonly Migration[],
): Promise<readonly string[]> {
  const applied: string[] = [];
  for (;;) {
    const name = await database.kysely.transaction().execute((transaction) => applyNext(transaction, room, migrations));
    if (name === undefined) return applied;
    applied.push(name);
  }
}

async function applyNext(
  transaction: Transaction<NoTables>,
  room: string,
  migrations: readonly Migration[],
): Promise<string | undefined> {
  await sql`SELECT pg_advisory_xact_lock(${advisoryLock})`.execute(transaction);
  await sql`CREATE TABLE IF NOT EXISTS schema_migrations (
    room text NOT NULL, name text NOT NULL, applied timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (room, name))`.execute(
    transaction,
  );
  const tables = transaction.withTables<MigrationTables>();
  const done = await tables
    .selectFrom('schema_migrations')
    .select('name')
    .where('room', '=', room)
    .orderBy('name')
    .execute();
  const known = new Set(migrations.map((step) => step.name));
  const strange = done.find((row) => !known.has(row.name));
  if (strange !== undefined)
    throw new Error(
      `the database holds step ${room}/${strange.name}, which this version does not know; use a newer version`,
    );
  const doneNames = new Set(done.map((row) => row.name));
  const next = migrations.findIndex((step) => !doneNames.has(step.name));
  if (next < 0) return undefined;
  const step = migrations[next];
  if (migrations.slice(next).some((later) => doneNames.has(later.name)))
    throw new Error(`step ${room}/${step.name} comes before steps that are already applied`);
  await step.up(transaction);
  await tables.insertInto('schema_migrations').values({ room, name: step.name, applied: sql<Date>`now()` }).execute();
  return step.name;
}
