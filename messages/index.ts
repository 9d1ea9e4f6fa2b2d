export * from './incident-report.ts';
export * from './live.ts';
export * from './topics.ts';
export * from './vehicle-state.ts';
export * from './warning.ts';
