import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CredentialStore, createEmbeddedBroker, type MessageSource } from '../../broker/index.ts';
import { warningTopic } from '../../messages/index.ts';
import { runLoad } from '../../simulators/index.ts';
import { monaco } from './test-map.ts';

describe('load', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'rahban-load-'));
  const seen = new Map<string, number>();
  let received = 0;
  let broker: MessageSource;
  let url: string;
  let password: string;
  beforeAll(async () => {
    const store = await CredentialStore.open(dataDir);
    password = await store.add({ principal: 'load', kind: 'gateway', prefix: 'load-' });
    broker = createEmbeddedBroker(
      { dataDir, tcp: { port: 0 }, ws: false },
      {
        onMessage: ({ topic, payload }) => {
          received++;
          const id = topic.slice(topic.lastIndexOf('/') + 1);
          seen.set(id, (seen.get(id) ?? 0) + 1);
          const { ts }: { ts: number } = JSON.parse(Buffer.from(payload).toString());
          // Every tenth message is answered, as a core that decides at once.
          if (received % 10 === 0)
            void broker.publish(warningTopic(id), JSON.stringify({ stage: 2, causeTimestampMs: ts }), { qos: 1 });
        },
        onDurable: async () => undefined,
      },
      { info: () => undefined, warn: () => undefined, error: () => undefined },
    );
    url = (await broker.start()).mqtt ?? '';
  });
  afterAll(async () => broker.stop());

  it('counts what it sent on each connection and what came back', async () => {
    const result = await runLoad({
      graph: await monaco(),
      access: { url, user: 'load', password },
      prefix: 'load-',
      vehicles: 40,
      hz: 10,
      seconds: 3,
      seed: 1,
      stop: new AbortController().signal,
      onProgress: () => undefined,
    });
    expect(result.sent).toBe(received);
    expect(result.sent).toBeGreaterThan(600);
    expect(seen.size).toBe(40);
    expect(result.warnings).toBe(Math.floor(received / 10));
    expect(result.lostConnections).toBe(0);
    expect(result.publishToWarningMs.p50).toBeGreaterThanOrEqual(0);
    expect(result.publishToWarningMs.p50).toBeLessThan(1000);
    expect(result.settledPublishToWarningMs.p50).toBeGreaterThanOrEqual(0);
  });

  it('says which credential was refused', async () => {
    await expect(
      runLoad({
        graph: await monaco(),
        access: { url, user: 'load', password: 'not the secret' },
        prefix: 'load-',
        vehicles: 2,
        hz: 1,
        seconds: 1,
        seed: 1,
        stop: new AbortController().signal,
        onProgress: () => undefined,
      }),
    ).rejects.toThrow(/connection refused with code 4/);
  });
});
