import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createExternalSource, type MessageSource, type SourceHandlers } from '../../broker/index.ts';
import { findTool, freePort } from '../fixtures/tools.ts';
import { type EmbeddedFixture, embeddedFixture, type Kept, keep, quiet } from './embedded-fixture.ts';

/** What the contract tests need of a source and the broker behind it. */
export interface Harness {
  readonly source: MessageSource;
  readonly url: string;
  /** Secrets of `car-1`, `car-2` and `bus-gw` (gateway for `bus-`). */
  readonly secrets: ReadonlyMap<string, string>;
  readonly messages: Kept[];
  readonly durable: Kept[];
  onDurable: (message: Kept) => Promise<void>;
  close(): Promise<void>;
}

export const principals = ['car-1', 'car-2', 'bus-gw'] as const;

export async function embeddedHarness(): Promise<Harness> {
  const fixture: EmbeddedFixture = await embeddedFixture({ rates: { vehicle: { perSecond: 5000, burst: 5000 } } });
  const secrets = new Map<string, string>();
  for (const principal of principals)
    secrets.set(
      principal,
      await fixture.store.add(
        principal === 'bus-gw' ? { principal, kind: 'gateway', prefix: 'bus-' } : { principal, kind: 'vehicle' },
      ),
    );
  await until(() => fixture.source.counters().credentialsNow === principals.length);
  return Object.assign(fixture, { url: fixture.addresses.mqtt ?? '', secrets });
}

const accessRules = `
user platform
topic read rahban/v1/telemetry/+
topic read rahban/v1/incidents/+
topic read owntracks/+/+
topic read +/inQueue/v2x/+/#
topic read +/+/inQueue/v2x/+/#
topic read +/+/+/inQueue/v2x/+/#
topic write rahban/v1/warnings/+
topic write rahban/v1/receipts/+
topic write rahban/v1/hazards/#
topic write rahban/v1/status
user bus-gw
topic write rahban/v1/telemetry/bus-7
pattern write rahban/v1/telemetry/%u
pattern write rahban/v1/incidents/%u
pattern write +/inQueue/v2x/+/%u/#
pattern read rahban/v1/warnings/%u
pattern read rahban/v1/receipts/%u
pattern read rahban/v1/hazards/#
pattern read rahban/v1/status
`;

export interface MosquittoHarness extends Harness {
  readonly platformUrl: string;
  readonly dataDir: string;
  /** Kills the broker without warning; it kept nothing on disk. */
  kill(): Promise<void>;
  revive(): Promise<void>;
}

/** A Mosquitto of its own on a free port, as the documentation tells operators to set it up. */
export async function mosquittoHarness(): Promise<MosquittoHarness> {
  const dataDir = await mkdtemp(join(tmpdir(), 'rahban-mosquitto-'));
  const port = await freePort();
  const secrets = new Map(principals.map((principal) => [principal as string, `secret-of-${principal}`]));
  const passwords = join(dataDir, 'passwords');
  const lines = [...secrets, ['platform', 'secret-of-platform']].map(([name, secret]) => `${name}:${secret}\n`);
  await writeFile(passwords, lines.join(''), { mode: 0o600 });
  execFileSync(findTool('mosquitto_passwd') ?? '', ['-U', passwords]);
  await writeFile(join(dataDir, 'acl'), accessRules, { mode: 0o600 });
  await writeFile(
    join(dataDir, 'mosquitto.conf'),
    `listener ${port} 127.0.0.1\nallow_anonymous false\npassword_file ${passwords}\nacl_file ${join(dataDir, 'acl')}\n` +
      'max_packet_size 65536\nmessage_size_limit 65536\nmax_keepalive 120\nmax_queued_messages 10000\nlog_dest none\n' +
      `${process.getuid?.() === 0 ? 'user root\n' : ''}`,
  );
  const run = async (): Promise<ChildProcess> => {
    const child = spawn(findTool('mosquitto') ?? '', ['-c', join(dataDir, 'mosquitto.conf')], { stdio: 'ignore' });
    await until(() => canConnect(port));
    return child;
  };
  let mosquitto = await run();
  const kill = async (): Promise<void> => {
    const gone = once(mosquitto, 'exit');
    mosquitto.kill('SIGKILL');
    await gone;
  };
  const messages: Kept[] = [];
  const durable: Kept[] = [];
  const platformUrl = `mqtt://platform:secret-of-platform@127.0.0.1:${port}`;
  const handlers: SourceHandlers = {
    onMessage: (message) => messages.push(keep(message)),
    onDurable: async (message) => {
      const kept = keep(message);
      await harness.onDurable(kept);
      durable.push(kept);
    },
  };
  const source = createExternalSource({ url: platformUrl, dataDir, maxBackOffMs: 200 }, handlers, quiet);
  const harness: MosquittoHarness = {
    source,
    url: `mqtt://127.0.0.1:${port}`,
    platformUrl,
    dataDir,
    secrets,
    messages,
    durable,
    onDurable: () => Promise.resolve(),
    kill,
    async revive() {
      mosquitto = await run();
    },
    async close() {
      await source.stop();
      await kill();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
  await source.start();
  return harness;
}

/** Resolves when the condition holds, looking every 10 ms; rejects after 10 s with what it waited for. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 10_000; !(await condition()); ) {
    if (Date.now() > end) throw new Error(`never became true: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectTcp(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
