import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { RejectReason } from '../../messages/index.ts';
import type { ApiDeps } from '../deps.ts';
import { Problem } from '../http/problem.ts';
import { answers } from '../schemas.ts';

/** Refusals that another try cannot cure: the phone is told 200, or it would send the same report for ever and no newer one. */
const pastCure: ReadonlySet<RejectReason> = new Set(['too-old', 'duplicate', 'out-of-order', 'frozen', 'teleport']);

const Verdict = Type.Object({ accepted: Type.Boolean(), reason: Type.Optional(Type.String()) });
const Query = Type.Record(Type.String({ maxLength: 40 }), Type.Union([Type.String({ maxLength: 200 }), Type.Null()]), {
  maxProperties: 40,
  description: 'OsmAnd/Traccar parameters: id, timestamp, lat, lon, speed (knots), bearing, … and key',
});

/** Telephones as vehicles, OsmAnd/Traccar dialect, GET or POST. The vehicle proves itself by Basic, by `id` and `key`, or the driver by token. */
export const phoneRoutes: FastifyPluginAsyncTypebox<Pick<ApiDeps, 'phones' | 'nowMs'>> = async (
  app,
  { phones, nowMs },
) => {
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    async (_request: FastifyRequest, text: string | Buffer) => Object.fromEntries(new URLSearchParams(String(text))),
  );

  const receive = async (request: FastifyRequest, query: Record<string, string>, body?: unknown) => {
    const { principal } = request;
    const vehicleId = principal.kind === 'citizen' ? undefined : principal.vehicleId;
    if (vehicleId === undefined) throw new Problem('not-allowed', 'this account has no vehicle');
    const { key: _key, ...parameters } = query;
    const verdict = await phones.receive({
      vehicleId,
      query: parameters,
      receivedMs: nowMs(),
      ...(body === undefined || body === null ? {} : { body }),
    });
    if (verdict.accepted) return { accepted: true };
    if (pastCure.has(verdict.reason)) return { accepted: false, reason: verdict.reason };
    throw new Problem('message-refused', verdict.detail ?? '', { reason: verdict.reason });
  };

  app.get(
    '/api/v1/phones/osmand',
    {
      schema: {
        summary: 'Position report of a telephone',
        tags: ['vehicles'],
        querystring: Query,
        response: answers(Verdict),
      },
    },
    async (request) => receive(request, texts(request.query)),
  );

  app.post(
    '/api/v1/phones/osmand',
    {
      config: { forms: true },
      schema: {
        summary: 'Position report of a telephone, JSON, form or query',
        tags: ['vehicles'],
        querystring: Query,
        body: Type.Optional(Type.Union([Type.Object({}, { additionalProperties: true }), Type.Null()])),
        response: answers(Verdict),
      },
    },
    async (request) => {
      const form = request.headers['content-type']?.toLowerCase().startsWith('application/x-www-form-urlencoded');
      return form
        ? receive(request, { ...texts(request.query), ...texts(request.body) })
        : receive(request, texts(request.query), request.body);
    },
  );
};

function texts(value: unknown): Record<string, string> {
  const entries = Object.entries(value ?? {}).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return Object.fromEntries(entries);
}
