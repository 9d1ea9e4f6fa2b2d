import type { VehicleState } from '../../messages/index.ts';
import {
  Field,
  firstBack,
  Header,
  indexMask,
  MailboxKind,
  type MailboxView,
  recordFields,
  recordsPerSlot,
  unread,
  viewMailbox,
} from './layout.ts';

/** The door's side of the mailbox. One per buffer; all calls from one thread. Allocates nothing per message. */
export class MailboxWriter {
  readonly #view: MailboxView;
  /** Record the writer owns, per slot. */
  readonly #back: Uint8Array;
  /** Newest timestamp put, per slot; with `#putGeneration` it keeps a late state from hiding a newer unread one. */
  readonly #newestMs: Float64Array;
  readonly #putGeneration: Uint32Array;
  #tail: number;
  #put = 0;
  #shed = 0;

  constructor(buffer: SharedArrayBuffer) {
    this.#view = viewMailbox(buffer);
    this.#back = new Uint8Array(this.#view.capacity).fill(firstBack);
    this.#newestMs = new Float64Array(this.#view.capacity).fill(Number.NEGATIVE_INFINITY);
    this.#putGeneration = new Uint32Array(this.#view.capacity);
    this.#tail = Atomics.load(this.#view.header, Header.tail);
  }

  /** States handed over, including those shed later. */
  get accepted(): number {
    return this.#put;
  }

  /** States the reader never saw because a newer one of the same vehicle took their place. */
  get shed(): number {
    return this.#shed;
  }

  /**
   * Leaves a state for the core; it replaces an unread one of the same slot (counted as shed). A state older than the unread
   * one is itself shed, so the newest is never hidden. `timestampMs` is the state's time after clock correction.
   */
  put(
    slot: number,
    generation: number,
    state: VehicleState,
    receivedMs: number,
    timestampMs: number = state.timestampMs,
  ): void {
    this.#put += 1;
    if (this.#putGeneration[slot] === generation && timestampMs < this.#newestMs[slot]) {
      if ((Atomics.load(this.#view.middle, slot) & unread) !== 0) {
        this.#shed += 1;
        return;
      }
    } else {
      this.#newestMs[slot] = timestampMs;
      this.#putGeneration[slot] = generation;
    }
    const records = this.#view.records;
    const at = this.#ownRecord(slot);
    records[at + Field.generation] = generation;
    records[at + Field.timestampMs] = timestampMs;
    records[at + Field.lat] = state.lat;
    records[at + Field.lon] = state.lon;
    records[at + Field.speed] = state.speed ?? Number.NaN;
    records[at + Field.headingDeg] = state.headingDeg ?? Number.NaN;
    records[at + Field.accel] = state.accel ?? Number.NaN;
    records[at + Field.yawRate] = state.yawRate ?? Number.NaN;
    records[at + Field.accuracy] = state.accuracy ?? Number.NaN;
    records[at + Field.length] = state.length ?? Number.NaN;
    records[at + Field.width] = state.width ?? Number.NaN;
    records[at + Field.stationType] = state.stationType;
    records[at + Field.flags] = state.flags;
    records[at + Field.receivedMs] = receivedMs;
    records[at + Field.kind] = MailboxKind.state;
    this.#handOver(slot);
  }

  /** Tells the core that the vehicle of this slot and generation is gone. An unread state of it is shed. */
  retire(slot: number, generation: number): void {
    const at = this.#ownRecord(slot);
    this.#view.records.fill(Number.NaN, at, at + recordFields);
    this.#view.records[at + Field.generation] = generation;
    this.#view.records[at + Field.stationType] = 0;
    this.#view.records[at + Field.flags] = 0;
    this.#view.records[at + Field.kind] = MailboxKind.retire;
    this.#handOver(slot);
  }

  #ownRecord(slot: number): number {
    if (!(slot >= 0 && slot < this.#view.capacity)) throw new RangeError(`slot ${slot} is outside the mailbox`);
    return (slot * recordsPerSlot + this.#back[slot]) * recordFields;
  }

  #handOver(slot: number): void {
    const { header, middle, queue, queueMask, records } = this.#view;
    const was = Atomics.exchange(middle, slot, this.#back[slot] | unread);
    this.#back[slot] = was & indexMask;
    if ((was & unread) !== 0) {
      if (records[this.#ownRecord(slot) + Field.kind] === MailboxKind.state) this.#shed += 1;
      return;
    }
    queue[this.#tail & queueMask] = slot;
    this.#tail = (this.#tail + 1) | 0;
    Atomics.store(header, Header.tail, this.#tail);
    // Sequentially consistent with the reader's "sleeping = 1, then look at tail": one of the two sees the other's store. Whoever takes the
    // flag down wakes the reader: once, not with every state that comes until it runs.
    if (Atomics.load(header, Header.sleeping) === 1 && Atomics.exchange(header, Header.sleeping, 0) === 1)
      Atomics.notify(header, Header.tail);
  }
}
