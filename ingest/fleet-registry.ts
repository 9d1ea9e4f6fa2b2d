import { checkedInteger, checkedNumber } from './options.ts';

export interface FleetRegistryOptions {
  /** Vehicles held at once, 1..1_000_000. */
  readonly capacity: number;
  /** A vehicle from which nothing was accepted for this long leaves, ms, 1_000..3_600_000. Default 60_000. */
  readonly silentMs?: number;
}

/** Told when a slot gets or loses its vehicle; threads that see only slots translate with this. */
export type SlotListener = (slot: number, generation: number, vehicleId: string) => void;

/** A full registry looks for silent vehicles at most this often, so that a flood of new ids cannot make every message a scan. */
const fullSweepMs = 1_000;

/**
 * Vehicle id to slot and generation. Bounded by `capacity`: a vehicle beyond it is refused, one silent for `silentMs` is
 * evicted by `sweep`. A slot's generation grows by one with each vehicle it is given, so that a late reader can tell two
 * vehicles of one slot apart. Freed slots are used again in the order they were freed, the longest free first.
 */
export class FleetRegistry {
  readonly capacity: number;
  readonly #silentMs: number;
  readonly #slots = new Map<string, number>();
  readonly #ids: (string | undefined)[];
  readonly #generation: Uint32Array;
  readonly #seenMs: Float64Array;
  /** Ring of free slots: `#freeCount` entries from `#freeHead`. */
  readonly #free: Uint32Array;
  #freeHead = 0;
  #freeCount: number;
  #lastFullSweepMs = Number.NEGATIVE_INFINITY;
  readonly #assigned: SlotListener[] = [];
  readonly #retired: SlotListener[] = [];

  constructor(options: FleetRegistryOptions) {
    this.capacity = checkedInteger('fleet capacity', options.capacity, 1, 1_000_000);
    this.#silentMs = checkedNumber('fleet silentMs', options.silentMs ?? 60_000, 1_000, 3_600_000);
    this.#ids = new Array<string | undefined>(this.capacity).fill(undefined);
    this.#generation = new Uint32Array(this.capacity);
    this.#seenMs = new Float64Array(this.capacity);
    this.#free = Uint32Array.from({ length: this.capacity }, (_, slot) => slot);
    this.#freeCount = this.capacity;
  }

  /** Calls `listener` after every assignment, in the order of registration. */
  onAssign(listener: SlotListener): void {
    this.#assigned.push(listener);
  }

  /** Calls `listener` after every retirement; the slot may be assigned again as soon as the call returns. */
  onRetire(listener: SlotListener): void {
    this.#retired.push(listener);
  }

  /** Vehicles held now. */
  get size(): number {
    return this.#slots.size;
  }

  /** Slot of a vehicle, or -1. */
  slotOf(vehicleId: string): number {
    return this.#slots.get(vehicleId) ?? -1;
  }

  /** Vehicle in a slot, or undefined when it is free. */
  idOf(slot: number): string | undefined {
    return this.#ids[slot];
  }

  /** Generation of the vehicle in a slot (1 for the first); 0 when the slot was never used. */
  generationOf(slot: number): number {
    return this.#generation[slot];
  }

  /** Slot of the vehicle, given one when it has none; -1 when the fleet is full of vehicles that still speak. Allocates only for new vehicles. */
  assign(vehicleId: string, nowMs: number): number {
    const known = this.#slots.get(vehicleId);
    if (known !== undefined) return known;
    if (this.#freeCount === 0 && nowMs - this.#lastFullSweepMs >= fullSweepMs) {
      this.#lastFullSweepMs = nowMs;
      this.sweep(nowMs);
    }
    if (this.#freeCount === 0) return -1;
    const slot = this.#free[this.#freeHead];
    this.#freeHead = (this.#freeHead + 1) % this.capacity;
    this.#freeCount -= 1;
    this.#generation[slot] += 1;
    if (this.#generation[slot] === 0) this.#generation[slot] = 1;
    this.#slots.set(vehicleId, slot);
    this.#ids[slot] = vehicleId;
    this.#seenMs[slot] = nowMs;
    for (const listener of this.#assigned) listener(slot, this.#generation[slot], vehicleId);
    return slot;
  }

  /** Notes that a message of the slot's vehicle was accepted. */
  touch(slot: number, nowMs: number): void {
    if (nowMs > this.#seenMs[slot]) this.#seenMs[slot] = nowMs;
  }

  /** Takes one vehicle out now; false when it is not here. */
  retire(vehicleId: string): boolean {
    const slot = this.#slots.get(vehicleId);
    if (slot === undefined) return false;
    this.#slots.delete(vehicleId);
    this.#ids[slot] = undefined;
    this.#free[(this.#freeHead + this.#freeCount) % this.capacity] = slot;
    this.#freeCount += 1;
    for (const listener of this.#retired) listener(slot, this.#generation[slot], vehicleId);
    return true;
  }

  /** Retires every vehicle silent for longer than `silentMs`; returns how many. O(vehicles): call it about once a second. */
  sweep(nowMs: number): number {
    let retired = 0;
    for (const [vehicleId, slot] of this.#slots) {
      if (nowMs - this.#seenMs[slot] > this.#silentMs) {
        this.retire(vehicleId);
        retired += 1;
      }
    }
    return retired;
  }
}
