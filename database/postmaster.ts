import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { type Cluster, roleName } from './cluster.ts';
import { errorCode, isAlive } from './directory-lock.ts';

/** What `postmaster.pid` of a data directory says. */
export interface PostmasterPid {
  readonly pid: number;
  readonly port: number;
  /** starting, ready, stopping … */
  readonly status: string;
}

/** A running server process of our data directory: our child, or one adopted from a platform that was killed. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  readonly adopted: boolean;
  /** True while the process lives. */
  alive(): boolean;
  /** Fast shutdown; resolves when the process is gone. After 60 s immediate shutdown (the server recovers from its log at the next start). */
  stop(): Promise<void>;
}

/** Reads `postmaster.pid`; undefined when there is none or it is incomplete. */
export function readPostmasterPid(directory: string): PostmasterPid | undefined {
  let text: string;
  try {
    text = readFileSync(join(directory, 'postmaster.pid'), 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  return { pid, port: Number(lines[3] ?? 0), status: (lines[7] ?? '').trim() };
}

/**
 * The live server of this data directory, when one still runs (the platform before us was killed). Waits while it starts,
 * recovers or stops, at most `patience` ms. Undefined when none runs: the caller starts one, and the server itself clears a stale file.
 */
export async function adoptPostmaster(
  cluster: Pick<Cluster, 'directory' | 'password'>,
  patience: number,
): Promise<Postmaster | undefined> {
  const end = Date.now() + patience;
  for (;;) {
    const found = readPostmasterPid(cluster.directory);
    if (found === undefined || !isAlive(found.pid) || !isPostgres(found.pid)) return undefined;
    if (found.status === 'ready' && (await answers(cluster, found.port)))
      return handle(cluster.directory, found.pid, found.port, true);
    if (Date.now() > end)
      throw new Error(
        `the database server of ${cluster.directory} (process ${found.pid}, ${found.status}) does not answer`,
      );
    await delay(100);
  }
}

/** Starts the server on the loopback interface and waits until it accepts connections. Throws with the end of its log. */
export async function startPostmaster(cluster: Cluster, port: number, patience: number): Promise<Postmaster> {
  const chosen = port === 0 ? await freeLoopbackPort() : port;
  rotateLog(cluster.logFile);
  const logFile = openSync(cluster.logFile, 'a', 0o600);
  const child = spawn(cluster.binaries.postgres, serverArguments(cluster.directory, chosen), {
    ...cluster.user,
    cwd: '/',
    // Own session: Ctrl-C on the terminal must reach the platform only, which drains and then stops the server.
    detached: true,
    stdio: ['ignore', logFile, logFile],
  });
  closeSync(logFile);
  const failure = new Promise<never>((_, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      reject(new Error(`the database server ended at start (${code ?? signal}): ${logTail(cluster.logFile)}`)),
    );
  });
  failure.catch(() => child.unref());
  await Promise.race([becomesReady(cluster, child, chosen, patience), failure]);
  child.unref();
  return handle(cluster.directory, child.pid ?? 0, chosen, false, child);
}

/** Acknowledged means on disk: fsync and synchronous_commit stay on, whatever the defaults become. */
function serverArguments(directory: string, port: number): string[] {
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    max_connections: '60',
    shared_buffers: '64MB',
    timezone: 'UTC',
    log_timezone: 'UTC',
    lc_messages: 'C',
    log_min_messages: 'error',
    log_checkpoints: 'off',
    log_min_error_statement: 'panic',
  };
  return ['-D', directory, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}

async function becomesReady(cluster: Cluster, child: ChildProcess, port: number, patience: number): Promise<void> {
  const end = Date.now() + patience;
  while (Date.now() < end && child.exitCode === null && child.signalCode === null) {
    const found = readPostmasterPid(cluster.directory);
    if (found?.pid === child.pid && found?.status === 'ready' && (await answers(cluster, port))) return;
    await delay(50);
  }
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGINT');
  throw new Error(`the database server is not ready after ${patience / 1000} s: ${logTail(cluster.logFile)}`);
}

async function answers(cluster: Pick<Cluster, 'directory' | 'password'>, port: number): Promise<boolean> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port,
    user: roleName,
    password: cluster.password,
    database: 'postgres',
    connectionTimeoutMillis: 2000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

function handle(directory: string, pid: number, port: number, adopted: boolean, child?: ChildProcess): Postmaster {
  // An adopted server that ended may stay a zombie where nobody reaps it; it removes its pid file before.
  const alive = (): boolean =>
    child === undefined
      ? isAlive(pid) && readPostmasterPid(directory)?.pid === pid
      : child.exitCode === null && child.signalCode === null;
  return {
    pid,
    port,
    adopted,
    alive,
    async stop() {
      if (!alive()) return;
      process.kill(pid, 'SIGINT');
      for (let waited = 0; alive(); waited += 20) {
        if (waited === 60_000) process.kill(pid, 'SIGQUIT');
        if (waited > 70_000) throw new Error(`the database server (process ${pid}) does not stop`);
        await delay(20);
      }
    },
  };
}

/** Guards against a pid that another program has taken since; where there is no /proc the connection test decides. */
function isPostgres(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('postgres');
  } catch {
    return process.platform !== 'linux';
  }
}

function freeLoopbackPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(address !== null && typeof address === 'object' ? address.port : 0));
    });
  });
}

/** The server logs errors only; two files of 4 MB at most are kept. */
function rotateLog(path: string): void {
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 4_000_000) renameSync(path, `${path}.1`);
}

function logTail(path: string): string {
  return statSync(path, { throwIfNoEntry: false }) === undefined ? '' : readFileSync(path, 'utf8').slice(-1500).trim();
}
