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

/** An alert that one of the parties had got before the event. */
export interface AlertNote {
  readonly vehicleId: string;
  readonly stage: number;
  readonly class: string;
  /** UTC ms. */
  readonly issuedMs: number;
  /** Metres to the place at issue. */
  readonly distance: number;
}

/** Who reads a full record and why; becomes an entry of the chain before the record is handed out. */
export interface Access {
  readonly actor: string;
  readonly purpose: string;
}

/** Full record, for police and dispatcher. */
export interface IncidentRecord extends IncidentSummary {
  readonly id: string;
  /** Of its first entry; `previousHash` and `hash` are those of its newest. */
  readonly sequence: number;
  readonly vehicleIds: readonly string[];
  readonly logOdds: number;
  readonly evidence: CrashObservation['evidence'];
  readonly reports: readonly IncidentReport[];
  /** Observations of the core that were fused into it. */
  readonly observations: number;
  /** Who set the state by hand; absent while it follows the evidence. */
  readonly stateSetBy?: string;
  /** Other tracking codes that were handed out for the same event. */
  readonly otherCodes: readonly string[];
  readonly alerts: readonly AlertNote[];
  readonly rawMessages: number;
  readonly derived: Readonly<Record<string, unknown>>;
  readonly previousHash: string;
  readonly hash: string;
}

/** One link of the chain, as stored. Hashes and salt are lower-case hex. */
export interface ChainEntry {
  readonly sequence: number;
  readonly incidentId: string;
  readonly kind: 'reported' | 'observed' | 'blackbox' | 'derived' | 'state-change' | 'access';
  /** UTC ms. */
  readonly createdMs: number;
  /** Canonical JSON, exactly the bytes that were hashed. */
  readonly body: string;
  readonly salt: string;
  /** SHA-256 of salt bytes followed by body bytes. */
  readonly bodyHash: string;
  readonly previousHash: string;
  readonly hash: string;
}

export interface IncidentExport {
  readonly record: IncidentRecord;
  readonly entries: readonly ChainEntry[];
  readonly raw: readonly RawMessage[];
}

export interface ChainVerdict {
  readonly ok: boolean;
  /** Entries checked. */
  readonly records: number;
  /** Hash of the last entry: print it, send it elsewhere; a later chain must still contain it. */
  readonly head: string;
  readonly firstBroken?: number;
  readonly reason?: string;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly next?: string;
}

/** The room's face. `report` and `observe` resolve only when the fact is on disk (PostgreSQL commit or fsynced journal). */
export interface IncidentService {
  report(report: IncidentReport, raw: RawMessage): Promise<{ readonly trackingCode: string }>;
  observe(observation: CrashObservation): Promise<{ readonly trackingCode: string }>;
  noteAlert(vehicleId: string, alert: Omit<AlertNote, 'vehicleId'>): void;
  list(query: {
    readonly limit: number;
    readonly cursor?: string;
    readonly sinceMs?: number;
  }): Promise<Page<IncidentSummary>>;
  /** The full record. With `access` the reading is itself put on record first; every reading for a person must give it. */
  get(trackingCode: string, access?: Access): Promise<IncidentRecord | undefined>;
  /** The parties' raw messages, byte-exact, by vehicle and time of receipt. `access` as in `get`. */
  raw(trackingCode: string, access?: Access): Promise<readonly RawMessage[]>;
  /** Accident sketch as SVG; undefined when the incident is unknown or its tracks are not recorded (yet). */
  sketch(trackingCode: string, language: 'fa' | 'en'): Promise<string | undefined>;
  /** Everything of one incident for a bundle: entries of the chain with salts and hashes, and the raw messages. */
  export(trackingCode: string, access: Access): Promise<IncidentExport | undefined>;
  setState(trackingCode: string, state: IncidentSummary['state'], actor: string, note: string): Promise<boolean>;
  /** Checks the whole chain against the bodies; names the first broken link. */
  verify(): Promise<ChainVerdict>;
  /** Called with every new or changed incident, after it is on disk. Returns the unsubscribe function. */
  onChange(listener: (incident: IncidentSummary) => void): () => void;
  counters(): Readonly<Record<string, number>>;
  stop(): Promise<void>;
}
