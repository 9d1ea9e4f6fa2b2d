import { createHash } from 'node:crypto';
import { crc32c } from './crc32c.ts';

/*
 * One record on disk, little-endian:
 *   0  4  magic 'RHJ1'          8  4  number of the record in its file, from 0
 *   4  4  payload length       12  4  CRC-32C over bytes 0..11 and the payload
 *  16 32  SHA-256 over bytes 0..15 and the payload
 *  48  n  payload
 * Every byte is covered by the magic, the sum or the hash (the sum by the hash), so any flipped bit shows.
 */
const magic = 0x314a4852;
const headerLength = 48;
/** Payload bytes of one record; longer ones are refused before they are written. */
export const maxPayload = 4 * 1024 * 1024;

/** What a journal file holds. */
export interface JournalContent {
  readonly records: readonly Uint8Array[];
  /** `torn`: ends in the middle of a record, as after a crash while writing. `damaged`: bytes changed, or records missing in the middle. */
  readonly state: 'whole' | 'torn' | 'damaged';
  /** First byte that is not part of a good record; equals the file's length when whole. */
  readonly firstBad: number;
}

/** The bytes of one record. Throws RangeError when the payload is longer than `maxPayload`. */
export function frameRecord(number: number, payload: Uint8Array): Uint8Array {
  if (payload.length > maxPayload)
    throw new RangeError(`journal record of ${payload.length} bytes: at most ${maxPayload}`);
  const frame = new Uint8Array(headerLength + payload.length);
  const view = new DataView(frame.buffer);
  view.setUint32(0, magic, true);
  view.setUint32(4, payload.length, true);
  view.setUint32(8, number, true);
  view.setUint32(12, crc32c(payload, crc32c(frame.subarray(0, 12))), true);
  frame.set(payload, headerLength);
  frame.set(digest(frame.subarray(0, 16), payload), 16);
  return frame;
}

/** Reads every good record of a file; after damage it goes on at the next good record, so that one bad byte costs one record. */
export function readRecords(bytes: Uint8Array): JournalContent {
  const records: Uint8Array[] = [];
  let offset = 0;
  let expected = 0;
  let firstBad = -1;
  let reachesEnd = false;
  while (offset < bytes.length) {
    const record = readRecord(bytes, offset);
    if (record !== undefined) {
      if (record.number !== expected && firstBad < 0) firstBad = offset;
      expected = record.number + 1;
      records.push(record.payload);
      offset += headerLength + record.payload.length;
      reachesEnd = true;
      continue;
    }
    if (firstBad < 0) firstBad = offset;
    reachesEnd = false;
    offset = nextMagic(bytes, offset + 1);
  }
  if (firstBad < 0) return { records, state: 'whole', firstBad: bytes.length };
  const torn = !reachesEnd && isCutShort(bytes, firstBad, expected);
  return { records, state: torn ? 'torn' : 'damaged', firstBad };
}

function readRecord(bytes: Uint8Array, offset: number): { number: number; payload: Uint8Array } | undefined {
  if (bytes.length - offset < headerLength) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, headerLength);
  const length = view.getUint32(4, true);
  if (view.getUint32(0, true) !== magic || length > maxPayload || offset + headerLength + length > bytes.length)
    return undefined;
  const head = bytes.subarray(offset, offset + 16);
  const payload = bytes.subarray(offset + headerLength, offset + headerLength + length);
  if (view.getUint32(12, true) !== crc32c(payload, crc32c(head.subarray(0, 12)))) return undefined;
  const stored = bytes.subarray(offset + 16, offset + headerLength);
  if (Buffer.compare(stored, digest(head, payload)) !== 0) return undefined;
  return { number: view.getUint32(8, true), payload };
}

/** Whether the bad end looks like a record whose writing stopped: what is there agrees with its header so far. */
function isCutShort(bytes: Uint8Array, offset: number, expected: number): boolean {
  const rest = bytes.subarray(offset);
  const start = new Uint8Array(8 + 4);
  const view = new DataView(start.buffer);
  view.setUint32(0, magic, true);
  view.setUint32(8, expected, true);
  for (let i = 0; i < Math.min(4, rest.length); i++) if (rest[i] !== start[i]) return false;
  for (let i = 8; i < Math.min(12, rest.length); i++) if (rest[i] !== start[i]) return false;
  if (rest.length < 8) return true;
  const length = new DataView(rest.buffer, rest.byteOffset).getUint32(4, true);
  return length <= maxPayload && headerLength + length > rest.length;
}

function nextMagic(bytes: Uint8Array, from: number): number {
  const found = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf('RHJ1', from, 'latin1');
  return found < 0 ? bytes.length : found;
}

function digest(head: Uint8Array, payload: Uint8Array): Uint8Array {
  return createHash('sha256').update(head).update(payload).digest();
}
