import type { Fact } from '../facts.ts';

/** One reading of the parties' raw messages that is still to be done. */
export interface FollowUp {
  /** Also the idempotency key of the fact it becomes. */
  readonly id: string;
  readonly incidentId: string;
  readonly phase: number;
  /** Window of receive times, UTC ms, [fromMs, dueMs). */
  readonly fromMs: number;
  readonly dueMs: number;
  readonly vehicleIds: readonly string[];
}

/** How far before the event the black box is frozen. */
export const beforeEventMs = 60_000;

/** The readings that an opening fact asks for: windows that follow each other without gap or overlap. */
export function planOf(
  fact: Fact,
  incidentId: string,
  vehicleIds: readonly string[],
  delaysMs: readonly number[],
): readonly FollowUp[] {
  const start =
    fact.kind === 'reported'
      ? fact.report.occurredAtMs
      : fact.kind === 'observed'
        ? fact.observation.occurredAtMs
        : fact.recordedMs;
  return delaysMs.map((delay, phase) => ({
    id: `blackbox:${phase}:${fact.key}`,
    incidentId,
    phase,
    fromMs: phase === 0 ? Math.min(start, fact.recordedMs) - beforeEventMs : fact.recordedMs + delaysMs[phase - 1],
    dueMs: fact.recordedMs + delay,
    vehicleIds,
  }));
}
