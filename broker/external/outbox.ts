import type { MqttClient } from 'mqtt';
import type { PublishOptions } from '../message-source.ts';

interface Outgoing {
  readonly topic: string;
  readonly payload: Buffer;
  readonly options: PublishOptions;
}

const maxUnwrittenBytes = 1 << 20;

/** What the platform wants to send: QoS 1 waits here, bounded, until the broker has acknowledged it, over any number of connections. */
export class Outbox {
  readonly #limit: number;
  readonly #confirmed: () => void;
  readonly #waiting = new Set<Outgoing>();
  #client: MqttClient | undefined;

  constructor(limit: number, confirmed: () => void) {
    this.#limit = limit;
    this.#confirmed = confirmed;
  }

  get size(): number {
    return this.#waiting.size;
  }

  /** false when it was dropped: QoS 0 without a connection or behind a full one, QoS 1 when too much waits. */
  put(topic: string, payload: string | Uint8Array, options: PublishOptions): boolean {
    const message = {
      topic,
      payload: typeof payload === 'string' ? Buffer.from(payload) : Buffer.from(payload),
      options,
    };
    const client = this.#client;
    if (options.qos === 0) {
      if (client === undefined || client.stream.writableLength > maxUnwrittenBytes) return false;
      client.publish(topic, message.payload, options);
      return true;
    }
    if (this.#waiting.size >= this.#limit) return false;
    this.#waiting.add(message);
    if (client !== undefined) this.#send(client, message);
    return true;
  }

  /** A connection is up: everything not yet acknowledged goes out again, oldest first. Returns how many. */
  attach(client: MqttClient): number {
    this.#client = client;
    for (const message of this.#waiting) this.#send(client, message);
    return this.#waiting.size;
  }

  detach(): void {
    this.#client = undefined;
  }

  #send(client: MqttClient, message: Outgoing): void {
    client.publish(message.topic, message.payload, message.options, (error) => {
      // On an error the message stays, and goes out on the next connection.
      if (!error && this.#waiting.delete(message)) this.#confirmed();
    });
  }
}
