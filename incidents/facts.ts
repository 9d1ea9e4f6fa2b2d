import type { IncidentReport, IncidentSummary } from '../messages/index.ts';
import type { AlertNote, CrashObservation, RawMessage } from './types.ts';

/**
 * One thing to be put on record. It carries everything decided when it came in (ids, codes, times), so that replaying it
 * from the journal gives the same record as storing it at once would have given. `key` makes it idempotent.
 */
export type Fact = ReportedFact | ObservedFact | BlackBoxFact | DerivedFact | StateFact | AccessFact;

interface Common {
  readonly key: string;
  /** The incident this fact opens or belongs to; when another one holds it already, an alias of that one. */
  readonly incidentId: string;
  /** UTC ms of the platform's clock. */
  readonly recordedMs: number;
}

interface Opening extends Common {
  readonly trackingCode: string;
  readonly street?: string;
  readonly alerts: readonly AlertNote[];
}

export interface ReportedFact extends Opening {
  readonly kind: 'reported';
  readonly report: IncidentReport;
  readonly raw: RawMessage;
}

export interface ObservedFact extends Opening {
  readonly kind: 'observed';
  readonly observation: CrashObservation;
}

export interface BlackBoxFact extends Common {
  readonly kind: 'blackbox';
  readonly phase: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly messages: readonly RawMessage[];
  /** Messages left out because of the size bound. */
  readonly omitted: number;
}

export interface DerivedFact extends Common {
  readonly kind: 'derived';
  readonly name: string;
  readonly result: Readonly<Record<string, unknown>>;
}

export interface StateFact extends Common {
  readonly kind: 'state-change';
  readonly state: IncidentSummary['state'];
  readonly actor: string;
  readonly note: string;
}

export interface AccessFact extends Common {
  readonly kind: 'access';
  readonly actor: string;
  readonly purpose: string;
  readonly action: string;
}

/** The raw messages of a fact, in the order they are stored. */
export function rawMessagesOf(fact: Fact): readonly RawMessage[] {
  if (fact.kind === 'reported') return [fact.raw];
  return fact.kind === 'blackbox' ? fact.messages : [];
}

/** Bytes for the journal. */
export function encodeFact(fact: Fact): Uint8Array {
  return new TextEncoder().encode(
    JSON.stringify(fact, (_, value: unknown) =>
      value instanceof Uint8Array ? { $bytes: Buffer.from(value).toString('base64') } : value,
    ),
  );
}

/** The fact of a journal record; the journal's hash has vouched for the bytes. */
export function decodeFact(bytes: Uint8Array): Fact {
  const fact: Fact = JSON.parse(new TextDecoder().decode(bytes), (_, value: unknown) =>
    typeof value === 'object' && value !== null && '$bytes' in value
      ? new Uint8Array(Buffer.from(String(value.$bytes), 'base64'))
      : value,
  );
  return fact;
}
