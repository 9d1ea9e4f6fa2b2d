/** Checks one numeric option at start; throws a RangeError that names the option, its value and the legal range. */
export function checkedNumber(name: string, value: number, lowest: number, highest: number): number {
  if (!(value >= lowest && value <= highest)) {
    throw new RangeError(`${name} must be within ${lowest}..${highest}, not ${value}`);
  }
  return value;
}

/** The same for whole numbers (sizes, counts). */
export function checkedInteger(name: string, value: number, lowest: number, highest: number): number {
  if (!Number.isInteger(value)) throw new RangeError(`${name} must be a whole number, not ${value}`);
  return checkedNumber(name, value, lowest, highest);
}
