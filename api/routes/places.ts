import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { ApiDeps } from '../deps.ts';
import { parseBoundingBox } from '../map/bounding-box.ts';
import { Places } from '../map/places.ts';
import { answers, BoundingBoxText, FacilityProperties, Limit } from '../schemas.ts';

/** Search by name, and the places of help as GeoJSON. */
export const placeRoutes: FastifyPluginAsyncTypebox<Pick<ApiDeps, 'graph' | 'facilities'>> = async (
  app,
  { graph, facilities },
) => {
  const places = new Places(graph, facilities);

  app.get(
    '/api/v1/places',
    {
      schema: {
        summary: 'Streets and facilities by name, Persian or Latin',
        tags: ['places'],
        querystring: Type.Object({ q: Type.String({ minLength: 1, maxLength: 100 }), limit: Limit(50) }),
        response: answers(
          Type.Object({
            items: Type.Array(
              Type.Object({ kind: Type.String(), name: Type.String(), lat: Type.Number(), lon: Type.Number() }),
            ),
          }),
        ),
      },
    },
    async ({ query }) => ({ items: places.search(query.q, query.limit ?? 10) }),
  );

  app.get(
    '/api/v1/facilities',
    {
      schema: {
        summary: 'Hospitals, police, fire and ambulance stations',
        tags: ['places'],
        querystring: Type.Object({
          bbox: Type.Optional(BoundingBoxText),
          kind: Type.Optional(Type.String({ maxLength: 40 })),
        }),
        response: answers(
          Type.Object({
            type: Type.Literal('FeatureCollection'),
            features: Type.Array(
              Type.Object({
                type: Type.Literal('Feature'),
                id: Type.String(),
                geometry: Type.Object({ type: Type.Literal('Point'), coordinates: Type.Array(Type.Number()) }),
                properties: Type.Object(FacilityProperties),
              }),
            ),
          }),
        ),
      },
    },
    async ({ query }) => {
      const [west, south, east, north] = query.bbox === undefined ? [-180, -90, 180, 90] : parseBoundingBox(query.bbox);
      return {
        type: 'FeatureCollection' as const,
        features: facilities
          .filter(({ lat, lon }) => lon >= west && lon <= east && lat >= south && lat <= north)
          .filter(({ kind }) => query.kind === undefined || kind === query.kind)
          .map(({ lat, lon, osmId, ...properties }) => ({
            type: 'Feature' as const,
            id: osmId,
            geometry: { type: 'Point' as const, coordinates: [lon, lat] },
            properties,
          })),
      };
    },
  );
};
