export { type RecordOptions, recordRun } from './record-run.ts';
export type { RunSummary } from './write-run.ts';
