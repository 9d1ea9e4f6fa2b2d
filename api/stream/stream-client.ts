import type { StreamFrame, StreamRequest } from '../../messages/index.ts';
import type { Principal } from '../principal.ts';

/** Bounds of what one client may have waiting here; what is handed to the socket is bounded by `socketBytes`. */
export interface QueueBounds {
  readonly frames: number;
  readonly bytes: number;
  readonly socketBytes: number;
  /** A client whose socket takes nothing for this long while frames wait is cut, ms. */
  readonly stallMs: number;
}

export const queueBounds: QueueBounds = { frames: 256, bytes: 1 << 20, socketBytes: 1 << 18, stallMs: 2000 };

interface QueuedFrame {
  readonly type: StreamFrame['type'];
  readonly text: string;
}

/** What the client needs of a WebSocket; handed in so that a slow one can be played in tests. */
export interface StreamSocket {
  /** 1 = open. */
  readonly readyState: number;
  /** Bytes taken but not yet handed to the kernel. */
  readonly bufferedAmount: number;
  send(text: string, done: () => void): void;
  close(code: number, reason: string): void;
  terminate(): void;
  ping(): void;
}

/**
 * One live stream with a bounded queue. When it overflows everything queued is dropped and one `gap` frame says how
 * much; a newer vehicles frame takes the place of an older one that still waits.
 */
export class StreamClient {
  readonly principal: Principal;
  readonly address: string;
  request: StreamRequest = { channels: [] };
  alive = true;
  readonly #socket: StreamSocket;
  readonly #bounds: QueueBounds;
  readonly #nowMs: () => number;
  readonly #noteDropped: (frames: number) => void;
  #queue: QueuedFrame[] = [];
  #queuedBytes = 0;
  #dropped = 0;
  #progressMs: number;

  constructor(
    socket: StreamSocket,
    principal: Principal,
    address: string,
    nowMs: () => number,
    noteDropped: (frames: number) => void,
    bounds: QueueBounds = queueBounds,
  ) {
    this.#socket = socket;
    this.principal = principal;
    this.address = address;
    this.#nowMs = nowMs;
    this.#noteDropped = noteDropped;
    this.#bounds = bounds;
    this.#progressMs = nowMs();
  }

  wants(channel: StreamRequest['channels'][number]): boolean {
    return this.request.channels.includes(channel);
  }

  send(frame: StreamFrame): void {
    this.sendText(frame.type, JSON.stringify(frame));
  }

  /** A frame that many clients get is written as text once. */
  sendText(type: StreamFrame['type'], text: string): void {
    if (this.#queue.length === 0) this.#progressMs = this.#nowMs();
    if (type === 'vehicles') this.#forgetOlderVehicles();
    this.#queue.push({ type, text });
    this.#queuedBytes += text.length;
    this.#pump();
    if (this.#queue.length > this.#bounds.frames || this.#queuedBytes > this.#bounds.bytes) this.#drop();
  }

  /** True when the socket has taken nothing for longer than the bound while frames wait. */
  stalled(): boolean {
    return this.#waiting() && this.#nowMs() - this.#progressMs > this.#bounds.stallMs;
  }

  close(code: number, reason: string): void {
    this.#queue = [];
    this.#queuedBytes = 0;
    this.#socket.close(code, reason);
  }

  terminate(): void {
    this.#socket.terminate();
  }

  /** Whether the peer answered the last ping; asks again. */
  checkAlive(): boolean {
    const answered = this.alive;
    this.alive = false;
    if (this.#socket.readyState === 1) this.#socket.ping();
    return answered;
  }

  #waiting(): boolean {
    return this.#queue.length > 0 || this.#dropped > 0;
  }

  #pump(): void {
    while (this.#waiting() && this.#socket.readyState === 1 && this.#socket.bufferedAmount < this.#bounds.socketBytes) {
      const frame = this.#next();
      this.#socket.send(frame, () => {
        this.#progressMs = this.#nowMs();
        this.#pump();
      });
    }
  }

  /** The gap is told before the frames that came after it. */
  #next(): string {
    if (this.#dropped > 0) {
      const frame: StreamFrame = { type: 'gap', dropped: this.#dropped };
      this.#dropped = 0;
      return JSON.stringify(frame);
    }
    const { text = '' } = this.#queue.shift() ?? {};
    this.#queuedBytes -= text.length;
    return text;
  }

  #drop(): void {
    this.#dropped += this.#queue.length;
    this.#noteDropped(this.#queue.length);
    this.#queue = [];
    this.#queuedBytes = 0;
  }

  #forgetOlderVehicles(): void {
    const index = this.#queue.findIndex((frame) => frame.type === 'vehicles');
    if (index < 0) return;
    const [old] = this.#queue.splice(index, 1);
    this.#queuedBytes -= old.text.length;
  }
}
