import { describe, expect, it } from 'vitest';
import type { RouteAnswer, RouteQuery, RoutingFailure } from '../../roads/routing/index.ts';
import { apiUnderTest } from './fixtures/api-under-test.ts';

const answer: RouteAnswer = {
  code: 'Ok',
  routes: [
    {
      distance: 1200,
      duration: 190.5,
      geometry: {
        type: 'LineString',
        coordinates: [
          [51.4, 35.7],
          [51.41, 35.7],
        ],
      },
      legs: [
        {
          distance: 1200,
          duration: 190.5,
          summary: 'Azadi St',
          steps: [
            {
              distance: 1200,
              duration: 190.5,
              name: 'Azadi St',
              instruction: 'Drive east.',
              maneuver: { type: 'depart', location: [51.4, 35.7] },
            },
          ],
        },
      ],
      traffic: { freeFlowDuration: 90, delay: 100.5, minutesSlowerThanUsual: 2, coverage: 0.4, dataAgeSeconds: null },
    },
  ],
  waypoints: [{ location: [51.4, 35.7], name: 'Azadi St', distance: 3 }],
};

async function ask(url: string, reply: RouteAnswer | RoutingFailure, headers: Record<string, string> = {}) {
  const queries: RouteQuery[] = [];
  const { api } = await apiUnderTest({}, ({ routing }) => ({
    routing: {
      ...routing,
      route: async (query) => {
        queries.push(query);
        return reply;
      },
    },
  }));
  const got = await api.app.inject({ url, headers });
  await api.close();
  return { got, queries };
}

describe('a route', () => {
  it('is handed on whole, in the shape of OSRM', async () => {
    const { got, queries } = await ask(
      '/api/v1/route?from=51.4,35.7&to=51.41,35.7&via=51.405,35.7&alternatives=1&profile=emergency',
      answer,
      { 'accept-language': 'fa' },
    );
    expect(got.json()).toEqual(answer);
    expect(queries).toEqual([
      {
        from: [51.4, 35.7],
        to: [51.41, 35.7],
        via: [[51.405, 35.7]],
        alternatives: 1,
        profile: 'emergency',
        language: 'fa',
      },
    ]);
  });

  it.each([
    ['NoRoute', 404, 'no-route'],
    ['NoSegment', 404, 'no-road-nearby'],
    ['InvalidQuery', 400, 'invalid-request'],
    ['Unavailable', 503, 'unavailable'],
  ] as const)('that fails with %s is a problem', async (code, status, problem) => {
    const { got } = await ask('/api/v1/route?from=51.4,35.7&to=51.41,35.7', { code, message: 'why' });
    expect([got.statusCode, got.json().code]).toEqual([status, problem]);
  });

  it.each([
    'from=1,2',
    'from=1&to=2',
    'from=200,0&to=0,0',
    'from=a,b&to=0,0',
    'from=0,0&to=0,91',
    'from=0,0&to=1,1&alternatives=9',
    'from=0,0&to=1,1&alternatives=1.5',
    'from=0,0&to=1,1&via=1;2',
    'from=0,0&to=1,1&profile=tank',
  ])('is not looked for with %s', async (query) => {
    const { got, queries } = await ask(`/api/v1/route?${query}`, answer);
    expect([got.statusCode, queries.length]).toEqual([400, 0]);
  });
});
