export type { Access } from './clients/vehicle-client.ts';
export { type LoadOptions, type LoadResult, runLoad } from './load/load.ts';
export * from './platform/metrics-reading.ts';
export { type PlatformProcess, startPlatformProcess } from './platform/platform-process.ts';
export * from './recordings/index.ts';
export { matchCollisions } from './replay/match-collisions.ts';
export { type ReplayOptions, type ReplayResult, replay } from './replay/replay.ts';
export { type RunOptions, runSimulation } from './run-simulation.ts';
export { type ScenarioKind, scenarioKinds } from './scenarios/site.ts';
