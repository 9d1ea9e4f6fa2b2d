import type { IncomingMessage as HttpRequest } from 'node:http';
import type { Duplex } from 'node:stream';
import type { AuthenticateError, Client } from 'aedes';
import { statusTopic } from '../../messages/index.ts';
import { Counters } from '../counters.ts';
import { CredentialStore } from '../credentials/credential-store.ts';
import { Verifier } from '../credentials/verifier.ts';
import { guardConnection } from '../guard/guard-connection.ts';
import { PacketGuard } from '../guard/packet-guard.ts';
import type { BrokerLog } from '../log.ts';
import type {
  MessageSource,
  PublishOptions,
  SourceAddresses,
  SourceCounters,
  SourceHandlers,
} from '../message-source.ts';
import { Admission } from './admission.ts';
import { type EmbeddedCounter, embeddedCounters } from './counter-names.ts';
import { Delivery } from './delivery.ts';
import { IngestAedes } from './ingest-aedes.ts';
import { Intake } from './intake.ts';
import { Listeners } from './listeners.ts';
import { limitOfflineQueues } from './offline-limit.ts';
import { type EmbeddedBrokerOptions, fixedLimits, type ResolvedOptions, resolveOptions } from './options.ts';
import { Refusals } from './refusals.ts';
import { Sessions } from './sessions.ts';
import { TelemetryLane } from './telemetry-lane.ts';

/** An MQTT 3.1.1 broker inside the platform. Throws RangeError when an option is out of range; opens nothing before `start`. */
export function createEmbeddedBroker(
  options: EmbeddedBrokerOptions,
  handlers: SourceHandlers,
  log: BrokerLog,
): MessageSource {
  return new EmbeddedBroker(resolveOptions(options), handlers, log);
}

class EmbeddedBroker implements MessageSource {
  readonly #options: ResolvedOptions;
  readonly #log: BrokerLog;
  readonly #counters = new Counters<EmbeddedCounter>(embeddedCounters);
  readonly #refusals: Refusals;
  readonly #sessions: Sessions;
  readonly #intake: Intake;
  readonly #delivery: Delivery;
  readonly #listeners: Listeners;
  readonly #addresses = new WeakMap<Duplex, string>();
  #admission: Admission | undefined;
  #store: CredentialStore | undefined;
  #aedes: IngestAedes | undefined;

  constructor(options: ResolvedOptions, handlers: SourceHandlers, log: BrokerLog) {
    this.#options = options;
    this.#log = log;
    this.#refusals = new Refusals(this.#counters, log, options.now);
    this.#sessions = new Sessions(options);
    this.#intake = new Intake(options, this.#sessions, handlers, this.#counters, this.#refusals, log);
    this.#delivery = new Delivery(this.#sessions, this.#counters, this.#refusals);
    this.#listeners = new Listeners(options, this.#refusals, (stream, address, request) =>
      this.#connect(stream, address, request),
    );
  }

  async start(): Promise<SourceAddresses> {
    if (this.#aedes !== undefined) throw new Error('the broker was started before; create a new one');
    const store = await CredentialStore.open(this.#options.dataDir, this.#options.now);
    const verifier = new Verifier(store, this.#options.now);
    this.#store = store;
    this.#admission = new Admission(this.#options, verifier, this.#sessions, this.#refusals);
    this.#aedes = this.#createAedes(this.#admission);
    await this.#aedes.listen();
    limitOfflineQueues(this.#aedes.persistence, this.#options.maxOffline, () => this.#counters.add('offlineDropped'));
    await this.#sendStatus('online');
    try {
      const addresses = await this.#listeners.open();
      await store.follow((principals) => this.#cut(principals, verifier), this.#log);
      if (store.badLines > 0) this.#log.warn({ badLines: store.badLines }, 'credentials file has unreadable lines');
      return addresses;
    } catch (error) {
      await this.#closeAedes();
      throw error;
    }
  }

  publish(topic: string, payload: string | Uint8Array, options: PublishOptions): Promise<boolean> {
    const aedes = this.#aedes;
    if (aedes === undefined || aedes.closed || aedes.mq.length >= this.#options.maxOutgoing) {
      this.#counters.add('shedOut');
      return Promise.resolve(false);
    }
    this.#counters.add('publishedOut');
    this.#send(aedes, topic, payload, options, (error) => {
      if (error) this.#log.error({ error, topic }, 'publish failed');
    });
    return Promise.resolve(true);
  }

  counters(): SourceCounters {
    return this.#counters.snapshot({
      connectedNow: this.#sessions.size,
      outgoingNow: this.#aedes?.mq.length ?? 0,
      durableInFlightNow: this.#intake.durableInFlight,
      credentialsNow: this.#store?.list().length ?? 0,
      credentialBadLinesNow: this.#store?.badLines ?? 0,
    });
  }

  async stop(): Promise<void> {
    this.#listeners.stopAccepting();
    await this.#intake.close(fixedLimits.stopGraceMs);
    this.#store?.close();
    if (this.#aedes !== undefined && !this.#aedes.closed) {
      await this.#sendStatus('offline');
      await this.#closeAedes();
    }
    await this.#listeners.close();
  }

  #createAedes(admission: Admission): IngestAedes {
    const aedes = new IngestAedes({
      concurrency: 1000,
      drainTimeout: 2000,
      connectTimeout: 5000,
      heartbeatInterval: 60_000,
      queueLimit: 42,
      maxInflightInbound: 100,
      maxTopicLevels: fixedLimits.topicLevels,
      maxClientsIdLength: 129,
      preConnect: (client, packet, done) =>
        admission.preConnect(client, packet, this.#addresses.get(client.conn) ?? '', done),
      authenticate: (client, _username, password, done) => {
        admission.authenticate(client, password).then(
          () => {
            this.#counters.add('accepted');
            done(null, true);
          },
          (error: AuthenticateError) => {
            if (error.returnCode === undefined) this.#log.error({ error }, 'login could not be checked');
            done(error, false);
          },
        );
      },
      authorizePublish: (client, packet, done) => this.#intake.take(client, packet, done),
      authorizeSubscribe: (client, wanted, done) => done(null, this.#delivery.grant(client, wanted) ? wanted : null),
      authorizeForward: (client, packet) => this.#delivery.forward(client, packet),
    });
    aedes.on('unsubscribe', (filters, client) => this.#delivery.release(client, filters));
    aedes.on('connectionError', () => this.#counters.add('connectionErrors'));
    aedes.on('clientError', () => this.#counters.add('clientErrors'));
    aedes.addListener('error', (error: Error) => this.#log.error({ error }, 'broker error'));
    return aedes;
  }

  #connect(stream: Duplex, address: string, request: HttpRequest | undefined): void {
    if (stream.destroyed) return;
    this.#addresses.set(stream, address);
    const guard = new PacketGuard(fixedLimits.connectBytes, fixedLimits.packetBytes);
    let lane: TelemetryLane | undefined;
    guardConnection(
      stream,
      guard,
      (verdict) =>
        this.#refusals.note(
          verdict === 'too-large' ? 'refusedSize' : 'malformed',
          { address, verdict },
          'connection cut by the packet guard',
        ),
      (chunk) => lane?.take(chunk) ?? chunk,
    );
    const client: Client | undefined = this.#aedes?.handle(stream, request);
    if (client === undefined) stream.destroy();
    else lane = new TelemetryLane(this.#intake, client);
  }

  #cut(principals: readonly string[], verifier: Verifier): void {
    verifier.forget();
    for (const principal of principals) {
      const count = this.#sessions.cut(principal);
      this.#counters.add('revokedCut', count);
      this.#log.info({ principal, count }, 'credential revoked or replaced; its sessions are cut');
    }
  }

  #send(
    aedes: IngestAedes,
    topic: string,
    payload: string | Uint8Array,
    { qos, retain }: PublishOptions,
    done: (error?: Error) => void,
  ): void {
    const bytes = typeof payload === 'string' ? Buffer.from(payload) : Buffer.from(payload);
    aedes.publish({ cmd: 'publish', topic, payload: bytes, qos, retain: retain === true, dup: false }, done);
  }

  #sendStatus(state: 'online' | 'offline'): Promise<void> {
    const text = JSON.stringify({ state, timestampMs: this.#options.now() });
    return new Promise((resolve) => {
      if (this.#aedes === undefined) resolve();
      else this.#send(this.#aedes, statusTopic, text, { qos: 1, retain: true }, () => setImmediate(resolve));
    });
  }

  async #closeAedes(): Promise<void> {
    this.#sessions.doomAll();
    await new Promise<void>((resolve) => {
      if (this.#aedes === undefined) resolve();
      else this.#aedes.close(resolve);
    });
  }
}
