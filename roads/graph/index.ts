export * from './road-graph.ts';
