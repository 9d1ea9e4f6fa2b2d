import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** MQTT 3.1.1 packets byte by byte, so that a test can send what no client library would. */
export function packet(typeAndFlags: number, ...parts: readonly (Uint8Array | string)[]): Buffer {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part)));
  return Buffer.concat([Buffer.of(typeAndFlags), remainingLength(body.length), body]);
}

export function remainingLength(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
    rest >>>= 7;
  } while (rest > 0);
  return Buffer.from(bytes);
}

/** A length-prefixed string; raw bytes are taken as they are. */
export function field(value: Uint8Array | string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.of(bytes.length >> 8, bytes.length & 0xff), bytes]);
}

export interface ConnectFields {
  readonly clientId?: Uint8Array | string;
  readonly username?: Uint8Array | string;
  readonly password?: string;
  readonly clean?: boolean;
  readonly keepalive?: number;
  readonly level?: number;
  readonly will?: { readonly topic: string; readonly payload: string; readonly retain?: boolean };
}

export function connectPacket(fields: ConnectFields): Buffer {
  const { clientId = '', username, password, clean = true, keepalive = 30, level = 4, will } = fields;
  const flags =
    (username === undefined ? 0 : 0x80) |
    (password === undefined ? 0 : 0x40) |
    (will === undefined ? 0 : 0x04 | (will.retain === true ? 0x20 : 0)) |
    (clean ? 0x02 : 0);
  return packet(
    0x10,
    field('MQTT'),
    Buffer.of(level, flags, keepalive >> 8, keepalive & 0xff),
    field(clientId),
    ...(will === undefined ? [] : [field(will.topic), field(will.payload)]),
    ...(username === undefined ? [] : [field(username)]),
    ...(password === undefined ? [] : [field(password)]),
  );
}

export function publishPacket(topic: Uint8Array | string, payload: string, flags = 0, id = 1): Buffer {
  const qos = (flags >> 1) & 3;
  return packet(0x30 | flags, field(topic), ...(qos > 0 ? [Buffer.of(id >> 8, id & 0xff)] : []), payload);
}

export function subscribePacket(filter: Uint8Array | string, qos = 1): Buffer {
  return packet(0x82, Buffer.of(0, 7), field(filter), Buffer.of(qos));
}

/** A plain TCP connection that remembers what came back. */
export class RawConnection {
  readonly socket: Socket;
  received = Buffer.alloc(0);
  closed = false;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk) => {
      this.received = Buffer.concat([this.received, chunk]);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.closed = true;
    });
  }

  static async open(port: number): Promise<RawConnection> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    const raw = new RawConnection(socket);
    await once(socket, 'connect');
    return raw;
  }

  /** Sends and waits until something new has come back or the connection is closed. */
  async ask(bytes: Uint8Array): Promise<Buffer> {
    const before = this.received.length;
    this.socket.write(bytes);
    while (!this.closed && this.received.length === before) await this.#next();
    return this.received.subarray(before);
  }

  /** Resolves when the other side has closed. */
  async end(): Promise<void> {
    while (!this.closed) await this.#next();
  }

  /** More data, or the end. A reset is an end too. */
  #next(): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.socket.off('data', done).off('close', done);
        resolve();
      };
      this.socket.on('data', done).on('close', done);
    });
  }
}
