/** The house's copy of the door's register: which vehicle a slot holds. As large as the fleet; a slot remembers its last two vehicles. */
export class SlotNames {
  private readonly ids: (string | undefined)[];
  private readonly generations: Uint32Array;
  private readonly earlier: (string | undefined)[];
  private readonly slots = new Map<string, number>();

  constructor(capacity: number) {
    this.ids = new Array<string | undefined>(capacity).fill(undefined);
    this.earlier = new Array<string | undefined>(capacity).fill(undefined);
    this.generations = new Uint32Array(capacity);
  }

  assign(slot: number, generation: number, vehicleId: string): void {
    const before = this.ids[slot];
    if (before !== undefined && this.slots.get(before) === slot) this.slots.delete(before);
    this.earlier[slot] = before;
    this.ids[slot] = vehicleId;
    this.generations[slot] = generation;
    this.slots.set(vehicleId, slot);
  }

  /** Vehicle that held the slot in that generation: the present one or the one before; undefined for older ones. */
  idOf(slot: number, generation: number): string | undefined {
    if (this.generations[slot] === generation) return this.ids[slot];
    return this.generations[slot] === generation + 1 ? this.earlier[slot] : undefined;
  }

  /** Slot and generation now held by the vehicle. */
  slotOf(vehicleId: string): { readonly slot: number; readonly generation: number } | undefined {
    const slot = this.slots.get(vehicleId);
    return slot === undefined ? undefined : { slot, generation: this.generations[slot] as number };
  }
}
