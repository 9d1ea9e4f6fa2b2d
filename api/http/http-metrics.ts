import type { FastifyInstance } from 'fastify';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** The API's own metrics; labels are route patterns and status classes, never ids or addresses. */
export interface ApiMetrics {
  readonly registry: Registry;
  readonly streams: Gauge;
  readonly framesDropped: Counter;
  readonly streamsCut: Counter<'reason'>;
  readonly signIns: Counter<'outcome'>;
  readonly refused: Counter<'code'>;
}

export function createApiMetrics(app: FastifyInstance): ApiMetrics {
  const registry = new Registry();
  const registers = [registry];
  const duration = new Histogram({
    name: 'rahban_http_request_duration_seconds',
    help: 'Time from the request line to the last byte of the answer',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  });
  app.addHook('onResponse', async (request, reply) => {
    const labels = {
      method: request.method,
      route: request.is404 ? 'none' : (request.routeOptions.url ?? 'none'),
      status: `${Math.trunc(reply.statusCode / 100)}xx`,
    };
    duration.observe(labels, reply.elapsedTime / 1000);
    request.log.debug({ ...labels, ms: Math.round(reply.elapsedTime) }, 'answered');
  });
  return {
    registry,
    streams: new Gauge({ name: 'rahban_stream_clients', help: 'Open live streams', registers }),
    framesDropped: new Counter({
      name: 'rahban_stream_frames_dropped_total',
      help: 'Frames a slow live stream lost, each told by a gap frame',
      registers,
    }),
    streamsCut: new Counter({
      name: 'rahban_stream_cut_total',
      help: 'Live streams ended by the server',
      labelNames: ['reason'],
      registers,
    }),
    signIns: new Counter({
      name: 'rahban_sign_ins_total',
      help: 'Attempts to sign in or refresh',
      labelNames: ['outcome'],
      registers,
    }),
    refused: new Counter({
      name: 'rahban_http_refused_total',
      help: 'Requests refused for want of identity or role',
      labelNames: ['code'],
      registers,
    }),
  };
}
