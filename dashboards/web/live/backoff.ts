const firstMs = 500;
const mostMs = 15_000;

/**
 * Milliseconds to wait before reconnect attempt `attempt` (0 is the first): full jitter under a doubling ceiling of
 * 0.5 s .. 15 s, but at least a quarter of the ceiling, so that a thousand pages do not come back at the same instant.
 * `random` is in [0, 1).
 */
export function reconnectDelay(attempt: number, random: number): number {
  const ceiling = Math.min(mostMs, firstMs * 2 ** Math.min(attempt, 10));
  return ceiling * (0.25 + 0.75 * random);
}
