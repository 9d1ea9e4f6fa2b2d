// The broker under test of broker.bench.ts, in a process of its own, so that its CPU time is its own.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CredentialStore, createEmbeddedBroker } from '../../broker/index.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'rahban-bench-'));
const store = await CredentialStore.open(dataDir);
const secret = await store.add({ principal: 'bench', kind: 'gateway', prefix: 'car-' });
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const clock = (): number => performance.timeOrigin + performance.now();
let received = 0;
let delaysMs: number[] = [];

const broker = createEmbeddedBroker(
  {
    dataDir,
    tcp: { port: 0 },
    ws: false,
    accepts: { perSecond: 100_000, burst: 100_000 },
    rates: { gateway: { perSecond: 1_000_000, burst: 10_000_000 } },
  },
  {
    onMessage: ({ payload }) => {
      received += 1;
      // Marked messages end with the time they were sent.
      if (payload[payload.length - 1] === 0x0a)
        delaysMs.push(clock() - Number(Buffer.from(payload).toString().split(' ').at(-1)));
    },
    onDurable: () => Promise.resolve(),
  },
  silent,
);
const { mqtt } = await broker.start();
process.send?.({ port: Number(new URL(mqtt ?? '').port), secret });
process.on('message', (question) => {
  if (question === 'reset') delaysMs = [];
  if (question === 'stop')
    broker.stop().then(() => {
      rmSync(dataDir, { recursive: true });
      process.exit(0);
    });
  const { user, system } = process.cpuUsage();
  const { connectedNow } = broker.counters();
  process.send?.({ received, cpuMicros: user + system, delaysMs, connectedNow, rss: process.memoryUsage().rss });
});
