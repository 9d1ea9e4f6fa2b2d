export type { Access } from './clients/vehicle-client.ts';
export * from './recordings/index.ts';
export { type RunOptions, runSimulation } from './run-simulation.ts';
export { type ScenarioKind, scenarioKinds } from './scenarios/site.ts';
