import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { ApiDeps } from '../deps.ts';
import type { ApiMetrics } from '../http/http-metrics.ts';
import { answers, ProblemSchema } from '../schemas.ts';

const Checks = Type.Object({
  ready: Type.Boolean(),
  checks: Type.Array(Type.Object({ name: Type.String(), ok: Type.Boolean(), detail: Type.Optional(Type.String()) })),
});

/** What watches the platform asks, and what a page asks first. */
export const healthRoutes: FastifyPluginAsyncTypebox<
  Pick<ApiDeps, 'config' | 'graph' | 'metricsText' | 'readiness' | 'nowMs' | 'routing'> & {
    readonly metrics: ApiMetrics;
  }
> = async (app, { config, graph, metrics, metricsText, readiness, nowMs, routing }) => {
  app.get(
    '/livez',
    {
      schema: {
        summary: 'The process answers',
        tags: ['health'],
        response: answers(Type.Object({ live: Type.Boolean() })),
      },
    },
    async () => ({ live: true }),
  );

  app.get(
    '/readyz',
    {
      schema: {
        summary: 'Every check by name; 503 while one fails',
        tags: ['health'],
        response: { 200: Checks, 503: Checks, '4xx': ProblemSchema },
      },
    },
    async (_request, reply) => {
      const checks = (await readiness()).map((check) => ({ ...check }));
      const ready = checks.every(({ ok }) => ok);
      return reply
        .code(ready ? 200 : 503)
        .header('cache-control', 'no-store')
        .send({ ready, checks });
    },
  );

  app.get('/metrics', { schema: { summary: 'Prometheus text', tags: ['health'] } }, async (_request, reply) => {
    const text = `${(await metricsText()).trimEnd()}\n${await metrics.registry.metrics()}`;
    return reply.header('cache-control', 'no-store').type('text/plain; version=0.0.4; charset=utf-8').send(text);
  });

  app.get(
    '/api/v1/status',
    {
      schema: {
        summary: 'Version, map and clock of this platform',
        tags: ['health'],
        response: answers(
          Type.Object({
            name: Type.String(),
            version: Type.String(),
            demo: Type.Boolean(),
            serverTime: Type.String(),
            map: Type.Object({
              bounds: Type.Array(Type.Number()),
              hash: Type.String(),
              edges: Type.Integer(),
              attribution: Type.String(),
            }),
            routing: Type.Boolean(),
          }),
        ),
      },
    },
    async () => ({
      name: 'rahban',
      version: config.version,
      demo: config.demo,
      serverTime: new Date(nowMs()).toISOString(),
      map: {
        bounds: [...graph.bounds],
        hash: graph.mapHash,
        edges: graph.numEdges,
        attribution: config.attribution,
      },
      routing: routing.available,
    }),
  );
};
