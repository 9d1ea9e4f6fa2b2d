import { sql } from 'kysely';
import { type Migration, migrate } from './migrations.ts';
import type { Database } from './types.ts';

/** Traffic of one directed edge in one minute. */
export interface CongestionRow {
  /** UTC ms of the minute's start. */
  readonly minuteMs: number;
  readonly edge: number;
  /** m/s. */
  readonly meanSpeed: number;
  readonly samples: number;
  /** Distinct vehicles. */
  readonly vehicles: number;
  /** Free-flow speed, m/s. */
  readonly freeFlow: number;
  /** 0 free .. 10 closed. */
  readonly jamFactor: number;
}

/** What an edge is usually like in one hour of the week. */
export interface UsualTraffic {
  readonly edge: number;
  /** 0..167: 0 is Monday 00:00-00:59 UTC. */
  readonly hourOfWeek: number;
  /** m/s, mean weighted by samples. */
  readonly meanSpeed: number;
  readonly jamFactor: number;
  /** Minutes that went into it. */
  readonly minutes: number;
}

export interface CongestionStore {
  /** Stores the rows; the same edge and minute again replaces the earlier. Rejects when the database is away: the caller keeps them. */
  write(rows: readonly CongestionRow[]): Promise<void>;
  /** Rows of an edge with fromMs <= minute < toMs, oldest first, at most 20,160 (two weeks). */
  history(edge: number, fromMs: number, toMs: number): Promise<readonly CongestionRow[]>;
  /** Undefined when nothing is known of that hour. */
  usual(edge: number, hourOfWeek: number): Promise<UsualTraffic | undefined>;
  /** Deletes what is older than the retention limit; `write` calls it once an hour. Returns how many rows went. */
  prune(nowMs: number): Promise<number>;
}

type CongestionTables = {
  congestion: {
    minute_ms: string | number;
    edge: number;
    mean_speed: number;
    samples: number;
    vehicles: number;
    free_flow: number;
    jam_factor: number;
  };
};

const migrations: readonly Migration[] = [
  {
    name: '0001-congestion',
    async up(transaction) {
      await sql`CREATE TABLE congestion (
        minute_ms bigint NOT NULL, edge integer NOT NULL, mean_speed real NOT NULL, samples integer NOT NULL,
        vehicles integer NOT NULL, free_flow real NOT NULL, jam_factor real NOT NULL,
        PRIMARY KEY (edge, minute_ms))`.execute(transaction);
      await sql`CREATE INDEX congestion_minute ON congestion (minute_ms)`.execute(transaction);
    },
  },
];

const hourMs = 3_600_000;
const rowsPerStatement = 2000;
const historyLimit = 20_160;

/** Opens the table (creating it). `retentionDays` 1..3650. */
export async function createCongestionStore(
  database: Database,
  options: { readonly retentionDays: number },
): Promise<CongestionStore> {
  const { retentionDays } = options;
  if (!(retentionDays >= 1 && retentionDays <= 3650))
    throw new Error(`congestion retentionDays ${retentionDays}: 1..3650 expected`);
  await migrate(database, 'database', migrations);
  const kysely = database.kysely.withTables<CongestionTables>();
  let prunedHour = -1;

  const prune = async (nowMs: number): Promise<number> => {
    const result = await kysely
      .deleteFrom('congestion')
      .where('minute_ms', '<', nowMs - retentionDays * 24 * hourMs)
      .executeTakeFirst();
    return Number(result.numDeletedRows);
  };
  return {
    prune,
    async write(rows) {
      if (rows.length === 0) return;
      let newest = 0;
      const latest = new Map<string, CongestionRow>();
      for (const row of rows) {
        latest.set(`${row.edge} ${row.minuteMs}`, row);
        newest = Math.max(newest, row.minuteMs);
      }
      const unique = [...latest.values()];
      await kysely.transaction().execute(async (transaction) => {
        for (let start = 0; start < unique.length; start += rowsPerStatement)
          await transaction
            .insertInto('congestion')
            .values(unique.slice(start, start + rowsPerStatement).map(toColumns))
            .onConflict((conflict) =>
              conflict.columns(['edge', 'minute_ms']).doUpdateSet((row) => ({
                mean_speed: row.ref('excluded.mean_speed'),
                samples: row.ref('excluded.samples'),
                vehicles: row.ref('excluded.vehicles'),
                free_flow: row.ref('excluded.free_flow'),
                jam_factor: row.ref('excluded.jam_factor'),
              })),
            )
            .execute();
      });
      const hour = Math.floor(newest / hourMs);
      if (hour > prunedHour) {
        prunedHour = hour;
        await prune(newest);
      }
    },
    async history(edge, fromMs, toMs) {
      const rows = await kysely
        .selectFrom('congestion')
        .selectAll()
        .where('edge', '=', edge)
        .where('minute_ms', '>=', fromMs)
        .where('minute_ms', '<', toMs)
        .orderBy('minute_ms')
        .limit(historyLimit)
        .execute();
      return rows.map(fromColumns);
    },
    async usual(edge, hourOfWeek) {
      if (!Number.isInteger(hourOfWeek) || hourOfWeek < 0 || hourOfWeek > 167)
        throw new Error(`hourOfWeek ${hourOfWeek}: 0..167 expected`);
      // 1970-01-01 was a Thursday, 72 h after Monday 00:00.
      const row = await kysely
        .selectFrom('congestion')
        .select([
          sql<number | null>`sum(mean_speed * samples) / nullif(sum(samples), 0)`.as('speed'),
          sql<number | null>`avg(jam_factor)`.as('jam'),
          sql<string>`count(*)`.as('minutes'),
        ])
        .where('edge', '=', edge)
        .where(sql<boolean>`(minute_ms / 3600000 + 72) % 168 = ${hourOfWeek}`)
        .executeTakeFirst();
      if (row === undefined || row.speed === null || row.jam === null) return undefined;
      return { edge, hourOfWeek, meanSpeed: row.speed, jamFactor: row.jam, minutes: Number(row.minutes) };
    },
  };
}

function toColumns(row: CongestionRow): CongestionTables['congestion'] {
  return {
    minute_ms: row.minuteMs,
    edge: row.edge,
    mean_speed: row.meanSpeed,
    samples: row.samples,
    vehicles: row.vehicles,
    free_flow: row.freeFlow,
    jam_factor: row.jamFactor,
  };
}

function fromColumns(row: CongestionTables['congestion']): CongestionRow {
  return {
    minuteMs: Number(row.minute_ms),
    edge: row.edge,
    meanSpeed: row.mean_speed,
    samples: row.samples,
    vehicles: row.vehicles,
    freeFlow: row.free_flow,
    jamFactor: row.jam_factor,
  };
}
