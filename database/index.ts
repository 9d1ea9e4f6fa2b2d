export { type CongestionRow, type CongestionStore, createCongestionStore } from './congestion-store.ts';
export { type Migration, migrate } from './migrations.ts';
export { attachDatabase, type DatabaseOptions, openDatabase } from './open-database.ts';
export * from './types.ts';
