import { Buffer } from 'node:buffer';
import { crc32 } from 'node:zlib';

// A record: u32 bytes of the text, u32 CRC-32 of the text, the text: lines joined by newlines, UTF-8.
const headerBytes = 8;
const longest = 64 * 1024 * 1024;

/** Lines (without newlines) as one record. */
export function encodeRecord(lines: readonly string[]): Buffer {
  const text = Buffer.from(lines.join('\n'), 'utf8');
  const record = Buffer.allocUnsafe(headerBytes + text.length);
  record.writeUInt32LE(text.length, 0);
  record.writeUInt32LE(crc32(text), 4);
  text.copy(record, headerBytes);
  return record;
}

/** All lines of the whole records at the start of a segment, and how many bytes at its end are none (a torn write, a flipped bit). */
export function decodeRecords(segment: Buffer): { readonly lines: string[]; readonly tornBytes: number } {
  const lines: string[] = [];
  let at = 0;
  while (at + headerBytes <= segment.length) {
    const length = segment.readUInt32LE(at);
    const end = at + headerBytes + length;
    if (length === 0 || length > longest || end > segment.length) break;
    const text = segment.subarray(at + headerBytes, end);
    if (crc32(text) !== segment.readUInt32LE(at + 4)) break;
    for (const line of text.toString('utf8').split('\n')) lines.push(line);
    at = end;
  }
  return { lines, tornBytes: segment.length - at };
}
