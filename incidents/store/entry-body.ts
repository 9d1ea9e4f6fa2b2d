import { type Fact, rawMessagesOf } from '../facts.ts';
import type { RawMessage } from '../types.ts';
import { sha256Hex } from './chain.ts';

/** A raw message as the entry's body names it: the bytes lie beside, vouched for by their hash. */
export interface RawReference {
  readonly vehicleId: string;
  readonly topic: string;
  readonly receivedMs: number;
  readonly length: number;
  readonly sha256: string;
}

/** Body of the entry: the fact, with every raw message replaced by its reference, in the order of `incident_raw.position`. */
export type EntryBody = { readonly [K in Fact['kind']]: BodyOf<Extract<Fact, { kind: K }>> }[Fact['kind']];
type BodyOf<F extends Fact> = Omit<F, 'raw' | 'messages' | 'incidentId'> & {
  readonly rawMessages: readonly RawReference[];
};

export function refer(message: RawMessage): RawReference {
  const { vehicleId, topic, receivedMs, payload } = message;
  return { vehicleId, topic, receivedMs, length: payload.length, sha256: sha256Hex(payload) };
}

export function entryBody(fact: Fact): EntryBody {
  const rawMessages = rawMessagesOf(fact).map(refer);
  switch (fact.kind) {
    case 'reported': {
      const { raw: _raw, incidentId: _incident, ...rest } = fact;
      return { ...rest, rawMessages };
    }
    case 'blackbox': {
      const { messages: _messages, incidentId: _incident, ...rest } = fact;
      return { ...rest, rawMessages };
    }
    default: {
      const { incidentId: _incident, ...rest } = fact;
      return { ...rest, rawMessages };
    }
  }
}
