import type { IPublishPacket } from 'mqtt';
import { statusTopic } from '../../messages/index.ts';
import { inboundFilters, routeInbound } from '../access/inbound-topics.ts';
import { Counters } from '../counters.ts';
import type { BrokerLog } from '../log.ts';
import type {
  IncomingMessage,
  MessageSource,
  PublishOptions,
  SourceAddresses,
  SourceCounters,
  SourceHandlers,
} from '../message-source.ts';
import { keptClientId } from './client-id.ts';
import { Link } from './link.ts';
import { type ExternalSourceOptions, type ResolvedExternal, resolveExternal } from './options.ts';
import { Outbox } from './outbox.ts';

const externalCounters = [
  'connects',
  'disconnects',
  'received',
  'refusedAcl',
  'handlerErrors',
  'durableAcked',
  'durableFailed',
  'publishedOut',
  'confirmedOut',
  'resentOut',
  'shedOut',
] as const;

const stopGraceMs = 10_000;
const flushMs = 2000;

/**
 * The platform as a client of an external MQTT 3.1.1 broker, which vouches for who may publish on which topic. Telemetry and
 * incidents come over two connections, so that an incident that waits for the disk holds up no telemetry. Throws RangeError
 * when an option is out of range; connects at `start`.
 */
export function createExternalSource(
  options: ExternalSourceOptions,
  handlers: SourceHandlers,
  log: BrokerLog,
): MessageSource {
  return new ExternalSource(resolveExternal(options), handlers, log);
}

class ExternalSource implements MessageSource {
  readonly #options: ResolvedExternal;
  readonly #handlers: SourceHandlers;
  readonly #log: BrokerLog;
  readonly #counters = new Counters(externalCounters);
  readonly #outbox: Outbox;
  readonly #inFlight = new Set<Promise<void>>();
  #links: readonly Link[] = [];
  #open = true;

  constructor(options: ResolvedExternal, handlers: SourceHandlers, log: BrokerLog) {
    this.#options = options;
    this.#handlers = handlers;
    this.#log = log;
    this.#outbox = new Outbox(options.maxOutgoing, () => this.#counters.add('confirmedOut'));
  }

  async start(): Promise<SourceAddresses> {
    if (this.#links.length > 0) throw new Error('the source was started before; create a new one');
    const clientId = this.#options.clientId ?? (await keptClientId(this.#options.dataDir));
    let connected = (): void => undefined;
    const both = new Promise<void>((resolve) => {
      connected = () => {
        if (this.#links.every((link) => link.up)) resolve();
      };
    });
    this.#links = [this.#lossyLink(`${clientId}-in`, connected), this.#durableLink(`${clientId}-durable`, connected)];
    for (const link of this.#links) link.open();
    if (!(await settlesWithin(both, this.#options.startTimeoutMs)))
      this.#log.warn({ url: this.#options.shownUrl }, 'external broker not reached yet; trying on');
    return { external: this.#options.shownUrl };
  }

  publish(topic: string, payload: string | Uint8Array, options: PublishOptions): Promise<boolean> {
    const taken = this.#open && this.#outbox.put(topic, payload, options);
    this.#counters.add(taken ? 'publishedOut' : 'shedOut');
    return Promise.resolve(taken);
  }

  counters(): SourceCounters {
    return this.#counters.snapshot({
      connectedNow: this.#links.filter((link) => link.up).length,
      outgoingNow: this.#outbox.size,
      durableInFlightNow: this.#inFlight.size,
    });
  }

  async stop(): Promise<void> {
    if (!this.#open) return;
    this.#outbox.put(statusTopic, this.#status('offline'), { qos: 1, retain: true });
    this.#open = false;
    await settlesWithin(Promise.all(this.#inFlight), stopGraceMs);
    for (const end = Date.now() + flushMs; this.#outbox.size > 0 && Date.now() < end && this.#links[1]?.up === true; )
      await new Promise((resolve) => setTimeout(resolve, 10));
    await Promise.all(this.#links.map((link) => link.close()));
  }

  #lossyLink(clientId: string, connected: () => void): Link {
    return new Link(
      this.#options,
      {
        clientId,
        persistent: false,
        filters: inboundFilters.lossy,
        qos: 0,
        onMessage: (packet) => this.#hand(packet),
        onUp: () => this.#up(connected),
        onDown: () => this.#counters.add('disconnects'),
      },
      this.#log,
    );
  }

  #durableLink(clientId: string, connected: () => void): Link {
    return new Link(
      this.#options,
      {
        clientId,
        persistent: true,
        filters: inboundFilters.durable,
        qos: 1,
        will: { topic: statusTopic, payload: Buffer.from(this.#status('offline')), qos: 1, retain: true },
        onMessage: (packet) => this.#store(packet),
        onUp: (client) => {
          this.#outbox.put(statusTopic, this.#status('online'), { qos: 1, retain: true });
          this.#counters.add('resentOut', this.#outbox.attach(client) - 1);
          this.#up(connected);
        },
        onDown: () => {
          this.#outbox.detach();
          this.#counters.add('disconnects');
        },
      },
      this.#log,
    );
  }

  #up(connected: () => void): void {
    this.#counters.add('connects');
    connected();
  }

  #hand(packet: IPublishPacket): undefined {
    const route = routeInbound(packet.topic);
    if (route === undefined) this.#counters.add('refusedAcl');
    if (route === undefined || route.durable || !this.#open) return undefined;
    this.#counters.add('received');
    try {
      this.#handlers.onMessage(this.#message(packet));
    } catch (error) {
      this.#counters.add('handlerErrors');
      this.#log.error({ error }, 'a message handler threw; the message is lost');
    }
    return undefined;
  }

  #store(packet: IPublishPacket): Promise<void> | undefined {
    if (routeInbound(packet.topic)?.durable !== true) {
      // Acknowledged, because the broker would otherwise send it for ever.
      this.#counters.add('refusedAcl');
      return undefined;
    }
    if (!this.#open) return Promise.reject(new Error('stopping'));
    this.#counters.add('received');
    const stored = this.#handDurable(this.#message(packet)).then(
      () => this.#counters.add('durableAcked'),
      (error: unknown) => {
        this.#counters.add('durableFailed');
        this.#log.error({ error, topic: packet.topic }, 'incident not stored and not acknowledged');
        throw error;
      },
    );
    const settled = stored.catch(() => undefined);
    this.#inFlight.add(settled);
    settled.finally(() => this.#inFlight.delete(settled));
    return stored;
  }

  /** Turns a handler that throws at once into a rejection too. */
  async #handDurable(message: IncomingMessage): Promise<void> {
    await this.#handlers.onDurable(message);
  }

  #message({ topic, payload, qos }: IPublishPacket): IncomingMessage {
    const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload;
    return { topic, payload: bytes, qos, principal: undefined, receivedMs: this.#options.now() };
  }

  #status(state: 'online' | 'offline'): string {
    return JSON.stringify({ state, timestampMs: this.#options.now() });
  }
}

async function settlesWithin(work: Promise<unknown>, limitMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), limitMs);
  });
  const done = await Promise.race([work.then(() => true), late]);
  clearTimeout(timer);
  return done;
}
