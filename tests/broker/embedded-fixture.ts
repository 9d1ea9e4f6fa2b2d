import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt';
import {
  type BrokerLog,
  CredentialStore,
  createEmbeddedBroker,
  type EmbeddedBrokerOptions,
  type IncomingMessage,
  type MessageSource,
  type SourceAddresses,
} from '../../broker/index.ts';

export const quiet: BrokerLog = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Keeps a message beyond the call that brought it. */
export interface Kept {
  readonly topic: string;
  readonly text: string;
  readonly principal: string | undefined;
}

export const keep = ({ topic, payload, principal }: IncomingMessage): Kept => ({
  topic,
  text: Buffer.from(payload).toString(),
  principal,
});

/** Payload of the next message that the client receives. */
export function nextMessage(client: MqttClient): Promise<string> {
  return new Promise((resolve) => client.once('message', (_, payload) => resolve(String(payload))));
}

export interface EmbeddedFixture {
  readonly dataDir: string;
  readonly store: CredentialStore;
  readonly source: MessageSource;
  readonly addresses: SourceAddresses;
  readonly port: number;
  readonly messages: Kept[];
  readonly durable: Kept[];
  /** Replaces what a durable message waits for. */
  onDurable: (message: Kept) => Promise<void>;
  client(principal: string, secret: string, options?: IClientOptions): Promise<MqttClient>;
  close(): Promise<void>;
}

/** A broker on free ports with an empty credential store in a folder of its own. */
export async function embeddedFixture(options: Partial<EmbeddedBrokerOptions> = {}): Promise<EmbeddedFixture> {
  const dataDir = await mkdtemp(join(tmpdir(), 'rahban-broker-'));
  const store = await CredentialStore.open(dataDir);
  const messages: Kept[] = [];
  const durable: Kept[] = [];
  const clients: MqttClient[] = [];
  const source = createEmbeddedBroker(
    { dataDir, tcp: { port: 0 }, ws: { port: 0 }, ...options },
    {
      onMessage: (message) => messages.push(keep(message)),
      onDurable: async (message) => {
        const kept = keep(message);
        await fixture.onDurable(kept);
        durable.push(kept);
      },
    },
    quiet,
  );
  const addresses = await source.start();
  const fixture: EmbeddedFixture = {
    dataDir,
    store,
    source,
    addresses,
    port: Number(new URL(addresses.mqtt ?? 'mqtt://x:0').port),
    messages,
    durable,
    onDurable: () => Promise.resolve(),
    async client(principal, secret, more = {}) {
      const client = await connectAsync(addresses.mqtt ?? '', {
        clientId: principal,
        username: principal,
        password: secret,
        reconnectPeriod: 0,
        ...more,
      });
      client.on('error', () => undefined);
      clients.push(client);
      return client;
    },
    async close() {
      for (const client of clients) client.end(true);
      await source.stop();
      store.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
  return fixture;
}
