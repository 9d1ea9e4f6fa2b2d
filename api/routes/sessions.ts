import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Sessions } from '../accounts/sessions.ts';
import type { CheckedConfig } from '../config.ts';
import type { ApiMetrics } from '../http/http-metrics.ts';
import { Problem } from '../http/problem.ts';
import { answers, ProblemSchema, RoleSchema } from '../schemas.ts';

const Pair = Type.Object({
  accessToken: Type.String(),
  tokenType: Type.Literal('Bearer'),
  expiresIn: Type.Integer({ description: 's' }),
  refreshToken: Type.String({ description: 'good for one use' }),
  name: Type.String(),
  role: RoleSchema,
  vehicleId: Type.Optional(Type.String()),
});

/** Signing in and out. */
export const sessionRoutes: FastifyPluginAsyncTypebox<{
  readonly sessions: Sessions;
  readonly metrics: ApiMetrics;
  readonly config: CheckedConfig;
}> = async (app, { sessions, metrics, config }) => {
  const slowly = { rateLimit: { max: Math.ceil(config.requestsPerMinute / 100), timeWindow: '1 minute' } };
  const counted = async <T>(work: Promise<T>): Promise<T> => {
    try {
      const answer = await work;
      metrics.signIns.inc({ outcome: 'accepted' });
      return answer;
    } catch (error) {
      metrics.signIns.inc({ outcome: error instanceof Problem ? error.code : 'failed' });
      throw error;
    }
  };

  app.post(
    '/api/v1/sessions',
    {
      config: slowly,
      schema: {
        summary: 'Sign in: an access token for 15 minutes and a refresh token',
        tags: ['sessions'],
        body: Type.Object(
          {
            name: Type.String({ minLength: 1, maxLength: 64 }),
            password: Type.String({ minLength: 1, maxLength: 256 }),
          },
          { additionalProperties: false },
        ),
        response: answers(Pair),
      },
    },
    async ({ body, ip }) => counted(sessions.signIn(body.name, body.password, ip)),
  );

  app.post(
    '/api/v1/sessions/refresh',
    {
      config: slowly,
      schema: {
        summary: 'New tokens; the refresh token given is spent',
        tags: ['sessions'],
        body: Type.Object(
          { refreshToken: Type.String({ pattern: '^[0-9a-f-]{36}\\.[A-Za-z0-9_-]{43}$' }) },
          { additionalProperties: false },
        ),
        response: answers(Pair),
      },
    },
    async ({ body }) => counted(sessions.refresh(body.refreshToken)),
  );

  app.get(
    '/api/v1/sessions/current',
    {
      schema: {
        summary: 'Who I am',
        tags: ['sessions'],
        response: answers(
          Type.Object({
            name: Type.String(),
            role: RoleSchema,
            vehicleId: Type.Optional(Type.String()),
            expiresAt: Type.String(),
          }),
        ),
      },
    },
    async ({ principal }) => {
      if (principal.kind !== 'account') throw new Problem('not-signed-in');
      const { name, role, vehicleId, expiresMs } = principal;
      return {
        name,
        role,
        expiresAt: new Date(expiresMs).toISOString(),
        ...(vehicleId === undefined ? {} : { vehicleId }),
      };
    },
  );

  app.delete(
    '/api/v1/sessions/current',
    {
      schema: {
        summary: 'Sign out: the tokens of this session are void',
        tags: ['sessions'],
        response: { 204: Type.Null(), '4xx': ProblemSchema, '5xx': ProblemSchema },
      },
    },
    async ({ principal }, reply) => {
      if (principal.kind !== 'account') throw new Problem('not-signed-in');
      await sessions.revoke(principal.sessionId);
      return reply.code(204).send(null);
    },
  );
};
