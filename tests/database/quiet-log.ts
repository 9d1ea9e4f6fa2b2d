import type { Log } from '../../database/index.ts';

/** Keeps what was logged, for tests that look at it. */
export function quietLog(): Log & { readonly lines: string[] } {
  const lines: string[] = [];
  const keep = (_fields: object, message: string): void => {
    lines.push(message);
  };
  return { lines, info: keep, warn: keep, error: keep };
}
