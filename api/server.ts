import rateLimit from '@fastify/rate-limit';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import websocket from '@fastify/websocket';
import Fastify, { type FastifyInstance, LogController } from 'fastify';
import type { LiveWarning } from '../messages/index.ts';
import { authenticate } from './accounts/authenticate.ts';
import { Sessions } from './accounts/sessions.ts';
import { checkConfig } from './config.ts';
import type { ApiDeps } from './deps.ts';
import { refuseBrokenRequest } from './http/broken-request.ts';
import { collectRoutes, serveDocs } from './http/docs.ts';
import { handleError } from './http/error-handler.ts';
import { addSecurityHeaders, guardContentType } from './http/guards.ts';
import { createApiMetrics } from './http/http-metrics.ts';
import { Problem } from './http/problem.ts';
import { serveWebApp } from './http/static-web.ts';
import { validatorCompiler } from './http/validation.ts';
import { accountRoutes } from './routes/accounts.ts';
import { healthRoutes } from './routes/health.ts';
import { incidentRoutes } from './routes/incidents.ts';
import { phoneRoutes } from './routes/phones.ts';
import { placeRoutes } from './routes/places.ts';
import { routeRoutes } from './routes/route.ts';
import { sessionRoutes } from './routes/sessions.ts';
import { tileRoutes } from './routes/tiles.ts';
import { trafficRoutes } from './routes/traffic.ts';
import { vehicleRoutes } from './routes/vehicles.ts';
import { StreamHub } from './stream/stream-hub.ts';
import { streamRoute } from './stream/stream-route.ts';

export interface Api {
  /** For `inject` in tests; listening and closing go through the functions below. */
  readonly app: FastifyInstance;
  /** Opens the port. Rejects when it is taken. */
  listen(): Promise<{ readonly url: string; readonly port: number }>;
  /** To every live stream that wants warnings; a cancel is the same alert with stage 0. */
  pushWarning(warning: LiveWarning): void;
  /** Open live streams. */
  streams(): number;
  /** Takes no more, ends the streams, waits up to `drainMs` for answers in flight, then cuts. Idempotent. */
  close(): Promise<void>;
}

const bodyBytes = 64 * 1024;

/**
 * Builds the whole HTTP and WebSocket face over what it is handed; nothing listens yet.
 * @throws RangeError on an option outside its range; Error on a route without a row in the access table.
 */
export async function createApi(deps: ApiDeps): Promise<Api> {
  const config = checkConfig(deps.config);
  const app = Fastify({
    loggerInstance: deps.log,
    // An address line may hold a position or a vehicle's key: our own line names the route only.
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: config.trustedProxies.length > 0 ? [...config.trustedProxies] : false,
    bodyLimit: bodyBytes,
    requestTimeout: 10_000,
    keepAliveTimeout: 5_000,
    http: { headersTimeout: 8_000, connectionsCheckingInterval: 1_000, maxHeaderSize: 16 * 1024 },
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    routerOptions: { maxParamLength: 200 },
    frameworkErrors: (error, request, reply) => handleError(error, request, reply),
    clientErrorHandler: refuseBrokenRequest,
  }).withTypeProvider<TypeBoxTypeProvider>();
  app.server.maxConnections = config.streams + 3000;
  app.setValidatorCompiler(validatorCompiler);
  app.setErrorHandler(handleError);

  const metrics = createApiMetrics(app);
  const sessions = new Sessions(deps);
  const revision = deps.graph.mapHash.slice(0, 16);
  const hub = new StreamHub({
    vehicles: deps.vehicles,
    congestion: deps.congestion,
    isLive: (sessionId) => sessions.isLive(sessionId),
    nowMs: deps.nowMs,
    wallNowMs: deps.wallNowMs,
    tickMs: config.streamTickMs,
    noteCut: (reason) => metrics.streamsCut.inc({ reason }),
    noteError: (error) => app.log.error({ err: error }, 'live stream'),
  });
  const stopListening = deps.incidents.onChange((incident) => hub.pushIncident(incident));
  app.addHook('preClose', async () => hub.stop());

  addSecurityHeaders(app);
  guardContentType(app);
  authenticate(app, {
    sessions,
    verifyVehicle: (vehicleId, password, address) => deps.phones.verify(vehicleId, password, address),
    wallNowMs: deps.wallNowMs,
    refused: (code) => metrics.refused.inc({ code }),
  });
  await app.register(rateLimit, {
    max: config.requestsPerMinute,
    timeWindow: '1 minute',
    cache: 20_000,
    errorResponseBuilder: (_request, { ttl }) =>
      new Problem('too-many-requests', `try again in ${Math.ceil(ttl / 1000)} s`),
  });
  await app.register(websocket, {
    options: { maxPayload: 4096, perMessageDeflate: false, handleProtocols: () => 'rahban.v1' },
    errorHandler: (error, socket) => {
      app.log.debug({ err: error }, 'live stream broke');
      socket.terminate();
    },
  });
  await collectRoutes(app, config.version);

  const routeDeps = { ...deps, config, sessions, metrics, hub, revision };
  await app.register(healthRoutes, routeDeps);
  await app.register(incidentRoutes, routeDeps);
  await app.register(trafficRoutes, routeDeps);
  await app.register(routeRoutes, routeDeps);
  await app.register(placeRoutes, routeDeps);
  await app.register(vehicleRoutes, routeDeps);
  await app.register(phoneRoutes, routeDeps);
  await app.register(sessionRoutes, routeDeps);
  await app.register(accountRoutes, routeDeps);
  await app.register(tileRoutes, routeDeps);
  await app.register(streamRoute, routeDeps);
  await serveDocs(app, deps.asyncApi);
  await serveWebApp(app, config.webRoot);
  await app.ready();

  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    stopListening();
    const cut = setTimeout(() => {
      hub.terminateAll();
      app.server.closeAllConnections();
    }, config.drainMs);
    await app.close();
    clearTimeout(cut);
  };
  return {
    app,
    listen: async () => {
      await app.listen({ host: config.host, port: config.port });
      const address = app.server.address();
      const port = address !== null && typeof address === 'object' ? address.port : config.port;
      const host = config.host.includes(':') ? `[${config.host}]` : config.host;
      return { url: `http://${host}:${port}`, port };
    },
    pushWarning: (warning) => hub.pushWarning(warning),
    streams: () => hub.size,
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}
