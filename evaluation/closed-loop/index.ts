export { type ClosedLoopFigures, compareRuns, type RunPair } from './compare.ts';
export { figuresTable } from './figures-table.ts';
export { type LoopOptions, type RunRecord, runOnce } from './one-run.ts';
export { readSumoWorld, type SumoWorld } from './sumo-world.ts';
