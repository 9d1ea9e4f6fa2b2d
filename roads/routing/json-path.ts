/** Reading of the engine's untyped answers: wrong shapes become undefined or empty, never an exception. */
export const field = (value: unknown, key: string): unknown =>
  value !== null && typeof value === 'object' ? (value as Record<string, unknown>)[key] : undefined;

export const path = (value: unknown, ...keys: readonly string[]): unknown => keys.reduce(field, value);

export const numberAt = (value: unknown, ...keys: readonly string[]): number => {
  const found = path(value, ...keys);
  return typeof found === 'number' && Number.isFinite(found) ? found : Number.NaN;
};

export const textAt = (value: unknown, ...keys: readonly string[]): string => {
  const found = path(value, ...keys);
  return typeof found === 'string' ? found : '';
};

export const listAt = (value: unknown, ...keys: readonly string[]): readonly unknown[] => {
  const found = path(value, ...keys);
  return Array.isArray(found) ? found : [];
};
