import type { Client, PublishPacket } from 'aedes';
import type { Counters } from '../counters.ts';
import type { BrokerLog } from '../log.ts';
import type { IncomingMessage, SourceHandlers } from '../message-source.ts';
import type { EmbeddedCounter } from './counter-names.ts';
import type { ResolvedOptions } from './options.ts';
import type { Refusals } from './refusals.ts';
import type { Sessions } from './sessions.ts';

type Done = (error?: Error | null) => void;

/**
 * Takes what clients publish. It sits in `authorizePublish`, the only place that Aedes asks before it sends PUBACK: an
 * incident is acknowledged when its handler has stored it, never before.
 */
export class Intake {
  readonly #options: ResolvedOptions;
  readonly #sessions: Sessions;
  readonly #handlers: SourceHandlers;
  readonly #counters: Counters<EmbeddedCounter>;
  readonly #refusals: Refusals;
  readonly #log: BrokerLog;
  readonly #inFlight = new Set<Promise<void>>();
  #open = true;

  constructor(
    options: ResolvedOptions,
    sessions: Sessions,
    handlers: SourceHandlers,
    counters: Counters<EmbeddedCounter>,
    refusals: Refusals,
    log: BrokerLog,
  ) {
    this.#options = options;
    this.#sessions = sessions;
    this.#handlers = handlers;
    this.#counters = counters;
    this.#refusals = refusals;
    this.#log = log;
  }

  get durableInFlight(): number {
    return this.#inFlight.size;
  }

  /** Whether the client may publish on the topic, and what it publishes there may be lost. */
  isLossy(client: Client, topic: string): boolean {
    return this.#sessions.of(client)?.route(topic)?.durable === false;
  }

  /** An error closes the connection: MQTT 3.1.1 has no other way to refuse a PUBLISH. */
  take(client: Client | null, packet: PublishPacket, done: Done): void {
    const session = client === null ? undefined : this.#sessions.of(client);
    if (session === undefined || session.doomed || !this.#open) {
      done(new Error('connection is closing'));
      return;
    }
    const { principal } = session.holder;
    const route = session.route(packet.topic);
    if (route === undefined) {
      this.#refuse('refusedAcl', principal, 'may not publish on this topic', done);
      return;
    }
    if (packet.retain) {
      this.#refuse('refusedRetain', principal, 'retained messages are refused', done);
      return;
    }
    const limit = route.durable ? this.#options.maxIncidentBytes : this.#options.maxTelemetryBytes;
    const payload = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload;
    if (payload.length > limit) {
      this.#refuse('refusedSize', principal, `payload of more than ${limit} bytes`, done);
      return;
    }
    const receivedMs = this.#options.now();
    const judgement = session.rate?.judge(receivedMs) ?? 'cut';
    if (judgement !== 'pass') {
      this.#overRate(judgement, packet.qos, principal, done);
      return;
    }
    this.#counters.add('received');
    const message = { topic: packet.topic, payload, qos: packet.qos, principal, receivedMs };
    if (route.durable) this.#store(message, done);
    else this.#hand(message, done);
  }

  /** No more messages; resolves when the durable ones in flight are done, at the latest after `graceMs`. */
  async close(graceMs: number): Promise<void> {
    this.#open = false;
    let timer: NodeJS.Timeout | undefined;
    const grace = new Promise((resolve) => {
      timer = setTimeout(resolve, graceMs);
    });
    await Promise.race([Promise.all(this.#inFlight), grace]);
    clearTimeout(timer);
  }

  #hand(message: IncomingMessage, done: Done): void {
    try {
      this.#handlers.onMessage(message);
    } catch (error) {
      this.#counters.add('handlerErrors');
      this.#log.error({ error }, 'a message handler threw; the message is lost');
    }
    done(null);
  }

  #store(message: IncomingMessage, done: Done): void {
    const stored = withinTime(this.#handDurable(message), this.#options.durableTimeoutMs).then(
      () => {
        this.#counters.add('durableAcked');
        done(null);
      },
      (error: unknown) => {
        this.#counters.add('durableFailed');
        this.#log.error({ error, principal: message.principal }, 'incident not stored and not acknowledged');
        done(new Error('not stored'));
      },
    );
    this.#inFlight.add(stored);
    stored.finally(() => this.#inFlight.delete(stored));
  }

  /** Turns a handler that throws at once into a rejection too. */
  async #handDurable(message: IncomingMessage): Promise<void> {
    await this.#handlers.onDurable(message);
  }

  #overRate(judgement: 'drop' | 'cut', qos: number, principal: string, done: Done): void {
    if (judgement === 'cut') this.#refuse('floodCut', principal, 'floods', done);
    // Dropping a QoS 1 message and acknowledging it would be a lie, so its sender is cut and tries again later.
    else if (qos > 0) this.#refuse('rateLimited', principal, 'over its rate', done);
    else {
      this.#counters.add('rateLimited');
      done(null);
    }
  }

  #refuse(counter: EmbeddedCounter, principal: string, reason: string, done: Done): void {
    this.#refusals.note(counter, { principal }, `PUBLISH refused: ${reason}`);
    done(new Error(reason));
  }
}

function withinTime(work: Promise<void>, limitMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`not done within ${limitMs} ms`)), limitMs);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
