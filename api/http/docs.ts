import fastifySwagger from '@fastify/swagger';
import fastifySwaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { accessRow } from '../access-table.ts';
import type { AccessRole } from '../principal.ts';

/** Collects the routes registered after it for the OpenAPI 3.1 document. */
export async function collectRoutes(app: FastifyInstance, version: string): Promise<void> {
  app.addHook('onRoute', (route) => {
    const row: readonly AccessRole[] = accessRow([route.method].flat()[0] ?? '', route.url) ?? [];
    if (route.schema === undefined || row.includes('citizen')) return;
    const schemes = row.includes('vehicle') ? [{ bearer: [] }, { vehicle: [] }] : [{ bearer: [] }];
    Object.assign(route.schema, { security: schemes, description: `For: ${row.join(', ')}.` });
  });
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Rahban',
        version,
        description:
          'Live traffic, incidents and routes. Positions are GeoJSON order (lon, lat) in arrays, times UTC ISO 8601, problems RFC 9457. Live stream: GET /api/v1/stream (WebSocket).',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
          vehicle: { type: 'http', scheme: 'basic', description: 'vehicle id and its password' },
        },
      },
    },
  });
}

/** `/docs` (pages, all assets our own), `/docs/json`, `/docs/yaml` and the MQTT side as `/docs/asyncapi.json`. */
export async function serveDocs(app: FastifyInstance, asyncApi: Readonly<Record<string, unknown>>): Promise<void> {
  app.get('/docs/asyncapi.json', { schema: { hide: true } as object }, async () => asyncApi);
  await app.register(fastifySwaggerUi, {
    routePrefix: '/docs',
    uiConfig: { docExpansion: 'list', validatorUrl: null },
    staticCSP:
      "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'",
  });
}
