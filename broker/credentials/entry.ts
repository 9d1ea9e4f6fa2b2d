import { type Holder, type HolderKind, holderKinds } from '../access/holder.ts';
import { isSafeId, isSafePrefix } from '../identifier.ts';

/** What the file keeps of one credential; the secret itself is nowhere. */
export interface Credential extends Holder {
  readonly algorithm: 'scrypt';
  readonly N: number;
  readonly r: number;
  readonly p: number;
  /** base64 */
  readonly salt: string;
  /** base64, 32 bytes */
  readonly hash: string;
  readonly createdMs: number;
}

/** One line of the credentials file. */
export type CredentialLine =
  | ({ readonly op: 'add' | 'rotate' } & Credential)
  | { readonly op: 'revoke'; readonly principal: string; readonly revokedMs: number };

const maxN = 1 << 17;

/** Reads one line; undefined when it is torn, or anything else than a complete, legal line. Never throws. */
export function parseLine(text: string): CredentialLine | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const line = new Map<string, unknown>(Object.entries(value));
  const principal = line.get('principal');
  if (typeof principal !== 'string' || !isSafeId(principal)) return undefined;
  const op = line.get('op');
  if (op === 'revoke') {
    const revokedMs = line.get('revokedMs');
    return typeof revokedMs === 'number' ? { op, principal, revokedMs } : undefined;
  }
  if (op !== 'add' && op !== 'rotate') return undefined;
  const credential = parseCredential(principal, line);
  return credential === undefined ? undefined : { op, ...credential };
}

function parseCredential(principal: string, line: ReadonlyMap<string, unknown>): Credential | undefined {
  const kind = holderKinds.find((known) => known === line.get('kind'));
  const [N, r, p, createdMs] = ['N', 'r', 'p', 'createdMs'].map((name) => line.get(name));
  const [salt, hash, prefix] = ['salt', 'hash', 'prefix'].map((name) => line.get(name));
  if (kind === undefined || line.get('algorithm') !== 'scrypt') return undefined;
  if (!isWithin(N, 2, maxN) || (N & (N - 1)) !== 0 || !isWithin(r, 1, 16) || !isWithin(p, 1, 4)) return undefined;
  if (typeof createdMs !== 'number' || typeof salt !== 'string' || typeof hash !== 'string') return undefined;
  if (Buffer.from(hash, 'base64').length !== 32) return undefined;
  const base = { principal, kind, algorithm: 'scrypt', N, r, p, salt, hash, createdMs } as const;
  return withPrefix(base, kind, prefix);
}

function withPrefix<T extends object>(
  base: T,
  kind: HolderKind,
  prefix: unknown,
): (T & { prefix?: string }) | undefined {
  if (kind !== 'gateway') return base;
  return typeof prefix === 'string' && isSafePrefix(prefix) ? { ...base, prefix } : undefined;
}

function isWithin(value: unknown, low: number, high: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= low && value <= high;
}
