import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Access } from '../../incidents/index.ts';
import type { ApiDeps } from '../deps.ts';
import { languageOf, Problem } from '../http/problem.ts';
import { publicView, redactedView } from '../incident-views.ts';
import { accessRoleOf, type Principal } from '../principal.ts';
import { answers, Cursor, IncidentStates, IncidentSummaryProperties, Limit, TrackingCode } from '../schemas.ts';

const Summary = Type.Object(IncidentSummaryProperties);
/** Roles with more to see get the further fields of the record. */
const Incident = Type.Object(IncidentSummaryProperties, { additionalProperties: true });
const ByCode = Type.Object({ trackingCode: TrackingCode });
/** Control characters besides tab and line ends, and halves of surrogate pairs: no database stores them as they are. */
const unstorable = /(?![\t\n\r])[\p{Cc}\p{Cs}]/u;
const isoInstant = '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,3})?)?Z$';

/** Incidents: public list and view, the record and raw messages for those whose work it is. */
export const incidentRoutes: FastifyPluginAsyncTypebox<Pick<ApiDeps, 'incidents'>> = async (app, { incidents }) => {
  /** With `access` the reading stands in the chain of custody before anything is shown. */
  const find = async (trackingCode: string, access?: Access) => {
    const record = await incidents.get(trackingCode, access);
    if (record === undefined) throw new Problem('not-found');
    return record;
  };

  app.get(
    '/api/v1/incidents',
    {
      schema: {
        summary: 'Incidents, newest first; nothing personal',
        tags: ['incidents'],
        querystring: Type.Object({
          limit: Limit(200),
          cursor: Cursor,
          since: Type.Optional(Type.String({ pattern: isoInstant, description: 'UTC, ISO 8601' })),
        }),
        response: answers(Type.Object({ items: Type.Array(Summary), next: Type.Optional(Type.String()) })),
      },
    },
    async ({ query }) => {
      const sinceMs = query.since === undefined ? undefined : Date.parse(query.since);
      if (Number.isNaN(sinceMs)) throw new Problem('invalid-request', 'since: no such instant');
      const page = await incidents
        .list({
          limit: query.limit ?? 50,
          ...(query.cursor === undefined ? {} : { cursor: query.cursor }),
          ...(sinceMs === undefined ? {} : { sinceMs }),
        })
        .catch((error) => {
          throw error instanceof RangeError ? new Problem('invalid-request', error.message) : error;
        });
      return { items: page.items.map(publicView), ...(page.next === undefined ? {} : { next: page.next }) };
    },
  );

  app.get(
    '/api/v1/incidents/:trackingCode',
    {
      schema: {
        summary: 'One incident: public view; the record for police and dispatchers, without ids for insurers',
        tags: ['incidents'],
        params: ByCode,
        response: answers(Incident),
      },
    },
    async ({ params, principal }) => {
      const role = accessRoleOf(principal);
      if (role !== 'police' && role !== 'dispatcher' && role !== 'insurer')
        return publicView(await find(params.trackingCode));
      const record = await find(params.trackingCode, accessOf(principal, 'record'));
      return role === 'insurer' ? { ...publicView(record), ...redactedView(record) } : record;
    },
  );

  app.patch(
    '/api/v1/incidents/:trackingCode',
    {
      schema: {
        summary: 'Police change the state, with a reason',
        tags: ['incidents'],
        params: ByCode,
        body: Type.Object(
          { state: IncidentStates, note: Type.String({ minLength: 1, maxLength: 1000 }) },
          { additionalProperties: false },
        ),
        response: answers(Incident),
      },
    },
    async ({ params, body, principal }) => {
      if (unstorable.test(body.note)) throw new Problem('invalid-request', 'note: control characters');
      const { actor } = accessOf(principal, 'state');
      if (!(await incidents.setState(params.trackingCode, body.state, actor, body.note)))
        throw new Problem('not-found');
      return publicView(await find(params.trackingCode));
    },
  );

  app.get(
    '/api/v1/incidents/:trackingCode/raw',
    {
      schema: {
        summary: 'The messages of the parties as they came, byte for byte (base64)',
        tags: ['incidents'],
        params: ByCode,
        response: answers(
          Type.Object({
            items: Type.Array(
              Type.Object({
                vehicleId: Type.String(),
                topic: Type.String(),
                receivedAt: Type.String(),
                payload: Type.String(),
              }),
            ),
          }),
        ),
      },
    },
    async ({ params, principal }) => {
      await find(params.trackingCode);
      const messages = await incidents.raw(params.trackingCode, accessOf(principal, 'raw messages'));
      return {
        items: messages.map(({ vehicleId, topic, receivedMs, payload }) => ({
          vehicleId,
          topic,
          receivedAt: new Date(receivedMs).toISOString(),
          payload: Buffer.from(payload).toString('base64'),
        })),
      };
    },
  );

  app.get(
    '/api/v1/incidents/:trackingCode/sketch.svg',
    {
      schema: {
        summary: 'Accident sketch (croquis)',
        tags: ['incidents'],
        params: ByCode,
        produces: ['image/svg+xml'],
      },
    },
    async ({ params, principal, headers }, reply) => {
      await find(params.trackingCode, accessOf(principal, 'sketch'));
      const svg = await incidents.sketch(params.trackingCode, languageOf(headers['accept-language']));
      if (svg === undefined) throw new Problem('not-found', 'this incident has no sketch');
      return reply
        .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; img-src data:")
        .type('image/svg+xml; charset=utf-8')
        .send(svg);
    },
  );
};

function accessOf(principal: Principal, part: string): Access {
  const actor = principal.kind === 'account' ? principal.name : principal.kind;
  return { actor, purpose: `${part}, as ${accessRoleOf(principal)}` };
}
