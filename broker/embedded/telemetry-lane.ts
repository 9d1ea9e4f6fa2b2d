import type { Client } from 'aedes';
import type { Intake } from './intake.ts';

/** First byte of a PUBLISH with QoS 0, neither retained nor a duplicate (MQTT 3.1.1 section 3.3.1). */
const plainPublish = 0x30;
/** A remaining length of more bytes than this is no telemetry. */
const mostLengthBytes = 3;

/** What Aedes keeps of the time a client may be silent. */
interface KeepAlive {
  readonly _keepaliveInterval: number;
  readonly _keepaliveTimer: { refresh(): void } | null;
}

/**
 * Takes telemetry out of a connection's bytes before Aedes sees them: whole PUBLISH packets with QoS 0 at the front of a chunk, on topics that the
 * session may publish lossy messages on. They are judged by the same `Intake` as all others. Everything else, from the first byte that is
 * not such a packet, is left to Aedes and its parser, which cost as much for a message as decoding it.
 */
export class TelemetryLane {
  readonly #intake: Intake;
  readonly #client: Client;
  readonly #done: (error?: Error | null) => void;

  constructor(intake: Intake, client: Client) {
    this.#intake = intake;
    this.#client = client;
    // What Aedes itself does when a publication is refused.
    this.#done = (error) => {
      if (error) client.emit('error', error);
    };
  }

  /** What is left for Aedes of `chunk`, which begins with a packet's first byte. */
  take(chunk: Buffer): Buffer {
    const client = this.#client;
    if (!client.connected) return chunk;
    let at = 0;
    while (chunk[at] === plainPublish && !client.closed) {
      const next = this.#packet(chunk, at);
      if (next < 0) break;
      at = next;
    }
    if (at === 0) return chunk;
    if (hasKeepAlive(client) && client._keepaliveInterval > 0) client._keepaliveTimer?.refresh();
    // Of one who was cut nothing more is heard.
    return chunk.subarray(client.closed ? chunk.length : at);
  }

  /** Takes the packet that begins at `at`; returns where the next one begins, -1 when it is not one for the lane. */
  #packet(chunk: Buffer, at: number): number {
    let length = 0;
    let from = at + 1;
    for (let shift = 0; ; shift += 7) {
      if (from >= chunk.length || shift === 7 * mostLengthBytes) return -1;
      const byte = chunk[from] ?? 0;
      from += 1;
      length |= (byte & 0x7f) << shift;
      if ((byte & 0x80) === 0) break;
    }
    const end = from + length;
    if (end > chunk.length || length < 2) return -1;
    const payloadAt = from + 2 + chunk.readUInt16BE(from);
    if (payloadAt > end) return -1;
    const topic = chunk.toString('utf8', from + 2, payloadAt);
    if (!this.#intake.isLossy(this.#client, topic)) return -1;
    const payload = chunk.subarray(payloadAt, end);
    this.#intake.take(this.#client, { cmd: 'publish', topic, payload, qos: 0, retain: false, dup: false }, this.#done);
    return end;
  }
}

function hasKeepAlive(client: Client): client is Client & KeepAlive {
  return '_keepaliveInterval' in client && '_keepaliveTimer' in client;
}
