export { MapFormatError } from './map-format-error.ts';
export { type ImportCounts, importSumoNet } from './sumo-import.ts';
