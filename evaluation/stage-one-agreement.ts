import type { Issue } from './issues.ts';
import type { TrueMotion } from './true-motion.ts';

/** Two advisories are one when they go to one driver within this time, s, and name places this near, m. */
const together = 5;
const samePlace = 200;
/** Recorded densely: at least this many rows in the seconds before. */
const denseSeconds = 10;
const denseRows = 50;

export interface Agreement {
  /** Advisories of either run, where the recording has 5 Hz or more, that the other run gave too; and how many there were. */
  readonly shared: number;
  readonly all: number;
}

/** Compares the stage 1 warnings of a run fed with all rows with those of one fed at 1 Hz. */
export function stageOneAgreement(motion: TrueMotion, dense: readonly Issue[], sparse: readonly Issue[]): Agreement {
  const counted = (issues: readonly Issue[]): Issue[] =>
    issues.filter((issue) => issue.stage === 1 && isDense(motion, issue.vehicle, issue.time));
  const inOther = (issue: Issue, others: readonly Issue[]): boolean =>
    others.some(
      (other) =>
        other.vehicle === issue.vehicle &&
        Math.abs(other.time - issue.time) <= together &&
        Math.hypot(other.x - issue.x, other.y - issue.y) <= samePlace,
    );
  const a = counted(dense);
  const b = counted(sparse);
  return {
    shared: a.filter((issue) => inOther(issue, sparse)).length + b.filter((issue) => inOther(issue, dense)).length,
    all: a.length + b.length,
  };
}

function isDense(motion: TrueMotion, vehicle: number, time: number): boolean {
  const { rowStart, rows, time: at } = motion.recording;
  let found = 0;
  for (let k = rowStart[vehicle]; k < rowStart[vehicle + 1]; k += 1)
    if (at[rows[k]] > time - denseSeconds && at[rows[k]] <= time) found += 1;
  return found >= denseRows;
}
