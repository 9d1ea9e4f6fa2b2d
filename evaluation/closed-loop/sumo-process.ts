import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { TraciClient } from './traci-client.ts';

/** Longest wait for SUMO to load its network and listen, ms. */
const startLimitMs = 60_000;
const retryMs = 50;

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

/** A running SUMO and the connection to it. */
export interface SumoProcess {
  readonly client: TraciClient;
  /** Ends the simulation and waits until the program has left. */
  stop(): Promise<void>;
}

/**
 * Starts `sumo` with these options and connects to it. SUMO cannot choose a port itself, so one that was free a moment ago is given to it.
 * @throws Error with SUMO's own words when it does not start.
 */
export async function startSumo(binary: string, args: readonly string[]): Promise<SumoProcess> {
  const port = await freePort();
  const child = spawn(binary, [...args, '--remote-port', String(port)], {
    cwd: tmpdir(),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = `${said}${text}`.slice(-2000);
  });
  const left = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(`exit ${code ?? signal}`));
  });
  let gone: string | undefined;
  void left.then((reason) => {
    gone = reason;
  });
  const client = await connectWithin(
    port,
    () => gone,
    child,
    () => said,
  );
  return {
    client,
    async stop() {
      if (gone === undefined) {
        try {
          await client.close();
        } catch (error) {
          // It left meanwhile, or is not to be talked to any more.
          said += String(error);
          child.kill('SIGKILL');
        }
      }
      await left;
    },
  };
}

async function connectWithin(
  port: number,
  gone: () => string | undefined,
  child: ChildProcess,
  said: () => string,
): Promise<TraciClient> {
  const deadline = performance.now() + startLimitMs;
  for (;;) {
    const reason = gone();
    if (reason !== undefined) throw new Error(`sumo did not start (${reason}): ${said().trim()}`);
    try {
      return await TraciClient.open(port);
    } catch (error) {
      if (performance.now() > deadline) {
        child.kill('SIGKILL');
        throw new Error(`sumo does not listen on port ${port} after ${startLimitMs} ms: ${said().trim()}`, {
          cause: error,
        });
      }
      await wait(retryMs);
    }
  }
}
