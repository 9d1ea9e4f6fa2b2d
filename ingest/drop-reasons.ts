import { type RejectReason, rejectReasons } from '../messages/index.ts';

/** Reasons of the pipeline beyond those of the decoder. */
const pipelineReasons = [
  'too-frequent',
  'inconsistent-speed',
  'inconsistent-heading',
  'untrusted',
  'step-failed',
] as const;

/** Why a message did not reach the core: a closed set, the labels of `rahban_ingest_dropped_total`. */
export type DropReason = RejectReason | (typeof pipelineReasons)[number];
export const dropReasons: readonly DropReason[] = [...rejectReasons, ...pipelineReasons];

/** One number per reason; every reason is present from the start, so that a rate can be taken of the first drop. */
export class DropCounters {
  readonly #index = new Map<DropReason, number>(dropReasons.map((reason, index) => [reason, index]));
  readonly #counts = new Float64Array(dropReasons.length);

  add(reason: DropReason): void {
    const index = this.#index.get(reason);
    if (index === undefined) throw new TypeError(`not a drop reason: ${reason}`);
    this.#counts[index] += 1;
  }

  /** A copy. */
  read(): Record<DropReason, number> {
    return Object.fromEntries(dropReasons.map((reason, index) => [reason, this.#counts[index]])) as Record<
      DropReason,
      number
    >;
  }

  get total(): number {
    return this.#counts.reduce((sum, count) => sum + count, 0);
  }
}
