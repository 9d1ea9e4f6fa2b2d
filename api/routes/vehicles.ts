import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { ApiDeps } from '../deps.ts';
import { Problem } from '../http/problem.ts';
import { parseBoundingBox } from '../map/bounding-box.ts';
import { seesAllVehicles } from '../principal.ts';
import { answers, BoundingBoxText, Limit, LiveVehicleSchema, VehicleId } from '../schemas.ts';

/** Where vehicles are: everybody sees public transport, the forces see all, a driver sees the own one. */
export const vehicleRoutes: FastifyPluginAsyncTypebox<Pick<ApiDeps, 'vehicles' | 'nowMs'>> = async (
  app,
  { vehicles, nowMs },
) => {
  app.get(
    '/api/v1/vehicles',
    {
      schema: {
        summary: 'Vehicles in a box; public transport only unless your role sees all',
        tags: ['vehicles'],
        querystring: Type.Object({ bbox: BoundingBoxText, limit: Limit(5000) }),
        response: answers(
          Type.Object({ at: Type.String(), total: Type.Integer(), items: Type.Array(LiveVehicleSchema) }),
        ),
      },
    },
    async ({ query, principal }) => {
      const scope = seesAllVehicles(principal) ? 'all' : 'public-transport';
      const { total, items } = vehicles.inView(parseBoundingBox(query.bbox), query.limit ?? 1000, scope);
      return { at: new Date(nowMs()).toISOString(), total, items: items.map((item) => [...item]) };
    },
  );

  app.get(
    '/api/v1/vehicles/:vehicleId',
    {
      schema: {
        summary: 'One vehicle now; drivers may ask for their own only',
        tags: ['vehicles'],
        params: Type.Object({ vehicleId: VehicleId }),
        response: answers(Type.Object({ at: Type.String(), item: LiveVehicleSchema })),
      },
    },
    async ({ params, principal }) => {
      const own = principal.kind === 'account' && principal.vehicleId === params.vehicleId;
      if (!own && !seesAllVehicles(principal)) throw new Problem('not-allowed');
      const item = vehicles.get(params.vehicleId);
      if (item === undefined) throw new Problem('not-found');
      return { at: new Date(nowMs()).toISOString(), item: [...item] };
    },
  );
};
