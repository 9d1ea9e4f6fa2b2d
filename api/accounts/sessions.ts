import { createHash, randomUUID } from 'node:crypto';
import { BoundedMap } from '../bounded-map.ts';
import { Problem } from '../http/problem.ts';
import type { Principal } from '../principal.ts';
import { signToken, verifyToken } from './access-token.ts';
import { type Account, type AccountStore, accountNamePattern } from './account-store.ts';
import { checkPassword, PasswordQueueFull } from './passwords.ts';
import { SignInGuard } from './sign-in-guard.ts';

const legalName = new RegExp(accountNamePattern);
export const accessTokenSeconds = 15 * 60;
const sessionMs = 12 * 3_600_000;
/** A revocation in another process is seen at the latest after this long. */
const believedMs = 30_000;

export interface TokenPair {
  readonly accessToken: string;
  readonly tokenType: 'Bearer';
  /** s */
  readonly expiresIn: number;
  readonly refreshToken: string;
  readonly name: string;
  readonly role: Account['role'];
  readonly vehicleId?: string;
}

export interface SessionDeps {
  readonly accounts: AccountStore;
  readonly tokenKey: Uint8Array;
  readonly wallNowMs: () => number;
  readonly randomBytes: (size: number) => Uint8Array;
}

/** Sign-in, refresh with rotation, revocation. Remembers for 30 s, of the 20,000 sessions last seen, whether they are live. */
export class Sessions {
  readonly #deps: SessionDeps;
  readonly #guard = new SignInGuard();
  readonly #live = new BoundedMap<string, { readonly live: boolean; readonly untilMs: number }>(20_000);

  constructor(deps: SessionDeps) {
    this.#deps = deps;
  }

  /** @throws Problem `wrong-credentials`, `too-many-requests` (with retry-after) or `unavailable`. */
  async signIn(name: string, password: string, address: string): Promise<TokenPair> {
    const { accounts, wallNowMs } = this.#deps;
    const key = name.slice(0, 64).toLowerCase();
    const waitMs = this.#guard.waitMs(key, address, wallNowMs());
    if (waitMs > 0) {
      const seconds = Math.ceil(waitMs / 1000);
      throw new Problem('too-many-requests', `try again in ${seconds} s`, {}, { 'retry-after': String(seconds) });
    }
    this.#guard.noteTry(key, address, wallNowMs());
    // A name no account can have is not asked for: PostgreSQL would refuse some texts, and that must not show.
    const account = legalName.test(key) ? await accounts.find(key) : undefined;
    const right = await checkPassword(password, account?.passwordHash).catch((error) => {
      if (error instanceof PasswordQueueFull) throw new Problem('unavailable', '', {}, { 'retry-after': '5' });
      throw error;
    });
    if (!right || account === undefined || account.disabled) throw new Problem('wrong-credentials');
    this.#guard.noteSuccess(key, address);
    const nowMs = wallNowMs();
    await accounts.forgetEnded(nowMs);
    const id = randomUUID();
    const secret = this.#secret();
    await accounts.openSession({
      id,
      name: account.name,
      refreshHash: hashOf(secret),
      createdMs: nowMs,
      expiresMs: nowMs + sessionMs,
      revoked: false,
    });
    return this.#pair(account, id, secret, nowMs);
  }

  /**
   * A new pair for a refresh token, which is spent by it. A spent one that comes again was stolen from one side or the
   * other: the session ends for both.
   * @throws Problem `session-over`
   */
  async refresh(refreshToken: string): Promise<TokenPair> {
    const { accounts, wallNowMs } = this.#deps;
    const [id = '', secret = ''] = refreshToken.split('.');
    const session = await accounts.session(id);
    const nowMs = wallNowMs();
    if (session === undefined || session.revoked || session.expiresMs <= nowMs) throw new Problem('session-over');
    const account = await accounts.find(session.name);
    const next = this.#secret();
    const rotated =
      account !== undefined && !account.disabled && (await accounts.rotate(id, hashOf(secret), hashOf(next), nowMs));
    if (!rotated) {
      await this.revoke(id);
      throw new Problem('session-over');
    }
    return this.#pair(account, id, next, nowMs);
  }

  async revoke(sessionId: string): Promise<void> {
    await this.#deps.accounts.revoke(sessionId);
    this.#live.delete(sessionId);
  }

  async revokeAllOf(name: string): Promise<void> {
    await this.#deps.accounts.revokeAllOf(name);
    this.#live.clear();
  }

  /**
   * Who a bearer token stands for; undefined when it is wrong, over or revoked.
   * @throws whatever the store throws: nobody gets in while it cannot be asked.
   */
  async principalOf(token: string): Promise<Principal | undefined> {
    const claims = verifyToken(token, this.#deps.tokenKey, this.#deps.wallNowMs());
    if (claims === undefined || !(await this.isLive(claims.sessionId))) return undefined;
    return {
      kind: 'account',
      name: claims.name,
      role: claims.role,
      sessionId: claims.sessionId,
      expiresMs: claims.expires * 1000,
      ...(claims.vehicleId === undefined ? {} : { vehicleId: claims.vehicleId }),
    };
  }

  async isLive(sessionId: string): Promise<boolean> {
    const nowMs = this.#deps.wallNowMs();
    const known = this.#live.get(sessionId);
    if (known !== undefined && nowMs < known.untilMs) return known.live;
    const session = await this.#deps.accounts.session(sessionId);
    const live = session !== undefined && !session.revoked && session.expiresMs > nowMs;
    this.#live.set(sessionId, { live, untilMs: nowMs + believedMs });
    return live;
  }

  #secret(): string {
    return Buffer.from(this.#deps.randomBytes(32)).toString('base64url');
  }

  #pair(account: Account, sessionId: string, secret: string, nowMs: number): TokenPair {
    const { name, role, vehicleId } = account;
    const own = vehicleId === undefined ? {} : { vehicleId };
    const expires = Math.floor(nowMs / 1000) + accessTokenSeconds;
    return {
      accessToken: signToken({ name, role, sessionId, expires, ...own }, this.#deps.tokenKey),
      tokenType: 'Bearer',
      expiresIn: accessTokenSeconds,
      refreshToken: `${sessionId}.${secret}`,
      name,
      role,
      ...own,
    };
  }
}

const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');
