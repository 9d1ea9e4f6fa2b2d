import type { StreamFrame, StreamRequest } from '../../../messages/index.ts';
import { reconnectDelay } from './backoff.ts';

export interface StreamOptions {
  readonly url: string;
  /** Bearer token at the moment of connecting, or undefined for a citizen. */
  readonly token: () => string | undefined;
  /** The platform ended the session of this connection; resolves when there is a new token, or none any more. */
  readonly renew: () => Promise<unknown>;
  readonly onOpen: () => void;
  readonly onLost: () => void;
  readonly onFrame: (frame: StreamFrame) => void;
  readonly random: () => number;
}

/** Close code of the platform for a session that is over. */
const sessionOverCode = 4401;
/** With a view the platform speaks once a second; this long without a word means the line is dead. */
const silenceMs = 8_000;

/** One WebSocket that comes back by itself, with jitter, for as long as the page lives. */
export class Stream {
  readonly #options: StreamOptions;
  #socket: WebSocket | undefined;
  #request: StreamRequest;
  #attempt = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;

  constructor(options: StreamOptions, request: StreamRequest) {
    this.#options = options;
    this.#request = request;
    this.#connect();
    addEventListener('online', this.#hurry);
    addEventListener('offline', this.#drop);
    document.addEventListener('visibilitychange', this.#hurry);
  }

  /** Changes what is sent; takes effect at once, or with the next connection. */
  ask(request: StreamRequest): void {
    this.#request = request;
    this.#listenForSilence();
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(request));
  }

  /** Connects again now, for a changed session. */
  reconnect(): void {
    this.#attempt = 0;
    this.#forget();
    this.#connect();
  }

  stop(): void {
    this.#stopped = true;
    removeEventListener('online', this.#hurry);
    removeEventListener('offline', this.#drop);
    document.removeEventListener('visibilitychange', this.#hurry);
    this.#forget();
  }

  #connect(): void {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    const token = this.#options.token();
    const protocols = token === undefined ? ['rahban.v1'] : ['rahban.v1', `bearer.${token}`];
    const socket = new WebSocket(this.#options.url, protocols);
    this.#socket = socket;
    this.#listenForSilence();
    socket.onopen = () => {
      this.#attempt = 0;
      socket.send(JSON.stringify(this.#request));
      this.#options.onOpen();
    };
    socket.onmessage = (event: MessageEvent<string>) => {
      this.#listenForSilence();
      this.#options.onFrame(JSON.parse(event.data) as StreamFrame);
    };
    socket.onclose = ({ code }) => {
      if (code !== sessionOverCode) return this.#lost();
      this.#forget();
      void this.#options.renew().then(() => {
        if (!this.#stopped && this.#socket === undefined) this.#connect();
      });
    };
  }

  #lost(): void {
    this.#forget();
    if (this.#stopped) return;
    this.#options.onLost();
    this.#retry = setTimeout(() => this.#connect(), reconnectDelay(this.#attempt, this.#options.random()));
    this.#attempt += 1;
  }

  /** The network or the tab is back: no reason to wait for the timer. */
  readonly #hurry = (): void => {
    if (this.#retry !== undefined && document.visibilityState === 'visible') {
      this.#attempt = 0;
      this.#connect();
    }
  };

  readonly #drop = (): void => {
    if (this.#socket !== undefined) this.#lost();
  };

  #listenForSilence(): void {
    clearTimeout(this.#silence);
    const connecting = this.#socket?.readyState !== WebSocket.OPEN;
    if (this.#socket === undefined || !(connecting || this.#request.view !== undefined)) return;
    this.#silence = setTimeout(() => this.#lost(), silenceMs);
  }

  #forget(): void {
    clearTimeout(this.#silence);
    clearTimeout(this.#retry);
    this.#retry = undefined;
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket === undefined) return;
    socket.onopen = null;
    socket.onmessage = null;
    socket.onclose = null;
    socket.close();
  }
}
