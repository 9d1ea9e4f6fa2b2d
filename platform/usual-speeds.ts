import type { CongestionStore } from '../database/index.ts';

/** Edges whose usual speed is remembered; the oldest asked for leaves first. */
const remembered = 20_000;
const hourMs = 3_600_000;

/** Monday 00:00 UTC is hour 0; 1970-01-01 was a Thursday. */
const hourOfWeek = (ms: number): number => Math.floor(ms / hourMs + 72) % 168;

/**
 * Usual speed of an edge at this hour of the week. The first question about an edge has no answer yet: it starts the look-up
 * whose result serves the next hour.
 */
export function createUsualSpeeds(
  history: Pick<CongestionStore, 'usual'>,
  nowMs: () => number,
): { speedOf(edge: number): number | undefined; stop(): void } {
  let hour = -1;
  let stopped = false;
  const known = new Map<number, number | undefined>();
  return {
    speedOf: (edge) => {
      const now = hourOfWeek(nowMs());
      if (now !== hour) {
        hour = now;
        known.clear();
      }
      if (known.has(edge)) return known.get(edge);
      if (stopped) return undefined;
      if (known.size >= remembered) known.delete(known.keys().next().value as number);
      known.set(edge, undefined);
      history.usual(edge, now).then(
        (usual) => {
          if (hour === now && usual !== undefined) known.set(edge, usual.meanSpeed);
        },
        () => known.delete(edge),
      );
      return undefined;
    },
    stop: () => {
      stopped = true;
    },
  };
}
