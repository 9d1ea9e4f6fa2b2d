import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { Credential } from './entry.ts';

type SecretHash = Pick<Credential, 'algorithm' | 'N' | 'r' | 'p' | 'salt' | 'hash'>;

/** 192 random bits as 32 characters that every shell and URL carries unchanged. */
export function generateSecret(): string {
  return randomBytes(24).toString('base64url');
}

/** A generated secret cannot be guessed, so its hash may be cheap (about 3 ms); what a person chose gets the full cost (about 50 ms). */
const cost = { generated: 1024, chosen: 16_384 } as const;

/** Hashes a secret with a fresh salt: scrypt, r = 8, p = 1. Runs on the thread pool. */
export async function hashSecret(secret: string, origin: 'generated' | 'chosen'): Promise<SecretHash> {
  const N = cost[origin];
  const salt = randomBytes(16);
  const hash = await derive(secret, salt, { N, r: 8, p: 1 });
  return { algorithm: 'scrypt', N, r: 8, p: 1, salt: salt.toString('base64'), hash: hash.toString('base64') };
}

/** Compares in constant time. Runs on the thread pool. */
export async function secretMatches(expected: SecretHash, secret: Uint8Array): Promise<boolean> {
  const { N, r, p } = expected;
  const hash = await derive(secret, Buffer.from(expected.salt, 'base64'), { N, r, p });
  return timingSafeEqual(hash, Buffer.from(expected.hash, 'base64'));
}

const scryptAsync: (
  password: string | Uint8Array,
  salt: Uint8Array,
  length: number,
  options: ScryptOptions,
) => Promise<Buffer> = promisify(scrypt);

function derive(secret: string | Uint8Array, salt: Uint8Array, options: ScryptOptions): Promise<Buffer> {
  return scryptAsync(secret, salt, 32, { ...options, maxmem: 512 << 20 });
}
