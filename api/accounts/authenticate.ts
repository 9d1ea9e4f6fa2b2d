import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { accessRow } from '../access-table.ts';
import { BoundedMap } from '../bounded-map.ts';
import { Problem } from '../http/problem.ts';
import { accessRoleOf, citizen, type Principal } from '../principal.ts';
import type { Sessions } from './sessions.ts';

export interface AuthenticationDeps {
  readonly sessions: Sessions;
  readonly verifyVehicle: (vehicleId: string, password: string, address: string) => Promise<boolean>;
  readonly wallNowMs: () => number;
  readonly refused: (code: string) => void;
}

const challenge = { 'www-authenticate': 'Bearer realm="rahban"' };
/** How long a right vehicle password is believed without hashing it again: a phone may report every second. */
const believedMs = 30_000;

/**
 * Finds out who asks and whether the access table lets them in; after the rate limit, before the body is read.
 * A route without a row is refused when it is registered, and again here.
 */
export function authenticate(app: FastifyInstance, deps: AuthenticationDeps): void {
  const rightVehicles = new BoundedMap<string, number>(20_000);
  app.decorateRequest('principal', null as never);
  app.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat())
      if (accessRow(one, url) === undefined) throw new Error(`no row in the access table for ${one} ${url}`);
  });
  app.addHook('preParsing', async (request) => {
    if (request.is404) return;
    try {
      await admit(request);
    } catch (error) {
      if (error instanceof Problem) deps.refused(error.code);
      throw error;
    }
  });

  async function admit(request: FastifyRequest): Promise<void> {
    const { method, url = '' } = request.routeOptions;
    const row = accessRow([method].flat()[0] ?? '', url) ?? [];
    request.principal = await identify(request, row.includes('vehicle'));
    if (row.includes(accessRoleOf(request.principal))) return;
    if (request.principal.kind === 'citizen') throw new Problem('not-signed-in', '', {}, challenge);
    throw new Problem('not-allowed');
  }

  async function identify(request: FastifyRequest, vehiclesToo: boolean): Promise<Principal> {
    const header = request.headers.authorization;
    if (vehiclesToo && (header === undefined || header.startsWith('Basic '))) return await identifyVehicle(request);
    const offered = header ?? subprotocolToken(request);
    if (offered === undefined) return citizen;
    const token = /^Bearer ([A-Za-z0-9_.-]+)$/.exec(offered)?.[1];
    const principal = token === undefined ? undefined : await deps.sessions.principalOf(token);
    if (principal === undefined) throw new Problem('session-over', '', {}, challenge);
    return principal;
  }

  async function identifyVehicle(request: FastifyRequest): Promise<Principal> {
    const credential = vehicleCredential(request);
    if (credential === undefined) return citizen;
    const { id, password } = credential;
    const key = createHash('sha256').update(`${id}\0${password}`).digest('base64');
    const nowMs = deps.wallNowMs();
    if ((rightVehicles.get(key) ?? 0) <= nowMs) {
      if (!(await deps.verifyVehicle(id, password, request.ip)))
        throw new Problem('wrong-credentials', '', {}, challenge);
      rightVehicles.set(key, nowMs + believedMs);
    }
    return { kind: 'vehicle', vehicleId: id };
  }
}

/** Browsers cannot set headers on a WebSocket: the token comes as a second subprotocol `bearer.TOKEN`, never in the URL. */
function subprotocolToken(request: FastifyRequest): string | undefined {
  const offered = request.headers['sec-websocket-protocol']?.split(',').map((text) => text.trim());
  const token = offered?.find((text) => text.startsWith('bearer.'))?.slice('bearer.'.length);
  return token === undefined ? undefined : `Bearer ${token}`;
}

/** `Authorization: Basic id:password`, or what simple phone clients can do: `?id=…&key=…`. */
function vehicleCredential(request: FastifyRequest): { id: string; password: string } | undefined {
  const header = request.headers.authorization;
  if (header !== undefined) {
    const [id = '', ...password] = Buffer.from(header.slice('Basic '.length), 'base64').toString('utf8').split(':');
    return { id, password: password.join(':') };
  }
  const { id, deviceid, key } = request.query as Record<string, unknown>;
  const name = id ?? deviceid;
  return typeof name === 'string' && typeof key === 'string' ? { id: name, password: key } : undefined;
}
