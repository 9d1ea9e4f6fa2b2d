import { readFileSync } from 'node:fs';
import {
  type ClockOffsets,
  type Decoded,
  type DecodedMessage,
  decode,
  type VehicleState,
} from '../../messages/index.ts';
import { sharedData } from '../fixtures/shared-data.ts';

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

export const decodeJson = (
  topic: string,
  body: unknown,
  receivedMs: number,
  clock?: ClockOffsets,
): Decoded<DecodedMessage> => decode(topic, bytes(JSON.stringify(body)), receivedMs, clock);

/** The state, or an error that says why there is none. */
export function stateOf(decoded: Decoded<DecodedMessage>): VehicleState {
  if (!decoded.ok) throw new Error(`refused ${decoded.reason}: ${decoded.detail}`);
  if (decoded.value.kind !== 'state') throw new Error(`a ${decoded.value.kind}, not a state`);
  return decoded.value.state;
}

export const reasonOf = (decoded: Decoded<unknown>): string => (decoded.ok ? 'accepted' : decoded.reason);

export const sampleText = (path: string): string => readFileSync(sharedData(`samples/${path}`), 'utf8');
export const sampleJson = <T>(path: string): T => JSON.parse(sampleText(path)) as T;
