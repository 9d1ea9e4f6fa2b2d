import { createServer as createHttp, type Server as HttpServer, type IncomingMessage } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { createServer as createTcp, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createServer as createTls } from 'node:tls';
import { createWebSocketStream, WebSocketServer } from 'ws';
import { AcceptLimiter } from '../guard/accept-limiter.ts';
import type { SourceAddresses } from '../message-source.ts';
import { fixedLimits, type ResolvedOptions } from './options.ts';
import type { Refusals } from './refusals.ts';

const handshakeMs = 5000;

/** Opens the ports, admits connections and hands their byte streams on. */
export class Listeners {
  readonly #options: ResolvedOptions;
  readonly #refusals: Refusals;
  readonly #handle: (stream: Duplex, address: string, request?: IncomingMessage) => void;
  readonly #limiter: AcceptLimiter;
  readonly #sockets = new Set<Socket>();
  readonly #servers: Server[] = [];

  constructor(
    options: ResolvedOptions,
    refusals: Refusals,
    handle: (stream: Duplex, address: string, request?: IncomingMessage) => void,
  ) {
    this.#options = options;
    this.#refusals = refusals;
    this.#handle = handle;
    this.#limiter = new AcceptLimiter(options.accepts, options.now);
  }

  /** Rejects with a sentence that names the port when one is taken; none stays open then. */
  async open(): Promise<SourceAddresses> {
    const { tcp, tls, ws } = this.#options;
    const addresses: { mqtt?: string; mqtts?: string; ws?: string } = {};
    try {
      if (tcp !== undefined) addresses.mqtt = `mqtt://${await this.#listen(this.#tcp(), tcp)}`;
      if (tls !== undefined) addresses.mqtts = `mqtts://${await this.#listen(this.#tls(tls), tls)}`;
      if (ws !== undefined)
        addresses.ws = `${ws.secure ? 'wss' : 'ws'}://${await this.#listen(this.#ws(ws.secure), ws)}`;
    } catch (error) {
      await this.close();
      throw error;
    }
    return addresses;
  }

  /** No new connections; the live ones go on. */
  stopAccepting(): void {
    for (const server of this.#servers) server.close();
  }

  /** Ends every connection that is left and frees the ports. */
  async close(): Promise<void> {
    const closed = this.#servers.map((server) =>
      server.listening ? new Promise((resolve) => server.close(resolve)) : Promise.resolve(),
    );
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(closed);
  }

  #tcp(): Server {
    return createTcp({ noDelay: true }, (socket) => this.#handle(socket, socket.remoteAddress ?? ''));
  }

  #tls({ cert, key }: { cert: string; key: string }): Server {
    const server = createTls(
      { cert, key, minVersion: 'TLSv1.2', handshakeTimeout: handshakeMs, noDelay: true },
      (socket) => this.#handle(socket, socket.remoteAddress ?? ''),
    );
    server.on('tlsClientError', (error) =>
      this.#refusals.note('connectionErrors', { error: error.message }, 'TLS failed'),
    );
    return server;
  }

  #ws(secure: boolean): Server {
    const settings = { maxHeaderSize: 8192, headersTimeout: handshakeMs, requestTimeout: handshakeMs };
    const { tls } = this.#options;
    const server: HttpServer =
      secure && tls !== undefined
        ? createHttps({ ...settings, cert: tls.cert, key: tls.key, minVersion: 'TLSv1.2' })
        : createHttp(settings);
    server.on('request', (_, response) =>
      response.writeHead(426, { connection: 'close' }).end('MQTT over WebSocket only\n'),
    );
    const sockets = new WebSocketServer({
      server,
      perMessageDeflate: false,
      maxPayload: fixedLimits.packetBytes + 5,
      handleProtocols: (offered) => ['mqtt', 'mqttv3.1'].find((known) => offered.has(known)) ?? false,
    });
    sockets.on('connection', (socket, request) => {
      socket.on('error', (error) => this.#refusals.note('malformed', { error: error.message }, 'WebSocket failed'));
      if (socket.protocol === '') {
        this.#refusals.note('malformed', {}, 'WebSocket without subprotocol mqtt');
        socket.close(1002);
        return;
      }
      socket.on('message', (_, isBinary) => {
        if (!isBinary) socket.close(1003);
      });
      this.#handle(createWebSocketStream(socket), request.socket.remoteAddress ?? '', request);
    });
    return server;
  }

  #listen(server: Server, { host, port }: { host: string; port: number }): Promise<string> {
    server.maxConnections = this.#options.maxConnections;
    server.prependListener('connection', (socket: Socket) => this.#admit(socket));
    server.on('drop', () => this.#refusals.note('connectionsRefused', {}, 'more connections than maxConnections'));
    this.#servers.push(server);
    return new Promise((resolve, reject) => {
      server.once('error', (error) => {
        const taken = 'code' in error && error.code === 'EADDRINUSE';
        reject(
          taken ? new Error(`MQTT port ${port} on ${host} is taken; choose another or 0`, { cause: error }) : error,
        );
      });
      server.listen({ host, port, backlog: 4096 }, () => {
        server.on('error', (error) =>
          this.#refusals.note('connectionErrors', { error: error.message }, 'listener failed'),
        );
        const bound = server.address();
        const real = bound !== null && typeof bound === 'object' ? bound.port : port;
        resolve(`${host.includes(':') ? `[${host}]` : host}:${real}`);
      });
    });
  }

  #admit(socket: Socket): void {
    if (this.#sockets.size >= this.#options.maxConnections) {
      this.#refusals.note('connectionsRefused', {}, 'more connections than maxConnections');
      socket.destroy();
    } else if (!this.#limiter.admit(socket.remoteAddress ?? '')) {
      this.#refusals.note('connectionsThrottled', {}, 'too many connections from one address');
      socket.destroy();
    } else {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    }
  }
}
