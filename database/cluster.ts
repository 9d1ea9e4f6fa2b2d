import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  cpSync,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PostgresBinaries } from './postgres-binaries.ts';
import { canPass, canReach, chooseServerUser, type ServerUser } from './server-user.ts';
import type { Log } from './types.ts';

export interface Cluster {
  readonly binaries: PostgresBinaries;
  readonly user: ServerUser;
  /** Data directory of the server. */
  readonly directory: string;
  readonly password: string;
  readonly logFile: string;
}

/** Name of the role and of the database. */
export const roleName = 'rahban';

/** Where root's project folder is closed to others (a clone in /root), the server's files go here. */
const sharedRoot = '/var/lib/rahban';

/**
 * Makes the server's data directory `<dataDir>/postgres` ready (initdb at the first start) and returns what starting it takes.
 * The password is random, in `<dataDir>/postgres.password`, mode 0600. Throws when initdb fails.
 */
export async function prepareCluster(dataDir: string, binaries: PostgresBinaries, log: Log): Promise<Cluster> {
  const user = userOf(join(dataDir, 'postgres'));
  if (user.uid !== undefined) chmodSync(dataDir, (statSync(dataDir).mode | 0o011) & 0o7777);
  const password = readOrMakePassword(join(dataDir, 'postgres.password'));
  const reachable = reachableBinaries(binaries, user, log);
  const directory = placeDirectory(dataDir, user, log);
  const cluster = { binaries: reachable, user, directory, password, logFile: join(dataDir, 'postgres.log') };
  if (!existsSync(join(directory, 'PG_VERSION'))) await initialise(cluster);
  return cluster;
}

/** The cluster of a data directory that was prepared before, or undefined. */
export function findCluster(dataDir: string): Pick<Cluster, 'directory' | 'password'> | undefined {
  const wanted = join(dataDir, 'postgres');
  const directory = isLink(wanted) ? readlinkSync(wanted) : wanted;
  const passwordFile = join(dataDir, 'postgres.password');
  if (!existsSync(join(directory, 'PG_VERSION')) || !existsSync(passwordFile)) return undefined;
  return { directory, password: readFileSync(passwordFile, 'utf8').trim() };
}

function readOrMakePassword(path: string): string {
  if (existsSync(path)) {
    const kept = readFileSync(path, 'utf8').trim();
    if (kept !== '') return kept;
  }
  const password = randomBytes(24).toString('base64url');
  const draft = `${path}.${process.pid}`;
  const file = openSync(draft, 'w', 0o600);
  writeSync(file, `${password}\n`);
  fsyncSync(file);
  closeSync(file);
  renameSync(draft, path);
  return password;
}

function reachableBinaries(binaries: PostgresBinaries, user: ServerUser, log: Log): PostgresBinaries {
  if (canReach(user, binaries.postgres)) return binaries;
  const stamp = createHash('sha256')
    .update(`${statSync(binaries.postgres).mtimeMs} ${binaries.root}`)
    .digest('hex');
  const root = join(sharedRoot, `server-${stamp.slice(0, 12)}`);
  if (!existsSync(root)) {
    log.info({ from: binaries.root, to: root }, 'server programs copied to where their user can read them');
    const draft = `${root}.${process.pid}`;
    cpSync(binaries.root, draft, { recursive: true, verbatimSymlinks: true });
    renameSync(draft, root);
  }
  return { root, postgres: join(root, 'bin', 'postgres'), initdb: join(root, 'bin', 'initdb') };
}

function placeDirectory(dataDir: string, user: ServerUser, log: Log): string {
  const wanted = join(dataDir, 'postgres');
  if (isLink(wanted)) return readlinkSync(wanted);
  if (existsSync(wanted) || canPass(user, dataDir)) return wanted;
  // A new name each time: files of a data folder that was deleted have another password.
  const away = join(sharedRoot, randomBytes(6).toString('hex'));
  mkdirSync(sharedRoot, { recursive: true, mode: 0o755 });
  symlinkSync(away, wanted);
  log.warn(
    { dataDir, directory: away },
    'the data directory is closed to the user of the database server; its files lie elsewhere',
  );
  return away;
}

/** A cluster made by another user keeps its owner when root starts it. */
function userOf(directory: string): ServerUser {
  const owner = process.getuid?.() === 0 ? statSync(directory, { throwIfNoEntry: false }) : undefined;
  return owner === undefined || owner.uid === 0 ? chooseServerUser() : { uid: owner.uid, gid: owner.gid };
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}

async function initialise(cluster: Cluster): Promise<void> {
  const draft = `${cluster.directory}.new`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true, mode: 0o700 });
  const secretDir = mkdtempSync(join(tmpdir(), 'rahban-'));
  const secret = join(secretDir, 'password');
  writeFileSync(secret, `${cluster.password}\n`, { mode: 0o600 });
  const { uid, gid } = cluster.user;
  if (uid !== undefined && gid !== undefined) for (const path of [draft, secretDir, secret]) chownSync(path, uid, gid);
  try {
    await run(cluster.binaries.initdb, initdbArguments(draft, secret), cluster.user);
    renameSync(draft, cluster.directory);
  } finally {
    rmSync(secretDir, { recursive: true, force: true });
  }
}

/** The server's own C.UTF-8: the same order of characters on every machine, no locale of the system needed. */
function initdbArguments(directory: string, passwordFile: string): string[] {
  return [
    `--pgdata=${directory}`,
    `--username=${roleName}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--data-checksums',
  ];
}

function run(program: string, args: readonly string[], user: ServerUser): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...user, cwd: '/', stdio: ['ignore', 'ignore', 'pipe'] });
    let complaint = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaint = (complaint + text).slice(-4000);
    });
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`initdb failed (${code ?? signal}): ${complaint.trim()}`));
    });
  });
}
