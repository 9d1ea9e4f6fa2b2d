import type { Role } from '../../messages/index.ts';

export interface Account {
  /** 3..64 characters, see `accountNamePattern`. */
  readonly name: string;
  readonly role: Role;
  readonly passwordHash: string;
  /** The driver's own vehicle. */
  readonly vehicleId?: string;
  readonly disabled: boolean;
  readonly createdMs: number;
}

/** One sign-in. The access tokens of a session are void when it is revoked. */
export interface Session {
  readonly id: string;
  readonly name: string;
  /** SHA-256 of the secret part of the refresh token that is valid now, hex. */
  readonly refreshHash: string;
  readonly createdMs: number;
  /** UTC ms until which it can be refreshed. */
  readonly expiresMs: number;
  readonly revoked: boolean;
}

export const accountNamePattern = '^[a-z0-9][a-z0-9_.-]{2,63}$';

/** Where accounts and sessions are kept. Rejects when the store cannot be reached; callers fail closed. */
export interface AccountStore {
  find(name: string): Promise<Account | undefined>;
  /** All accounts by name. */
  list(): Promise<readonly Account[]>;
  /** False when the name is taken. */
  add(account: Account): Promise<boolean>;
  /** False when there is no such account. */
  change(
    name: string,
    change: { readonly role?: Role; readonly disabled?: boolean; readonly passwordHash?: string },
  ): Promise<boolean>;
  openSession(session: Session): Promise<void>;
  session(id: string): Promise<Session | undefined>;
  /** Replaces the refresh hash if it is still `from` and the session is neither revoked nor over; false otherwise. */
  rotate(id: string, from: string, to: string, nowMs: number): Promise<boolean>;
  revoke(id: string): Promise<void>;
  revokeAllOf(name: string): Promise<void>;
  /** Deletes sessions that ended before `nowMs`; returns how many. */
  forgetEnded(nowMs: number): Promise<number>;
}
