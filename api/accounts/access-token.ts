import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Role, roles } from '../../messages/index.ts';

export interface TokenClaims {
  readonly name: string;
  readonly role: Role;
  readonly sessionId: string;
  readonly vehicleId?: string;
  /** UTC s. */
  readonly expires: number;
}

const header = Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url');
const issuer = 'rahban';
const audience = 'rahban-api';
const longest = 1024;

/** A JWT with one fixed header: HMAC-SHA256 and nothing to negotiate, so `alg: none` and key confusion have no place to enter. */
export function signToken(claims: TokenClaims, key: Uint8Array): string {
  const body = Buffer.from(
    JSON.stringify({
      iss: issuer,
      aud: audience,
      sub: claims.name,
      role: claims.role,
      sid: claims.sessionId,
      ...(claims.vehicleId === undefined ? {} : { vid: claims.vehicleId }),
      exp: claims.expires,
    }),
  ).toString('base64url');
  return `${header}.${body}.${signatureOf(body, key)}`;
}

/** The claims of a token this key signed for us and that is not over; undefined for anything else. Never throws. */
export function verifyToken(token: string, key: Uint8Array, nowMs: number): TokenClaims | undefined {
  if (token.length > longest) return undefined;
  const [head, body, signature, ...rest] = token.split('.');
  if (head !== header || body === undefined || signature === undefined || rest.length > 0) return undefined;
  const expected = Buffer.from(signatureOf(body, key));
  const given = Buffer.from(signature);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  return readClaims(body, nowMs);
}

/** Only called on bodies we signed, and still believes nothing: another program may hold the same key. */
function readClaims(body: string, nowMs: number): TokenClaims | undefined {
  let claims: Record<string, unknown>;
  try {
    claims = JSON.parse(Buffer.from(body, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
  const { iss, aud, sub, role, sid, vid, exp } = claims;
  const known = roles.find((candidate) => candidate === role);
  if (iss !== issuer || aud !== audience || known === undefined) return undefined;
  if (typeof sub !== 'string' || typeof sid !== 'string' || typeof exp !== 'number') return undefined;
  if (!(exp * 1000 > nowMs)) return undefined;
  return {
    name: sub,
    role: known,
    sessionId: sid,
    expires: exp,
    ...(typeof vid === 'string' ? { vehicleId: vid } : {}),
  };
}

function signatureOf(body: string, key: Uint8Array): string {
  return createHmac('sha256', key).update(`${header}.${body}`).digest('base64url');
}
