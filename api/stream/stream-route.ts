import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { CheckedConfig } from '../config.ts';
import type { ApiMetrics } from '../http/http-metrics.ts';
import { Problem } from '../http/problem.ts';
import { accessRoleOf } from '../principal.ts';
import { StreamClient } from './stream-client.ts';
import type { StreamHub } from './stream-hub.ts';
import { readStreamRequest } from './stream-request.ts';

export interface StreamRouteDeps {
  readonly hub: StreamHub;
  readonly config: CheckedConfig;
  readonly metrics: ApiMetrics;
  readonly revision: string;
  readonly nowMs: () => number;
  readonly wallNowMs: () => number;
}

/** Wishes a client may send in one second: dragging a map makes a few. */
const wishesPerSecond = 20;

/**
 * `GET /api/v1/stream`, protocol `messages/live.ts`. Browsers connect with the subprotocols `rahban.v1` and, signed in,
 * `bearer.TOKEN`; others with the Authorization header.
 */
export const streamRoute: FastifyPluginAsyncTypebox<StreamRouteDeps> = async (app, deps) => {
  const { hub, config, metrics } = deps;
  const options = {
    websocket: true as const,
    config: { rateLimit: { max: 120, timeWindow: '1 minute' } },
    preValidation: async (request: { ws: boolean; headers: Record<string, unknown>; host: string; ip: string }) => {
      if (!request.ws) throw new Problem('upgrade-required', '', {}, { upgrade: 'websocket' });
      const { origin } = request.headers;
      if (
        origin !== undefined &&
        !isOwn(String(origin), request.host) &&
        !config.allowedOrigins.includes(String(origin))
      )
        throw new Problem('foreign-origin');
      if (hub.countOf(request.ip) >= config.streamsPerAddress)
        throw new Problem('too-many-requests', `at most ${config.streamsPerAddress} live streams of one address`);
      if (hub.size >= config.streams) throw new Problem('unavailable', '', {}, { 'retry-after': '10' });
    },
  };
  app.get('/api/v1/stream', options, (socket, request) => {
    const { principal, ip } = request;
    const client = new StreamClient(socket, principal, ip, deps.wallNowMs, (frames) =>
      metrics.framesDropped.inc(frames),
    );
    const role = accessRoleOf(principal);
    let second = 0;
    let wishes = 0;
    hub.add(client);
    metrics.streams.set(hub.size);
    socket.on('close', () => {
      hub.remove(client);
      metrics.streams.set(hub.size);
    });
    socket.on('pong', () => {
      client.alive = true;
    });
    socket.on('message', (data, isBinary) => {
      const now = Math.floor(deps.wallNowMs() / 1000);
      wishes = now === second ? wishes + 1 : 1;
      second = now;
      const wish = isBinary || wishes > wishesPerSecond ? undefined : readStreamRequest(String(data));
      if (wish === undefined) hub.cut(client, 1008, 'bad-request');
      else hub.subscribe(client, wish);
    });
    client.send({
      type: 'hello',
      serverTimeMs: deps.nowMs(),
      role: role === 'vehicle' ? 'citizen' : role,
      revision: deps.revision,
    });
  });
};

/** Whether a page of this origin came from the host it is talking to. */
function isOwn(origin: string, host: string): boolean {
  return URL.canParse(origin) && new URL(origin).host === host;
}
