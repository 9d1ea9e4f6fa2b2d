import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { generate, type IConnectPacket, type Packet, parser } from 'mqtt-packet';
import type { Access } from './vehicle-client.ts';

const keepaliveSeconds = 60;
const answerMs = 15_000;

export interface RawHandlers {
  readonly onMessage: (topic: string, payload: Uint8Array) => void;
  readonly onClose: () => void;
}

/** A PUBLISH of MQTT 3.1.1 with QoS 0 (section 3.3) in one piece. @throws RangeError when it is 16 KiB or longer. */
function plainPublish(topic: string, payload: string): Buffer {
  const topicBytes = Buffer.byteLength(topic);
  const length = 2 + topicBytes + Buffer.byteLength(payload);
  if (length >= 1 << 14) throw new RangeError(`a message of ${length} bytes: expected less than 16384`);
  const header = length < 128 ? 2 : 3;
  const bytes = Buffer.allocUnsafe(header + length);
  bytes[0] = 0x30;
  bytes[1] = length < 128 ? length : (length & 0x7f) | 0x80;
  if (header === 3) bytes[2] = length >> 7;
  bytes.writeUInt16BE(topicBytes, header);
  bytes.write(topic, header + 2);
  bytes.write(payload, header + 2 + topicBytes);
  return bytes;
}

/** A connection of MQTT 3.1.1 over TCP with as little between as can be: for thousands of them in one process. QoS 0 out. */
export class RawClient {
  readonly #socket: Socket;
  readonly #parser = parser({ protocolVersion: 4 });
  readonly #ping: NodeJS.Timeout;

  /** Connects and waits for CONNACK. @throws Error when refused, unreachable or silent for 15 s. */
  static async open(access: Access, clientId: string, handlers: RawHandlers): Promise<RawClient> {
    const { protocol, hostname, port } = new URL(access.url);
    if (protocol !== 'mqtt:') throw new Error(`${access.url}: expected mqtt://HOST:PORT`);
    const socket = connect({ host: hostname, port: Number(port || 1883), noDelay: true });
    await once(socket, 'connect', { signal: AbortSignal.timeout(answerMs) });
    const client = new RawClient(socket, handlers);
    const packet: IConnectPacket = {
      cmd: 'connect',
      protocolId: 'MQTT',
      protocolVersion: 4,
      clean: true,
      clientId,
      keepalive: keepaliveSeconds,
      username: access.user,
      password: Buffer.from(access.password),
    };
    const answer = client.#next('connack');
    socket.write(generate(packet));
    const { returnCode } = await answer;
    if (returnCode === 0) return client;
    client.close();
    throw new Error(`${clientId}: connection refused with code ${returnCode}`);
  }

  private constructor(socket: Socket, handlers: RawHandlers) {
    this.#socket = socket;
    socket.on('data', (chunk) => this.#parser.parse(chunk));
    socket.on('close', () => {
      clearInterval(this.#ping);
      handlers.onClose();
    });
    // The reason follows as 'close'.
    socket.on('error', () => socket.destroy());
    this.#parser.on('error', () => socket.destroy());
    this.#parser.on('packet', (packet) => {
      if (packet.cmd !== 'publish') return;
      if (packet.qos === 1 && packet.messageId !== undefined)
        socket.write(generate({ cmd: 'puback', messageId: packet.messageId }));
      handlers.onMessage(packet.topic, Buffer.from(packet.payload));
    });
    this.#ping = setInterval(() => socket.write(generate({ cmd: 'pingreq' })), (keepaliveSeconds * 1000) / 2);
    this.#ping.unref();
  }

  /** Bytes waiting to go out. */
  get backlog(): number {
    return this.#socket.writableLength;
  }

  async subscribe(filter: string): Promise<void> {
    const answer = this.#next('suback');
    this.#socket.write(generate({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: filter, qos: 1 }] }));
    const { granted } = await answer;
    if (granted[0] === 128) throw new Error(`subscription to ${filter} refused`);
  }

  publish(topic: string, payload: string): void {
    this.#socket.write(plainPublish(topic, payload));
  }

  /** Resolves when everything written so far is with the kernel. */
  async flush(): Promise<void> {
    if (this.#socket.writableLength > 0) await once(this.#socket, 'drain', { signal: AbortSignal.timeout(answerMs) });
  }

  close(): void {
    if (!this.#socket.destroyed) this.#socket.end(generate({ cmd: 'disconnect' }));
  }

  #next<C extends Packet['cmd']>(cmd: C): Promise<Extract<Packet, { cmd: C }>> {
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        clearTimeout(timer);
        this.#socket.off('close', closed);
        this.#parser.off('packet', look);
      };
      const look = (packet: Packet): void => {
        if (packet.cmd !== cmd) return;
        settle();
        resolve(packet as Extract<Packet, { cmd: C }>);
      };
      const fail = (reason: string): void => {
        settle();
        reject(new Error(reason));
      };
      const closed = (): void => fail(`connection closed while waiting for ${cmd}`);
      const timer = setTimeout(() => fail(`no ${cmd} within ${answerMs} ms`), answerMs);
      this.#socket.on('close', closed);
      this.#parser.on('packet', look);
    });
  }
}
