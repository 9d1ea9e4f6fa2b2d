import { checkedInteger } from '../options.ts';

/*
 * The mailbox: newest state per vehicle, from one writer thread to one reader thread, over one SharedArrayBuffer.
 *
 * No torn reads, and why. Each slot owns three records. At any time the writer owns one (`back`), the reader owns one
 * (`front`) and the third lies in `middle[slot]`, a 32-bit word: record index in bits 0..1, `unread` in bit 2. The writer
 * fills its own record and swaps it with the middle by Atomics.exchange; the reader swaps its own with the middle by
 * Atomics.exchange and then reads what it got. The three indices are always a permutation of 0, 1, 2, because both sides
 * only ever exchange, so no record has two owners. Every plain access to a record happens while its thread owns it, and
 * ownership passes only through an Atomics.exchange on the same word, which orders the plain accesses before it on one side
 * with those after it on the other (synchronizes-with, ECMA-262 "Memory Model"). The program has no data race, so it behaves
 * sequentially consistently on every processor; there is nothing to retry, unlike a seqlock, whose plain reads do race.
 *
 * A slot is in the queue at most once. The writer enqueues a slot only when its exchange took back a record that was not
 * `unread`; the reader clears `unread` only by the exchange it makes after taking the slot from the queue. So between two
 * enqueues of a slot lies one dequeue, the queue holds at most `capacity` entries, and it cannot overflow.
 */

/** Float64 fields of a record, in the order `visit` gets them. 16 x 8 bytes are two cache lines. */
export const Field = {
  generation: 0,
  timestampMs: 1,
  lat: 2,
  lon: 3,
  speed: 4,
  headingDeg: 5,
  accel: 6,
  yawRate: 7,
  accuracy: 8,
  length: 9,
  width: 10,
  stationType: 11,
  flags: 12,
  receivedMs: 13,
  kind: 14,
} as const;
export const recordFields = 16;
export const recordsPerSlot = 3;

/** What a record says: a vehicle's state, or that the vehicle of this slot and generation is gone. */
export const MailboxKind = { state: 0, retire: 1 } as const;

/** Int32 words before the per-slot words. */
export const Header = {
  magic: 0,
  capacity: 1,
  /** Slots ever enqueued, modulo 2^32: the reader sleeps on this word. */
  tail: 2,
  /** 1 while the reader sleeps or is about to and nobody has woken it yet. */
  sleeping: 3,
  /** Always 0: on this word the reader rests whatever comes. */
  resting: 4,
} as const;
const headerWords = 16;
const magic = 0x52_41_48_42;

/** `middle[slot]`: index of the record in the middle, and whether the reader has not seen it. */
export const indexMask = 0b011;
export const unread = 0b100;
/** Start: writer owns record 0, the middle is record 1, the reader owns record 2. */
export const firstBack = 0;
export const firstMiddle = 1;
export const firstFront = 2;

export interface MailboxView {
  readonly capacity: number;
  readonly header: Int32Array;
  readonly middle: Int32Array;
  /** Slots waiting to be read, a power of two entries. */
  readonly queue: Int32Array;
  readonly queueMask: number;
  readonly records: Float64Array;
}

function queueLength(capacity: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(2, capacity)));
}

function recordsOffset(capacity: number): number {
  const words = headerWords + capacity + queueLength(capacity);
  return Math.ceil((words * 4) / 64) * 64;
}

/** Memory for `capacity` vehicles (1..1_000_000), about 390 bytes each; hand it to one MailboxWriter and one MailboxReader. */
export function allocateMailbox(capacity: number): SharedArrayBuffer {
  checkedInteger('mailbox capacity', capacity, 1, 1_000_000);
  const buffer = new SharedArrayBuffer(recordsOffset(capacity) + capacity * recordsPerSlot * recordFields * 8);
  const header = new Int32Array(buffer, 0, headerWords);
  header[Header.magic] = magic;
  header[Header.capacity] = capacity;
  new Int32Array(buffer, headerWords * 4, capacity).fill(firstMiddle);
  return buffer;
}

/** The arrays inside a buffer of `allocateMailbox`; throws when it is not one. */
export function viewMailbox(buffer: SharedArrayBuffer): MailboxView {
  const header = new Int32Array(buffer, 0, headerWords);
  if (header[Header.magic] !== magic) throw new TypeError('not a mailbox: make the buffer with allocateMailbox');
  const capacity = header[Header.capacity];
  const queueWords = queueLength(capacity);
  return {
    capacity,
    header,
    middle: new Int32Array(buffer, headerWords * 4, capacity),
    queue: new Int32Array(buffer, (headerWords + capacity) * 4, queueWords),
    queueMask: queueWords - 1,
    records: new Float64Array(buffer, recordsOffset(capacity), capacity * recordsPerSlot * recordFields),
  };
}
