export { createEngine } from './engine.ts';
export { allocateFleet, fleetBytes, fleetView } from './fleet.ts';
export * from './types.ts';
