export type GuardVerdict = 'ok' | 'not-connect' | 'too-large' | 'bad-length';

const connectType = 1;

/**
 * Follows only packet type and remaining length of an MQTT byte stream, so that no parser ever collects an oversized packet.
 * The first packet must be CONNECT of at most `maxConnect` bytes, any later one at most `maxPacket` (remaining length,
 * MQTT 3.1.1 section 2.2.3). After a verdict other than 'ok' the stream must be closed.
 */
export class PacketGuard {
  readonly #maxConnect: number;
  readonly #maxPacket: number;
  #connected = false;
  /** Bytes of the current packet's body still to come. */
  #body = 0;
  /** Value and shift of a length field that a chunk has cut; shift < 0 means the next byte is a packet's first. */
  #length = 0;
  #shift = -1;

  constructor(maxConnect: number, maxPacket: number) {
    this.#maxConnect = maxConnect;
    this.#maxPacket = maxPacket;
  }

  /** Whether the next byte is a packet's first. */
  get betweenPackets(): boolean {
    return this.#body === 0 && this.#shift < 0;
  }

  /** Judges the next chunk. Allocates nothing. */
  check(chunk: Uint8Array): GuardVerdict {
    let at = 0;
    while (at < chunk.length) {
      if (this.#body > 0) {
        const step = Math.min(this.#body, chunk.length - at);
        this.#body -= step;
        at += step;
        continue;
      }
      const byte = chunk[at] ?? 0;
      at += 1;
      const verdict = this.#shift < 0 ? this.#firstByte(byte) : this.#lengthByte(byte);
      if (verdict !== 'ok') return verdict;
    }
    return 'ok';
  }

  #firstByte(byte: number): GuardVerdict {
    if (!this.#connected && byte >> 4 !== connectType) return 'not-connect';
    this.#length = 0;
    this.#shift = 0;
    return 'ok';
  }

  #lengthByte(byte: number): GuardVerdict {
    this.#length |= (byte & 0x7f) << this.#shift;
    if (this.#length > (this.#connected ? this.#maxPacket : this.#maxConnect)) return 'too-large';
    if ((byte & 0x80) !== 0) {
      this.#shift += 7;
      return this.#shift > 21 ? 'bad-length' : 'ok';
    }
    this.#body = this.#length;
    this.#shift = -1;
    this.#connected = true;
    return 'ok';
  }
}
