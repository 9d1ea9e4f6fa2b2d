import type { Kysely } from 'kysely';

/** Structured log of one room; shaped like pino's, so that a pino logger fits as it is. */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Rooms name their own tables: `database.kysely.withTables<IncidentTables>()`. */
export type NoTables = Record<never, never>;

export interface DatabaseHealth {
  /** The last probe or statement reached the server. */
  readonly up: boolean;
  /** UTC ms since when `up` has its value. */
  readonly sinceMs: number;
  /** Connections open, idle and asked for. */
  readonly connections: { readonly total: number; readonly idle: number; readonly waiting: number };
  /** Why it is down, or why the last statement of the watch failed; undefined while up. */
  readonly reason?: string;
}

export interface DatabaseCounters {
  readonly lost: number;
  readonly regained: number;
  /** Restarts of the embedded server after it died by itself. */
  readonly serverRestarts: number;
}

export type ConnectionEvent = { readonly type: 'lost'; readonly reason: string } | { readonly type: 'regained' };

/** An open PostgreSQL, embedded or elsewhere. A lost or full database is a state and an event here, never an exception in the process. */
export interface Database {
  readonly kysely: Kysely<NoTables>;
  /** True when the server is the one of our own data directory. */
  readonly embedded: boolean;
  /** TCP port of the server. */
  readonly port: number;
  health(): DatabaseHealth;
  counters(): DatabaseCounters;
  /** Called at every lost and regained connection. Returns the unsubscribe function. */
  onConnection(listener: (event: ConnectionEvent) => void): () => void;
  /** Tells the watch that a statement failed, so that it probes now rather than at its next beat. */
  noteFailure(error: unknown): void;
  /** Closes the connections; stops the embedded server (fast shutdown) and waits until it is gone. Idempotent. */
  stop(): Promise<void>;
}
