import { problemOf } from '../api/http.ts';
import type { SessionGrant, TokenPair } from '../api/types.ts';

const storageKey = 'rahban.session';
const path = '/api/v1/sessions';

/**
 * Who is signed in. Kept in this tab only (sessionStorage), renewed a minute before its token ends, and dropped when the
 * platform refuses to renew it. Anonymous visitors have no session.
 */
export class Session {
  #grant: SessionGrant | undefined;
  #ended = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #renewing: Promise<boolean> | undefined;
  readonly #listeners = new Set<() => void>();

  constructor() {
    const kept = sessionStorage.getItem(storageKey);
    if (kept !== null) {
      this.#grant = JSON.parse(kept) as SessionGrant;
      this.#schedule();
    }
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly grant = (): SessionGrant | undefined => this.#grant;

  /** True after a session was ended by the platform, until the next sign-in or sign-out. */
  readonly ended = (): boolean => this.#ended;

  readonly token = (): string | undefined => this.#grant?.accessToken;

  /** Throws ApiError: 401 for a wrong name or password, 429 for too many attempts. */
  async signIn(name: string, password: string): Promise<void> {
    const response = await fetch(path, jsonPost({ name, password }));
    if (!response.ok) throw await problemOf(response);
    this.#set(granted((await response.json()) as TokenPair), false);
  }

  async signOut(): Promise<void> {
    const token = this.token();
    this.#set(undefined, false);
    if (token === undefined) return;
    // The token dies by itself within minutes when the platform cannot be reached now.
    await fetch(`${path}/current`, { method: 'DELETE', headers: { authorization: `Bearer ${token}` } }).catch(() => {});
  }

  /** Exchanges the refresh token; calls at the same time share one exchange. False when there is no session any more. */
  renew(): Promise<boolean> {
    this.#renewing ??= this.#exchange().finally(() => {
      this.#renewing = undefined;
    });
    return this.#renewing;
  }

  async #exchange(): Promise<boolean> {
    const before = this.#grant;
    if (before === undefined) return false;
    let response: Response;
    try {
      response = await fetch(`${path}/refresh`, jsonPost({ refreshToken: before.refreshToken }));
    } catch {
      // Not reachable: the session is kept and tried again, the page shows the lost connection by itself.
      this.#timer = setTimeout(() => void this.renew(), 15_000);
      return false;
    }
    if (response.ok) {
      this.#set(granted((await response.json()) as TokenPair), false);
      return true;
    }
    if (response.status === 400 || response.status === 401 || response.status === 403) this.#set(undefined, true);
    return false;
  }

  #set(grant: SessionGrant | undefined, ended: boolean): void {
    this.#grant = grant;
    this.#ended = ended;
    if (grant === undefined) sessionStorage.removeItem(storageKey);
    else sessionStorage.setItem(storageKey, JSON.stringify(grant));
    this.#schedule();
    for (const listener of this.#listeners) listener();
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    if (this.#grant === undefined) return;
    const left = this.#grant.endsMs - Date.now() - 60_000;
    this.#timer = setTimeout(() => void this.renew(), Math.max(left, 1_000));
  }
}

const granted = ({ accessToken, refreshToken, expiresIn, role, name }: TokenPair): SessionGrant => ({
  accessToken,
  refreshToken,
  endsMs: Date.now() + expiresIn * 1000,
  role,
  name,
});

const jsonPost = (body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});
