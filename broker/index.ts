export * from './message-source.ts';
