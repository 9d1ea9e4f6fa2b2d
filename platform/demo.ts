import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CredentialStore } from '../broker/index.ts';

const principal = 'demo';
const prefix = 'demo-';

/** The simulated traffic's own credential: vehicles whose id begins with `demo-`. Its secret is kept in the data folder, mode 600. */
async function demoSecret(dataDir: string): Promise<string> {
  const path = join(dataDir, 'demo-gateway.json');
  const store = await CredentialStore.open(dataDir);
  if (existsSync(path) && store.find(principal) !== undefined) {
    const kept: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (kept !== null && typeof kept === 'object' && 'secret' in kept && typeof kept.secret === 'string')
      return kept.secret;
  }
  if (store.find(principal) !== undefined) await store.revoke(principal);
  const secret = await store.add({ principal, kind: 'gateway', prefix });
  await writeFile(path, JSON.stringify({ secret }), { mode: 0o600 });
  await chmod(path, 0o600);
  return secret;
}

export interface DemoTraffic {
  stop(): Promise<void>;
}

/** Starts the simulated city as a program of its own, which knows the platform only by its MQTT address. */
export async function startDemoTraffic(options: {
  readonly dataDir: string;
  readonly map: string;
  readonly mqttUrl: string;
  readonly vehicles: number;
  readonly log: { info(fields: object, text: string): void; warn(fields: object, text: string): void };
}): Promise<DemoTraffic> {
  const secret = await demoSecret(options.dataDir);
  const cli = fileURLToPath(new URL('../cli/main.js', import.meta.url));
  const args = [
    'simulate',
    '--map',
    options.map,
    '--mqtt',
    options.mqttUrl,
    '--user',
    principal,
    '--prefix',
    prefix,
    '--vehicles',
    String(options.vehicles),
    '--data-dir',
    options.dataDir,
  ];
  const child: ChildProcess = spawn(process.execPath, [cli, ...args], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { ...process.env, RAHBAN_SIMULATE_PASSWORD: secret },
  });
  child.stderr?.on('data', (chunk: Buffer) =>
    options.log.info({ simulator: chunk.toString().trim() }, 'simulated traffic'),
  );
  const ended = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => {
      if (code !== 0 && signal !== 'SIGTERM') options.log.warn({ code, signal }, 'the simulated traffic ended');
      resolve();
    });
    child.once('error', (error) => {
      options.log.warn({ error: error.message }, 'the simulated traffic could not be started');
      resolve();
    });
  });
  return {
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
