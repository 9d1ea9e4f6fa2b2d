export { createRoutingService, type RoutingOptions } from './service.ts';
export * from './types.ts';
