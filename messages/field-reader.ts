import { isJsonObject, type JsonObject } from './json-payload.ts';
import { reject } from './outcome.ts';
import type { RejectReason } from './vehicle-state.ts';

/** How a standard codes one quantity: legal range of the raw number, codes that carry no value, factor to SI. */
export interface Code {
  readonly min: number;
  readonly max: number;
  readonly unavailable: readonly number[];
  readonly scale: number;
}

/**
 * Reads fields of one untrusted object and remembers the first thing wrong, so that a decoder reads straight down
 * and asks once. Absent and `null` are "unavailable": `undefined`. What it returns is always finite and in range.
 */
export class FieldReader {
  failure: ReturnType<typeof reject> | undefined;

  fail(reason: RejectReason, detail: string): undefined {
    if (this.failure === undefined) this.failure = reject(reason, detail);
    return undefined;
  }

  /** A number in [min, max]; `outside` is the reason when it is not. */
  number(
    value: unknown,
    name: string,
    min: number,
    max: number,
    outside: RejectReason = 'value-out-of-range',
  ): number | undefined {
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'number') return this.fail('wrong-type', `${name} is a ${typeof value}, not a number`);
    // A comparison with NaN is false, so one test refuses NaN, the infinities (1e999 parses to one) and the range.
    if (value >= min && value <= max) return value;
    return this.fail(outside, `${name} ${value} outside [${min}, ${max}]`);
  }

  /**
   * A raw coded number scaled to SI. The standard's "unavailable" and "out of range" codes drop the field; they are looked
   * for before the range, which they often break.
   */
  coded(value: unknown, name: string, code: Code, outside: RejectReason = 'value-out-of-range'): number | undefined {
    if (typeof value === 'number' && code.unavailable.includes(value)) return undefined;
    const raw = this.number(value, name, code.min, code.max, outside);
    return raw === undefined ? undefined : raw * code.scale;
  }

  integer(value: unknown, name: string, min: number, max: number): number | undefined {
    const read = this.number(value, name, min, max);
    if (read === undefined || Number.isInteger(read)) return read;
    return this.fail('value-out-of-range', `${name} ${read} is not an integer`);
  }

  boolean(value: unknown, name: string): boolean | undefined {
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'boolean') return value;
    return this.fail('wrong-type', `${name} is a ${typeof value}, not a boolean`);
  }

  string(value: unknown, name: string, maxLength: number): string | undefined {
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'string') return this.fail('wrong-type', `${name} is a ${typeof value}, not a string`);
    // JSON Schema counts characters, not UTF-16 units.
    return value.length <= maxLength || [...value].length <= maxLength
      ? value
      : this.fail('value-out-of-range', `${name} longer than ${maxLength}`);
  }

  object(value: unknown, name: string): JsonObject | undefined {
    if (value === undefined || value === null) return undefined;
    return isJsonObject(value) ? value : this.fail('wrong-type', `${name} is not an object`);
  }
}
