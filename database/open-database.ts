import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { type Cluster, findCluster, prepareCluster, roleName } from './cluster.ts';
import { watchConnection } from './connection-watch.ts';
import { lockDirectory } from './directory-lock.ts';
import { findPostgresBinaries } from './postgres-binaries.ts';
import { adoptPostmaster, type Postmaster, startPostmaster } from './postmaster.ts';
import type { Database, Log, NoTables } from './types.ts';

export interface DatabaseOptions {
  /** Folder of the platform's data; locked against a second platform when the server is the embedded one. */
  readonly dataDir: string;
  /** `postgres://user:password@host:port/database` of a server elsewhere; absent: the embedded one. */
  readonly url?: string;
  /** TCP port of the embedded server, 0..65535; 0 (default) takes a free one. */
  readonly port?: number;
  readonly log: Log;
  /** UTC ms. */
  readonly clock: () => number;
}

const startPatience = 60_000;
const adoptPatience = 30_000;

/**
 * Opens the database: PostgreSQL at `url`, or the embedded server of `<dataDir>/postgres` (created at the first start,
 * adopted when it outlived a killed platform). Throws when the options are wrong, the directory belongs to a live
 * platform, or no connection comes about at start; afterwards loss of the server is an event and a counter.
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const port = options.port ?? 0;
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new Error(`database port ${port}: 0..65535 expected`);
  if (options.url !== undefined) return connectElsewhere(options.url, options);
  const dataDir = resolve(options.dataDir);
  const binaries = findPostgresBinaries();
  mkdirSync(dataDir, { recursive: true });
  const lock = lockDirectory(dataDir);
  try {
    const cluster = await prepareCluster(dataDir, binaries, options.log);
    const server =
      (await adoptPostmaster(cluster, adoptPatience)) ?? (await startPostmaster(cluster, port, startPatience));
    options.log.info({ port: server.port, pid: server.pid, adopted: server.adopted }, 'embedded PostgreSQL is up');
    return await connectEmbedded(cluster, server, () => lock.release(), options);
  } catch (error) {
    lock.release();
    throw error;
  }
}

/**
 * For commands beside a running platform: joins the live embedded server of `dataDir` without owning it (`stop` leaves it
 * running); where none runs, opens it as `openDatabase` does.
 */
export async function attachDatabase(options: DatabaseOptions): Promise<Database> {
  if (options.url !== undefined) return connectElsewhere(options.url, options);
  const cluster = findCluster(resolve(options.dataDir));
  const server = cluster === undefined ? undefined : await adoptPostmaster(cluster, adoptPatience);
  if (cluster === undefined || server === undefined) return openDatabase(options);
  const pool = makePool(connectionOf(cluster.password, server.port));
  return assemble(
    pool,
    server.port,
    true,
    options,
    async () => undefined,
    async () => undefined,
    () => 0,
  );
}

async function connectElsewhere(url: string, options: DatabaseOptions): Promise<Database> {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw new Error('DATABASE_URL: postgres://user:password@host:port/database expected');
  }
  if (!/^postgres(ql)?:$/.test(parsed.protocol))
    throw new Error(`DATABASE_URL: scheme ${parsed.protocol.slice(0, -1)}: postgres or postgresql expected`);
  const pool = makePool({ connectionString: url });
  return assemble(
    pool,
    Number(parsed.port || 5432),
    false,
    options,
    async () => undefined,
    async () => undefined,
    () => 0,
  );
}

async function connectEmbedded(
  cluster: Cluster,
  first: Postmaster,
  release: () => void,
  options: DatabaseOptions,
): Promise<Database> {
  let server = first;
  let restarts = 0;
  let stopped = false;
  /** Restarts the server on the same port after it died by itself; the watch calls it with growing pauses. */
  const repair = async (): Promise<void> => {
    if (stopped || server.alive()) return;
    restarts++;
    server =
      (await adoptPostmaster(cluster, adoptPatience)) ?? (await startPostmaster(cluster, first.port, startPatience));
    options.log.warn({ pid: server.pid }, 'embedded PostgreSQL restarted');
  };
  const close = async (): Promise<void> => {
    stopped = true;
    await server.stop();
    release();
  };
  const pool = makePool(connectionOf(cluster.password, first.port));
  return assemble(pool, first.port, true, options, repair, close, () => restarts);
}

function connectionOf(password: string, port: number): pg.PoolConfig {
  return { host: '127.0.0.1', port, user: roleName, password, database: 'postgres' };
}

/** Every wait has an end: a server that hangs is a server that is away. */
function makePool(config: pg.PoolConfig): pg.Pool {
  return new pg.Pool({
    ...config,
    max: 12,
    connectionTimeoutMillis: 3000,
    idleTimeoutMillis: 60_000,
    query_timeout: 20_000,
    statement_timeout: 15_000,
    lock_timeout: 10_000,
    idle_in_transaction_session_timeout: 30_000,
    keepAlive: true,
    application_name: 'rahban',
    options: '-c synchronous_commit=on -c timezone=UTC',
  });
}

async function assemble(
  pool: pg.Pool,
  port: number,
  embedded: boolean,
  options: DatabaseOptions,
  repair: () => Promise<void>,
  close: () => Promise<void>,
  serverRestarts: () => number,
): Promise<Database> {
  let onBroken = (): void => undefined;
  pool.on('connect', (client) => client.on('error', () => onBroken()));
  const kysely = new Kysely<NoTables>({ dialect: new PostgresDialect({ pool }) });
  const probe = async (): Promise<void> => {
    await sql`SELECT 1`.execute(kysely);
  };
  try {
    await firstConnection(probe);
  } catch (error) {
    await pool.end();
    await close();
    throw new Error(`no connection to the database: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  const watch = watchConnection(probe, repair, options.clock, options.log);
  // A connection that breaks, idle or lent out between two statements, is told here; without listeners it would end the process.
  pool.on('error', () => watch.hurry());
  onBroken = () => watch.hurry();
  let stopping: Promise<void> | undefined;
  return {
    kysely,
    embedded,
    port,
    health: () => ({
      ...watch.state(),
      connections: { total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount },
    }),
    counters: () => ({ ...watch.counters(), serverRestarts: serverRestarts() }),
    onConnection: (listener) => watch.subscribe(listener),
    noteFailure: () => watch.hurry(),
    stop() {
      stopping ??= (async () => {
        watch.stop();
        await kysely.destroy();
        await close();
      })();
      return stopping;
    },
  };
}

async function firstConnection(probe: () => Promise<void>): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await probe();
    } catch (error) {
      if (attempt === 4) throw error;
      await delay(200 * 2 ** attempt);
    }
  }
}
