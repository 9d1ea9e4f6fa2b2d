import { accept, reject } from './outcome.ts';
import type { Decoded } from './vehicle-state.ts';

/** What `JSON.parse` gives for an object: every value is still unknown. A `__proto__` key is an ordinary own key there. */
export type JsonObject = { readonly [key: string]: unknown };

/** Largest payload that is parsed, bytes. An ODE BSM with every extension has about 5 kB. */
export const maxPayloadBytes = 65_536;
/** Deepest nesting that is parsed; the deepest sample of any dialect has 9 levels. */
export const maxDepth = 32;

interface Utf8Decoder {
  decode(bytes: Uint8Array): string;
}
/** WHATWG Encoding: present in every runtime this room meets (Node, browsers, workers), but not in the ES library's types. */
declare const TextDecoder: new (label: string, options: { fatal: boolean }) => Utf8Decoder;

const utf8 = new TextDecoder('utf-8', { fatal: true });

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Total: bytes of any kind to a JSON object, or the reason why not. A leading byte order mark is dropped.
 * Size and depth are checked before parsing.
 */
export function parseJsonObject(payload: Uint8Array): Decoded<JsonObject> {
  if (payload.length > maxPayloadBytes)
    return reject('too-large', `${payload.length} bytes, at most ${maxPayloadBytes}`);
  let text: string;
  try {
    text = utf8.decode(payload);
  } catch {
    return reject('not-utf8', 'payload is not UTF-8');
  }
  if (isTooDeep(text)) return reject('too-deep', `nested deeper than ${maxDepth} levels`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return reject('not-json', `not JSON: ${JSON.stringify(text.slice(0, 40))}`);
  }
  return isJsonObject(value)
    ? accept(value)
    : reject('not-an-object', Array.isArray(value) ? 'an array' : `a ${typeof value}`);
}

/** Openers bound the depth: two native searches settle nearly every message, and only the rest is walked. */
function isTooDeep(text: string): boolean {
  let openers = 0;
  for (let at = text.indexOf('{'); at >= 0 && openers <= maxDepth; at = text.indexOf('{', at + 1)) openers++;
  for (let at = text.indexOf('['); at >= 0 && openers <= maxDepth; at = text.indexOf('[', at + 1)) openers++;
  return openers > maxDepth && depthOf(text) > maxDepth;
}

function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (inString) {
      if (code === 0x5c) i++;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) inString = true;
    else if (code === 0x7b || code === 0x5b) deepest = Math.max(deepest, ++depth);
    else if (code === 0x7d || code === 0x5d) depth--;
  }
  return deepest;
}
