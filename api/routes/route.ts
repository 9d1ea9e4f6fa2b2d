import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { RoutingFailure } from '../../roads/routing/index.ts';
import type { ApiDeps } from '../deps.ts';
import { languageOf, Problem, type ProblemCode } from '../http/problem.ts';
import { parseLonLat } from '../map/bounding-box.ts';
import { answers, LineStringSchema, LonLatText } from '../schemas.ts';

const Position = Type.Array(Type.Number());
const Step = Type.Object({
  distance: Type.Number(),
  duration: Type.Number(),
  name: Type.String(),
  instruction: Type.String(),
  maneuver: Type.Object({ type: Type.String(), location: Position }),
});
const Route = Type.Object({
  distance: Type.Number({ description: 'm' }),
  duration: Type.Number({ description: 's, with the traffic of now' }),
  geometry: LineStringSchema,
  legs: Type.Array(
    Type.Object({
      distance: Type.Number(),
      duration: Type.Number(),
      summary: Type.String(),
      steps: Type.Array(Step),
    }),
  ),
  traffic: Type.Object({
    freeFlowDuration: Type.Number(),
    delay: Type.Number(),
    minutesSlowerThanUsual: Type.Number(),
    coverage: Type.Number({ description: 'share of the length with a live measurement, 0..1' }),
    dataAgeSeconds: Type.Union([Type.Number(), Type.Null()]),
  }),
});

const failures: Readonly<Record<RoutingFailure['code'], ProblemCode>> = {
  Unavailable: 'unavailable',
  NoRoute: 'no-route',
  NoSegment: 'no-road-nearby',
  InvalidQuery: 'invalid-request',
};

/** The least congested way; the answer follows OSRM's shape. */
export const routeRoutes: FastifyPluginAsyncTypebox<Pick<ApiDeps, 'routing'>> = async (app, { routing }) => {
  app.get(
    '/api/v1/route',
    {
      schema: {
        summary: 'The least congested way with the traffic of now',
        tags: ['route'],
        querystring: Type.Object({
          from: LonLatText,
          to: LonLatText,
          via: Type.Optional(Type.String({ maxLength: 400, description: 'lon,lat;lon,lat …, at most 8' })),
          alternatives: Type.Optional(Type.Integer({ minimum: 0, maximum: 2 })),
          profile: Type.Optional(
            Type.Union([
              Type.Literal('car'),
              Type.Literal('truck'),
              Type.Literal('emergency'),
              Type.Literal('bicycle'),
              Type.Literal('foot'),
            ]),
          ),
          language: Type.Optional(Type.Union([Type.Literal('fa'), Type.Literal('en')])),
        }),
        response: answers(
          Type.Object({
            code: Type.Literal('Ok'),
            routes: Type.Array(Route),
            waypoints: Type.Array(Type.Object({ location: Position, name: Type.String(), distance: Type.Number() })),
          }),
        ),
      },
    },
    async ({ query, headers }) => {
      const answer = await routing.route({
        from: parseLonLat('from', query.from),
        to: parseLonLat('to', query.to),
        ...(query.via === undefined ? {} : { via: parseVia(query.via) }),
        alternatives: query.alternatives ?? 2,
        profile: query.profile ?? 'car',
        language: query.language ?? languageOf(headers['accept-language']),
      });
      if (answer.code === 'Ok')
        return {
          code: answer.code,
          routes: answer.routes.map((route) => ({
            ...route,
            geometry: { ...route.geometry, coordinates: route.geometry.coordinates.map((point) => [...point]) },
            legs: route.legs.map((leg) => ({
              ...leg,
              steps: leg.steps.map((step) => ({
                ...step,
                maneuver: { ...step.maneuver, location: [...step.maneuver.location] },
              })),
            })),
          })),
          waypoints: answer.waypoints.map((point) => ({ ...point, location: [...point.location] })),
        };
      throw new Problem(failures[answer.code], answer.message, { osrmCode: answer.code });
    },
  );
};

function parseVia(text: string): (readonly [number, number])[] {
  const points = text.split(';');
  if (points.length > 8 || !points.every((point) => /^-?\d+(\.\d+)?,-?\d+(\.\d+)?$/.test(point)))
    throw new Problem('invalid-request', 'via: at most 8 lon,lat joined by ;');
  return points.map((point) => parseLonLat('via', point));
}
