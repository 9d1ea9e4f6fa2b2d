import { roles } from '../messages/index.ts';
import type { AccessRole } from './principal.ts';

const everyone: readonly AccessRole[] = ['citizen', ...roles];
const accounts: readonly AccessRole[] = roles;

/**
 * Who may call what: one row a route, enforced before the body is read. A route without a row stops the start.
 * Rows say who gets in; what a role then sees of the answer is the route's matter (public or full incident, vehicles).
 */
export const accessTable: Readonly<Record<string, readonly AccessRole[]>> = {
  'GET /livez': everyone,
  'GET /readyz': everyone,
  'GET /metrics': everyone,

  'GET /api/v1/status': everyone,
  'GET /api/v1/stream': everyone,
  'GET /api/v1/facilities': everyone,
  'GET /api/v1/places': everyone,
  'GET /api/v1/route': everyone,
  'GET /api/v1/traffic/segments': everyone,
  'GET /api/v1/traffic/city': everyone,

  'GET /api/v1/incidents': everyone,
  'GET /api/v1/incidents/:trackingCode': everyone,
  'PATCH /api/v1/incidents/:trackingCode': ['police'],
  'GET /api/v1/incidents/:trackingCode/raw': ['police'],
  'GET /api/v1/incidents/:trackingCode/sketch.svg': ['police', 'insurer', 'dispatcher'],

  'GET /api/v1/vehicles': everyone,
  'GET /api/v1/vehicles/:vehicleId': ['driver', 'police', 'dispatcher', 'operator'],

  'GET /api/v1/phones/osmand': ['vehicle', 'driver'],
  'POST /api/v1/phones/osmand': ['vehicle', 'driver'],

  'POST /api/v1/sessions': everyone,
  'POST /api/v1/sessions/refresh': everyone,
  'GET /api/v1/sessions/current': accounts,
  'DELETE /api/v1/sessions/current': accounts,

  'GET /api/v1/accounts': ['operator'],
  'POST /api/v1/accounts': ['operator'],
  'PATCH /api/v1/accounts/:name': ['operator'],

  'GET /tiles/:z/:x/:y.mvt': everyone,
  'GET /style.json': everyone,
  'GET /fonts/:file': everyone,

  'GET /docs': everyone,
  'GET /docs/': everyone,
  'GET /docs/json': everyone,
  'GET /docs/yaml': everyone,
  'GET /docs/asyncapi.json': everyone,
  'GET /docs/static/index.html': everyone,
  'GET /docs/static/swagger-initializer.js': everyone,
  'GET /docs/static/*': everyone,
  'GET /*': everyone,
};

/** Row of a route; HEAD is answered where GET is. */
export function accessRow(method: string, url: string): readonly AccessRole[] | undefined {
  return accessTable[`${method === 'HEAD' ? 'GET' : method} ${url}`];
}
