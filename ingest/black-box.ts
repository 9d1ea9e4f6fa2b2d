import { Buffer } from 'node:buffer';
import { checkedInteger, checkedNumber } from './options.ts';

/** One raw message as it came off the wire, byte exact (the shape of incidents' RawMessage). */
export interface RawMessage {
  readonly vehicleId: string;
  readonly topic: string;
  /** UTC ms. */
  readonly receivedMs: number;
  readonly payload: Uint8Array;
}

export interface BlackBoxOptions {
  /** Bytes of the circular buffer, 4 KiB..4 GiB - 8. Default 128 MiB. A message costs its payload, its topic and 40 bytes. */
  readonly bytes?: number;
  /** How long a message is kept, ms, 1_000..900_000. Default 90_000: the 60 s before a crash and 30 s to notice it. Older ones are wiped. */
  readonly keepMs?: number;
  /** Vehicles with a chain at once, 1..1_000_000. Default 200_000. */
  readonly vehicles?: number;
}

// Header of a record: u32 size of the whole record, u16 topic bytes, u16 unused, u32 payload bytes, u32 vehicle index, f64 position
// of the vehicle's previous record (-1 none), f64 receivedMs. A size of 0 means: nothing more in this lap.
const headerBytes = 32;
const none = -1;

/**
 * What every vehicle sent in the last minute, in ONE preallocated circular buffer. A *position* counts bytes ever written and
 * never falls, so `position < #tail` says that a record was wiped or overwritten; each record names the position of its
 * vehicle's previous one, which gives a backward chain per vehicle. Appending allocates nothing once a vehicle is known.
 *
 * Bounds: `bytes` (the oldest messages go first, counted in `overwrittenEarly` when younger than `keepMs`) and `vehicles`
 * (a vehicle leaves when its last record does).
 */
export class BlackBox {
  readonly #buffer: Buffer;
  readonly #size: number;
  readonly #keepMs: number;
  /** Next position to write, and oldest position that still holds a record. */
  #head = 0;
  #tail = 0;
  readonly #chains = new Map<string, number>();
  readonly #ids: (string | undefined)[] = [];
  readonly #last: Float64Array;
  readonly #free: number[] = [];
  #records = 0;
  #appended = 0;
  #overwrittenEarly = 0;
  #refused = 0;

  constructor(options: BlackBoxOptions = {}) {
    const bytes = checkedInteger('black box bytes', options.bytes ?? 128 * 1024 * 1024, 4_096, 2 ** 32 - 8);
    this.#size = bytes - (bytes % 8);
    this.#buffer = Buffer.alloc(this.#size);
    this.#keepMs = checkedNumber('black box keepMs', options.keepMs ?? 90_000, 1_000, 900_000);
    this.#last = new Float64Array(checkedInteger('black box vehicles', options.vehicles ?? 200_000, 1, 1_000_000));
  }

  /** Counters for /metrics: messages held now, appended, refused (too large, too many vehicles), overwritten before `keepMs` was over. */
  counters(): { records: number; appended: number; refused: number; overwrittenEarly: number; bytesUsed: number } {
    return {
      records: this.#records,
      appended: this.#appended,
      refused: this.#refused,
      overwrittenEarly: this.#overwrittenEarly,
      bytesUsed: this.#head - this.#tail,
    };
  }

  /** Keeps a message; false (counted) when it is larger than a quarter of the buffer or no chain is free. Copies the payload. */
  append(vehicleId: string, topic: string, payload: Uint8Array, receivedMs: number): boolean {
    // UTF-8 takes at most three bytes for one UTF-16 unit.
    const most = aligned(headerBytes + topic.length * 3 + payload.length);
    if (most > this.#size / 4 || topic.length * 3 > 0xffff) return this.#refuse();
    this.expire(receivedMs);
    let chain = this.#chains.get(vehicleId) ?? none;
    if (chain === none) {
      chain = this.#newChain(vehicleId);
      if (chain === none) return this.#refuse();
    }
    const start = this.#makeRoom(most, receivedMs);
    // Making room may have taken the vehicle's last record, and with it its chain.
    if (this.#ids[chain] !== vehicleId) {
      chain = this.#newChain(vehicleId);
      if (chain === none) return this.#refuse();
    }
    const buffer = this.#buffer;
    const at = start % this.#size;
    const topicBytes = buffer.write(topic, at + headerBytes, 'utf8');
    buffer.set(payload, at + headerBytes + topicBytes);
    const size = aligned(headerBytes + topicBytes + payload.length);
    buffer.writeUInt32LE(size, at);
    buffer.writeUInt16LE(topicBytes, at + 4);
    buffer.writeUInt16LE(0, at + 6);
    buffer.writeUInt32LE(payload.length, at + 8);
    buffer.writeUInt32LE(chain, at + 12);
    buffer.writeDoubleLE(this.#last[chain], at + 16);
    buffer.writeDoubleLE(receivedMs, at + 24);
    this.#last[chain] = start;
    this.#head = start + size;
    this.#records += 1;
    this.#appended += 1;
    return true;
  }

  /** Wipes what is older than `keepMs`. Called by `append`; call it about once a second too, so that silence also forgets. */
  expire(nowMs: number): void {
    while (this.#tail < this.#head) {
      const at = this.#tail % this.#size;
      if (this.#buffer.readUInt32LE(at) !== 0 && nowMs - this.#buffer.readDoubleLE(at + 24) <= this.#keepMs) return;
      this.#dropOldest();
    }
  }

  /** What these vehicles sent with fromMs <= receivedMs <= toMs, in the order it arrived. Payloads are copies. */
  read(vehicleIds: readonly string[], fromMs: number, toMs: number): RawMessage[] {
    const found: { position: number; message: RawMessage }[] = [];
    for (const vehicleId of new Set(vehicleIds)) {
      const chain = this.#chains.get(vehicleId);
      let position = chain === undefined ? none : this.#last[chain];
      while (position >= this.#tail) {
        const at = position % this.#size;
        const receivedMs = this.#buffer.readDoubleLE(at + 24);
        if (receivedMs >= fromMs && receivedMs <= toMs) {
          const topicEnd = at + headerBytes + this.#buffer.readUInt16LE(at + 4);
          const payload = new Uint8Array(this.#buffer.subarray(topicEnd, topicEnd + this.#buffer.readUInt32LE(at + 8)));
          const topic = this.#buffer.toString('utf8', at + headerBytes, topicEnd);
          found.push({ position, message: { vehicleId, topic, receivedMs, payload } });
        }
        position = this.#buffer.readDoubleLE(at + 16);
      }
    }
    return found.sort((a, b) => a.position - b.position).map((entry) => entry.message);
  }

  #refuse(): false {
    this.#refused += 1;
    return false;
  }

  #newChain(vehicleId: string): number {
    const chain = this.#free.pop() ?? this.#ids.length;
    if (chain >= this.#last.length) return none;
    this.#ids[chain] = vehicleId;
    this.#last[chain] = none;
    this.#chains.set(vehicleId, chain);
    return chain;
  }

  /** Position at which `bytes` fit in one piece, the old records there dropped. */
  #makeRoom(bytes: number, nowMs: number): number {
    let start = this.#head;
    const left = this.#size - (start % this.#size);
    if (left < bytes) {
      this.#dropBefore(start + left - this.#size, nowMs);
      this.#buffer.writeUInt32LE(0, start % this.#size);
      start += left;
      this.#head = start;
    }
    this.#dropBefore(start + bytes - this.#size, nowMs);
    return start;
  }

  #dropBefore(position: number, nowMs: number): void {
    while (this.#tail < position && this.#tail < this.#head) {
      const at = this.#tail % this.#size;
      const young = nowMs - this.#buffer.readDoubleLE(at + 24) <= this.#keepMs;
      if (this.#buffer.readUInt32LE(at) !== 0 && young) this.#overwrittenEarly += 1;
      this.#dropOldest();
    }
  }

  #dropOldest(): void {
    const at = this.#tail % this.#size;
    const size = this.#buffer.readUInt32LE(at);
    if (size === 0) {
      this.#tail += this.#size - at;
      return;
    }
    const chain = this.#buffer.readUInt32LE(at + 12);
    if (this.#last[chain] === this.#tail) {
      const vehicleId = this.#ids[chain];
      if (vehicleId !== undefined) this.#chains.delete(vehicleId);
      this.#ids[chain] = undefined;
      this.#last[chain] = none;
      this.#free.push(chain);
    }
    this.#buffer.fill(0, at, at + size);
    this.#tail += size;
    this.#records -= 1;
  }
}

const aligned = (bytes: number): number => (bytes + 7) & ~7;
