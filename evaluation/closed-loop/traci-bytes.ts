import { TypeCode } from './traci-codes.ts';

/** A decoded value: numbers, text, lists of text, a place [x, y], or the fields of records. */
export type TraciValue = number | string | readonly TraciValue[];

/** What came back is not TraCI, or not of the kind asked for. */
export class TraciFormatError extends Error {}

/** Builds the payload of one message; big endian as TraCI asks. Grows as needed. */
export class TraciWriter {
  private bytes = Buffer.alloc(4096);
  private at = 0;

  get length(): number {
    return this.at;
  }

  /** Forgets what was written. */
  clear(): void {
    this.at = 0;
  }

  /** A copy of what was written. */
  toBuffer(): Buffer {
    return Buffer.from(this.bytes.subarray(0, this.at));
  }

  /** Place for `size` bytes more; to be asked before `bytes` is touched, which it may replace. */
  private room(size: number): number {
    if (this.at + size > this.bytes.length) {
      const wider = Buffer.alloc(Math.max(2 * this.bytes.length, this.at + size));
      this.bytes.copy(wider, 0, 0, this.at);
      this.bytes = wider;
    }
    const start = this.at;
    this.at += size;
    return start;
  }

  ubyte(value: number): this {
    const at = this.room(1);
    this.bytes.writeUInt8(value, at);
    return this;
  }

  int(value: number): this {
    const at = this.room(4);
    this.bytes.writeInt32BE(value, at);
    return this;
  }

  double(value: number): this {
    const at = this.room(8);
    this.bytes.writeDoubleBE(value, at);
    return this;
  }

  text(value: string): this {
    const bytes = Buffer.from(value, 'utf8');
    this.int(bytes.length);
    const at = this.room(bytes.length);
    bytes.copy(this.bytes, at);
    return this;
  }

  raw(bytes: Buffer): this {
    const at = this.room(bytes.length);
    bytes.copy(this.bytes, at);
    return this;
  }

  /** One command: its length (one byte, or 0 and four), its code, its content. */
  command(code: number, content: Buffer): this {
    const size = content.length + 2;
    if (size <= 255) this.ubyte(size);
    else this.ubyte(0).int(size + 4);
    return this.ubyte(code).raw(content);
  }
}

/** Reads one message from start to end. @throws TraciFormatError when it ends early or holds a type that is not used here. */
export class TraciReader {
  private readonly bytes: Buffer;
  private at = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  get left(): number {
    return this.bytes.length - this.at;
  }

  private take(size: number): number {
    if (size < 0 || size > this.left)
      throw new TraciFormatError(
        `TraCI message of ${this.bytes.length} bytes ends at ${this.at}, ${size} more expected`,
      );
    const start = this.at;
    this.at += size;
    return start;
  }

  ubyte(): number {
    return this.bytes.readUInt8(this.take(1));
  }

  int(): number {
    return this.bytes.readInt32BE(this.take(4));
  }

  double(): number {
    return this.bytes.readDoubleBE(this.take(8));
  }

  text(): string {
    const size = this.int();
    const start = this.take(size);
    return this.bytes.toString('utf8', start, start + size);
  }

  /** Length of the command that begins here, without its length bytes. */
  commandSize(): number {
    const short = this.ubyte();
    return short > 0 ? short - 1 : this.int() - 5;
  }

  /** A value with its type before it. */
  value(): TraciValue {
    const type = this.ubyte();
    switch (type) {
      case TypeCode.double:
        return this.double();
      case TypeCode.integer:
        return this.int();
      case TypeCode.text:
        return this.text();
      case TypeCode.position2d:
        return [this.double(), this.double()];
      case TypeCode.unsignedByte:
        return this.ubyte();
      case TypeCode.byte:
        return this.bytes.readInt8(this.take(1));
      case TypeCode.textList:
        return this.list(() => this.text());
      default:
        throw new TraciFormatError(`TraCI type 0x${type.toString(16)} is not known here`);
    }
  }

  /**
   * A compound of a number and that many records of `fields` values, flattened without the number. SUMO 1.15 announces 4 parts per
   * record of its collision list and sends 9, so the announced number of parts is not used.
   */
  records(fields: number): TraciValue[] {
    const type = this.ubyte();
    if (type !== TypeCode.compound)
      throw new TraciFormatError(`TraCI type 0x${type.toString(16)} where a compound was expected`);
    this.int();
    const count = this.value();
    if (typeof count !== 'number' || count < 0 || count * fields > this.left)
      throw new TraciFormatError(`TraCI compound of ${JSON.stringify(count)} records in ${this.left} bytes`);
    return Array.from({ length: count * fields }, () => this.value());
  }

  private list(item: () => TraciValue): TraciValue[] {
    const count = this.int();
    if (count < 0 || count > this.left) throw new TraciFormatError(`TraCI list of ${count} in ${this.left} bytes`);
    return Array.from({ length: count }, item);
  }
}
