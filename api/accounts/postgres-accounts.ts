import { sql } from 'kysely';
import { type Database, type Migration, migrate } from '../../database/index.ts';
import { type Role, roles } from '../../messages/index.ts';
import type { Account, AccountStore, Session } from './account-store.ts';

type AccountTables = {
  account: {
    name: string;
    role: string;
    password_hash: string;
    vehicle_id: string | null;
    disabled: boolean;
    created_at: Date;
  };
  session: {
    id: string;
    name: string;
    refresh_hash: string;
    created_at: Date;
    expires_at: Date;
    revoked: boolean;
  };
};

/**
 * Accounts and sessions in PostgreSQL, in tables `account` and `session`, made here where they are missing.
 * Every promise of the store rejects while the database is away.
 */
export async function openAccounts(database: Pick<Database, 'kysely'>): Promise<AccountStore> {
  await migrate(database, 'accounts', migrations);
  const db = database.kysely.withTables<AccountTables>();
  return {
    async find(name) {
      const row = await db.selectFrom('account').selectAll().where('name', '=', name).executeTakeFirst();
      return row === undefined ? undefined : toAccount(row);
    },
    async list() {
      return (await db.selectFrom('account').selectAll().orderBy('name').execute()).map(toAccount);
    },
    async add(account) {
      const result = await db
        .insertInto('account')
        .values({
          name: account.name,
          role: account.role,
          password_hash: account.passwordHash,
          vehicle_id: account.vehicleId ?? null,
          disabled: account.disabled,
          created_at: new Date(account.createdMs),
        })
        .onConflict((conflict) => conflict.column('name').doNothing())
        .executeTakeFirst();
      return result.numInsertedOrUpdatedRows === 1n;
    },
    async change(name, { role, disabled, passwordHash }) {
      const result = await db
        .updateTable('account')
        .set({
          name,
          ...(role === undefined ? {} : { role }),
          ...(disabled === undefined ? {} : { disabled }),
          ...(passwordHash === undefined ? {} : { password_hash: passwordHash }),
        })
        .where('name', '=', name)
        .executeTakeFirst();
      return result.numUpdatedRows === 1n;
    },
    async openSession(session) {
      await db
        .insertInto('session')
        .values({
          id: session.id,
          name: session.name,
          refresh_hash: session.refreshHash,
          created_at: new Date(session.createdMs),
          expires_at: new Date(session.expiresMs),
          revoked: session.revoked,
        })
        .execute();
    },
    async session(id) {
      const row = await db.selectFrom('session').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? undefined : toSession(row);
    },
    async rotate(id, from, to, nowMs) {
      const result = await db
        .updateTable('session')
        .set({ refresh_hash: to })
        .where('id', '=', id)
        .where('refresh_hash', '=', from)
        .where('revoked', '=', false)
        .where('expires_at', '>', new Date(nowMs))
        .executeTakeFirst();
      return result.numUpdatedRows === 1n;
    },
    async revoke(id) {
      await db.updateTable('session').set({ revoked: true }).where('id', '=', id).execute();
    },
    async revokeAllOf(name) {
      await db.updateTable('session').set({ revoked: true }).where('name', '=', name).execute();
    },
    async forgetEnded(nowMs) {
      const result = await db.deleteFrom('session').where('expires_at', '<', new Date(nowMs)).executeTakeFirst();
      return Number(result.numDeletedRows);
    },
  };
}

const migrations: readonly Migration[] = [
  {
    name: '0001-accounts',
    async up(transaction) {
      await sql`create table account (
        name text primary key,
        role text not null,
        password_hash text not null,
        vehicle_id text,
        disabled boolean not null default false,
        created_at timestamptz not null
      )`.execute(transaction);
      await sql`create table session (
        id text primary key,
        name text not null references account (name) on delete cascade,
        refresh_hash text not null,
        created_at timestamptz not null,
        expires_at timestamptz not null,
        revoked boolean not null default false
      )`.execute(transaction);
      await sql`create index session_expires_at on session (expires_at)`.execute(transaction);
      await sql`create index session_name on session (name)`.execute(transaction);
    },
  },
];

function toAccount(row: AccountTables['account']): Account {
  const role = roles.find((candidate) => candidate === row.role);
  if (role === undefined) throw new Error(`account ${row.name}: unknown role ${JSON.stringify(row.role)}`);
  return {
    name: row.name,
    role: role satisfies Role,
    passwordHash: row.password_hash,
    disabled: row.disabled,
    createdMs: row.created_at.getTime(),
    ...(row.vehicle_id === null ? {} : { vehicleId: row.vehicle_id }),
  };
}

function toSession(row: AccountTables['session']): Session {
  return {
    id: row.id,
    name: row.name,
    refreshHash: row.refresh_hash,
    createdMs: row.created_at.getTime(),
    expiresMs: row.expires_at.getTime(),
    revoked: row.revoked,
  };
}
