/** Crockford's base 32: no I, L, O, U, so that a code survives being read out on the telephone. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const randomDigits = 11;

/**
 * A new code `XXXX-XXXX-XXXX`: 55 random bits and a check digit (Luhn in base 32: finds every wrong digit and nearly
 * every swap of neighbours). `random(n)` gives n unpredictable bytes.
 */
export function newTrackingCode(random: (bytes: number) => Uint8Array): string {
  const digits = [...random(randomDigits)].map((byte) => byte & 31);
  return format([...digits, checkDigit(digits)]);
}

/**
 * The code as it is stored, from what somebody typed: case, spaces and hyphens do not matter, O reads as 0, I and L as 1.
 * Undefined when it cannot be a code of ours (length, alphabet, check digit).
 */
export function readTrackingCode(typed: string): string | undefined {
  if (typed.length > 64) return undefined;
  const clean = typed.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1');
  const digits = [...clean].map((character) => alphabet.indexOf(character));
  if (digits.length !== randomDigits + 1 || digits.includes(-1)) return undefined;
  return checkDigit(digits.slice(0, -1)) === digits[randomDigits] ? format(digits) : undefined;
}

function format(digits: readonly number[]): string {
  const text = digits.map((digit) => alphabet[digit]).join('');
  return `${text.slice(0, 4)}-${text.slice(4, 8)}-${text.slice(8)}`;
}

function checkDigit(digits: readonly number[]): number {
  let sum = 0;
  for (let i = digits.length - 1, double = true; i >= 0; i--, double = !double) {
    const term = double ? digits[i] * 2 : digits[i];
    sum += (term >> 5) + (term & 31);
  }
  return (32 - (sum & 31)) & 31;
}
