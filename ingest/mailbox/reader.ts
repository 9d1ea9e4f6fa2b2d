import {
  Field,
  firstFront,
  Header,
  indexMask,
  MailboxKind,
  type MailboxView,
  recordFields,
  recordsPerSlot,
  viewMailbox,
} from './layout.ts';

/**
 * One state or retirement, as numbers in the order of `CollisionEngine.update`, then `receivedMs` (UTC ms) and `kind`
 * (`MailboxKind`). NaN means unavailable; of a retirement only slot, generation and kind mean anything.
 */
export type MailboxVisitor = (
  slot: number,
  generation: number,
  timestampMs: number,
  lat: number,
  lon: number,
  speed: number,
  headingDeg: number,
  accel: number,
  yawRate: number,
  accuracy: number,
  length: number,
  width: number,
  stationType: number,
  flags: number,
  receivedMs: number,
  kind: number,
) => void;

/** The core's side of the mailbox. One per buffer; all calls from one thread. Itself allocates nothing per message. */
export class MailboxReader {
  readonly #view: MailboxView;
  /** Record the reader owns, per slot. */
  readonly #front: Uint8Array;
  /** Generation last visited as alive, per slot; 0 none. */
  readonly #alive: Uint32Array;
  #head = 0;

  constructor(buffer: SharedArrayBuffer) {
    this.#view = viewMailbox(buffer);
    this.#front = new Uint8Array(this.#view.capacity).fill(firstFront);
    this.#alive = new Uint32Array(this.#view.capacity);
  }

  /** Slots waiting to be read. */
  get pending(): number {
    return (Atomics.load(this.#view.header, Header.tail) - this.#head) >>> 0;
  }

  /**
   * Visits up to `max` waiting slots, longest waiting first; returns how many. Every generation visited alive is visited as
   * retired exactly once, before its slot's next vehicle, even when the retirement itself was overwritten unread.
   */
  drain(max: number, visit: MailboxVisitor): number {
    const { header, middle, queue, queueMask, records } = this.#view;
    const tail = Atomics.load(header, Header.tail);
    let taken = 0;
    while (this.#head !== tail && taken < max) {
      const slot = queue[this.#head & queueMask];
      this.#head = (this.#head + 1) | 0;
      taken += 1;
      this.#front[slot] = Atomics.exchange(middle, slot, this.#front[slot]) & indexMask;
      const at = (slot * recordsPerSlot + this.#front[slot]) * recordFields;
      const generation = records[at + Field.generation];
      const alive = this.#alive[slot];
      const gone = records[at + Field.kind] === MailboxKind.retire;
      if (alive !== 0 && (gone || alive !== generation)) {
        this.#alive[slot] = 0;
        visitRetired(visit, slot, alive);
      }
      if (gone) continue;
      this.#alive[slot] = generation;
      visit(
        slot,
        generation,
        records[at + Field.timestampMs],
        records[at + Field.lat],
        records[at + Field.lon],
        records[at + Field.speed],
        records[at + Field.headingDeg],
        records[at + Field.accel],
        records[at + Field.yawRate],
        records[at + Field.accuracy],
        records[at + Field.length],
        records[at + Field.width],
        records[at + Field.stationType],
        records[at + Field.flags],
        records[at + Field.receivedMs],
        MailboxKind.state,
      );
    }
    return taken;
  }

  /** Sleeps until something waits or `timeoutMs` is over; true when something waits. Blocks the thread. */
  wait(timeoutMs: number): boolean {
    const { header } = this.#view;
    if (this.pending > 0) return true;
    Atomics.store(header, Header.sleeping, 1);
    // Returns at once when the writer has moved the tail since.
    Atomics.wait(header, Header.tail, this.#head, timeoutMs);
    Atomics.store(header, Header.sleeping, 0);
    return this.pending > 0;
  }

  /** Sleeps until `timeoutMs` is over, whatever comes meanwhile: no state costs a wake-up. Blocks the thread. */
  rest(timeoutMs: number): void {
    Atomics.wait(this.#view.header, Header.resting, 0, timeoutMs);
  }
}

function visitRetired(visit: MailboxVisitor, slot: number, generation: number): void {
  const none = Number.NaN;
  visit(slot, generation, none, none, none, none, none, none, none, none, none, none, 0, 0, none, MailboxKind.retire);
}
