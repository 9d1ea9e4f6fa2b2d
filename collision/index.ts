export { createEngine } from './engine.ts';
export { allocateFleet, fleetBytes, fleetView } from './fleet.ts';
export * from './measures/index.ts';
export type * from './trace.ts';
export * from './types.ts';
