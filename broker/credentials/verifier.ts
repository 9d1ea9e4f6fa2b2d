import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { BackOff } from './back-off.ts';
import type { CredentialStore } from './credential-store.ts';
import type { Credential } from './entry.ts';
import { secretMatches } from './secret-hash.ts';
import { WorkQueue } from './work-queue.ts';

export type Verdict =
  | { readonly result: 'ok'; readonly credential: Credential }
  | { readonly result: 'wrong' | 'back-off' | 'busy' };

/** Compared against when the principal is unknown, so that the answer takes as long. Matches no secret. */
const nobody = {
  algorithm: 'scrypt',
  N: 1024,
  r: 8,
  p: 1,
  salt: '',
  hash: Buffer.alloc(32).toString('base64'),
} as const;

const parallel = 2;
const maxWaiting = 8192;

/**
 * Checks secrets against the store. The slow hash is computed once for each secret: afterwards a keyed digest in memory
 * answers, so that thousands of vehicles that come back at once cost little. Equal questions in flight share one answer.
 */
export class Verifier {
  readonly #store: CredentialStore;
  readonly #backOff: BackOff;
  readonly #key = randomBytes(32);
  /** hash of the credential -> digest of the secret that matched it. Bounded by the credentials in the store. */
  readonly #known = new Map<string, Buffer>();
  readonly #inFlight = new Map<string, Promise<boolean> | undefined>();
  readonly #queue = new WorkQueue(parallel, maxWaiting);

  constructor(store: CredentialStore, now: () => number) {
    this.#store = store;
    this.#backOff = new BackOff(now);
  }

  async verify(principal: string, secret: Uint8Array, address: string): Promise<Verdict> {
    if (this.#backOff.mustWait(principal, address)) return { result: 'back-off' };
    const credential = this.#store.find(principal);
    const matches = await this.#matches(credential, principal, secret);
    if (matches === undefined) return { result: 'busy' };
    const now = this.#store.find(principal);
    if (!matches || credential === undefined || now?.hash !== credential.hash) {
      this.#backOff.failed(principal, address);
      return { result: 'wrong' };
    }
    this.#backOff.succeeded(principal, address);
    return { result: 'ok', credential };
  }

  /** Drops what is remembered of credentials that are no longer valid. */
  forget(): void {
    const valid = new Set(this.#store.list().map((credential) => credential.hash));
    for (const hash of this.#known.keys()) if (!valid.has(hash)) this.#known.delete(hash);
  }

  async #matches(
    credential: Credential | undefined,
    principal: string,
    secret: Uint8Array,
  ): Promise<boolean | undefined> {
    const digest = createHmac('sha256', this.#key).update(secret).digest();
    const known = credential === undefined ? undefined : this.#known.get(credential.hash);
    if (known !== undefined) return timingSafeEqual(known, digest);
    const question = `${credential?.hash ?? principal}\n${digest.toString('base64')}`;
    const answer =
      this.#inFlight.get(question) ?? this.#queue.run(() => secretMatches(credential ?? nobody, Buffer.from(secret)));
    if (answer === undefined) return undefined;
    this.#inFlight.set(question, answer);
    try {
      const matches = await answer;
      if (matches && credential !== undefined) this.#known.set(credential.hash, digest);
      return matches && credential !== undefined;
    } finally {
      this.#inFlight.delete(question);
    }
  }
}
