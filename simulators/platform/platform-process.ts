import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Longest start, ms: the first one on a machine builds the map and the database. */
const startMs = 240_000;

export interface PlatformProcess {
  readonly http: string;
  readonly mqtt: string;
  readonly pid: number;
  /** Makes a gateway credential for ids that begin with `prefix`; returns its secret. */
  addGateway(id: string, prefix: string): Promise<string>;
  /** Clean stop; resolves with the exit code. */
  stop(): Promise<number | null>;
}

export interface PlatformOptions {
  /** Folder of the compiled programs (`dist`). */
  readonly programs: string;
  readonly dataDir: string;
  readonly map: string;
  readonly clockRate: number;
  readonly clockOriginMs: number;
  /** Further flags. */
  readonly flags?: readonly string[];
  readonly onText?: (text: string) => void;
}

/** Starts a platform of its own as a child process on free ports. @throws Error when it ends instead of becoming ready. */
export async function startPlatformProcess(options: PlatformOptions): Promise<PlatformProcess> {
  const { programs, dataDir, map, clockRate, clockOriginMs, flags = [], onText } = options;
  const child = spawn(
    process.execPath,
    [
      join(programs, 'main.js'),
      ...['--http-port', '0', '--mqtt-port', '0', '--mqtt-ws-port', '0'],
      ...['--data-dir', dataDir, '--map', map, '--demo', 'off', '--log-level', 'warn'],
      ...['--clock-rate', String(clockRate), '--clock-origin-ms', String(clockOriginMs)],
      ...flags,
    ],
    { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] },
  );
  let last = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    last = `${last}${chunk}`.slice(-2000);
    onText?.(chunk.toString());
  });
  const { http, mqtt } = await ready(child, () => last);
  return {
    http,
    mqtt,
    pid: child.pid ?? 0,
    async addGateway(id, prefix) {
      const args = [join(programs, 'cli', 'main.js'), 'vehicle', 'add', id, '--kind', 'gateway', '--prefix', prefix];
      const { stdout } = await promisify(execFile)(process.execPath, [...args, '--data-dir', dataDir, '--json']);
      const made: unknown = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
      if (made === null || typeof made !== 'object' || !('secret' in made) || typeof made.secret !== 'string')
        throw new Error(`vehicle add ${id}: no secret in its answer`);
      return made.secret;
    },
    async stop() {
      if (child.exitCode !== null) return child.exitCode;
      child.kill('SIGTERM');
      const [code] = await once(child, 'exit');
      return code;
    },
  };
}

function ready(child: ChildProcess, last: () => string): Promise<{ http: string; mqtt: string }> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGTERM');
      reject(new Error(`the platform was not ready after ${startMs / 1000} s: ${last()}`));
    }, startMs);
    child.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`the platform ended with code ${code} instead of becoming ready: ${last()}`));
    });
    child.on('message', (message) => {
      const addresses = addressesOf(message);
      if (addresses === undefined) return;
      clearTimeout(timer);
      resolve(addresses);
    });
  });
}

function addressesOf(message: unknown): { http: string; mqtt: string } | undefined {
  if (message === null || typeof message !== 'object' || !('addresses' in message)) return undefined;
  const { addresses } = message;
  if (addresses === null || typeof addresses !== 'object' || !('http' in addresses) || !('mqtt' in addresses))
    return undefined;
  return typeof addresses.http === 'string' && typeof addresses.mqtt === 'string'
    ? { http: addresses.http, mqtt: addresses.mqtt }
    : undefined;
}
