export type { Facility, FacilityKind } from './facilities.ts';
export { MapFormatError } from './map-format-error.ts';
export { importOsmPbf } from './osm-import.ts';
export { type ImportCounts, importSumoNet } from './sumo-import.ts';
