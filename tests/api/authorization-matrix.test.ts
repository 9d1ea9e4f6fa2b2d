import type { InjectOptions } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessTable } from '../../api/index.ts';
import { type Role, roles } from '../../messages/index.ts';
import { apiUnderTest, type UnderTest } from './fixtures/api-under-test.ts';
import { webRoot } from './fixtures/web-root.ts';

/**
 * The reviewed expectation, written apart from the table the API enforces: c citizen, d driver, p police, i insurer,
 * s dispatcher, t traffic manager, o operator, v vehicle. A route that is not here fails.
 */
const expected: Readonly<Record<string, { readonly may: string; readonly call: InjectOptions }>> = {
  'GET /livez': { may: 'cdpisto', call: { url: '/livez' } },
  'GET /readyz': { may: 'cdpisto', call: { url: '/readyz' } },
  'GET /metrics': { may: 'cdpisto', call: { url: '/metrics' } },
  'GET /api/v1/status': { may: 'cdpisto', call: { url: '/api/v1/status' } },
  'GET /api/v1/stream': { may: 'cdpisto', call: { url: '/api/v1/stream' } },
  'GET /api/v1/facilities': { may: 'cdpisto', call: { url: '/api/v1/facilities' } },
  'GET /api/v1/places': { may: 'cdpisto', call: { url: '/api/v1/places?q=azadi' } },
  'GET /api/v1/route': { may: 'cdpisto', call: { url: '/api/v1/route?from=51.4,35.7&to=51.41,35.7' } },
  'GET /api/v1/traffic/segments': { may: 'cdpisto', call: { url: '/api/v1/traffic/segments' } },
  'GET /api/v1/traffic/city': { may: 'cdpisto', call: { url: '/api/v1/traffic/city' } },
  'GET /api/v1/incidents': { may: 'cdpisto', call: { url: '/api/v1/incidents' } },
  'GET /api/v1/incidents/:trackingCode': { may: 'cdpisto', call: { url: '/api/v1/incidents/RB-7K3QX9' } },
  'PATCH /api/v1/incidents/:trackingCode': {
    may: 'p',
    call: { method: 'PATCH', url: '/api/v1/incidents/RB-7K3QX9', payload: { state: 'confirmed', note: 'seen' } },
  },
  'GET /api/v1/incidents/:trackingCode/raw': { may: 'p', call: { url: '/api/v1/incidents/RB-7K3QX9/raw' } },
  'GET /api/v1/incidents/:trackingCode/sketch.svg': {
    may: 'pis',
    call: { url: '/api/v1/incidents/RB-7K3QX9/sketch.svg' },
  },
  'GET /api/v1/vehicles': { may: 'cdpisto', call: { url: '/api/v1/vehicles?bbox=51,35,52,36' } },
  'GET /api/v1/vehicles/:vehicleId': { may: 'pso', call: { url: '/api/v1/vehicles/bus-1' } },
  'GET /api/v1/phones/osmand': { may: 'dv', call: { url: '/api/v1/phones/osmand?lat=35.7&lon=51.4' } },
  'POST /api/v1/phones/osmand': { may: 'dv', call: { method: 'POST', url: '/api/v1/phones/osmand', payload: {} } },
  'POST /api/v1/sessions': {
    may: 'cdpisto',
    call: { method: 'POST', url: '/api/v1/sessions', payload: { name: 'police-1', password: 'correct horse battery' } },
  },
  'POST /api/v1/sessions/refresh': {
    may: 'cdpisto',
    call: { method: 'POST', url: '/api/v1/sessions/refresh', payload: {} },
  },
  'GET /api/v1/sessions/current': { may: 'dpisto', call: { url: '/api/v1/sessions/current' } },
  'DELETE /api/v1/sessions/current': { may: 'dpisto', call: { method: 'DELETE', url: '/api/v1/sessions/current' } },
  'GET /api/v1/accounts': { may: 'o', call: { url: '/api/v1/accounts' } },
  'POST /api/v1/accounts': {
    may: 'o',
    call: {
      method: 'POST',
      url: '/api/v1/accounts',
      payload: { name: 'new-one', role: 'police', password: 'x'.repeat(12) },
    },
  },
  'PATCH /api/v1/accounts/:name': {
    may: 'o',
    call: { method: 'PATCH', url: '/api/v1/accounts/insurer-1', payload: { disabled: false } },
  },
  'GET /tiles/:z/:x/:y.mvt': { may: 'cdpisto', call: { url: '/tiles/14/0/0.mvt' } },
  'GET /style.json': { may: 'cdpisto', call: { url: '/style.json' } },
  'GET /fonts/:file': { may: 'cdpisto', call: { url: '/fonts/Vazirmatn-Bold.woff2' } },
  'GET /docs': { may: 'cdpisto', call: { url: '/docs' } },
  'GET /docs/': { may: 'cdpisto', call: { url: '/docs/' } },
  'GET /docs/json': { may: 'cdpisto', call: { url: '/docs/json' } },
  'GET /docs/yaml': { may: 'cdpisto', call: { url: '/docs/yaml' } },
  'GET /docs/asyncapi.json': { may: 'cdpisto', call: { url: '/docs/asyncapi.json' } },
  'GET /docs/static/index.html': { may: 'cdpisto', call: { url: '/docs/static/index.html' } },
  'GET /docs/static/swagger-initializer.js': { may: 'cdpisto', call: { url: '/docs/static/swagger-initializer.js' } },
  'GET /docs/static/*': { may: 'cdpisto', call: { url: '/docs/static/swagger-ui.css' } },
  'GET /*': { may: 'cdpisto', call: { url: '/' } },
};

const callers = [
  ['citizen', 'c'],
  ['vehicle', 'v'],
  ...roles.map((role) => [role, role === 'dispatcher' ? 's' : role[0]] as const),
] as const;

const web = webRoot();
let tested: UnderTest;
const tokens = new Map<Role, string>();
async function tokenOf(role: Role): Promise<string> {
  const known = tokens.get(role) ?? (await tested.signIn(role)).authorization;
  tokens.set(role, known);
  return known;
}
beforeAll(async () => {
  tested = await apiUnderTest({ webRoot: web.path });
});
afterAll(async () => {
  await tested.api.close();
  web.remove();
});

describe('who may call what', () => {
  it('has one expectation for each row of the access table and none besides', () => {
    expect(Object.keys(expected).sort()).toEqual(Object.keys(accessTable).sort());
  });

  it('refuses to start with a route that has no row', async () => {
    const { api } = await apiUnderTest();
    expect(() => api.app.get('/unheard-of', async () => 'hello')).toThrow();
    await api.close();
  });

  for (const [route, { may, call }] of Object.entries(expected)) {
    for (const [caller, letter] of callers) {
      // Vehicle credentials are not looked at where vehicles have no business: such a caller is nobody there.
      const admitted = may.includes(letter) && (letter !== 'v' || may.includes('v'));
      it(`${route} ${admitted ? 'lets in' : 'refuses'} ${caller}`, async () => {
        const authorization =
          caller === 'citizen'
            ? undefined
            : caller === 'vehicle'
              ? `Basic ${Buffer.from('phone-1:phone password').toString('base64')}`
              : await tokenOf(caller);
        const answer = await tested.api.app.inject({
          ...call,
          headers: authorization === undefined ? {} : { authorization },
        });
        if (route.startsWith('DELETE') || route.startsWith('PATCH /api/v1/accounts')) tokens.clear();
        const refused =
          (answer.statusCode === 401 || answer.statusCode === 403) && answer.json().code !== 'wrong-credentials';
        expect([admitted, answer.statusCode, answer.body.slice(0, 200)]).toEqual([
          !refused,
          answer.statusCode,
          answer.body.slice(0, 200),
        ]);
        expect(answer.statusCode).toBeLessThan(500);
      });
    }
  }
});
