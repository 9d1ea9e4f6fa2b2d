import { connect, type IClientOptions, type IPublishPacket, type MqttClient } from 'mqtt';
import type { BrokerLog } from '../log.ts';
import type { ResolvedExternal } from './options.ts';

export interface LinkPlan {
  readonly clientId: string;
  /** A persistent session keeps QoS 1 messages while this platform is away. */
  readonly persistent: boolean;
  readonly filters: readonly string[];
  readonly qos: 0 | 1;
  readonly will?: IClientOptions['will'];
  /** Settles when the message may be acknowledged; a rejection cuts the connection, so that the broker sends it again. */
  onMessage(packet: IPublishPacket): Promise<void> | undefined;
  onUp(client: MqttClient): void;
  onDown(): void;
}

const firstPauseMs = 250;
const endMs = 1000;

/**
 * One connection to the external broker that comes back by itself. Every attempt is a fresh client: the session lives in the
 * broker, and what waits to be sent lives with the caller, so no store of the library can lose it.
 */
export class Link {
  readonly #options: ResolvedExternal;
  readonly #plan: LinkPlan;
  readonly #log: BrokerLog;
  #client: MqttClient | undefined;
  #timer: NodeJS.Timeout | undefined;
  #failures = 0;
  #up = false;
  #stopped = false;

  constructor(options: ResolvedExternal, plan: LinkPlan, log: BrokerLog) {
    this.#options = options;
    this.#plan = plan;
    this.#log = log;
  }

  get up(): boolean {
    return this.#up;
  }

  open(): void {
    const { url, tls } = this.#options;
    const { clientId, persistent, will } = this.#plan;
    const client = connect(url, {
      ...tls,
      clientId,
      clean: !persistent,
      protocolVersion: 4,
      keepalive: 30,
      connectTimeout: 10_000,
      reconnectPeriod: 0,
      resubscribe: false,
      queueQoSZero: false,
      ...(will === undefined ? {} : { will }),
    });
    this.#client = client;
    client.handleMessage = (packet, done) => this.#receive(client, packet, done);
    client.on('connect', () => this.#subscribe(client));
    client.on('error', (error) => this.#log.warn({ error: error.message, clientId }, 'external broker'));
    client.on('close', () => this.#closed(client));
  }

  /** Ends the connection in order; the will is not sent. */
  async close(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    const client = this.#client;
    const inOrder = client?.endAsync(!this.#up);
    const force = setTimeout(() => client?.stream.destroy(), endMs);
    await inOrder;
    clearTimeout(force);
    this.#up = false;
  }

  #subscribe(client: MqttClient): void {
    const wanted = Object.fromEntries(this.#plan.filters.map((filter) => [filter, { qos: this.#plan.qos }]));
    client.subscribe(wanted, (error, granted) => {
      const refused = granted?.filter(({ qos }) => qos === 128) ?? [];
      if (error || refused.length > 0) {
        const topics = refused.map(({ topic }) => topic);
        this.#log.error(
          { error: error?.message, topics },
          'external broker refuses a subscription; check its access rules',
        );
        client.end(true);
        return;
      }
      this.#failures = 0;
      this.#up = true;
      this.#plan.onUp(client);
    });
  }

  #receive(client: MqttClient, packet: IPublishPacket, done: (error?: Error) => void): void {
    const settled = this.#plan.onMessage(packet);
    if (settled === undefined) {
      done();
      return;
    }
    settled.then(
      () => done(),
      (error: unknown) => {
        done(error instanceof Error ? error : new Error(String(error)));
        client.stream.destroy();
      },
    );
  }

  #closed(client: MqttClient): void {
    if (client !== this.#client) return;
    this.#client = undefined;
    if (this.#up) {
      this.#up = false;
      this.#plan.onDown();
    }
    client.end(true);
    if (this.#stopped) return;
    this.#timer = setTimeout(() => this.open(), this.#pauseMs());
    this.#failures += 1;
  }

  /** Doubling pauses with full jitter, so that a fleet of platforms does not come back in one moment. */
  #pauseMs(): number {
    const longest = Math.min(this.#options.maxBackOffMs, firstPauseMs * 2 ** Math.min(this.#failures, 20));
    return 10 + this.#options.random() * longest;
  }
}
