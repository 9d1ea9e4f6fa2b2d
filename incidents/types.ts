import type { IncidentReport, IncidentSummary } from '../messages/index.ts';

/** What the core saw of a crash; times UTC ms; slots are translated to ids before it reaches this room. */
export interface CrashObservation {
  readonly vehicleIds: readonly string[];
  readonly occurredAtMs: number;
  readonly lat: number;
  readonly lon: number;
  readonly edge: number;
  readonly street?: string;
  /** Log-odds that this is a crash and the evidence items that make it up. */
  readonly logOdds: number;
  readonly evidence: readonly { readonly rule: string; readonly weight: number; readonly detail: string }[];
}

/** One raw message of the black box, byte-exact. */
export interface RawMessage {
  readonly vehicleId: string;
  readonly topic: string;
  readonly receivedMs: number;
  readonly payload: Uint8Array;
}

/** Fetches what the parties sent between two instants (UTC ms, receive time) from the door's black box. */
export type BlackBoxReader = (
  vehicleIds: readonly string[],
  fromMs: number,
  toMs: number,
) => Promise<readonly RawMessage[]>;

/** Full record, for police and dispatcher. */
export interface IncidentRecord extends IncidentSummary {
  readonly id: string;
  readonly sequence: number;
  readonly vehicleIds: readonly string[];
  readonly logOdds: number;
  readonly evidence: CrashObservation['evidence'];
  readonly reports: readonly IncidentReport[];
  readonly alerts: readonly {
    readonly vehicleId: string;
    readonly stage: number;
    readonly class: string;
    readonly issuedMs: number;
    readonly distance: number;
  }[];
  readonly rawMessages: number;
  readonly derived: Readonly<Record<string, unknown>>;
  readonly previousHash: string;
  readonly hash: string;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly next?: string;
}

/** The room's face. `report` and `observe` resolve only when the fact is on disk (PostgreSQL commit or fsynced journal). */
export interface IncidentService {
  report(report: IncidentReport, raw: RawMessage): Promise<{ readonly trackingCode: string }>;
  observe(observation: CrashObservation): Promise<{ readonly trackingCode: string }>;
  noteAlert(vehicleId: string, alert: { stage: number; class: string; issuedMs: number; distance: number }): void;
  list(query: {
    readonly limit: number;
    readonly cursor?: string;
    readonly sinceMs?: number;
  }): Promise<Page<IncidentSummary>>;
  get(trackingCode: string): Promise<IncidentRecord | undefined>;
  raw(trackingCode: string): Promise<readonly RawMessage[]>;
  setState(trackingCode: string, state: IncidentSummary['state'], actor: string, note: string): Promise<boolean>;
  /** Checks the whole chain against the bodies; names the first broken link. */
  verify(): Promise<{
    readonly ok: boolean;
    readonly records: number;
    readonly firstBroken?: number;
    readonly reason?: string;
  }>;
  /** Called with every new or changed incident, after it is on disk. Returns the unsubscribe function. */
  onChange(listener: (incident: IncidentSummary) => void): () => void;
  counters(): Readonly<Record<string, number>>;
  stop(): Promise<void>;
}
