import { createHash } from 'node:crypto';
import type { ChainEntry } from '../types.ts';

/** Hash before the first entry. */
export const genesisHash = '0'.repeat(64);

export function sha256Hex(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}

/** The salt keeps a short body (a plate, an id) from being guessed from its hash. */
export function hashBody(salt: Uint8Array, body: string): string {
  return sha256Hex(salt, body);
}

/**
 * Hash of one link: SHA-256 over these lines, each ended by a line feed: `rahban-chain-1`, sequence, incident id, kind,
 * created (UTC ms), body hash, previous hash. Plain enough to be recomputed by any other program.
 */
export function hashLink(link: Omit<ChainEntry, 'hash' | 'body' | 'salt'>): string {
  const { sequence, incidentId, kind, createdMs, bodyHash, previousHash } = link;
  return sha256Hex(['rahban-chain-1', sequence, incidentId, kind, createdMs, bodyHash, previousHash, ''].join('\n'));
}
